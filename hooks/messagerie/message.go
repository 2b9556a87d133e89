package messagerie

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// NewMessage is a message to be stored.
type NewMessage struct {
	Conversation protocol.ID
	Sender       protocol.ID
	Content      string
	ClientID     string      // optional; a sender's messages with the same one are stored once
	ReplyTo      protocol.ID // optional; a message of the same conversation
}

// SendMessage stores a message and announces it. If the sender has used this ClientID before,
// it returns the message stored then, and again is true.
func (s *Service) SendMessage(m NewMessage) (sent protocol.Message, again bool, err error) {
	p, record, err := s.newMessage(m)
	if err != nil {
		return s.sentBefore(m, err)
	}
	if err := s.store.Save(func(tx core.App) error { return s.messages.Insert(tx, record) }); err != nil {
		return s.sentBefore(m, fmt.Errorf("save message: %w", err))
	}
	return messageOf(record).For(m.Sender, p), false, nil
}

// Send is SendMessage without waiting for the disk; what one goroutine sends is stored in that
// order. done is called once, before Send returns or later. Its error means that nothing was
// stored, unless it is refusal.OutcomeUnknown; before is the message stored earlier under the
// same ClientID, nil if this one is new and was announced. Send returns false, and has done
// nothing, if the writer's queue is full: try again after Flush.
func (s *Service) Send(m NewMessage, done func(before *protocol.Message, err error)) bool {
	failed := func(err error) {
		before, _, err := s.sentBefore(m, err)
		if err != nil {
			done(nil, err)
			return
		}
		done(&before, nil)
	}
	_, record, err := s.newMessage(m)
	if err != nil {
		failed(err)
		return true
	}
	insert := func(tx core.App) error { return s.messages.Insert(tx, record) }
	return s.store.SaveLater(insert, func(err error) {
		if err == nil {
			done(nil, nil)
			return
		}
		go failed(fmt.Errorf("save message: %w", err)) // it queries the database, which would hold up the writer
	})
}

// newMessage makes the record of a message, or returns a refusal that doesn't need the writer.
func (s *Service) newMessage(m NewMessage) (*Participants, *core.Record, error) {
	p, _, err := s.participantsFor(m.Conversation, m.Sender)
	if err != nil {
		return nil, nil, err
	}
	if err := s.mayWrite(p, m.Sender); err != nil {
		return nil, nil, err
	}
	content, refused := s.validContent(m.Content)
	if refused != nil {
		return nil, nil, refused
	}
	if utf8.RuneCountInString(m.ClientID) > protocol.MaxClientID {
		return nil, nil, ErrClientIDTooLong
	}
	collection, err := s.app.FindCachedCollectionByNameOrId("messages")
	if err != nil {
		return nil, nil, err
	}
	record := core.NewRecord(collection)
	record.Set("conversation", m.Conversation.RecordID())
	record.Set("sender", m.Sender.RecordID())
	record.Set("content", content)
	record.Set("client_id", m.ClientID)
	record.Set("reply_to", m.ReplyTo.RecordID())
	return p, record, nil
}

// sentBefore returns the message stored earlier under the same ClientID, else the failure. It is
// used after refusals, too: a sender who may no longer write must still learn that a message
// whose receipt was lost is stored.
func (s *Service) sentBefore(m NewMessage, failure error) (before protocol.Message, again bool, err error) {
	if m.ClientID == "" || utf8.RuneCountInString(m.ClientID) > protocol.MaxClientID || errors.Is(failure, refusal.OutcomeUnknown) {
		return before, false, failure
	}
	var row messageRow
	err = s.app.ConcurrentDB().Select(messageColumns...).From("messages").
		Where(dbx.HashExp{"sender": m.Sender.RecordID()}).
		AndWhere(dbx.NewExp("(CASE WHEN client_id = '' THEN CAST(id AS INTEGER) ELSE client_id END) = {:client_id}",
			dbx.Params{"client_id": m.ClientID})).
		One(&row)
	stored := row.message()
	var refused *refusal.Error
	switch {
	case isNoRows(err):
		return before, false, failure
	case err != nil:
		return before, false, fmt.Errorf("%w; find message by client_id: %w", refusal.OutcomeUnknown, err)
	case stored.Conversation != m.Conversation && errors.As(failure, &refused):
		return before, false, failure
	case stored.Conversation != m.Conversation:
		return before, false, ErrClientIDReused
	}
	p, err := s.caches.participants.get(s.app, m.Conversation)
	if err != nil || p == nil {
		p = &Participants{} // it is stored, only its status is missing
	}
	return stored.For(m.Sender, p), true, nil
}

