package messagerie

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// NewMessage is what somebody wants to say.
type NewMessage struct {
	Conversation protocol.ID
	Sender       protocol.ID
	Content      string
	ClientID     string      // optional; the same one from the same sender is stored once
	ReplyTo      protocol.ID // optional; a message of the same conversation
}

// SendMessage stores a message and announces it. When the sender's ClientID is
// known, the message stored before is answered, and again is true.
func (s *Service) SendMessage(m NewMessage) (sent protocol.Message, again bool, err error) {
	r, record, err := s.newMessage(m)
	if err != nil {
		return sent, false, err
	}
	if err := s.save(func(tx core.App) error { return s.messages.insert(tx, record) }); err != nil {
		return s.notStored(m, r, err)
	}
	return messageOf(record).For(m.Sender, r), false, nil
}

// Send is SendMessage for a caller who has something else to do meanwhile: what one
// goroutine sends is stored in its order. done is called once, before Send returns or
// later. Its error says that nothing was stored; before is the message that was
// stored under the same ClientID, nil if this one is new and was announced.
func (s *Service) Send(m NewMessage, done func(before *protocol.Message, err error)) {
	r, record, err := s.newMessage(m)
	if err != nil {
		done(nil, err)
		return
	}
	insert := func(tx core.App) error { return s.messages.insert(tx, record) }
	s.saveLater(insert, func(err error) {
		if err == nil {
			done(nil, nil)
			return
		}
		go func() { // it asks the database, and the writer has others to serve
			before, _, err := s.notStored(m, r, err)
			if err != nil {
				done(nil, err)
				return
			}
			done(&before, nil)
		}()
	})
}

// newMessage refuses what can be refused without the writer.
func (s *Service) newMessage(m NewMessage) (*Roster, *core.Record, error) {
	r, _, err := s.roster(m.Conversation, m.Sender)
	if err != nil {
		return nil, nil, err
	}
	content, refused := s.validContent(m.Content)
	if refused != nil {
		return nil, nil, refused
	}
	if utf8.RuneCountInString(m.ClientID) > maxClientID {
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
	return r, record, nil
}

// notStored says why a message wasn't stored: perhaps it was before.
func (s *Service) notStored(m NewMessage, r *Roster, failure error) (before protocol.Message, again bool, err error) {
	if m.ClientID != "" {
		if stored, found := s.sentBefore(m.Sender, m.ClientID); found {
			if stored.Conversation != m.Conversation {
				return before, false, ErrClientIDReused
			}
			return stored.For(m.Sender, r), true, nil
		}
	}
	return before, false, fmt.Errorf("save message: %w", failure)
}

// sentBefore finds a message by what its sender's device called it.
func (s *Service) sentBefore(sender protocol.ID, clientID string) (StoredMessage, bool) {
	var row messageRow
	err := s.app.ConcurrentDB().Select(messageColumns...).From("messages").
		Where(dbx.HashExp{"sender": sender.RecordID()}).
		AndWhere(dbx.NewExp("(CASE WHEN client_id = '' THEN CAST(id AS INTEGER) ELSE client_id END) = {:client_id}",
			dbx.Params{"client_id": clientID})).
		One(&row)
	return row.message(), err == nil
}

// EditMessage replaces the content of one's own message.
func (s *Service) EditMessage(user, conversation, message protocol.ID, content string) (protocol.Message, error) {
	content, refused := s.validContent(content)
	if refused != nil {
		return protocol.Message{}, refused
	}
	return s.changeOwn(user, conversation, message, func(record *core.Record) error {
		if record.GetBool("deleted") {
			return ErrMessageDeleted
		}
		record.Set("content", content)
		return nil
	})
}

// DeleteMessage empties one's own message and leaves its trace. Deleting it again
// changes nothing.
func (s *Service) DeleteMessage(user, conversation, message protocol.ID) error {
	_, err := s.changeOwn(user, conversation, message, func(record *core.Record) error {
		record.Set("deleted", true)
		return nil
	})
	return err
}

func (s *Service) changeOwn(
	user, conversation, message protocol.ID, change func(*core.Record) error,
) (protocol.Message, error) {
	r, _, err := s.roster(conversation, user)
	if err != nil {
		return protocol.Message{}, err
	}
	var stored StoredMessage
	err = s.save(func(tx core.App) error {
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
		if err := tx.Save(record); err != nil {
			return err
		}
		stored = messageOf(record)
		return nil
	})
	if err != nil {
		return protocol.Message{}, fmt.Errorf("change message: %w", err)
	}
	return stored.For(user, r), nil
}

// Page asks for a part of a conversation. The message that Before or After names
// isn't part of it.
type Page struct {
	Before, After protocol.ID
	FromStart     bool // after After, which may be 0: from the first message on
	Limit         int  // 0 for the default; more than the most allowed gets the most
}

// Messages answers a page of a conversation, oldest first: the newest messages,
// those just before Before, or those just after After. more says that there are
// others further on in the same direction.
func (s *Service) Messages(user, conversation protocol.ID, page Page) (list []protocol.Message, more bool, err error) {
	r, _, err := s.roster(conversation, user)
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
	if more = len(rows) > limit; more {
		rows = rows[:limit]
	}
	if !page.FromStart {
		slices.Reverse(rows)
	}
	list = make([]protocol.Message, len(rows))
	for i, row := range rows {
		list[i] = row.message().For(user, r)
	}
	return list, more, nil
}

func (s *Service) pageLimit(asked int) int {
	if asked <= 0 {
		return s.limits.PageDefault
	}
	return min(asked, s.limits.PageMax)
}
