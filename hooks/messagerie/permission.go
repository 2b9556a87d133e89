package messagerie

import (
	"errors"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// MayWrite returns nil where a person may write into a conversation now: they take part
// in it, belong to its establishment, and somebody is there to read it. It is asked for
// each message, from memory.
func (s *Service) MayWrite(conversation, user protocol.ID) error {
	r, _, err := s.roster(conversation, user)
	if err != nil {
		return err
	}
	return s.mayWrite(r, user)
}

func (s *Service) mayWrite(r *Roster, user protocol.ID) error {
	caller, err := s.people.Account(user)
	switch {
	case err != nil:
		return err
	case caller == nil || caller.Disabled:
		return ErrNotParticipant
	case r.Kind == protocol.KindDirect:
		return s.mayWriteTo(caller, r)
	case !caller.Belongs(r.Establishment):
		return ErrLeftSchool
	}
	return nil
}

// mayWriteTo is mayWrite of a direct conversation. A pair has only one, so any
// establishment that they share is good enough, whichever it was begun in.
func (s *Service) mayWriteTo(caller *school.Account, r *Roster) error {
	other, err := s.people.Account(r.other(caller.ID))
	switch {
	case err != nil:
		return err
	case other == nil || other.Disabled:
		return ErrRecipientGone
	case caller.Shares(other.Person):
		return nil
	case !caller.Belongs(r.Establishment):
		return ErrLeftSchool
	}
	return ErrRecipientGone
}

// mayTakeBack is mayWrite for taking back what one has written: nobody has to be there.
func (s *Service) mayTakeBack(r *Roster, user protocol.ID) error {
	err := s.mayWrite(r, user)
	if errors.Is(err, ErrRecipientGone) {
		return nil
	}
	return err
}
