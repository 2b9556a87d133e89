package messagerie

import (
	"errors"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// MayWrite returns nil if a person may write in a conversation now: they take part in it and
// belong to its establishment, somebody is there to read it, and the rules of the establishment
// allow it (see school.Rules). Otherwise it returns the first reason in this order. It is called
// for every message and served from the caches.
func (s *Service) MayWrite(conversation, user protocol.ID) error {
	p, _, err := s.participantsFor(conversation, user)
	if err != nil {
		return err
	}
	return s.mayWrite(p, user)
}

// OnlyReads reports whether a refusal of MayWrite is for somebody who takes part, and may read.
func OnlyReads(err error) bool {
	var refused *refusal.Error
	return errors.As(err, &refused) && !errors.Is(err, ErrNotParticipant)
}

func (s *Service) mayWrite(p *Participants, user protocol.ID) error {
	return s.mayWriteIf(p, user, s.hasWritten)
}

// mayWriteIf is mayWrite with a function that says whether a person has written in a direct
// conversation, which is asked only where it matters.
func (s *Service) mayWriteIf(p *Participants, user protocol.ID, hasWritten func(conversation, user protocol.ID) (bool, error)) error {
	caller, err := s.people.Account(user)
	switch {
	case err != nil:
		return err
	case caller == nil || caller.Disabled:
		return ErrNotParticipant
	case p.Kind == protocol.KindDirect:
		return s.mayWriteTo(caller, p, hasWritten)
	case !caller.Belongs(p.Establishment):
		return ErrLeftSchool
	}
	return s.mayWriteInGroup(caller, p)
}

// mayWriteTo is mayWrite for a direct conversation. A pair has only one, so any establishment
// that they share will do, whichever it was begun in.
func (s *Service) mayWriteTo(caller *school.Account, p *Participants, hasWritten func(conversation, user protocol.ID) (bool, error)) error {
	other, err := s.people.Account(p.other(caller.ID))
	switch {
	case err != nil:
		return err
	case other == nil || other.Disabled:
		return ErrRecipientGone
	case !caller.Shares(other.Person) && !caller.Belongs(p.Establishment):
		return ErrLeftSchool
	case !caller.Shares(other.Person):
		return ErrRecipientGone
	}
	may := school.DirectlyNever
	for _, establishment := range caller.Establishments {
		if !other.Belongs(establishment) {
			continue
		}
		rules, err := s.people.Rules(establishment)
		if err != nil {
			return err
		}
		if rules == nil { // just deleted
			continue
		}
		if s.people.PausedNow(rules, caller.Role) != nil {
			return ErrPaused
		}
		may = max(may, rules.Direct(caller.Person, other.Person))
	}
	if may == school.DirectlyAlways {
		return nil
	}
	if may == school.DirectlyNever {
		return ErrContactNotAllowed
	}
	written, err := hasWritten(p.Conversation, other.ID)
	if err == nil && !written {
		err = ErrReplyOnly
	}
	return err
}

func (s *Service) mayWriteInGroup(caller *school.Account, p *Participants) error {
	rules, err := s.people.Rules(p.Establishment)
	if err != nil {
		return err
	}
	if rules == nil { // just deleted
		return ErrLeftSchool
	}
	if s.people.PausedNow(rules, caller.Role) != nil {
		return ErrPaused
	}
	if !rules.Open {
		composition, err := s.compositionOf(p.Conversation)
		if err != nil {
			return err
		}
		if !composition.admits(rules, caller.SidesIn(p.Establishment)) {
			return ErrContactNotAllowed
		}
	}
	if p.onlyStaffWrites() && !caller.IsStaff() {
		return ErrStaffOnly
	}
	return nil
}

// mayDelete is mayWrite for deleting one's own message, which rules of who may write to whom don't
// keep anybody from, and for which nobody has to be there.
func (s *Service) mayDelete(p *Participants, user protocol.ID) error {
	err := s.mayWrite(p, user)
	if OnlyReads(err) && !errors.Is(err, ErrLeftSchool) {
		return nil
	}
	return err
}

// refusals returns for each row why the viewer may not write there: nil where they may. It looks up
// all that it needs about several direct conversations at once.
func (s *Service) refusals(viewer protocol.ID, rows []row) ([]error, error) {
	refused := make([]error, len(rows))
	unanswered := func(protocol.ID, protocol.ID) (bool, error) { return false, nil }
	var answers []protocol.ID
	for i, r := range rows {
		refused[i] = s.mayWriteIf(r.participants, viewer, unanswered)
		if refused[i] != nil && !isRefusal(refused[i]) {
			return nil, refused[i]
		}
		if errors.Is(refused[i], ErrReplyOnly) {
			answers = append(answers, r.participants.Conversation)
		}
	}
	if len(answers) == 0 {
		return refused, nil
	}
	known, err := s.caches.authors.GetAll(answers, s.loadAuthors)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		if errors.Is(refused[i], ErrReplyOnly) && known[r.participants.Conversation].has(r.participants.other(viewer)) {
			refused[i] = nil
		}
	}
	return refused, nil
}

func isRefusal(err error) bool {
	var refused *refusal.Error
	return errors.As(err, &refused)
}

// codeOf returns the code of a refusal, "" for nil.
func codeOf(err error) string {
	var refused *refusal.Error
	if errors.As(err, &refused) {
		return refused.Code()
	}
	return ""
}