// EditMessage replaces the content of one's own message.
func (s *Service) EditMessage(user, conversation, message protocol.ID, content string) (protocol.Message, error) {
	content, refused := s.validContent(content)
	if refused != nil {
		return protocol.Message{}, refused
	}
	return s.changeOwn(user, conversation, message, s.mayWrite, func(record *core.Record) error {
		if record.GetBool("deleted") {
			return ErrMessageDeleted
		}
		record.Set("content", content)
		return nil
	})
}

// DeleteMessage turns one's own message into a tombstone. Deleting it again changes nothing.
func (s *Service) DeleteMessage(user, conversation, message protocol.ID) error {
	_, err := s.changeOwn(user, conversation, message, s.mayDelete, func(record *core.Record) error {
		record.Set("deleted", true)
		return nil
	})
	return err
}

func (s *Service) changeOwn(
	user, conversation, message protocol.ID, may func(*Participants, protocol.ID) error, change func(*core.Record) error,
) (protocol.Message, error) {
	p, _, err := s.participantsFor(conversation, user)
	if err == nil {
		err = may(p, user)
	}
	if err == nil {
		err = s.spendOnEdit(user)
	}
	if err != nil {
		return protocol.Message{}, err
	}
	var stored StoredMessage
	err = s.store.Transaction(func(tx core.App) error {
		record, err := tx.FindRecordById("messages", message.RecordID())
		if isNoRows(err) || err == nil && record.GetString("conversation") != conversation.RecordID() {
			return ErrMessageNotFound
		}
		if err != nil {
			return err
		}
		if record.GetString("sender") != user.RecordID() {
			return ErrNotYourMessage
		}
		if err := change(record); err != nil {
			return err
		}
		if err := tx.SaveWithContext(asAuthor, record); err != nil {
			return err
		}
		stored = messageOf(record)
		return nil
	})
	if err != nil {
		return protocol.Message{}, fmt.Errorf("change message: %w", err)
	}
	return stored.For(user, p), nil
}

func (s *Service) spendOnEdit(user protocol.ID) error {
	known, err := s.people.Account(user)
	if err != nil {
		return err
	}
	if known == nil { // deleted since the permission was checked
		return ErrNotParticipant
	}
	return s.budgets.edits.Spend(known.Person, 1)
}

// Page selects a part of a conversation. The message that Before or After names isn't in it.
type Page struct {
	Before, After protocol.ID
	FromStart     bool // those just after After; 0 begins with the first message
	Limit         int  // 0 for the default; capped at the configured maximum
}

// pageBytes bounds the text in a page of messages, which has at least one message: room for two
// hundred of five thousand characters.
const pageBytes = 1 << 20

// Messages returns a page of a conversation, oldest first: the newest messages, those just
// before Before, or those just after After. more says whether others follow in that direction.
func (s *Service) Messages(user, conversation protocol.ID, page Page) (list []protocol.Message, more bool, err error) {
	p, _, err := s.participantsFor(conversation, user)
	if err != nil {
		return nil, false, err
	}
	limit := s.pageLimit(page.Limit)
	query := s.app.ConcurrentDB().Select(messageColumns...).From("messages").
		Where(dbx.HashExp{"conversation": conversation.RecordID()}).Limit(int64(limit + 1))
	switch {
	case page.FromStart:
		query.AndWhere(dbx.NewExp("id > {:after}", dbx.Params{"after": page.After.RecordID()})).OrderBy("id ASC")
	case page.Before != 0:
		query.AndWhere(dbx.NewExp("id < {:before}", dbx.Params{"before": page.Before.RecordID()})).OrderBy("id DESC")
	default:
		query.OrderBy("id DESC")
	}
	rows := make([]messageRow, 0, limit+1)
	if err := query.All(&rows); err != nil {
		return nil, false, fmt.Errorf("load messages: %w", err)
	}
	count := fitting(rows[:min(limit, len(rows))])
	more = count < len(rows)
	rows = rows[:count]
	if !page.FromStart {
		slices.Reverse(rows)
	}
	list = make([]protocol.Message, len(rows))
	for i, row := range rows {
		list[i] = row.message().For(user, p)
	}
	return list, more, nil
}

// fitting returns how many rows a page has room for, at least one.
func fitting(rows []messageRow) int {
	size := 0
	for i, row := range rows {
		if size += len(row.Content); size > pageBytes && i > 0 {
			return i
		}
	}
	return len(rows)
}

func (s *Service) pageLimit(asked int) int {
	if asked <= 0 {
		return s.limits.PageDefault
	}
	return min(asked, s.limits.PageMax)
}
