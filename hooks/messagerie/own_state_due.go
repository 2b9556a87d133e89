package messagerie

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// A mute that ends, and a message in an archived conversation, change what a list says without anything
// being stored: nothing depends on the worker, nor on a restart. It stores the new state afterwards, which
// tells the person's sockets.

// returned are the participants whose archived conversation has a newer message.
type returned struct {
	mu  sync.Mutex
	ids []protocol.ID
}

func (r *returned) add(id protocol.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids = append(r.ids, id)
}

func (r *returned) take() []protocol.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.ids
	r.ids = nil
	return taken
}

// noteReturned finds those who had archived the conversation of a new message. It is a listener of the store.
func (s *Service) noteReturned(change store.Change) {
	created, ok := change.(MessageCreated)
	if !ok {
		return
	}
	p, err := s.caches.participants.get(s.app, created.Message.Conversation)
	if err != nil || p == nil {
		return // the next message, or the next change of theirs, stores it
	}
	found := false
	for _, m := range p.Members {
		if m.ArchivedAt != 0 && !m.isArchived(created.Message.ID, s.people.Now()) {
			s.returned.add(m.Record)
			found = true
		}
	}
	if found {
		s.wakeDeliverer()
	}
}

// statePortion is how many states are stored in one transaction.
const statePortion = 32

// SettleStates stores what has changed by itself, and returns when the next mute ends, the zero time if
// none does.
func (s *Service) SettleStates() (next time.Time, err error) {
	back := s.returned.take()
	for i, id := range back {
		if err := s.settle([]protocol.ID{id}, s.unarchive); err != nil {
			for _, left := range back[i:] {
				s.returned.add(left)
			}
			return time.Time{}, fmt.Errorf("bring back from the archive: %w", err)
		}
	}
	for {
		due, next, err := s.mutesToEnd()
		if err != nil || len(due) == 0 || s.delivery.stopped.Load() {
			return next, err
		}
		if err := s.settle(due, s.unmute); err != nil {
			return time.Time{}, fmt.Errorf("end mutes: %w", err)
		}
	}
}

// mutesToEnd returns a portion of the participants whose mute is over, or, if there are none, when the
// next one is.
func (s *Service) mutesToEnd() (due []protocol.ID, next time.Time, err error) {
	var rows []struct {
		ID    string `db:"id"`
		Until string `db:"muted_until"`
	}
	err = s.app.ConcurrentDB().Select("id", "muted_until").From("participants").
		Where(dbx.NewExp("muted_until != ''")).OrderBy("muted_until").Limit(statePortion).All(&rows)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("find mutes that end: %w", err)
	}
	now := s.people.Now()
	for _, row := range rows {
		if until := time.UnixMilli(parseStoredMoment(row.Until)); until.After(now) {
			return due, until, nil
		}
		due = append(due, protocol.ParseID(row.ID))
	}
	return due, time.Time{}, nil
}

// settle changes the states of participants, those that still exist, in one transaction.
func (s *Service) settle(participants []protocol.ID, change func(core.App, *core.Record) error) error {
	return s.store.Transaction(func(tx core.App) error {
		for _, id := range participants {
			record, err := s.participants.Find(tx, "participants", id.RecordID())
			if isNoRows(err) {
				continue
			}
			if err != nil {
				return err
			}
			if err := change(tx, record); err != nil {
				return err
			}
			if err := s.participants.Update(context.WithValue(context.Background(), loadedHere{}, true), tx, record); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) unmute(_ core.App, record *core.Record) error {
	if memberOf(record).mutedUntil(s.people.Now()).IsZero() {
		record.Set("muted_until", "")
	}
	return nil
}

func (s *Service) unarchive(tx core.App, record *core.Record) error {
	newest, err := newestUpTo(tx, conversationOf(record), protocol.MaxID)
	if err == nil && !memberOf(record).isArchived(newest, s.people.Now()) {
		record.Set("archived_at", "")
	}
	return err
}
