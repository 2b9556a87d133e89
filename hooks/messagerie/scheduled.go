package messagerie

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// A message that is delivered later is a row of scheduled_messages. When it is due it becomes a
// message, with the id of that moment, and the row is deleted in the same transaction.

// StoredScheduled is such a row.
type StoredScheduled struct {
	ID           protocol.ID
	Conversation protocol.ID
	Sender       protocol.ID
	Content      string
	ClientID     string
	ReplyTo      protocol.ID
	DeliverAt    time.Time
	Reason       string // one of protocol.ScheduleReasons
	Urgent       bool
	Code         string // with which it was refused; "" while it waits
	Created      string // RFC 3339
	Attachments  []protocol.ID
	Mentions     []protocol.ID
}

// MessageScheduled: a message is to be delivered later, or such a message has changed.
type MessageScheduled struct{ Scheduled StoredScheduled }

// ScheduledGone: a scheduled message was delivered, cancelled or refused. A refused one is kept, so a
// MessageScheduled follows.
type ScheduledGone struct {
	ID, Sender protocol.ID
	Reason     string // one of protocol.GoneDelivered, …
	Code       string // of a refused one
}

// scheduledColumns are those of scheduledRow.
var scheduledColumns = []string{"id", "conversation", "sender", "content", "client_id", "reply_to", "deliver_at", "reason", "urgent", "code", "created",
	"coalesce(attachments, '[]') AS attachments", "mentions"}

type scheduledRow struct {
	ID           string         `db:"id"`
	Conversation string         `db:"conversation"`
	Sender       string         `db:"sender"`
	Content      string         `db:"content"`
	ClientID     string         `db:"client_id"`
	ReplyTo      string         `db:"reply_to"`
	DeliverAt    types.DateTime `db:"deliver_at"`
	Reason       string         `db:"reason"`
	Urgent       bool           `db:"urgent"`
	Code         string         `db:"code"`
	Created      string         `db:"created"`
	Attachments  string         `db:"attachments"` // as idsJSON returns them
	Mentions     string         `db:"mentions"`    // as joinIDs returns them
}

func (r scheduledRow) scheduled() StoredScheduled {
	return StoredScheduled{
		ID:           protocol.ParseID(r.ID),
		Conversation: protocol.ParseID(r.Conversation),
		Sender:       protocol.ParseID(r.Sender),
		Content:      r.Content,
		ClientID:     r.ClientID,
		ReplyTo:      protocol.ParseID(r.ReplyTo),
		DeliverAt:    r.DeliverAt.Time(),
		Reason:       r.Reason,
		Urgent:       r.Urgent,
		Code:         r.Code,
		Created:      wireTime(r.Created),
		Attachments:  parseIDs(r.Attachments),
		Mentions:     splitIDs(r.Mentions),
	}
}

func scheduledOf(record *core.Record) StoredScheduled {
	return scheduledRow{
		ID:           record.Id,
		Conversation: record.GetString("conversation"),
		Sender:       record.GetString("sender"),
		Content:      record.GetString("content"),
		ClientID:     record.GetString("client_id"),
		ReplyTo:      record.GetString("reply_to"),
		DeliverAt:    record.GetDateTime("deliver_at"),
		Reason:       record.GetString("reason"),
		Urgent:       record.GetBool("urgent"),
		Code:         record.GetString("code"),
		Created:      record.GetString("created"),
		Attachments:  record.GetString("attachments"),
		Mentions:     record.GetString("mentions"),
	}.scheduled()
}

// View returns the message as its author sees it.
func (s StoredScheduled) View() protocol.Scheduled {
	view := protocol.Scheduled{
		ID:             s.ID,
		ConversationID: s.Conversation,
		Content:        s.Content,
		ClientID:       s.ClientID,
		Attachments:    s.Attachments,
		Mentions:       s.Mentions,
		DeliverAt:      protocol.Time(s.DeliverAt),
		Reason:         s.Reason,
		CreatedAt:      s.Created,
		Code:           s.Code,
	}
	if view.Attachments == nil {
		view.Attachments = []protocol.ID{}
	}
	if view.Mentions == nil {
		view.Mentions = []protocol.ID{}
	}
	if s.ReplyTo != 0 {
		view.ReplyTo = &s.ReplyTo
	}
	return view
}

