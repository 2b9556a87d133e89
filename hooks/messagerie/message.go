package messagerie

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

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

// StoredMessage is a message as it is on the disk, the same for every viewer.
type StoredMessage struct {
	ID           protocol.ID
	Conversation protocol.ID
	Sender       protocol.ID // 0 where the account was deleted
	Content      string
	ClientID     string
	ReplyTo      protocol.ID
	Created      string // RFC 3339
	Edited       string // RFC 3339, or ""
	Deleted      bool
}

// SendMessage stores a message and announces it. When the sender's ClientID is
// known, the message stored before is answered, and again is true.
func (s *Service) SendMessage(m NewMessage) (sent protocol.Message, again bool, err error) {
	// What can be refused without the writer is refused before it.
	r, _, err := s.roster(m.Conversation, m.Sender)
	if err != nil {
		return sent, false, err
	}
	content, refused := s.validContent(m.Content)
	if refused != nil {
		return sent, false, refused
	}
	if utf8.RuneCountInString(m.ClientID) > maxClientID {
		return sent, false, ErrClientIDTooLong
	}
	collection, err := s.app.FindCachedCollectionByNameOrId("messages")
	if err != nil {
		return sent, false, err
	}

	record := core.NewRecord(collection)
	record.Set("conversation", m.Conversation.RecordID())
	record.Set("sender", m.Sender.RecordID())
	record.Set("content", content)
	record.Set("client_id", m.ClientID)
	record.Set("reply_to", m.ReplyTo.RecordID())
	err = s.save(func(tx core.App) error { return tx.Save(record) })
	if err == nil {
		return messageOf(record).For(m.Sender, r), false, nil
	}
	if m.ClientID != "" {
		if before, found := s.sentBefore(m.Sender, m.ClientID); found {
			if r, _, err = s.roster(before.Conversation, m.Sender); err != nil {
				return sent, false, err
			}
			return before.For(m.Sender, r), true, nil
		}
	}
	return sent, false, fmt.Errorf("save message: %w", err)
}

// sentBefore finds a message by what its sender's device called it.
func (s *Service) sentBefore(sender protocol.ID, clientID string) (StoredMessage, bool) {
	var row messageRow
	err := s.app.ConcurrentDB().Select(messageColumns...).From("messages").
		Where(dbx.HashExp{"sender": sender.RecordID()}).
		AndWhere(dbx.NewExp("(CASE WHEN client_id = '' THEN '#' || id ELSE client_id END) = {:client_id}",
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

// validContent is what a message may say: trimmed, not empty, not too long.
func (s *Service) validContent(content string) (string, *Error) {
	content = strings.TrimSpace(strings.ReplaceAll(content, "\x00", ""))
	switch {
	case content == "":
		return "", ErrContentEmpty
	case len(content) > s.limits.ContentCharacters && utf8.RuneCountInString(content) > s.limits.ContentCharacters:
		return "", refuse(ErrContentTooLong.Kind, "The message is longer than %d characters.", s.limits.ContentCharacters)
	}
	return content, nil
}

func (s *Service) bindMessages() {
	s.app.OnRecordCreate("messages").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		if err := s.checkNewMessage(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		stored := messageOf(e.Record)
		afterCommit(e.App, func() { s.listen(MessageCreated{stored}) })
		return nil
	}))
	s.app.OnRecordUpdate("messages").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		if err := s.checkChangedMessage(e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		before, after := messageOf(e.Record.Original()), messageOf(e.Record)
		afterCommit(e.App, func() {
			switch {
			case after.Deleted && !before.Deleted:
				s.listen(MessageDeleted{after.Conversation, after.ID})
			case after.Content != before.Content || after.Deleted != before.Deleted:
				s.listen(MessageUpdated{after})
			}
		})
		return nil
	}))
	s.app.OnRecordDelete("messages").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		gone := messageOf(e.Record)
		if err := e.Next(); err != nil {
			return err
		}
		afterCommit(e.App, func() {
			s.listen(MessageDeleted{gone.Conversation, gone.ID})
			s.listen(ListChanged{Conversation: gone.Conversation}) // it may have been the last one
		})
		return nil
	}))
}

// checkNewMessage holds for every new message, whoever saves it.
func (s *Service) checkNewMessage(tx core.App, record *core.Record) error {
	sender := protocol.ParseID(record.GetString("sender"))
	isMember, err := s.isMember(tx, protocol.ParseID(record.GetString("conversation")), sender)
	if err != nil {
		return err
	}
	if !isMember {
		return onField("sender", ErrNotParticipant)
	}
	if !record.GetBool("deleted") {
		content, refused := s.validContent(record.GetString("content"))
		if refused != nil {
			return onField("content", refused)
		}
		record.Set("content", content)
	} else {
		record.Set("content", "")
	}
	if reply := record.GetString("reply_to"); reply != "" {
		return s.checkReply(tx, record, reply)
	}
	return nil
}

