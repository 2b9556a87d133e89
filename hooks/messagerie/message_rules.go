package messagerie

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
)

// validContent is what a message may say: trimmed, not empty, not too long.
func (s *Service) validContent(content string) (string, *Error) {
	content = strings.TrimSpace(strings.ReplaceAll(content, "\x00", ""))
	switch {
	case !strings.ContainsFunc(content, isVisible):
		return "", ErrContentEmpty
	case len(content) > s.limits.ContentCharacters && utf8.RuneCountInString(content) > s.limits.ContentCharacters:
		return "", refuse(ErrContentTooLong.Kind, "The message is longer than %d characters.", s.limits.ContentCharacters)
	}
	return content, nil
}

// isVisible says that a character shows: spaces don't, nor do marks of format, such
// as the zero-width space.
func isVisible(r rune) bool { return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) }

func (s *Service) bindMessages() {
	s.app.OnRecordCreate("messages").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		if err := s.checkNewMessage(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		stored := messageOf(e.Record)
		afterCommit(e.App, func() {
			s.lists.summaries.change(stored.Conversation, func(sum *summary) *summary { return sum.with(stored) })
			s.listen(MessageCreated{stored})
		})
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
			s.lists.summaries.forget(after.Conversation)
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
			s.lists.summaries.forget(gone.Conversation)
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