// message returns what is to be sent.
func (s StoredScheduled) message() NewMessage {
	return NewMessage{Conversation: s.Conversation, Sender: s.Sender, Content: s.Content, ClientID: s.ClientID,
		ReplyTo: s.ReplyTo, Urgent: s.Urgent, Attachments: s.Attachments, Mentions: s.Mentions, scheduled: s.ID}
}

// maxScheduled is how many messages of one person may wait: a busy writer's holidays.
const maxScheduled = 500

// errTooManyScheduled refuses one more.
var errTooManyScheduled = refusal.New(protocol.CodeTooManyScheduled, "%d of your messages wait to be delivered; no more may.", maxScheduled)

// schedule stores a message that is delivered later, in the writer's transaction.
func (s *Service) schedule(tx core.App, m NewMessage, when later) (StoredScheduled, error) {
	if err := s.checkMember(tx, m.Conversation, m.Sender); err != nil {
		return StoredScheduled{}, err
	}
	if _, err := s.attachable(tx, m); err != nil {
		return StoredScheduled{}, err
	}
	collection, err := tx.FindCachedCollectionByNameOrId("scheduled_messages")
	if err != nil {
		return StoredScheduled{}, err
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{
		"conversation": m.Conversation.RecordID(), "sender": m.Sender.RecordID(), "content": m.Content, "client_id": m.ClientID,
		"reply_to": m.ReplyTo.RecordID(), "deliver_at": when.at, "reason": when.reason, "urgent": m.Urgent,
		"attachments": idsJSON(m.Attachments), "mentions": joinIDs(m.Mentions),
	})
	if err := s.scheduled.Insert(tx, record); err != nil {
		return StoredScheduled{}, err
	}
	return scheduledOf(record), nil
}

// waiting knows whose messages wait to be delivered, so that what anybody else sends needn't be
// looked for among them. It may name too many people. It is used under the write lock.
type waiting struct {
	senders map[protocol.ID]struct{}
	stale   atomic.Bool // read them again: the database may have been replaced
}

// queue is what waits of a sender.
type queue struct {
	Waiting int `db:"waiting"` // all of it
	Same    int `db:"same"`    // with the same client_id as a message to be stored
	Due     int `db:"due"`     // in the same conversation, and due already
}

// of returns what waits of the sender of a message.
func (w *waiting) of(tx core.App, m NewMessage, now time.Time) (found queue, err error) {
	if w.senders == nil || w.stale.Swap(false) {
		if err := w.load(tx); err != nil {
			w.stale.Store(true)
			return queue{}, err
		}
	}
	if _, ok := w.senders[m.Sender]; !ok {
		return queue{}, nil
	}
	at, err := types.ParseDateTime(now)
	if err != nil {
		return queue{}, err
	}
	err = tx.ConcurrentDB().NewQuery(queueSQL).Bind(dbx.Params{"sender": m.Sender.RecordID(), "client_id": m.ClientID,
		"conversation": m.Conversation.RecordID(), "now": at.String()}).One(&found)
	if err != nil {
		return queue{}, fmt.Errorf("find scheduled messages: %w", err)
	}
	if found.Waiting == 0 { // rows are deleted in transactions of their own, never in this one
		delete(w.senders, m.Sender)
	}
	return found, nil
}

const queueSQL = `SELECT count(*) AS waiting, count(nullif(client_id != '' AND client_id = {:client_id}, FALSE)) AS same,
	count(nullif(code = '' AND conversation = {:conversation} AND deliver_at <= {:now}, FALSE)) AS due
	FROM scheduled_messages WHERE sender = {:sender}`

func (w *waiting) load(tx core.App) error {
	var senders []string
	if err := tx.ConcurrentDB().Select("sender").Distinct(true).From("scheduled_messages").Column(&senders); err != nil {
		return fmt.Errorf("find who has scheduled messages: %w", err)
	}
	w.senders = make(map[protocol.ID]struct{}, len(senders))
	for _, sender := range senders {
		w.senders[protocol.ParseID(sender)] = struct{}{}
	}
	return nil
}

// add notes that a message of a sender waits.
func (w *waiting) add(sender protocol.ID) {
	if w.senders != nil {
		w.senders[sender] = struct{}{}
	}
}
