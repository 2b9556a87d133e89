package messagerie

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// MarkRead moves a person's marker up to a message, or to the newest one if upTo is 0. The
// marker never moves back.
func (s *Service) MarkRead(user, conversation, upTo protocol.ID) error {
	done := make(chan error, 1)
	for !s.MarkReadLater(user, conversation, upTo, func(err error) { done <- err }) {
		s.store.Flush()
	}
	return <-done
}

// MarkReadLater is MarkRead without waiting for the disk, as Send is to SendMessage: done is
// called once, before it returns or later, unless it returns false.
func (s *Service) MarkReadLater(user, conversation, upTo protocol.ID, done func(error)) bool {
	if s.store.Leads() {
		return s.markRead(user, conversation, upTo, done)
	}
	return s.marking.Ask(marked{user, conversation, upTo}, func(_ bool, err error) { done(err) })
}

// marked is how far somebody has read.
type marked struct{ User, Conversation, UpTo protocol.ID }

func (s *Service) markRead(user, conversation, upTo protocol.ID, done func(error)) bool {
	forward, err := s.forward(user, conversation, upTo)
	if err != nil || forward.participant == 0 {
		done(err)
		return true
	}
	return s.store.SaveLater(func(tx core.App) error { return s.move(tx, forward) }, func(err error) {
		if err != nil {
			err = fmt.Errorf("mark as read: %w", err)
		}
		done(err)
	})
}

// forward returns where the read marker moves to; the zero move if it stays, and nothing is marked as unread.
func (s *Service) forward(user, conversation, upTo protocol.ID) (move, error) {
	_, me, err := s.participantsFor(conversation, user)
	switch {
	case err != nil:
		return move{}, err
	case upTo < 0:
		return move{}, ErrInvalidMessageID
	case upTo == 0:
		upTo, err = newestUpTo(s.app, conversation, protocol.MaxID)
	case upTo > me.LastRead:
		if upTo, err = newestUpTo(s.app, conversation, upTo); err == nil && upTo == 0 {
			err = ErrInvalidMessageID
		}
	}
	if err != nil || upTo <= me.LastRead && !me.MarkedUnread {
		return move{}, err
	}
	return move{me.Record, markerRead, upTo}, nil
}

// Delivered says that a device of User has received everything in Conversation up to UpTo.
type Delivered struct{ Conversation, User, UpTo protocol.ID }

// MarkDelivered moves people's delivered markers. When one fails, those before it are kept.
// Somebody who has left is skipped.
func (s *Service) MarkDelivered(batch []Delivered) error {
	if s.store.Leads() {
		return s.markDelivered(batch)
	}
	result := make(chan error, 1)
	s.delivering.Ask(batch, func(_ bool, err error) { result <- err })
	return <-result
}

func (s *Service) markDelivered(batch []Delivered) error {
	var moves []move
	for _, d := range batch {
		_, member, err := s.participantsFor(d.Conversation, d.User)
		if errors.Is(err, ErrNotParticipant) {
			continue
		}
		if err != nil {
			return err
		}
		if d.UpTo > member.LastDelivered {
			moves = append(moves, move{member.Record, markerDelivered, d.UpTo})
		}
	}
	if len(moves) == 0 {
		return nil
	}
	return s.store.Save(func(tx core.App) error {
		for _, m := range moves {
			if err := s.move(tx, m); err != nil && !errors.Is(err, ErrNotParticipant) {
				return err
			}
		}
		return nil
	})
}

// Senders returns the people who wrote after one message and up to another; for a direct
// conversation, both people.
func (s *Service) Senders(conversation, after, upTo protocol.ID) ([]protocol.ID, error) {
	p, err := s.caches.participants.get(s.app, conversation)
	if err != nil {
		return nil, err
	}
	if p != nil && p.Kind == protocol.KindDirect { // no query needed
		return p.users(), nil
	}
	var ids []string
	err = s.app.ConcurrentDB().Select("sender").Distinct(true).From("messages").
		Where(dbx.HashExp{"conversation": conversation.RecordID()}).
		AndWhere(dbx.NewExp("id > {:after} AND id <= {:upTo}",
			dbx.Params{"after": after.RecordID(), "upTo": upTo.RecordID()})).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("load senders: %w", err)
	}
	senders := make([]protocol.ID, len(ids))
	for i, id := range ids {
		senders[i] = protocol.ParseID(id)
	}
	return senders, nil
}

// move advances a marker of a participant.
type move struct {
	participant protocol.ID // the record
	marker      string      // markerRead or markerDelivered
	upTo        protocol.ID
}

// The columns of the markers.
const (
	markerRead      = "last_read"
	markerDelivered = "last_delivered"
)

