package messagerie

import (
	"context"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// Marks on records that aren't fields of theirs.
const (
	uploadedKey = "@uploaded" // on an attachment: AddAttachment has made it
	filesKey    = "@files"    // on a new message: the records of its attachments
)

// attaching marks the change by which a message gets a file.
type attaching struct{}

var asAttaching = context.WithValue(context.Background(), attaching{}, true)

func (s *Service) bindAttachments() {
	s.app.OnRecordCreate("attachments").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if e.Record.GetRaw(uploadedKey) != true {
			return refusal.OnField("file", refusal.New(protocol.CodeInvalidRequest, "Files are uploaded in a conversation, not here."))
		}
		return e.Next()
	}))
	s.app.OnRecordUpdate("attachments").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := checkChangedAttachment(e.Record, e.Context.Value(attaching{}) != nil); err != nil {
			return err
		}
		return e.Next()
	}))
	s.app.OnRecordDelete("attachments").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return s.attachmentRemoved(e.App, e.Record)
	}))
}

// checkChangedAttachment: a file never changes. It is sent once, and its uploader's account may be deleted.
func checkChangedAttachment(record *core.Record, isSent bool) error {
	before := record.Original()
	for _, field := range record.Collection().Fields {
		name := field.GetName()
		if name == "updated" || record.GetString(name) == before.GetString(name) {
			continue
		}
		if isSent && (name == "message" || name == "position") || name == "uploader" && record.GetString(name) == "" {
			continue
		}
		return refusal.OnField(name, refusal.New(protocol.CodeInvalidRequest, "A file can't be changed, only removed."))
	}
	return nil
}

// attachmentRemoved announces that a message has lost a file, unless it was deleted itself or with its conversation.
// One that has nothing left is deleted as well.
func (s *Service) attachmentRemoved(tx core.App, record *core.Record) error {
	id := record.GetString("message")
	if id == "" {
		return nil
	}
	conversations, err := tx.CountRecords("conversations", dbx.HashExp{"id": record.GetString("conversation")})
	if err != nil || conversations == 0 {
		return err
	}
	message, err := tx.FindRecordById("messages", id)
	if isNoRows(err) || err == nil && message.GetBool("deleted") {
		return nil
	}
	if err != nil {
		return err
	}
	after, err := complete(tx, messageOf(message))
	if err != nil {
		return err
	}
	if after.Content == "" && len(after.Attachments) == 0 {
		message.Set("deleted", true)
		return tx.Save(message)
	}
	before := after
	before.Attachments = append([]protocol.Attachment{attachmentOf(record).Attachment}, after.Attachments...)
	s.store.Announce(tx, MessageChanged{before, after})
	return nil
}

// attachable returns the records of the files that a message is to carry, or ErrInvalidAttachments. Without any it
// does nothing.
func (s *Service) attachable(tx core.App, m NewMessage) ([]*core.Record, error) {
	if len(m.Attachments) == 0 {
		return nil, nil
	}
	if len(m.Attachments) > protocol.MaxAttachments {
		return nil, ErrInvalidAttachments
	}
	var files []*core.Record
	seen := map[protocol.ID]bool{}
	for _, id := range m.Attachments {
		record, err := s.attachments.Find(tx, "attachments", id.RecordID())
		if isNoRows(err) {
			return nil, ErrInvalidAttachments
		}
		if err != nil {
			return nil, err
		}
		a := attachmentOf(record)
		if seen[id] || a.Uploader != m.Sender || a.Conversation != m.Conversation || a.Message != 0 {
			return nil, ErrInvalidAttachments
		}
		seen[id] = true
		files = append(files, record)
	}
	var waiting int
	err := tx.ConcurrentDB().NewQuery(waitingFilesSQL).Bind(dbx.Params{
		"sender": m.Sender.RecordID(), "own": m.scheduled.RecordID(), "files": idsJSON(m.Attachments)}).Row(&waiting)
	if err == nil && waiting > 0 {
		err = ErrInvalidAttachments
	}
	return files, err
}

// waitingFilesSQL counts files that another scheduled message of the sender carries.
const waitingFilesSQL = `SELECT count(*) FROM scheduled_messages s, json_each(s.attachments) AS waiting
	WHERE s.sender = {:sender} AND s.id != {:own} AND waiting.value IN (SELECT value FROM json_each({:files}))`

// attach gives a message, which was stored just before in this transaction, its files.
func (s *Service) attach(tx core.App, message protocol.ID, files []*core.Record) ([]protocol.Attachment, error) {
	for i, record := range files {
		record.Set("message", message.RecordID())
		record.Set("position", i)
		if err := s.attachments.Update(asAttaching, tx, record); err != nil {
			// Not wrapped: as a refusal it would leave the message, which is stored already, without being undone.
			return nil, errors.New("attach " + record.Id + ": " + err.Error())
		}
	}
	return viewsOf(files), nil
}

func viewsOf(files []*core.Record) []protocol.Attachment {
	var views []protocol.Attachment
	for _, record := range files {
		views = append(views, attachmentOf(record).Attachment)
	}
	return views
}

// filesOf returns the records with which insertMessage has marked a new message.
func filesOf(message *core.Record) []*core.Record {
	files, _ := message.GetRaw(filesKey).([]*core.Record)
	return files
}

// removeAttachments removes the files of a message that is deleted, or those that wait under these ids.
func removeAttachments(tx core.App, which dbx.Expression) error {
	var records []*core.Record
	if err := tx.RecordQuery("attachments").AndWhere(which).All(&records); err != nil {
		return err
	}
	for _, record := range records {
		if err := tx.Delete(record); err != nil {
			return err
		}
	}
	return nil
}
