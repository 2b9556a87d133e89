package messagerie

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// ErrScheduledNotFound: none of the caller's messages waits under this id.
var ErrScheduledNotFound = refusal.New(protocol.CodeNotFound, "None of your messages waits under this id: it may be delivered already.")

// Scheduled returns a page of what of a person's waits to be delivered, next first. cursor is the
// next of the previous page, "" for the first page; next is "" on the last page.
func (s *Service) Scheduled(user protocol.ID, cursor string, limit int) (page []protocol.Scheduled, next string, err error) {
	limit = s.pageLimit(limit)
	query := s.app.ConcurrentDB().Select(scheduledColumns...).From("scheduled_messages").
		Where(dbx.HashExp{"sender": user.RecordID()}).OrderBy("deliver_at", "id").Limit(int64(limit + 1))
	if cursor != "" {
		after, ok := parseCursor(cursor)
		if !ok {
			return nil, "", errCursor()
		}
		query.AndWhere(dbx.NewExp("(deliver_at, id) > ({:at}, {:id})", dbx.Params{"at": storedTime(after.activity), "id": after.id.RecordID()}))
	}
	var rows []scheduledRow
	if err := query.All(&rows); err != nil {
		return nil, "", fmt.Errorf("load scheduled messages: %w", err)
	}
	page = make([]protocol.Scheduled, 0, len(rows))
	for _, row := range rows[:min(limit, len(rows))] {
		page = append(page, row.scheduled().View())
	}
	if len(rows) > limit {
		last := page[limit-1]
		next = place{activity: last.DeliverAt, id: last.ID}.cursor()
	}
	return page, next, nil
}

// ScheduledChange is what to change of a scheduled message; nil stays as it is.
type ScheduledChange struct {
	Content   *string
	DeliverAt *time.Time
}

// ChangeScheduled changes one of a person's scheduled messages. One that was refused waits again.
func (s *Service) ChangeScheduled(user, id protocol.ID, change ScheduledChange) (changed protocol.Scheduled, err error) {
	if change.DeliverAt != nil && change.DeliverAt.After(s.people.Now().Add(maxAhead)) {
		return changed, refusal.Invalid("deliver_at", "A message can be scheduled up to a year ahead.")
	}
	if change.Content != nil {
		content, refused := s.contentWith(*change.Content, true)
		if refused != nil {
			return changed, refused
		}
		change.Content = &content
	}
	err = s.changeScheduled(user, id, func(tx core.App, record *core.Record) error {
		if change.Content != nil {
			record.Set("content", *change.Content)
		}
		if change.DeliverAt != nil {
			record.Set("deliver_at", ceil(*change.DeliverAt))
			record.Set("reason", protocol.ReasonScheduled)
		}
		record.Set("code", "")
		if err := s.scheduled.Update(context.Background(), tx, record); err != nil {
			return err
		}
		changed = scheduledOf(record).View()
		return nil
	})
	return changed, err
}

// CancelScheduled deletes one of a person's scheduled messages.
func (s *Service) CancelScheduled(user, id protocol.ID) error {
	return s.changeScheduled(user, id, func(tx core.App, record *core.Record) error { return tx.Delete(record) })
}

func (s *Service) changeScheduled(user, id protocol.ID, change func(core.App, *core.Record) error) error {
	if err := s.spend(user, s.budgets.edits); err != nil {
		return err
	}
	err := s.store.Transaction(func(tx core.App) error {
		record, err := s.scheduled.Find(tx, "scheduled_messages", id.RecordID())
		if isNoRows(err) || err == nil && record.GetString("sender") != user.RecordID() {
			return ErrScheduledNotFound
		}
		if err != nil {
			return err
		}
		return change(tx, record)
	})
	if err != nil {
		return fmt.Errorf("change scheduled message: %w", err)
	}
	return nil
}

// scheduledBefore returns the message of a sender that waits under a client_id, nil if there is none.
func (s *Service) scheduledBefore(m NewMessage) (*StoredScheduled, error) {
	var row scheduledRow
	err := s.app.ConcurrentDB().Select(scheduledColumns...).From("scheduled_messages").
		Where(dbx.HashExp{"client_id": m.ClientID, "sender": m.Sender.RecordID()}).
		AndWhere(dbx.NewExp("client_id != ''")). // without it SQLite doesn't use the partial index
		One(&row)
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find scheduled message by client_id: %w", err)
	}
	found := row.scheduled()
	return &found, nil
}
