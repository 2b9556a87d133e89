package messagerie

import (
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// NewMessage is a message to be stored.
type NewMessage struct {
	Conversation protocol.ID
	Sender       protocol.ID
	Content      string
	ClientID     string      // optional; a sender's messages with the same one are stored once
	ReplyTo      protocol.ID // optional; a message of the same conversation
	DeliverAt    time.Time   // optional; not before
	Urgent       bool        // at once, although somebody is to be left in peace

	Attachments []protocol.ID // files that the sender has uploaded to this conversation and hasn't sent yet
	Mentions    []protocol.ID // participants, whom it reaches although they have muted the conversation

	scheduled protocol.ID // the scheduled message that this one is made from; 0 for none
}

// Sent is what became of a message to be stored: a message, or a scheduled one.
type Sent struct {
	protocol.Message
	Scheduled *protocol.Scheduled // nil if it is delivered
}

// SendMessage stores a message and announces it, or schedules it. If the sender has used this
// ClientID before, it returns what was stored then, and again is true.
func (s *Service) SendMessage(m NewMessage) (sent Sent, again bool, err error) {
	p, when, err := s.checkSent(&m)
	if err != nil {
		return s.sentBefore(m, err)
	}
	var stored storedOrScheduled
	err = s.store.Save(func(tx core.App) (err error) {
		stored, err = s.insertOrSchedule(tx, m, when)
		return err
	})
	switch {
	case err != nil:
		return s.sentBefore(m, fmt.Errorf("save message: %w", err))
	case stored.isScheduled:
		view := stored.scheduled.View()
		return Sent{Scheduled: &view}, false, nil
	}
	return Sent{Message: stored.message.For(m.Sender, p)}, false, nil
}

// Send is SendMessage without waiting for the disk; what one goroutine sends is stored in that
// order. done is called once, before Send returns or later. Its error means that nothing was
// stored, unless it is refusal.OutcomeUnknown; before is what was stored earlier under the
// same ClientID, nil if this one is new and was announced. Send returns false, and has done
// nothing, if the writer's queue is full: try again after Flush.
func (s *Service) Send(m NewMessage, done func(before *Sent, err error)) bool {
	if s.store.Leads() {
		return s.send(m, done)
	}
	return s.sending.Ask(m, func(result sentEarlier, err error) {
		if result.Before == nil {
			done(nil, err)
			return
		}
		go func() { // it must not overtake the messages before it, which this machine may not have yet
			if !s.store.WaitFor(result.Position) {
				done(nil, refusal.OutcomeUnknown)
				return
			}
			done(result.Before, nil)
		}()
	})
}

// sentEarlier is what was stored before under a ClientID, nil for nothing, and the position of the machine that says so.
type sentEarlier struct {
	Before   *Sent
	Position uint64
}

func (s *Service) send(m NewMessage, done func(before *Sent, err error)) bool {
	failed := func(err error) {
		before, _, err := s.sentBefore(m, err)
		if err != nil {
			done(nil, err)
			return
		}
		done(&before, nil)
	}
	_, when, err := s.checkSent(&m)
	if err != nil {
		failed(err)
		return true
	}
	insert := func(tx core.App) error {
		_, err := s.insertOrSchedule(tx, m, when)
		return err
	}
	return s.store.SaveLater(insert, func(err error) {
		if err == nil {
			done(nil, nil)
			return
		}
		go failed(fmt.Errorf("save message: %w", err)) // it queries the database, which would hold up the writer
	})
}

// checkSent refuses what can be refused without the writer, cleans the content, and decides when the
// message is delivered.
func (s *Service) checkSent(m *NewMessage) (*Participants, later, error) {
	p, _, err := s.participantsFor(m.Conversation, m.Sender)
	if err != nil {
		return nil, later{}, err
	}
	if err := s.mayWrite(p, m.Sender); err != nil {
		return nil, later{}, err
	}
	content, refused := s.contentWith(m.Content, len(m.Attachments) > 0)
	if refused != nil {
		return nil, later{}, refused
	}
	if len(m.Attachments) > protocol.MaxAttachments {
		return nil, later{}, ErrInvalidAttachments
	}
	if utf8.RuneCountInString(m.ClientID) > protocol.MaxClientID {
		return nil, later{}, ErrClientIDTooLong
	}
	if m.Mentions, err = mentionable(p, m.Mentions); err != nil {
		return nil, later{}, err
	}
	m.Content = content
	when, err := s.deliveryOf(p, m)
	return p, when, err
}

// sentBefore returns what was stored earlier under the same ClientID, else the failure. It is
// used after refusals, too: a sender who may no longer write must still learn that a message
// whose receipt was lost is stored.
func (s *Service) sentBefore(m NewMessage, failure error) (before Sent, again bool, err error) {
	if m.ClientID == "" || utf8.RuneCountInString(m.ClientID) > protocol.MaxClientID || errors.Is(failure, refusal.OutcomeUnknown) {
		return before, false, failure
	}
	var refused *refusal.Error
	waiting, err := s.scheduledBefore(m) // before messages, which it may become in between
	switch {
	case err != nil:
		return before, false, fmt.Errorf("%w; %w", refusal.OutcomeUnknown, err)
	case waiting != nil && waiting.Conversation == m.Conversation:
		view := waiting.View()
		return Sent{Scheduled: &view}, true, nil
	case waiting != nil && !errors.As(failure, &refused):
		return before, false, ErrClientIDReused
	}
	var row messageRow
	err = s.app.ConcurrentDB().Select(messageColumns...).From("messages").Where(byClientID(m.Sender, m.ClientID)).One(&row)
	stored := row.message()
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
	one := []StoredMessage{stored}
	if err := s.loadExtras(one); err != nil {
		return before, false, fmt.Errorf("%w; %w", refusal.OutcomeUnknown, err)
	}
	return Sent{Message: one[0].For(m.Sender, p)}, true, nil
}

// EditMessage replaces the content of one's own message. It may be empty if the message has a file.
func (s *Service) EditMessage(user, conversation, message protocol.ID, content string) (protocol.Message, error) {
	content, refused := s.contentWith(content, true)
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
		err = s.spend(user, s.budgets.edits)
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
		stored, err = complete(tx, messageOf(record))
		return err
	})
	if err != nil {
		return protocol.Message{}, fmt.Errorf("change message: %w", err)
	}
	return stored.For(user, p), nil
}

