package messagerie

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// StoredMessage is a message as it is stored, the same for every viewer.
type StoredMessage struct {
	ID           protocol.ID
	Conversation protocol.ID
	Sender       protocol.ID // 0 if the account was deleted
	Content      string
	ClientID     string
	ReplyTo      protocol.ID
	Created      string // RFC 3339
	Edited       string // RFC 3339, or ""
	Deleted      bool
	Changed      changedBy // who edited or deleted it last, if anybody did
	Urgent       bool
	Reactions    []protocol.Reaction   // where they were loaded; never changed
	Attachments  []protocol.Attachment // likewise
	Mentions     []protocol.ID         // never changed
}

// changedBy tells the author's changes from the administration's.
type changedBy bool

const (
	byAuthor         changedBy = false
	byAdministration changedBy = true
)

// String returns the value used on the wire.
func (by changedBy) String() string {
	if by == byAdministration {
		return protocol.ByAdministration
	}
	return protocol.ByAuthor
}

var messageColumns = []string{
	"id", "conversation", "sender", "content", "client_id", "reply_to", "created", "edited", "deleted", "by_administration", "urgent", "mentions",
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

	ByAdministration bool `db:"by_administration"`
	Urgent           bool `db:"urgent"`

	Mentions string `db:"mentions"` // as joinIDs returns them
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
		Changed:      changedBy(r.ByAdministration),
		Urgent:       r.Urgent,
		Mentions:     splitIDs(r.Mentions),
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

		ByAdministration: record.GetBool("by_administration"),
		Urgent:           record.GetBool("urgent"),
		Mentions:         record.GetString("mentions"),
	}.message()
}

// messageHead is what a message is checked by when something is done with it.
type messageHead struct {
	Conversation string `db:"conversation"`
	Sender       string `db:"sender"`
	Deleted      bool   `db:"deleted"`
}

// headOf returns ErrMessageNotFound if there is no such message.
func headOf(app core.App, message protocol.ID) (head messageHead, err error) {
	err = app.ConcurrentDB().Select("conversation", "sender", "deleted").From("messages").Where(dbx.HashExp{"id": message.RecordID()}).One(&head)
	if isNoRows(err) {
		err = ErrMessageNotFound
	}
	return head, err
}

// For returns the message as viewer sees it, with its status according to p's receipts.
func (m StoredMessage) For(viewer protocol.ID, p *Participants) protocol.Message {
	view := protocol.Message{
		ID:             m.ID,
		ConversationID: m.Conversation,
		SenderID:       m.Sender,
		Content:        m.Content,
		Timestamp:      m.Created,
		ClientID:       m.ClientID,
		Status:         p.status(m),
		Deleted:        m.Deleted,
		Urgent:         m.Urgent,
		Reactions:      m.Reactions,
		Attachments:    m.Attachments,
		Mentions:       m.Mentions,
	}
	if view.Attachments == nil {
		view.Attachments = []protocol.Attachment{}
	}
	if view.Reactions == nil {
		view.Reactions = []protocol.Reaction{}
	}
	if view.Mentions == nil {
		view.Mentions = []protocol.ID{}
	}
	if viewer == m.Sender {
		view.IsRead = view.Status == protocol.StatusRead
	} else if me, ok := p.Member(viewer); ok {
		view.IsRead = me.LastRead >= m.ID
	}
	if m.ReplyTo != 0 {
		view.ReplyTo = &m.ReplyTo
	}
	if m.Edited != "" {
		view.EditedAt = &m.Edited
	}
	if m.Edited != "" || m.Deleted {
		view.EditedBy = m.Changed.String()
	}
	return view
}

// status returns whether all participants but the sender have received or read a message.
func (p *Participants) status(m StoredMessage) string {
	others, read, delivered := 0, 0, 0
	for _, member := range p.Members {
		if member.User == m.Sender {
			continue
		}
		others++
		lastRead, lastDelivered := p.shown(member)
		if lastRead >= m.ID {
			read++
		}
		if lastDelivered >= m.ID || lastRead >= m.ID {
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
