package messagerie

import (
	"errors"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// MayWrite returns nil if a person may write in a conversation now: they take part in it and
// belong to its establishment, and somebody is there to read it. It is called for every message
// and served from the caches.
func (s *Service) MayWrite(conversation, user protocol.ID) error {
	p, _, err := s.participantsFor(conversation, user)
	if err != nil {
		return err
	}
	return s.mayWrite(p, user)
}

func (s *Service) mayWrite(p *Participants, user protocol.ID) error {
	caller, err := s.people.Account(user)
	switch {
	case err != nil:
		return err
	case caller == nil || caller.Disabled:
		return ErrNotParticipant
	case p.Kind == protocol.KindDirect:
		return s.mayWriteTo(caller, p)
	case !caller.Belongs(p.Establishment):
		return ErrLeftSchool
	}
	return nil
}

// mayWriteTo is mayWrite for a direct conversation. A pair has only one, so any establishment
// that they share will do, whichever it was begun in.
func (s *Service) mayWriteTo(caller *school.Account, p *Participants) error {
	other, err := s.people.Account(p.other(caller.ID))
	switch {
	case err != nil:
		return err
	case other == nil || other.Disabled:
		return ErrRecipientGone
	case caller.Shares(other.Person):
		return nil
	case !caller.Belongs(p.Establishment):
		return ErrLeftSchool
	}
	return ErrRecipientGone
}

// mayDelete is mayWrite for deleting one's own message, for which nobody has to be there.
func (s *Service) mayDelete(p *Participants, user protocol.ID) error {
	err := s.mayWrite(p, user)
	if errors.Is(err, ErrRecipientGone) {
		return nil
	}
	return err
}
