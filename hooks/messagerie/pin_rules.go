package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

func (s *Service) bindPins() {
	s.app.OnRecordCreate("pins").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := checkNewPin(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		return s.announcePins(e.App, conversationOf(e.Record))
	}))
	s.app.OnRecordUpdate("pins").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		for _, field := range []string{"conversation", "message", "user"} {
			now := e.Record.GetString(field)
			if now == before.GetString(field) || field == "user" && now == "" { // the account was deleted
				continue
			}
			return refusal.OnField(field, refusal.New(protocol.CodeInvalidRequest, "A pin can't be changed, only removed."))
		}
		return e.Next()
	}))
	s.app.OnRecordDelete("pins").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return s.announcePins(e.App, conversationOf(e.Record))
	}))
}

// checkNewPin applies to every new pin, however it is saved.
func checkNewPin(tx core.App, record *core.Record) error {
	to, err := headOf(tx, protocol.ParseID(record.GetString("message")))
	if err != nil {
		return err
	}
	if to.Deleted {
		return refusal.OnField("message", ErrMessageDeleted)
	}
	record.Set("conversation", to.Conversation)
	count, err := tx.CountRecords("pins", dbx.HashExp{"conversation": to.Conversation})
	if err == nil && count >= protocol.MaxPinnedMessages {
		err = refusal.OnField("message", ErrTooManyPins)
	}
	return err
}

// pinnedSQL returns the pinned messages of a conversation in the order in which they were pinned.
const pinnedSQL = `SELECT message FROM pins WHERE conversation = {:conversation} ORDER BY id`

// announcePins announces what is pinned in a conversation after a change.
func (s *Service) announcePins(tx core.App, conversation protocol.ID) error {
	var rows []string
	err := tx.ConcurrentDB().NewQuery(pinnedSQL).Bind(dbx.Params{"conversation": conversation.RecordID()}).Column(&rows)
	if err != nil {
		return fmt.Errorf("load pins: %w", err)
	}
	changed := PinsChanged{Conversation: conversation}
	for _, message := range rows {
		changed.Messages = append(changed.Messages, protocol.ParseID(message))
	}
	s.store.Announce(tx, changed)
	return nil
}

// removePin unpins a message that is deleted.
func removePin(tx core.App, message protocol.ID) error {
	record := &core.Record{}
	err := tx.RecordQuery("pins").AndWhere(dbx.HashExp{"message": message.RecordID()}).One(record)
	if isNoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.Delete(record)
}