// move stores a marker in the writer's transaction: by the fast path, else as a record. Either
// way it does what checkMovedParticipant does for a record.
func (s *Service) move(tx core.App, m move) error {
	if !s.fastParticipants.IsOpen(tx) {
		return s.moveRecord(tx, m)
	}
	var row participantRow
	err := s.fastParticipants.One(tx, participantSQL, dbx.Params{"id": m.participant.RecordID()}, &row)
	if isNoRows(err) {
		return ErrNotParticipant
	}
	if err != nil {
		return err
	}
	before := row.member()
	after := before
	switch m.marker {
	case markerRead:
		after.LastRead, after.MarkedUnread = max(before.LastRead, m.upTo), false
	case markerDelivered:
		after.LastDelivered = max(before.LastDelivered, m.upTo)
	}
	if after == before {
		return nil
	}
	after.LastDelivered = max(after.LastDelivered, after.LastRead)
	if err := s.restMoved(&after, before); err != nil {
		return err
	}
	now := types.NowDateTime().String()
	readAfter, readAt := readingOf(row, after, before, now)
	err = s.fastParticipants.Update(tx, dbx.Params{"id": row.ID, "updated": now,
		markerRead: after.LastRead.RecordID(), markerDelivered: after.LastDelivered.RecordID(), "marked_unread": after.MarkedUnread,
		"shown_read": after.rest.shownRead(), "shown_delivered": after.rest.shownDelivered(), "rests_until": after.rest.storedUntil(),
		"read_after": readAfter, "read_at": readAt})
	if err != nil {
		return err
	}
	s.store.Announce(tx, ParticipantChanged{
		Conversation: protocol.ParseID(row.Conversation), Before: before, After: after, At: wireTime(now)})
	return nil
}

const participantSQL = `SELECT conversation, id, user, last_read, last_delivered, muted, muted_until, archived_at, pinned, marked_unread, shown_read, shown_delivered, rests_until, read_after, read_at
	FROM participants WHERE id = {:id}`

func (s *Service) newFastParticipants() *store.FastPath {
	return s.store.FastPath("participants", []string{markerRead, markerDelivered, "marked_unread", "shown_read", "shown_delivered", "rests_until", "read_after", "read_at", "updated"}, fitsParticipants)
}

// fitsParticipants reports whether nothing but the markers, marked_unread and the time of the change
// has to be written when a marker moves.
func fitsParticipants(c *core.Collection) bool {
	for _, field := range c.Fields {
		if !fitsParticipant(field) {
			return false
		}
	}
	return len(c.Fields) == 17
}

func fitsParticipant(field core.Field) bool {
	name := field.GetName()
	switch f := field.(type) {
	case *core.TextField:
		return name == "id" || name == markerRead || name == markerDelivered || name == "shown_read" || name == "shown_delivered" || name == "archived_at" || name == "read_after"
	case *core.RelationField:
		return (name == "conversation" || name == "user") && !f.IsMultiple()
	case *core.BoolField:
		return name == "muted" || name == "pinned" || name == "marked_unread"
	case *core.DateField:
		return name == "rests_until" || name == "muted_until" || name == "read_at"
	case *core.AutodateField:
		return name == "created" && !f.OnUpdate || name == "updated" && f.OnUpdate
	}
	return false
}

func (s *Service) moveRecord(tx core.App, m move) error {
	record, err := s.participants.Find(tx, "participants", m.participant.RecordID())
	if isNoRows(err) {
		return ErrNotParticipant
	}
	if err != nil {
		return err
	}
	opens := m.marker == markerRead && record.GetBool("marked_unread")
	if protocol.ParseID(record.GetString(m.marker)) >= m.upTo && !opens {
		return nil
	}
	record.Set(m.marker, max(protocol.ParseID(record.GetString(m.marker)), m.upTo).RecordID())
	if opens {
		record.Set("marked_unread", false)
	}
	return s.participants.Update(context.WithValue(context.Background(), loadedHere{}, true), tx, record)
}

// newestUpTo returns the last message of a conversation up to an id, which may be that of a
// message removed since; 0 for none.
func newestUpTo(app core.App, conversation, upTo protocol.ID) (protocol.ID, error) {
	var id sql.NullString
	err := app.ConcurrentDB().Select("max(id)").From("messages").
		Where(dbx.HashExp{"conversation": conversation.RecordID()}).
		AndWhere(dbx.NewExp("id <= {:id}", dbx.Params{"id": upTo.RecordID()})).Row(&id)
	if err != nil {
		return 0, fmt.Errorf("find newest message: %w", err)
	}
	return protocol.ParseID(id.String), nil
}
