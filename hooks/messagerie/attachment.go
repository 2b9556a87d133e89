package messagerie

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Attachment is a file of a message, or one that waits to be sent: its record. Package attachments keeps
// the files themselves.
type Attachment struct {
	protocol.Attachment
	Conversation protocol.ID
	Uploader     protocol.ID // 0 if the account was deleted
	Message      protocol.ID // 0 until it is sent
	File         string      // the names of the files in the record's folder
	Thumbnail    string      // "" for none
}

// Refusals of files.
var (
	ErrAttachmentNotFound = refusal.New(protocol.CodeNotFound, "There is no such file, or it isn't for you.")
	ErrInvalidAttachments = refusal.New(protocol.CodeInvalidAttachments,
		"attachments are at most %d of your files that were uploaded to this conversation and aren't sent yet, each once.", protocol.MaxAttachments)
	ErrQuotaExceeded = refusal.New(protocol.CodeQuotaExceeded, "Your files, or those of the school, are as large as they may be.")
)

// Quota is how many bytes of files are kept; 0 for any number.
type Quota struct{ Person, Establishment int64 }

// MayAttach returns nil if a person may upload a file to a conversation, and takes it from their budget: where they
// may write. A conversation in which they don't take part doesn't exist for them.
func (s *Service) MayAttach(caller school.Person, conversation protocol.ID) error {
	p, _, err := s.participantsFor(conversation, caller.ID)
	if err == nil {
		err = s.mayWrite(p, caller.ID)
	}
	switch {
	case isRefusal(err) && !OnlyReads(err):
		return ErrAttachmentNotFound
	case err != nil:
		return err
	}
	return s.budgets.uploads.Spend(caller, 1)
}

// ReserveAttachment draws the id of a file, which is stored before its record: a large one mustn't hold up the
// writer.
func (s *Service) ReserveAttachment() (id protocol.ID, err error) {
	err = s.store.Save(func(core.App) error {
		id = s.store.NextID()
		return nil
	})
	return id, err
}

// CheckQuota refuses a file of so many bytes for which there is no room.
func (s *Service) CheckQuota(a Attachment, quota Quota) error {
	p, err := s.caches.participants.get(s.app, a.Conversation)
	if err != nil {
		return err
	}
	if p == nil {
		return ErrAttachmentNotFound
	}
	return checkQuota(s.app, a, p.Establishment, quota)
}

func checkQuota(app core.App, a Attachment, establishment protocol.ID, quota Quota) error {
	for _, of := range []struct {
		column string
		id     protocol.ID
		limit  int64
	}{{"uploader", a.Uploader, quota.Person}, {"establishment", establishment, quota.Establishment}} {
		if of.limit == 0 {
			continue
		}
		var used int64
		err := app.ConcurrentDB().Select("coalesce(sum(size), 0)").From("attachments").Where(dbx.HashExp{of.column: of.id.RecordID()}).Row(&used)
		if err != nil {
			return fmt.Errorf("add up files: %w", err)
		}
		if used+a.Size > of.limit {
			return ErrQuotaExceeded
		}
	}
	return nil
}

// AddAttachment records a file that is stored already, under a reserved id.
func (s *Service) AddAttachment(a Attachment, quota Quota) error {
	p, _, err := s.participantsFor(a.Conversation, a.Uploader)
	if err == nil {
		err = s.mayWrite(p, a.Uploader)
	}
	if err != nil {
		return err
	}
	err = s.store.Save(func(tx core.App) error {
		if err := checkQuota(tx, a, p.Establishment, quota); err != nil {
			return err
		}
		collection, err := tx.FindCachedCollectionByNameOrId("attachments")
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Id = a.ID.RecordID()
		record.Load(map[string]any{
			"conversation": a.Conversation.RecordID(), "establishment": p.Establishment.RecordID(), "uploader": a.Uploader.RecordID(),
			"name": a.Name, "type": a.Type, "size": a.Size, "width": a.Width, "height": a.Height, "duration": a.Duration,
		})
		record.SetRaw("file", a.File)
		record.SetRaw("thumbnail", a.Thumbnail)
		record.SetRaw(uploadedKey, true)
		return s.attachments.Insert(tx, record)
	})
	if err != nil {
		return fmt.Errorf("add attachment: %w", err)
	}
	return nil
}

// Attachment returns a file that a person may read: one of a message in one of their conversations, or one of
// theirs that isn't sent yet.
func (s *Service) Attachment(user, id protocol.ID) (Attachment, error) {
	var row attachmentRow
	err := s.app.ConcurrentDB().Select(attachmentColumns...).From("attachments").Where(dbx.HashExp{"id": id.RecordID()}).One(&row)
	if isNoRows(err) {
		return Attachment{}, ErrAttachmentNotFound
	}
	if err != nil {
		return Attachment{}, fmt.Errorf("find attachment: %w", err)
	}
	a := row.attachment()
	if a.Message == 0 && a.Uploader != user {
		return Attachment{}, ErrAttachmentNotFound
	}
	if _, _, err := s.participantsFor(a.Conversation, user); err != nil {
		if isRefusal(err) {
			err = ErrAttachmentNotFound
		}
		return Attachment{}, err
	}
	return a, nil
}

// RemoveUnsent removes files that were uploaded before a time, and that no message carries or is going to. It
// returns how many.
func (s *Service) RemoveUnsent(before time.Time) (removed int, err error) {
	var ids []string
	err = s.app.ConcurrentDB().NewQuery(unsentSQL).Bind(dbx.Params{"before": store.IDAt(before).RecordID()}).Column(&ids)
	if err != nil {
		return 0, fmt.Errorf("find unsent attachments: %w", err)
	}
	for _, id := range ids {
		err := s.store.Save(func(tx core.App) error {
			record, err := tx.FindRecordById("attachments", id)
			if isNoRows(err) || err == nil && record.GetString("message") != "" {
				return nil // sent meanwhile
			}
			if err != nil {
				return err
			}
			return tx.Delete(record)
		})
		if err != nil {
			return removed, fmt.Errorf("remove unsent attachment %s: %w", id, err)
		}
		removed++
	}
	return removed, nil
}

const unsentSQL = `SELECT id FROM attachments WHERE message = '' AND id < {:before}
	AND id NOT IN (SELECT waiting.value FROM scheduled_messages, json_each(scheduled_messages.attachments) AS waiting WHERE waiting.value IS NOT NULL)`
