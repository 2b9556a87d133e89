package messagerie

import (
	"context"
	"errors"
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

// validContent returns content without control characters, or a refusal if it is blank or too
// long.
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

// contentWith is validContent for a message that may be blank, because it has files.
func (s *Service) contentWith(content string, hasFiles bool) (string, *refusal.Error) {
	content, refused := s.validContent(content)
	if hasFiles && refused != nil && errors.Is(refused, ErrContentEmpty) {
		return "", nil
	}
	return content, refused
}

func (s *Service) bindMessages() {
	s.app.OnRecordCreate("messages").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := s.checkNewMessage(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		stored := messageOf(e.Record)
		var err error
		if stored.Attachments, err = s.attach(e.App, stored.ID, filesOf(e.Record)); err != nil {
			return err
		}
		if err := s.bringBackMentioned(e.App, stored); err != nil {
			return err
		}
		s.sizes.said(e.App, stored)
		s.store.Announce(e.App, MessageCreated{stored})
		return nil
	}))
	s.app.OnRecordUpdate("messages").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := s.checkChangedMessage(e.App, e.Record, changer(e.Context)); err != nil {
			return err
		}
		if e.Record.GetString("content") != e.Record.Original().GetString("content") && !e.Record.GetBool("deleted") {
			if err := s.keepEarlier(e.App, e.Record, changer(e.Context)); err != nil {
				return err
			}
		}
		if err := e.Next(); err != nil {
			return err
		}
		before, after := messageOf(e.Record.Original()), messageOf(e.Record)
		var err error
		switch {
		case after.Deleted && !before.Deleted:
			err = removeWithMessage(e.App, after.ID)
		case after.Content != before.Content: // it is sent again
			after, err = complete(e.App, after)
		}
		if err != nil {
			return err
		}
		s.store.Announce(e.App, MessageChanged{before, after})
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

// removeWithMessage removes what belongs to a message that is deleted.
func removeWithMessage(tx core.App, message protocol.ID) error {
	for _, remove := range []func(core.App, protocol.ID) error{removeReactions, removePin, removeHistory} {
		if err := remove(tx, message); err != nil {
			return err
		}
	}
	return removeAttachments(tx, dbx.HashExp{"message": message.RecordID()})
}

// checkNewMessage applies to every new message, however it is saved.
func (s *Service) checkNewMessage(tx core.App, record *core.Record) error {
	conversation := conversationOf(record)
	if err := s.checkMember(tx, conversation, protocol.ParseID(record.GetString("sender"))); err != nil {
		return err
	}
	if !record.GetBool("deleted") {
		content, refused := s.contentWith(record.GetString("content"), len(filesOf(record)) > 0)
		if refused != nil {
			return refusal.OnField("content", refused)
		}
		record.Set("content", content)
	} else {
		record.Set("content", "")
		record.Set("mentions", "")
	}
	mentions := splitIDs(record.GetString("mentions"))
	record.Set("mentions", joinIDs(mentions)) // padded, if it was typed
	if err := s.checkMentions(tx, conversation, mentions); err != nil {
		return err
	}
	reply := record.GetString("reply_to")
	if reply == "" {
		return nil
	}
	id := protocol.ParseID(reply)
	record.Set("reply_to", id.RecordID())
	return s.checkReply(tx, conversation, id)
}

// checkMember refuses a sender who doesn't take part.
func (s *Service) checkMember(tx core.App, conversation, sender protocol.ID) error {
	isMember, err := s.isMember(tx, conversation, sender)
	if err == nil && !isMember {
		err = refusal.OnField("sender", ErrNotParticipant)
	}
	return err
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

// isMember looks in the cache, then in the transaction.
func (s *Service) isMember(tx core.App, conversation, user protocol.ID) (bool, error) {
	if known := s.caches.participants.cache.Peek(conversation); known != nil {
		if _, ok := known.Member(user); ok {
			return true, nil
		}
	}
	p, err := s.caches.participants.get(tx, conversation)
	if err != nil || p == nil {
		return false, err
	}
	_, ok := p.Member(user)
	return ok, nil
}

// ownChange marks a change by the author; all others are the administration's.
type ownChange struct{}

var asAuthor = context.WithValue(context.Background(), ownChange{}, true)

func changer(ctx context.Context) changedBy {
	if ctx.Value(ownChange{}) != nil {
		return byAuthor
	}
	return byAdministration
}

// checkChangedMessage applies to every edit, the dashboard's too: a message keeps its
// conversation and its author, and an edit is marked with its time and by whom it was made.
func (s *Service) checkChangedMessage(tx core.App, record *core.Record, by changedBy) error {
	before := record.Original()
	record.Set("by_administration", before.GetBool("by_administration"))
	for _, field := range []string{"conversation", "reply_to", "mentions"} {
		if record.GetString(field) != before.GetString(field) {
			return refusal.OnField(field, refusal.New(protocol.CodeInvalidRequest, "This field of a message can't be changed."))
		}
	}
	if sender := record.GetString("sender"); sender == "" {
		record.Set("client_id", "") // the author's account is deleted, so nobody can send it again
	} else if sender != before.GetString("sender") {
		return refusal.OnField("sender", refusal.New(protocol.CodeInvalidRequest, "The sender of a message can't be changed."))
	}
	if record.GetBool("deleted") {
		record.Set("content", "")
		record.Set("mentions", "")
		if !before.GetBool("deleted") {
			record.Set("by_administration", bool(by))
		}
		return nil
	}
	if record.GetString("content") == before.GetString("content") && !before.GetBool("deleted") {
		return nil
	}
	hasFiles := false
	if text.IsBlank(record.GetString("content")) {
		count, err := tx.CountRecords("attachments", dbx.HashExp{"message": record.Id})
		if err != nil {
			return err
		}
		hasFiles = count > 0
	}
	content, refused := s.contentWith(record.GetString("content"), hasFiles)
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

// nextEdit returns now, or just after the previous edit if the clock was set back: clients tell
// by it which of two copies is newer.
func nextEdit(before types.DateTime) types.DateTime {
	now := types.NowDateTime()
	if after := before.Add(time.Millisecond); now.Before(after) {
		return after
	}
	return now
}
