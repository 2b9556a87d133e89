package messagerie

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// A marker says how far somebody has read, not when they have read each message. When it moves, the messages that it
// passes are read at that moment: that is kept until it moves again, and told of those messages alone. What is read in
// quiet hours has no time, so that nobody learns afterwards who works at night.

var errReadersForbidden = refusal.New(protocol.CodeForbidden, "Only its author may ask who has read a message.")

// Readers returns a page of the other people in a conversation who were in it when the caller sent a message there, in
// the order of their ids, with what has become of it. cursor is the next of the previous page, "" for the first; next is "" on the last one.
func (s *Service) Readers(
	caller school.Person, conversation, message protocol.ID, cursor string, limit int,
) (page []protocol.MessageReader, next string, err error) {
	limit = s.pageLimit(limit)
	after := protocol.ParseID(cursor)
	if cursor != "" && after == 0 {
		return nil, "", errCursor()
	}
	p, _, err := s.participantsFor(conversation, caller.ID)
	if err != nil {
		return nil, "", err
	}
	to, err := headOf(s.app, message)
	switch {
	case err != nil:
		return nil, "", err
	case protocol.ParseID(to.Conversation) != conversation:
		return nil, "", ErrMessageNotFound
	case protocol.ParseID(to.Sender) != caller.ID:
		return nil, "", errReadersForbidden
	}
	var others []protocol.ID
	for _, m := range p.Members {
		// The marker of somebody who joined later started at the newest message of that time, so it says nothing about this one.
		if m.User != caller.ID && m.User > after && m.Record < message {
			others = append(others, m.User)
		}
	}
	slices.Sort(others)
	if len(others) > limit {
		others = others[:limit]
		next = others[limit-1].String()
	}
	page, err = s.readers(p, message, others)
	return page, next, err
}

func (s *Service) readers(p *Participants, message protocol.ID, users []protocol.ID) ([]protocol.MessageReader, error) {
	people, err := s.people.Accounts(users)
	if err != nil {
		return nil, err
	}
	times, err := s.readingTimes(p.Conversation, message)
	if err != nil {
		return nil, err
	}
	page := make([]protocol.MessageReader, 0, len(users))
	for _, user := range users {
		member, _ := p.Member(user)
		account := people[user]
		if account == nil { // just deleted
			continue
		}
		reader := protocol.MessageReader{UserID: user, FirstName: account.FirstName, LastName: account.LastName, Status: protocol.StatusSent}
		read, delivered := p.shown(&member)
		switch {
		case read >= message:
			reader.Status = protocol.StatusRead
			if at, known := times[user]; known && !p.Rests(member) {
				reader.ReadAt = &at
			}
		case delivered >= message:
			reader.Status = protocol.StatusDelivered
		}
		page = append(page, reader)
	}
	return page, nil
}

// readingTimes returns when a message was read, by those of whom it is known.
func (s *Service) readingTimes(conversation, message protocol.ID) (map[protocol.ID]string, error) {
	var rows []struct {
		User   string `db:"user"`
		ReadAt string `db:"read_at"`
	}
	err := s.app.ConcurrentDB().Select("user", "read_at").From("participants").
		Where(dbx.HashExp{"conversation": conversation.RecordID()}).
		AndWhere(dbx.NewExp("read_at != '' AND read_after < {:message} AND last_read >= {:message}", dbx.Params{"message": message.RecordID()})).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load reading times: %w", err)
	}
	times := make(map[protocol.ID]string, len(rows))
	for _, row := range rows {
		times[protocol.ParseID(row.User)] = wireTime(row.ReadAt)
	}
	return times, nil
}

// readingOf returns the columns read_after and read_at of a participant after a change at some time.
func readingOf(row participantRow, after, before Member, now string) (readAfter, readAt string) {
	switch {
	case after.LastRead == before.LastRead:
		return row.ReadAfter, row.ReadAt
	case after.rest != nil:
		return before.LastRead.RecordID(), ""
	}
	return before.LastRead.RecordID(), now
}

// noteReading is readingOf for a record, whose own values don't count.
func noteReading(record *core.Record, stored participantRow, now string) {
	readAfter, readAt := readingOf(stored, memberOf(record), stored.member(), now)
	record.Set("read_after", readAfter)
	record.Set("read_at", readAt)
}
