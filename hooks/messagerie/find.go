package messagerie

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// What the index of words in package search is made from, and what it finds.

// MessagesAfter returns messages in the order of their ids, from the first one after a given id.
func (s *Service) MessagesAfter(after protocol.ID, limit int) ([]StoredMessage, error) {
	return s.storedMessages(s.app.ConcurrentDB().Select(messageColumns...).From("messages").
		Where(dbx.NewExp("id > {:after}", dbx.Params{"after": after.RecordID()})).OrderBy("id").Limit(int64(limit)))
}

// MessagesByID returns those of the messages that exist, in no particular order.
func (s *Service) MessagesByID(ids []protocol.ID) ([]StoredMessage, error) {
	return s.storedMessages(s.app.ConcurrentDB().Select(messageColumns...).From("messages").
		Where(dbx.In("id", store.RecordIDs(ids)...)))
}

func (s *Service) storedMessages(query *dbx.SelectQuery) ([]StoredMessage, error) {
	var rows []messageRow
	if err := query.All(&rows); err != nil {
		return nil, fmt.Errorf("load messages: %w", err)
	}
	messages := messagesOf(rows)
	return messages, s.loadAttachments(messages)
}

// MessageVersion tells whether a message has changed.
type MessageVersion struct {
	ID      protocol.ID
	Updated string // RFC 3339
	Deleted bool
}

// VersionsAfter returns the versions of messages in the order of their ids, from the first one after
// a given id.
func (s *Service) VersionsAfter(after protocol.ID, limit int) ([]MessageVersion, error) {
	var rows []struct {
		ID      string `db:"id"`
		Updated string `db:"updated"`
		Deleted bool   `db:"deleted"`
	}
	err := s.app.ConcurrentDB().Select("id", "updated", "deleted").From("messages").
		Where(dbx.NewExp("id > {:after}", dbx.Params{"after": after.RecordID()})).OrderBy("id").Limit(int64(limit)).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load versions of messages: %w", err)
	}
	versions := make([]MessageVersion, len(rows))
	for i, row := range rows {
		versions[i] = MessageVersion{protocol.ParseID(row.ID), wireTime(row.Updated), row.Deleted}
	}
	return versions, nil
}

// NewestMessage returns the highest id of a message up to another one, 0 for none.
func (s *Service) NewestMessage(upTo protocol.ID) (protocol.ID, error) {
	var newest sql.NullString
	err := s.app.ConcurrentDB().Select("max(id)").From("messages").
		Where(dbx.NewExp("id <= {:upTo}", dbx.Params{"upTo": upTo.RecordID()})).Row(&newest)
	if err != nil {
		return 0, fmt.Errorf("newest message: %w", err)
	}
	return protocol.ParseID(newest.String), nil
}

// ConversationsOf returns the conversations in which a person takes part, in no particular order.
func (s *Service) ConversationsOf(user protocol.ID) ([]protocol.ID, error) {
	own, err := s.conversationsOf(user)
	return slices.Clone(own.all), err
}

// Activity is a conversation with the id of its newest message, 0 for none.
type Activity struct{ Conversation, Newest protocol.ID }

const activitiesSQL = `SELECT p.conversation, coalesce((SELECT max(m.id) FROM messages m WHERE m.conversation = p.conversation), '') AS newest
	FROM participants p WHERE p.user = {:user}`

// ActivitiesOf returns the conversations in which a person takes part, most recent activity first.
func (s *Service) ActivitiesOf(user protocol.ID) ([]Activity, error) {
	var rows []struct {
		Conversation string `db:"conversation"`
		Newest       string `db:"newest"`
	}
	if err := s.store.Query(activitiesSQL, dbx.Params{"user": user.RecordID()}, &rows); err != nil {
		return nil, fmt.Errorf("load activities: %w", err)
	}
	activities := make([]Activity, len(rows))
	for i, row := range rows {
		activities[i] = Activity{protocol.ParseID(row.Conversation), protocol.ParseID(row.Newest)}
	}
	slices.SortFunc(activities, func(a, b Activity) int { return cmp.Compare(b.Newest, a.Newest) })
	return activities, nil
}

// Readable returns those of the messages that a person may read as Messages returns them, and that
// aren't deleted, newest first.
func (s *Service) Readable(user protocol.ID, ids []protocol.ID) ([]protocol.Message, error) {
	stored, err := s.MessagesByID(ids)
	if err != nil {
		return nil, err
	}
	conversations := make([]protocol.ID, len(stored))
	for i, m := range stored {
		conversations[i] = m.Conversation
	}
	participants, err := s.caches.participants.all(s.app, distinct(conversations))
	if err != nil {
		return nil, err
	}
	if err := s.loadReactions(stored); err != nil {
		return nil, err
	}
	readable := make([]protocol.Message, 0, len(stored))
	for _, m := range stored {
		p := participants[m.Conversation]
		if m.Deleted || p == nil {
			continue
		}
		if _, takesPart := p.Member(user); takesPart {
			readable = append(readable, m.For(user, p))
		}
	}
	slices.SortFunc(readable, func(a, b protocol.Message) int { return cmp.Compare(b.ID, a.ID) })
	return readable, nil
}
