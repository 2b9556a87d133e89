package messagerie

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// deliveryPortion is how many messages are delivered in one transaction, so that others get in
// between: at 7 o'clock thousands may be due.
const deliveryPortion = 32

// DeliverDue delivers what is due, in the order of the times and then of the ids, and returns when
// the next one will be; the zero time if none waits. What can't be delivered because of a fault of
// the server stays, with what follows it in its conversation, and is part of the error.
func (s *Service) DeliverDue() (next time.Time, err error) {
	var failed error
	stuck := map[string]struct{}{} // conversations
	for after := ""; ; {
		due, err := s.due(after)
		if err != nil {
			return time.Time{}, errors.Join(failed, err)
		}
		if len(due) == 0 {
			break
		}
		after = due[len(due)-1].place()
		due = slices.DeleteFunc(due, func(d dueRow) bool { _, is := stuck[d.Conversation]; return is })
		if err := s.deliver(due); err != nil {
			for _, one := range due { // one by one, so that the others are delivered
				if _, is := stuck[one.Conversation]; is {
					continue
				}
				if err := s.deliver([]dueRow{one}); err != nil {
					stuck[one.Conversation] = struct{}{}
					failed = errors.Join(failed, fmt.Errorf("deliver %s: %w", one.ID, err))
				}
			}
		}
		if s.delivery.stopped.Load() {
			break
		}
	}
	if failed != nil {
		return time.Time{}, failed
	}
	return s.nextDelivery()
}

// dueRow is what has to be known of a scheduled message to put it in order.
type dueRow struct {
	ID           string `db:"id"`
	Conversation string `db:"conversation"`
	DeliverAt    string `db:"deliver_at"`
}

func (d dueRow) place() string { return d.DeliverAt + "|" + d.ID }

// due returns the next portion of what is due, after a place.
func (s *Service) due(after string) (rows []dueRow, err error) {
	now, err := types.ParseDateTime(s.people.Now())
	if err != nil {
		return nil, err
	}
	err = s.app.ConcurrentDB().Select("id", "conversation", "deliver_at").From("scheduled_messages").
		Where(dbx.NewExp("code = '' AND deliver_at <= {:now}", dbx.Params{"now": now.String()})).
		AndWhere(dbx.NewExp("deliver_at || '|' || id > {:after}", dbx.Params{"after": after})).
		OrderBy("deliver_at", "id").Limit(deliveryPortion).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("find due messages: %w", err)
	}
	return rows, nil
}