func (s *Service) checkReply(tx core.App, record *core.Record, reply string) error {
	id := protocol.ParseID(reply)
	var found string
	err := tx.ConcurrentDB().Select("id").From("messages").
		Where(dbx.HashExp{"id": id.RecordID(), "conversation": record.GetString("conversation")}).Row(&found)
	if isNoRows(err) {
		return onField("reply_to", ErrInvalidReplyTo)
	}
	record.Set("reply_to", id.RecordID())
	return err
}

// isMember asks the memory first. What it doesn't know, the transaction may.
func (s *Service) isMember(tx core.App, conversation, user protocol.ID) (bool, error) {
	if known := s.rosters.known(conversation); known != nil {
		if _, ok := known.Member(user); ok {
			return true, nil
		}
	}
	r, err := s.rosters.get(tx, conversation)
	if err != nil || r == nil {
		return false, err
	}
	_, ok := r.Member(user)
	return ok, nil
}

// checkChangedMessage holds for every edit, the dashboard's too: a message stays
// where it is and whose it is, and what changed says so.
func (s *Service) checkChangedMessage(record *core.Record) error {
	before := record.Original()
	for _, field := range []string{"conversation", "reply_to"} {
		if record.GetString(field) != before.GetString(field) {
			return onField(field, refuse(protocol.CodeInvalidRequest, "A message doesn't move."))
		}
	}
	if sender := record.GetString("sender"); sender == "" {
		record.Set("client_id", "") // its author, who could send it again, is gone
	} else if sender != before.GetString("sender") {
		return onField("sender", refuse(protocol.CodeInvalidRequest, "A message keeps its author."))
	}
	if record.GetBool("deleted") {
		record.Set("content", "")
		return nil
	}
	if record.GetString("content") == before.GetString("content") && !before.GetBool("deleted") {
		return nil
	}
	content, refused := s.validContent(record.GetString("content"))
	if refused != nil {
		return onField("content", refused)
	}
	record.Set("content", content)
	if content != before.GetString("content") {
		record.Set("edited", types.NowDateTime())
	}
	return nil
}

var messageColumns = []string{
	"id", "conversation", "sender", "content", "client_id", "reply_to", "created", "edited", "deleted",
}

type messageRow struct {
	ID           string `db:"id"`
	Conversation string `db:"conversation"`
	Sender       string `db:"sender"`
	Content      string `db:"content"`
	ClientID     string `db:"client_id"`
	ReplyTo      string `db:"reply_to"`
	Created      string `db:"created"`
	Edited       string `db:"edited"`
	Deleted      bool   `db:"deleted"`
}

func (r messageRow) message() StoredMessage {
	return StoredMessage{
		ID:           protocol.ParseID(r.ID),
		Conversation: protocol.ParseID(r.Conversation),
		Sender:       protocol.ParseID(r.Sender),
		Content:      r.Content,
		ClientID:     r.ClientID,
		ReplyTo:      protocol.ParseID(r.ReplyTo),
		Created:      wireTime(r.Created),
		Edited:       wireTime(r.Edited),
		Deleted:      r.Deleted,
	}
}

func messageOf(record *core.Record) StoredMessage {
	return messageRow{
		ID:           record.Id,
		Conversation: record.GetString("conversation"),
		Sender:       record.GetString("sender"),
		Content:      record.GetString("content"),
		ClientID:     record.GetString("client_id"),
		ReplyTo:      record.GetString("reply_to"),
		Created:      record.GetString("created"),
		Edited:       record.GetString("edited"),
		Deleted:      record.GetBool("deleted"),
	}.message()
}

// For is the message as viewer sees it, with its state after the receipts of r.
func (m StoredMessage) For(viewer protocol.ID, r *Roster) protocol.Message {
	view := protocol.Message{
		ID:             m.ID,
		ConversationID: m.Conversation,
		SenderID:       m.Sender,
		Content:        m.Content,
		Timestamp:      m.Created,
		ClientID:       m.ClientID,
		Status:         r.status(m),
		Deleted:        m.Deleted,
	}
	if viewer == m.Sender {
		view.IsRead = view.Status == protocol.StatusRead
	} else if me, ok := r.Member(viewer); ok {
		view.IsRead = me.LastRead >= m.ID
	}
	if m.ReplyTo != 0 {
		view.ReplyTo = &m.ReplyTo
	}
	if m.Edited != "" {
		view.EditedAt = &m.Edited
	}
	return view
}

// status says how far a message has come with everybody but its sender.
func (r *Roster) status(m StoredMessage) string {
	others, read, delivered := 0, 0, 0
	for _, member := range r.Members {
		if member.User == m.Sender {
			continue
		}
		others++
		if member.LastRead >= m.ID {
			read++
		}
		if member.LastDelivered >= m.ID || member.LastRead >= m.ID {
			delivered++
		}
	}
	switch {
	case others == 0:
		return protocol.StatusSent
	case read == others:
		return protocol.StatusRead
	case delivered == others:
		return protocol.StatusDelivered
	}
	return protocol.StatusSent
}