// spend takes one from somebody's budget.
func (s *Service) spend(user protocol.ID, from *school.Budget) error {
	known, err := s.people.Account(user)
	if err != nil {
		return err
	}
	if known == nil { // deleted since the permission was checked
		return ErrNotParticipant
	}
	return from.Spend(known.Person, 1)
}

// Page selects a part of a conversation. The message that Before or After names isn't in it.
type Page struct {
	Before, After protocol.ID
	FromStart     bool // those just after After; 0 begins with the first message
	Limit         int  // 0 for the default; capped at the configured maximum
}

// pageBytes bounds the text, the reactions and the names of files in a page of messages, which has at least one message: room for two
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
	messages := messagesOf(rows[:min(limit, len(rows))])
	if err := s.loadExtras(messages); err != nil {
		return nil, false, err
	}
	count := fitting(messages)
	more = count < len(rows)
	messages = messages[:count]
	if !page.FromStart {
		slices.Reverse(messages)
	}
	list = make([]protocol.Message, len(messages))
	for i, m := range messages {
		list[i] = m.For(user, p)
	}
	return list, more, nil
}

// messagesOf returns the messages of rows, without their reactions and attachments.
func messagesOf(rows []messageRow) []StoredMessage {
	messages := make([]StoredMessage, len(rows))
	for i, row := range rows {
		messages[i] = row.message()
	}
	return messages
}

// fitting returns how many messages a page has room for, at least one.
func fitting(messages []StoredMessage) int {
	size := 0
	for i, m := range messages {
		size += len(m.Content)
		for _, reaction := range m.Reactions {
			size += wireIDBytes * len(reaction.UserIDs)
		}
		for _, attachment := range m.Attachments {
			size += attachmentBytes + len(attachment.Name)
		}
		size += wireIDBytes * len(m.Mentions)
		if size > pageBytes && i > 0 {
			return i
		}
	}
	return len(messages)
}

// wireIDBytes is the length of an id on the wire, with a comma.
const wireIDBytes = 17

// attachmentBytes is the length of a file on the wire, without its name.
const attachmentBytes = 160

func (s *Service) pageLimit(asked int) int {
	if asked <= 0 {
		return s.limits.PageDefault
	}
	return min(asked, s.limits.PageMax)
}