// deliver delivers a portion in one transaction.
func (s *Service) deliver(due []dueRow) error {
	if len(due) == 0 {
		return nil
	}
	return s.store.Transaction(func(tx core.App) error {
		for _, one := range due {
			if err := s.deliverOne(tx, one.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// deliverOne asks the rules again and delivers a message, moves it to the end of quiet hours, or notes
// why it is refused.
func (s *Service) deliverOne(tx core.App, id string) error {
	record, err := s.scheduled.Find(tx, "scheduled_messages", id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // cancelled
	}
	if err != nil {
		return err
	}
	row, now := scheduledOf(record), s.people.Now()
	if row.Code != "" || row.DeliverAt.After(now) {
		return nil // changed
	}
	sent, err := s.wasSent(tx, row)
	if err != nil {
		return err
	}
	if !sent {
		free, err := s.mayDeliver(row, now)
		if err == nil {
			row.Attachments, err = s.present(tx, row)
		}
		if err == nil {
			row.Mentions, err = s.stillTakingPart(tx, row.Conversation, row.Mentions)
		}
		var refused *refusal.Error
		switch {
		case errors.As(err, &refused):
			record.Set("code", refused.Code())
			return s.scheduled.Update(context.Background(), tx, record)
		case err != nil:
			return err
		case free.After(now):
			record.Set("deliver_at", ceil(free))
			record.Set("reason", protocol.ReasonQuietHours)
			return s.scheduled.Update(context.Background(), tx, record)
		}
		if err := s.insertDelivered(tx, row); err != nil {
			return err
		}
	}
	return tx.DeleteWithContext(asDelivered, record)
}

// mayDeliver asks the rules for a message that is due, and returns when somebody isn't left in peace
// any more; now, if it may be delivered.
func (s *Service) mayDeliver(row StoredScheduled, now time.Time) (free time.Time, err error) {
	p, _, err := s.participantsFor(row.Conversation, row.Sender)
	if err != nil {
		return now, err
	}
	if err := s.mayWrite(p, row.Sender); err != nil {
		return now, err
	}
	if row.Urgent {
		return now, s.mayBeUrgent(p, row.Sender)
	}
	return s.freeAt(p, row.Sender, now)
}

// present returns the files of a scheduled message that are still there, or a refusal if it may not carry them, or
// has nothing left.
func (s *Service) present(tx core.App, row StoredScheduled) (files []protocol.ID, err error) {
	if len(row.Attachments) == 0 {
		return nil, nil
	}
	var ids []string
	err = tx.ConcurrentDB().Select("id").From("attachments").Where(dbx.In("id", store.RecordIDs(row.Attachments)...)).Column(&ids)
	if err != nil {
		return nil, err
	}
	for _, id := range row.Attachments {
		if slices.Contains(ids, id.RecordID()) {
			files = append(files, id)
		}
	}
	if len(files) == 0 && row.Content == "" {
		return nil, ErrInvalidAttachments
	}
	row.Attachments = files
	_, err = s.attachable(tx, row.message())
	return files, err
}

// insertDelivered stores the message. It replies to nothing if what it replies to was removed.
func (s *Service) insertDelivered(tx core.App, row StoredScheduled) error {
	m := row.message()
	if m.ReplyTo != 0 {
		if err := s.checkReply(tx, m.Conversation, m.ReplyTo); errors.Is(refusal.Of(err), ErrInvalidReplyTo) {
			m.ReplyTo = 0
		} else if err != nil {
			return err
		}
	}
	_, err := s.insertMessage(tx, m)
	return err
}

// nextDelivery returns when the next message is due, the zero time if none waits.
func (s *Service) nextDelivery() (time.Time, error) {
	var next sql.NullString
	err := s.app.ConcurrentDB().Select("min(deliver_at)").From("scheduled_messages").Where(dbx.NewExp("code = ''")).Row(&next)
	if err != nil || !next.Valid {
		return time.Time{}, err
	}
	at, err := types.ParseDateTime(next.String)
	return at.Time(), err
}

// AskAgain moves what quiet hours have deferred to when they end now, after they have changed.
func (s *Service) AskAgain() error {
	now := s.people.Now()
	for after := ""; !s.delivery.stopped.Load(); {
		var rows []dueRow
		err := s.app.ConcurrentDB().Select("id", "conversation", "deliver_at").From("scheduled_messages").
			Where(dbx.NewExp("code = ''")).AndWhere(dbx.HashExp{"reason": protocol.ReasonQuietHours}).
			AndWhere(dbx.NewExp("id > {:after}", dbx.Params{"after": after})).OrderBy("id").Limit(deliveryPortion).All(&rows)
		if err != nil {
			return fmt.Errorf("find deferred messages: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		after = rows[len(rows)-1].ID
		err = s.store.Transaction(func(tx core.App) error {
			for _, row := range rows {
				if err := s.askOne(tx, row.ID, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("ask deferred messages again: %w", err)
		}
	}
	return nil
}

func (s *Service) askOne(tx core.App, id string, now time.Time) error {
	record, err := s.scheduled.Find(tx, "scheduled_messages", id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	row := scheduledOf(record)
	if row.Code != "" || row.Reason != protocol.ReasonQuietHours || !row.DeliverAt.After(now) {
		return nil // changed, or due anyway
	}
	p, err := s.caches.participants.get(s.app, row.Conversation)
	if err != nil || p == nil {
		return err
	}
	free, err := s.freeAt(p, row.Sender, now)
	if err != nil || ceil(free).Equal(row.DeliverAt) {
		return err
	}
	record.Set("deliver_at", ceil(free))
	return s.scheduled.Update(context.Background(), tx, record)
}
