package messagerie

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
	"messagerie/hooks/text"
)

// validContent is what a message may say: not blank, not too long, without control
// characters.
func (s *Service) validContent(content string) (string, *refusal.Error) {
	content = text.Message(content)
	switch {
	case text.IsBlank(content):
		return "", ErrContentEmpty
	case len(content) > s.limits.ContentCharacters && utf8.RuneCountInString(content) > s.limits.ContentCharacters:
		return "", refusal.New(protocol.CodeContentTooLong, "The message is longer than %d characters.", s.limits.ContentCharacters)
	}
	return content, nil
}

func (s *Service) bindMessages() {
	s.app.OnRecordCreate("messages").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := s.checkNewMessage(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		s.store.Announce(e.App, MessageCreated{messageOf(e.Record)})
		return nil
	}))
	s.app.OnRecordUpdate("messages").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := s.checkChangedMessage(e.Record, changer(e.Context)); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		s.store.Announce(e.App, MessageChanged{Before: messageOf(e.Record.Original()), After: messageOf(e.Record)})
		return nil
	}))
	s.app.OnRecordDelete("messages").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		gone := messageOf(e.Record)
		if err := e.Next(); err != nil {
			return err
		}
		s.store.Announce(e.App, MessageRemoved{gone})
		return nil
	}))
}

// checkNewMessage holds for every new message, whoever saves it.
func (s *Service) checkNewMessage(tx core.App, record *core.Record) error {
	conversation := conversationOf(record)
	if err := s.checkMember(tx, conversation, protocol.ParseID(record.GetString("sender"))); err != nil {
		return err
	}
	if !record.GetBool("deleted") {
		content, refused := s.validContent(record.GetString("content"))
		if refused != nil {
			return refusal.OnField("content", refused)
		}
		record.Set("content", content)
	} else {
		record.Set("content", "")
	}
	reply := record.GetString("reply_to")
	if reply == "" {
		return nil
	}
	id := protocol.ParseID(reply)
	record.Set("reply_to", id.RecordID())
	return s.checkReply(tx, conversation, id)
}

// checkReply refuses a reply to a message that isn't in the conversation.
func (s *Service) checkReply(tx core.App, conversation, reply protocol.ID) error {
	var found string
	err := tx.ConcurrentDB().Select("id").From("messages").
		Where(dbx.HashExp{"id": reply.RecordID(), "conversation": conversation.RecordID()}).Row(&found)
	if isNoRows(err) {
		return refusal.OnField("reply_to", ErrInvalidReplyTo)
	}
	return err
}

// isMember asks the cache first. What that doesn't know, the transaction may.
func (s *Service) isMember(tx core.App, conversation, user protocol.ID) (bool, error) {
	if known := s.caches.rosters.cache.Peek(conversation); known != nil {
		if _, ok := known.Member(user); ok {
			return true, nil
		}
	}
	r, err := s.caches.rosters.get(tx, conversation)
	if err != nil || r == nil {
		return false, err
	}
	_, ok := r.Member(user)
	return ok, nil
}

// ownChange marks what an author changes: all else is the dashboard's.
type ownChange struct{}

var asAuthor = context.WithValue(context.Background(), ownChange{}, true)

func changer(ctx context.Context) changedBy {
	if ctx.Value(ownChange{}) != nil {
		return byAuthor
	}
	return byAdministration
}

// checkChangedMessage holds for every edit, the dashboard's too: a message stays
// where it is and whose it is, and what changed says so, and by whom.
func (s *Service) checkChangedMessage(record *core.Record, by changedBy) error {
	before := record.Original()
	record.Set("by_administration", before.GetBool("by_administration"))
	for _, field := range []string{"conversation", "reply_to"} {
		if record.GetString(field) != before.GetString(field) {
			return refusal.OnField(field, refusal.New(protocol.CodeInvalidRequest, "A message doesn't move."))
		}
	}
	if sender := record.GetString("sender"); sender == "" {
		record.Set("client_id", "") // its author, who could send it again, is gone
	} else if sender != before.GetString("sender") {
		return refusal.OnField("sender", refusal.New(protocol.CodeInvalidRequest, "A message keeps its author."))
	}
	if record.GetBool("deleted") {
		record.Set("content", "")
		if !before.GetBool("deleted") {
			record.Set("by_administration", bool(by))
		}
		return nil
	}
	if record.GetString("content") == before.GetString("content") && !before.GetBool("deleted") {
		return nil
	}
	content, refused := s.validContent(record.GetString("content"))
	if refused != nil {
		return refusal.OnField("content", refused)
	}
	record.Set("content", content)
	if content != before.GetString("content") {
		record.Set("edited", nextEdit(before.GetDateTime("edited")))
		record.Set("by_administration", bool(by))
	}
	return nil
}

// nextEdit is now, or just after the edit before where the clock was set back: clients
// tell the newer of two copies by it.
func nextEdit(before types.DateTime) types.DateTime {
	now := types.NowDateTime()
	if after := before.Add(time.Millisecond); now.Before(after) {
		return after
	}
	return now
}
