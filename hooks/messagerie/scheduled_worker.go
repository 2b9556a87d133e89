package messagerie

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// maxNap is how long the worker sleeps at most: the clock may be set, and quiet hours may change.
const maxNap = 20 * time.Second

// retryPause is the pause after a fault.
const retryPause = 5 * time.Second

// priorityStop is before the mail queue's, and the end of the store and of the database.
const priorityStop = -9500

// deliverer runs DeliverDue and SettleStates when something is due, and AskAgain when quiet hours have changed.
type deliverer struct {
	wake    chan struct{} // one slot
	changed atomic.Bool   // quiet hours, or whose they are
	stopped atomic.Bool

	mu   sync.Mutex    // the server may be stopped while it starts
	done chan struct{} // closed when the worker has ended; nil before it runs
}

// start returns false once the server has been stopped.
func (d *deliverer) start() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopped.Load() {
		return false
	}
	d.done = make(chan struct{})
	return true
}

// stop returns what is closed when the worker has ended, nil if it never ran.
func (d *deliverer) stop() (done <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stopped.Store(true)
	return d.done
}

// wakeDeliverer makes the worker look again, at once or after the current round.
func (s *Service) wakeDeliverer() {
	select {
	case s.delivery.wake <- struct{}{}:
	default: // it is going to look anyway
	}
}

// bindDeliverer starts and stops the worker with the server.
func (s *Service) bindDeliverer() {
	s.store.OnLead(s.wakeDeliverer)
	s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		if s.delivery.start() {
			go s.runDeliverer()
		}
		return nil
	})
	s.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Priority: priorityStop,
		Func: func(e *core.TerminateEvent) error {
			if done := s.delivery.stop(); done != nil {
				s.wakeDeliverer()
				<-done
			}
			return e.Next()
		},
	})
}

func (s *Service) runDeliverer() {
	defer close(s.delivery.done)
	for !s.delivery.stopped.Load() {
		wait := s.deliverRound()
		timer := time.NewTimer(wait)
		select {
		case <-s.delivery.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// deliverRound does what is to be done now, and returns how long to sleep. An error here is a fault
// of this program or of the disk: it is logged, and tried again after a pause.
func (s *Service) deliverRound() (wait time.Duration) {
	if !s.store.Leads() {
		return maxNap
	}
	var next time.Time
	var err error
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		if err != nil {
			s.app.Logger().Error("Delivering scheduled messages failed; it will be retried.", "error", err)
			wait = retryPause
		}
	}()
	if s.delivery.changed.Swap(false) {
		if err = s.AskAgain(); err != nil {
			s.delivery.changed.Store(true)
			return retryPause
		}
	}
	var unmuted time.Time
	if unmuted, err = s.SettleStates(); err != nil {
		return retryPause
	}
	if next, err = s.DeliverDue(); err != nil {
		return maxNap
	}
	return min(s.nap(next), s.nap(unmuted))
}

// nap is how long to sleep until a moment, the zero time for none.
func (s *Service) nap(until time.Time) time.Duration {
	if until.IsZero() {
		return maxNap
	}
	return min(maxNap, max(0, until.Sub(s.people.Now())))
}

// noteForDelivery wakes the worker for what concerns it. It is a listener of the store.
func (s *Service) noteForDelivery(change store.Change) {
	switch c := change.(type) {
	case MessageScheduled:
		s.wakeDeliverer()
	case ParticipantChanged:
		if c.After.MutedUntil != c.Before.MutedUntil {
			s.wakeDeliverer()
		}
	case school.RulesChanged, school.QuietChanged:
		s.delivery.changed.Store(true)
		s.wakeDeliverer()
	case school.PersonChanged:
		if c.Before.Role != c.After.Role || c.Disabled() {
			s.delivery.changed.Store(true) // asked within a nap: an import changes thousands
		}
	case MessageCreated:
		if c.Message.Urgent {
			s.app.Logger().Info("An urgent message was sent.", "message", c.Message.ID, "sender", c.Message.Sender, "conversation", c.Message.Conversation)
		}
	case store.Reset:
		s.waiting.stale.Store(true)
		s.delivery.changed.Store(true)
	}
}
