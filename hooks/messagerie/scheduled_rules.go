package messagerie

import (
	"context"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// bindScheduled registers the rules for scheduled messages, and announces their changes.
func (s *Service) bindScheduled() {
	s.app.OnRecordCreate("scheduled_messages").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := s.checkNewScheduled(e.App, e.Record); err != nil {
			return err
		}
		s.waiting.add(protocol.ParseID(e.Record.GetString("sender")))
		if err := e.Next(); err != nil {
			return err
		}
		s.store.Announce(e.App, MessageScheduled{scheduledOf(e.Record)})
		return nil
	}))
	s.app.OnRecordUpdate("scheduled_messages").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := s.checkChangedScheduled(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		now := scheduledOf(e.Record)
		if now.Code != "" && e.Record.Original().GetString("code") == "" {
			s.store.Announce(e.App, ScheduledGone{now.ID, now.Sender, protocol.GoneRefused, now.Code})
		}
		s.store.Announce(e.App, MessageScheduled{now})
		return nil
	}))
	s.app.OnRecordDelete("scheduled_messages").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		gone := ScheduledGone{ID: protocol.ParseID(e.Record.Id), Sender: protocol.ParseID(e.Record.GetString("sender")), Reason: protocol.GoneCancelled}
		if e.Context.Value(delivered{}) != nil {
			gone.Reason = protocol.GoneDelivered
		}
		waited := scheduledOf(e.Record).Attachments
		if err := e.Next(); err != nil {
			return err
		}
		if err := removeWaiting(e.App, waited); err != nil {
			return err
		}
		s.store.Announce(e.App, gone)
		return nil
	}))
}

// delivered marks the deletion of a row whose message is stored in the same transaction.
type delivered struct{}

var asDelivered = context.WithValue(context.Background(), delivered{}, true)

// removeWaiting removes the files of a scheduled message that is gone, unless a message carries them now.
func removeWaiting(tx core.App, files []protocol.ID) error {
	if len(files) == 0 {
		return nil
	}
	return removeAttachments(tx, dbx.And(dbx.In("id", store.RecordIDs(files)...), dbx.HashExp{"message": ""}))
}

// checkNewScheduled applies to every new scheduled message, however it is saved.
func (s *Service) checkNewScheduled(tx core.App, record *core.Record) error {
	row := scheduledOf(record)
	if err := s.checkMember(tx, row.Conversation, row.Sender); err != nil {
		return err
	}
	record.Set("mentions", joinIDs(row.Mentions)) // padded, if it was typed
	if err := s.checkMentions(tx, row.Conversation, row.Mentions); err != nil {
		return err
	}
	if err := s.checkScheduledContent(tx, record); err != nil {
		return err
	}
	found, err := s.waiting.of(tx, row.message(), s.people.Now())
	if err == nil && found.Waiting >= maxScheduled {
		err = errTooManyScheduled
	}
	if err == nil && row.ClientID != "" {
		err = s.checkUnsent(tx, row)
	}
	return err
}

func (s *Service) checkScheduledContent(tx core.App, record *core.Record) error {
	content, refused := s.contentWith(record.GetString("content"), len(scheduledOf(record).Attachments) > 0)
	if refused != nil {
		return refusal.OnField("content", refused)
	}
	record.Set("content", content)
	reply := protocol.ParseID(record.GetString("reply_to"))
	record.Set("reply_to", reply.RecordID())
	if reply == 0 {
		return nil
	}
	return s.checkReply(tx, conversationOf(record), reply)
}

// errSent says that a message with this client_id is stored already.
var errSent = refusal.New(protocol.CodeClientIDReused, "This client_id was used for another message.")

// checkUnsent refuses what was sent before.
func (s *Service) checkUnsent(tx core.App, row StoredScheduled) error {
	sent, err := s.wasSent(tx, row)
	if err == nil && sent {
		err = refusal.OnField("client_id", errSent)
	}
	return err
}

// wasSent reports whether the sender has a message with the client_id of a scheduled one.
func (s *Service) wasSent(tx core.App, row StoredScheduled) (bool, error) {
	if row.ClientID == "" {
		return false, nil
	}
	var id string
	err := tx.ConcurrentDB().Select("id").From("messages").Where(byClientID(row.Sender, row.ClientID)).Row(&id)
	if isNoRows(err) {
		return false, nil
	}
	return err == nil, err
}

// byClientID finds the message of a sender with a client_id, by the index that keeps it unique.
func byClientID(sender protocol.ID, clientID string) dbx.Expression {
	return dbx.And(dbx.HashExp{"sender": sender.RecordID()},
		dbx.NewExp("(CASE WHEN client_id = '' THEN CAST(id AS INTEGER) ELSE client_id END) = {:client_id}", dbx.Params{"client_id": clientID}))
}

// checkChangedScheduled applies to every change: a scheduled message keeps its conversation and its
// author.
func (s *Service) checkChangedScheduled(tx core.App, record *core.Record) error {
	before := record.Original()
	for _, field := range []string{"conversation", "sender", "client_id", "attachments", "mentions"} {
		if record.GetString(field) != before.GetString(field) {
			return refusal.OnField(field, refusal.New(protocol.CodeInvalidRequest, "This field of a scheduled message can't be changed."))
		}
	}
	if record.GetString("content") == before.GetString("content") && record.GetString("reply_to") == before.GetString("reply_to") {
		return nil
	}
	return s.checkScheduledContent(tx, record)
}
