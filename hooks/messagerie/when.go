package messagerie

import (
	"slices"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// maxAhead is how far ahead a message may be scheduled.
const maxAhead = 366 * 24 * time.Hour

// ErrUrgentNotAllowed: the author's role may not send urgent messages.
var ErrUrgentNotAllowed = refusal.New(protocol.CodeUrgentNotAllowed, "Your role doesn't allow urgent messages here.")

// later is when a message is delivered, and why not at once; the zero value is at once.
type later struct {
	at     time.Time
	reason string
}

// deliveryOf decides when a message is delivered that is sent now. It is called for every message.
func (s *Service) deliveryOf(p *Participants, m *NewMessage) (later, error) {
	now := s.people.Now()
	if m.Urgent {
		if err := s.mayBeUrgent(p, m.Sender); err != nil {
			return later{}, err
		}
	}
	switch {
	case m.DeliverAt.After(now.Add(maxAhead)):
		return later{}, refusal.Invalid("deliver_at", "A message can be scheduled up to a year ahead.")
	case m.DeliverAt.After(now):
		return later{ceil(m.DeliverAt), protocol.ReasonScheduled}, nil
	case m.Urgent:
		return later{}, nil
	}
	free, err := s.freeAt(p, m.Sender, now)
	if err != nil || !free.After(now) {
		return later{}, err
	}
	return later{ceil(free), protocol.ReasonQuietHours}, nil
}

// ceil rounds up to what is stored, so that nothing is delivered early.
func ceil(t time.Time) time.Time {
	if whole := t.Truncate(time.Millisecond); whole.Equal(t) {
		return whole
	}
	return t.Truncate(time.Millisecond).Add(time.Millisecond)
}

// freeAt returns the first moment from t on at which nobody but one person of a conversation is left
// in peace: t itself almost always.
func (s *Service) freeAt(p *Participants, except protocol.ID, t time.Time) (time.Time, error) {
	peace, err := s.people.Peace()
	if err != nil || peace.IsCalm(t) {
		return t, err
	}
	accounts, err := s.people.Accounts(p.users())
	if err != nil {
		return t, err
	}
	return peace.FreeAt(func(yield func(*school.Person) bool) {
		for id, account := range accounts {
			if id != except && !yield(&account.Person) {
				return
			}
		}
	}, t), nil
}

// quietUntil is freeAt now as it is on the wire, nil if a message would be delivered at once.
func (s *Service) quietUntil(p *Participants, except protocol.ID) (*string, error) {
	now := s.people.Now()
	free, err := s.freeAt(p, except, now)
	if err != nil || !free.After(now) {
		return nil, err
	}
	return protocol.TimeOrNull(free), nil
}

// mayBeUrgent returns nil if somebody's messages here may be urgent: their role allows it in the
// establishment of the conversation, or for a direct one in any that both people share.
func (s *Service) mayBeUrgent(p *Participants, sender protocol.ID) error {
	author, err := s.people.Account(sender)
	if err != nil {
		return err
	}
	if author == nil {
		return ErrNotParticipant
	}
	establishments := []protocol.ID{p.Establishment}
	if p.Kind == protocol.KindDirect {
		other, err := s.people.Account(p.other(sender))
		if err != nil {
			return err
		}
		if other != nil {
			shared := slices.DeleteFunc(slices.Clone(author.Establishments), func(id protocol.ID) bool { return !other.Belongs(id) })
			establishments = append(establishments, shared...)
		}
	}
	for _, establishment := range establishments {
		may, err := s.people.MaySendUrgent(author.Person, establishment)
		if err != nil {
			return err
		}
		if may && author.Belongs(establishment) {
			return nil
		}
	}
	return ErrUrgentNotAllowed
}
