package messagerie

import "messagerie/hooks/store"

// calls are what sockets ask for that is stored: in a cluster it is done by the machine that leads.
type calls struct {
	sending    *store.Call[NewMessage, sentEarlier]
	marking    *store.Call[marked, bool]
	delivering *store.Call[[]Delivered, bool]
}

func (s *Service) bindCalls() {
	s.sending = store.NewCall(s.store, "send", func(m NewMessage, done func(sentEarlier, error)) bool {
		return s.send(m, func(before *Sent, err error) { done(sentEarlier{before, s.store.Position()}, err) })
	})
	s.marking = store.NewCall(s.store, "mark_read", func(m marked, done func(bool, error)) bool {
		return s.markRead(m.User, m.Conversation, m.UpTo, func(err error) { done(err == nil, err) })
	})
	s.delivering = store.NewCall(s.store, "mark_delivered", func(batch []Delivered, done func(bool, error)) bool {
		go func() { // it waits for the disk
			err := s.markDelivered(batch)
			done(err == nil, err)
		}()
		return true
	})
}
