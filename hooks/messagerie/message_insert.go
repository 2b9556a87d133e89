package messagerie

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// storedOrScheduled is what became of a message in the writer's transaction.
type storedOrScheduled struct {
	message     StoredMessage
	scheduled   StoredScheduled
	isScheduled bool
}

// insertOrSchedule stores a message, or schedules it for later. It doesn't get ahead of what of the
// same sender is due in this conversation, and about to be delivered.
func (s *Service) insertOrSchedule(tx core.App, m NewMessage, when later) (done storedOrScheduled, err error) {
	if when.at.IsZero() {
		now := s.people.Now()
		waits, err := s.waiting.of(tx, m, now)
		switch {
		case err != nil:
			return done, err
		case waits.Same > 0:
			return done, errWaiting
		case waits.Due == 0 || m.Urgent:
			done.message, err = s.insertMessage(tx, m)
			return done, err
		}
		when = later{ceil(now), protocol.ReasonScheduled}
	}
	done.isScheduled = true
	done.scheduled, err = s.schedule(tx, m, when)
	return done, err
}

// errWaiting says that a message waits under this client_id already.
var errWaiting = refusal.New(protocol.CodeClientIDReused, "A message with this client_id is scheduled.")

// insertMessage stores what checkSent has accepted, in the writer's transaction: by the fast
// path, else as a record. Either way it does what checkNewMessage does for a record.
func (s *Service) insertMessage(tx core.App, m NewMessage) (StoredMessage, error) {
	files, err := s.attachable(tx, m)
	if err != nil {
		return StoredMessage{}, err
	}
	if !s.fastMessages.IsOpen(tx) {
		return s.saveMessage(tx, m, files)
	}
	if err := s.checkMember(tx, m.Conversation, m.Sender); err != nil {
		return StoredMessage{}, err
	}
	if m.ReplyTo != 0 {
		if err := s.checkReply(tx, m.Conversation, m.ReplyTo); err != nil {
			return StoredMessage{}, err
		}
	}
	if err := s.checkMentions(tx, m.Conversation, m.Mentions); err != nil {
		return StoredMessage{}, err
	}
	row := messageRow{
		ID:           s.store.NextID().RecordID(),
		Conversation: m.Conversation.RecordID(),
		Sender:       m.Sender.RecordID(),
		Content:      m.Content,
		ClientID:     m.ClientID,
		ReplyTo:      m.ReplyTo.RecordID(),
		Created:      types.NowDateTime().String(),
		Urgent:       m.Urgent,
		Mentions:     joinIDs(m.Mentions),
	}
	err = s.fastMessages.Insert(tx, dbx.Params{
		"id": row.ID, "conversation": row.Conversation, "sender": row.Sender, "content": row.Content,
		"client_id": row.ClientID, "reply_to": row.ReplyTo, "edited": "", "deleted": false, "by_administration": false, "urgent": row.Urgent, "mentions": row.Mentions,
		"created": row.Created, "updated": row.Created,
	})
	if err != nil {
		return StoredMessage{}, err
	}
	stored := row.message()
	if stored.Attachments, err = s.attach(tx, stored.ID, files); err != nil {
		return StoredMessage{}, err
	}
	if err := s.bringBackMentioned(tx, stored); err != nil {
		return StoredMessage{}, err
	}
	s.sizes.said(tx, stored)
	s.store.Announce(tx, MessageCreated{stored})
	return stored, nil
}

// newFastMessages writes messageColumns and updated.
func (s *Service) newFastMessages() *store.FastPath {
	return s.store.FastPath("messages", append(slices.Clone(messageColumns[1:]), "updated"), s.fitsMessages)
}

// saveMessage stores a message as a record, with all hooks, which also attach its files.
func (s *Service) saveMessage(tx core.App, m NewMessage, files []*core.Record) (StoredMessage, error) {
	collection, err := tx.FindCachedCollectionByNameOrId("messages")
	if err != nil {
		return StoredMessage{}, err
	}
	record := core.NewRecord(collection)
	record.Set("conversation", m.Conversation.RecordID())
	record.Set("sender", m.Sender.RecordID())
	record.Set("content", m.Content)
	record.Set("client_id", m.ClientID)
	record.Set("reply_to", m.ReplyTo.RecordID())
	record.Set("urgent", m.Urgent)
	record.Set("mentions", joinIDs(m.Mentions))
	record.SetRaw(filesKey, files)
	if err := s.messages.Insert(tx, record); err != nil {
		return StoredMessage{}, err
	}
	stored := messageOf(record)
	stored.Attachments = viewsOf(files)
	return stored, nil
}

// fitsMessages reports whether a message that checkSent has accepted is valid for the fields of
// the collection, and fills all of them: an administrator may add others, and change options.
func (s *Service) fitsMessages(c *core.Collection) bool {
	for _, field := range c.Fields {
		if !s.fitsMessage(field) {
			return false
		}
	}
	return len(c.Fields) == len(messageColumns)+1 // updated
}

func (s *Service) fitsMessage(field core.Field) bool {
	name := field.GetName()
	switch f := field.(type) {
	case *core.TextField:
		switch name {
		case "id":
			return true
		case "content":
			return takes(f, s.limits.ContentCharacters)
		case "client_id":
			return takes(f, protocol.MaxClientID) && !f.Required
		case "reply_to":
			return takes(f, len(protocol.MaxID.RecordID())) && !f.Required
		case "mentions":
			return takes(f, maxMentionsText) && !f.Required
		}
	case *core.RelationField:
		return (name == "conversation" || name == "sender") && !f.IsMultiple()
	case *core.DateField:
		return name == "edited" && !f.Required
	case *core.BoolField:
		return (name == "deleted" || name == "by_administration" || name == "urgent") && !f.Required
	case *core.AutodateField:
		return (name == "created" || name == "updated") && f.OnCreate
	}
	return false
}

// takes reports whether a field takes any text of at most so many characters.
func takes(f *core.TextField, characters int) bool {
	return f.Min == 0 && f.Pattern == "" && f.AutogeneratePattern == "" && f.Max >= characters
}
