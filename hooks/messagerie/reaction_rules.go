package messagerie

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/emoji"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

func (s *Service) bindReactions() {
	s.app.OnRecordCreate("reactions").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := s.checkNewReaction(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		return s.announceReactions(e.App, e.Record)
	}))
	s.app.OnRecordUpdate("reactions").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		for _, field := range []string{"message", "user", "emoji"} {
			if e.Record.GetString(field) != e.Record.Original().GetString(field) {
				return refusal.OnField(field, refusal.New(protocol.CodeInvalidRequest, "A reaction can't be changed, only removed."))
			}
		}
		return e.Next()
	}))
	s.app.OnRecordDelete("reactions").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return s.announceReactions(e.App, e.Record)
	}))
}

// checkNewReaction applies to every new reaction, however it is saved.
func (s *Service) checkNewReaction(tx core.App, record *core.Record) error {
	to, err := headOf(tx, protocol.ParseID(record.GetString("message")))
	if err != nil {
		return err
	}
	if to.Deleted {
		return refusal.OnField("message", ErrMessageDeleted)
	}
	isMember, err := s.isMember(tx, protocol.ParseID(to.Conversation), protocol.ParseID(record.GetString("user")))
	if err != nil {
		return err
	}
	if !isMember {
		return refusal.OnField("user", ErrNotParticipant)
	}
	qualified, ok := emoji.Qualified(record.GetString("emoji"))
	if !ok {
		return refusal.OnField("emoji", ErrInvalidEmoji)
	}
	record.Set("emoji", qualified)
	return checkDifferent(tx, record)
}

// checkDifferent refuses an emoji if the message has as many other ones as it may.
func checkDifferent(tx core.App, record *core.Record) error {
	var others int
	err := tx.ConcurrentDB().NewQuery("SELECT count(DISTINCT emoji) FROM reactions WHERE message = {:message} AND emoji != {:emoji}").
		Bind(dbx.Params{"message": record.GetString("message"), "emoji": record.GetString("emoji")}).Row(&others)
	if err == nil && others >= protocol.MaxReactions {
		err = refusal.OnField("emoji", ErrTooManyReactions)
	}
	return err
}

// announceReactions announces that a reaction was added or removed, unless it went with its message.
func (s *Service) announceReactions(tx core.App, reaction *core.Record) error {
	message := protocol.ParseID(reaction.GetString("message"))
	to, err := headOf(tx, message)
	if isRefusal(err) {
		return nil
	}
	if err != nil {
		return err
	}
	s.store.Announce(tx, ReactionsChanged{protocol.ParseID(to.Conversation), message})
	return nil
}

// removeReactions removes all reactions to a message that is deleted.
func removeReactions(tx core.App, message protocol.ID) error {
	var records []*core.Record
	if err := tx.RecordQuery("reactions").AndWhere(dbx.HashExp{"message": message.RecordID()}).All(&records); err != nil {
		return err
	}
	for _, record := range records {
		if err := tx.Delete(record); err != nil {
			return err
		}
	}
	return nil
}
