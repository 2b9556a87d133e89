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

// NewMessage is what somebody wants to say.
type NewMessage struct {
	Conversation protocol.ID
	Sender       protocol.ID
	Content      string
	ClientID     string      // optional; the same one from the same sender is stored once
	ReplyTo      protocol.ID // optional; a message of the same conversation
}

// SendMessage stores a message and announces it. When the sender's ClientID is
// known, the message stored before is returned, and again is true.
func (s *Service) SendMessage(m NewMessage) (sent protocol.Message, again bool, err error) {
	r, err := s.checkSent(&m)
	if err != nil {
		return s.sentBefore(m, err)
	}
	var stored StoredMessage
	err = s.store.Save(func(tx core.App) (err error) {
		stored, err = s.insertMessage(tx, m)
		return err
	})
	if err != nil {
		return s.sentBefore(m, fmt.Errorf("save message: %w", err))
	}
	return stored.For(m.Sender, r), false, nil
}

// Send is SendMessage for a caller who has something else to do meanwhile: what one
// goroutine sends is stored in its order. done is called once, before Send returns or
// later. Its error says that nothing was stored, unless it is refusal.OutcomeUnknown; before
// is the message that was stored under the same ClientID, nil if this one is new and
// was announced. Where Send returns false, so much waits for the disk that it has done
// nothing: try again after Flush.
func (s *Service) Send(m NewMessage, done func(before *protocol.Message, err error)) bool {
	failed := func(err error) {
		before, _, err := s.sentBefore(m, err)
		if err != nil {
			done(nil, err)
			return
		}
		done(&before, nil)
	}
	if _, err := s.checkSent(&m); err != nil {
		failed(err)
		return true
	}
	insert := func(tx core.App) error {
		_, err := s.insertMessage(tx, m)
		return err
	}
	return s.store.SaveLater(insert, func(err error) {
		if err == nil {
			done(nil, nil)
			return
		}
		go failed(fmt.Errorf("save message: %w", err)) // it asks the database, and the writer has others to serve
	})
}

// checkSent refuses what can be refused without the writer, and cleans the content.
func (s *Service) checkSent(m *NewMessage) (*Roster, error) {
	r, _, err := s.roster(m.Conversation, m.Sender)
	if err != nil {
		return nil, err
	}
	if err := s.mayWrite(r, m.Sender); err != nil {
		return nil, err
	}
	content, refused := s.validContent(m.Content)
	if refused != nil {
		return nil, refused
	}
	if utf8.RuneCountInString(m.ClientID) > protocol.MaxClientID {
		return nil, ErrClientIDTooLong
	}
	m.Content = content
	return r, nil
}

// sentBefore finds what was stored under a message's ClientID when it is sent again,
// else it returns why it wasn't stored now. It is asked for refusals, too: whoever may no
// longer write must still learn what has become of a message whose receipt was lost.
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
	r, err := s.caches.rosters.get(s.app, m.Conversation)
	if err != nil || r == nil {
		r = &Roster{} // it was stored: how far it has come is of less interest
	}
	return stored.For(m.Sender, r), true, nil
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

// DeleteMessage empties one's own message and leaves its trace. Deleting it again
// changes nothing.
func (s *Service) DeleteMessage(user, conversation, message protocol.ID) error {
	_, err := s.changeOwn(user, conversation, message, s.mayTakeBack, func(record *core.Record) error {
		record.Set("deleted", true)
		return nil
	})
	return err
}

func (s *Service) changeOwn(
	user, conversation, message protocol.ID, may func(*Roster, protocol.ID) error, change func(*core.Record) error,
) (protocol.Message, error) {
	r, _, err := s.roster(conversation, user)
	if err == nil {
		err = may(r, user)
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
	return stored.For(user, r), nil
}

func (s *Service) spendOnEdit(user protocol.ID) error {
	known, err := s.people.Account(user)
	if err != nil {
		return err
	}
	if known == nil { // removed since mayWrite was asked
		return ErrNotParticipant
	}
	return s.budgets.edits.Spend(known.Person, 1)
}

// Page asks for a part of a conversation. The message that Before or After names
// isn't part of it.
type Page struct {
	Before, After protocol.ID
	FromStart     bool // after After, which may be 0: from the first message on
	Limit         int  // 0 for the default; more than the most allowed gets the most
}

// pageBytes is how much text a page of messages has at most, beyond its first message: two
// hundred of five thousand characters.
const pageBytes = 1 << 20

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
	count := fitting(rows[:min(limit, len(rows))])
	more = count < len(rows)
	rows = rows[:count]
	if !page.FromStart {
		slices.Reverse(rows)
	}
	list = make([]protocol.Message, len(rows))
	for i, row := range rows {
		list[i] = row.message().For(user, r)
	}
	return list, more, nil
}

// fitting returns how many rows a page has room for, one at least.
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
