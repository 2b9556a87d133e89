package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// errHistoryForbidden refuses what a message said before to other participants.
var errHistoryForbidden = refusal.New(protocol.CodeForbidden,
	"Only the author of a message, and the administration in this conversation, may read what it said before.")

// History returns a page of what a message said before each of its edits, oldest first, to its author and to those in
// the conversation who moderate. cursor is the next of the previous page, "" for the first page; next is "" on the
// last page. A deleted message has no history.
func (s *Service) History(
	caller school.Person, conversation, message protocol.ID, cursor string, limit int,
) (page []protocol.EarlierContent, next string, err error) {
	limit = s.pageLimit(limit)
	after := protocol.ParseID(cursor)
	if cursor != "" && after == 0 {
		return nil, "", errCursor()
	}
	if err := s.mayReadHistory(caller, conversation, message); err != nil {
		return nil, "", err
	}
	var rows []earlierRow
	err = s.app.ConcurrentDB().Select("id", "content", "written", "edited_by").From("message_edits").
		Where(dbx.HashExp{"message": message.RecordID()}).AndWhere(dbx.NewExp("id > {:after}", dbx.Params{"after": after.RecordID()})).
		OrderBy("id").Limit(int64(limit + 1)).All(&rows)
	if err != nil {
		return nil, "", fmt.Errorf("load history: %w", err)
	}
	page, size := []protocol.EarlierContent{}, 0
	for i, row := range rows {
		size += len(row.Content)
		if i == limit || size > pageBytes && i > 0 {
			return page, page[i-1].ID.String(), nil
		}
		page = append(page, row.view())
	}
	return page, "", nil
}

func (s *Service) mayReadHistory(caller school.Person, conversation, message protocol.ID) error {
	p, _, err := s.participantsFor(conversation, caller.ID)
	if err != nil {
		return err
	}
	to, err := headOf(s.app, message)
	switch {
	case err != nil:
		return err
	case protocol.ParseID(to.Conversation) != conversation:
		return ErrMessageNotFound
	case protocol.ParseID(to.Sender) != caller.ID && !caller.Moderates(p.Establishment):
		return errHistoryForbidden
	}
	return nil
}

// earlierRow is what a message said before an edit.
type earlierRow struct {
	ID       string `db:"id"`
	Content  string `db:"content"`
	Written  string `db:"written"`
	EditedBy string `db:"edited_by"`
}

func (r earlierRow) view() protocol.EarlierContent {
	return protocol.EarlierContent{ID: protocol.ParseID(r.ID), Content: r.Content, Timestamp: wireTime(r.Written), EditedBy: r.EditedBy}
}

// ErrTooManyEdits refuses one more edit by the author.
var ErrTooManyEdits = refusal.New(protocol.CodeTooManyEdits,
	"You have edited this message %d times; delete it and write another one.", protocol.MaxEdits)

// writtenHere marks a row of message_edits or conversation_events that the server makes.
const writtenHere = "@written"

// WrittenByServer marks a new record of a collection that only the server writes (message_edits, conversation_events), for
// those who make up a past.
func WrittenByServer(record *core.Record) { record.SetRaw(writtenHere, true) }

func (s *Service) bindHistory() {
	refused := refusal.New(protocol.CodeInvalidRequest, "What messages said before is written by the server alone.")
	s.app.OnRecordCreate("message_edits").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if e.Record.GetRaw(writtenHere) != true {
			return refusal.OnField("content", refused)
		}
		return e.Next()
	}))
	s.app.OnRecordUpdate("message_edits").Bind(store.Handler(store.PriorityRule, func(*core.RecordEvent) error {
		return refusal.OnField("content", refused)
	}))
}

// keepEarlier stores what a message says before an edit replaces it. It reads that in the transaction: a record from the
// dashboard may have been loaded a while ago, and be stale. Nothing is lost to make room: an author who has used up
// the edits of a message is refused, the administration isn't.
func (s *Service) keepEarlier(tx core.App, message *core.Record, by changedBy) error {
	var row messageRow
	err := tx.ConcurrentDB().Select(messageColumns...).From("messages").Where(dbx.HashExp{"id": message.Id}).One(&row)
	if err != nil {
		return fmt.Errorf("load what is edited: %w", err)
	}
	if row.Deleted || row.Content == message.GetString("content") {
		return nil
	}
	if by == byAuthor {
		count, err := tx.CountRecords("message_edits", dbx.HashExp{"message": message.Id})
		if err != nil {
			return err
		}
		if count >= protocol.MaxEdits {
			return refusal.OnField("content", ErrTooManyEdits)
		}
	}
	collection, err := tx.FindCachedCollectionByNameOrId("message_edits")
	if err != nil {
		return err
	}
	earlier := core.NewRecord(collection)
	earlier.Load(map[string]any{"message": message.Id, "author": row.Sender, "content": row.Content, "written": row.Created})
	if row.Edited != "" {
		earlier.Set("written", row.Edited)
		earlier.Set("edited_by", changedBy(row.ByAdministration).String())
	}
	WrittenByServer(earlier)
	return s.edits.Insert(tx, earlier)
}

// removeHistory removes what a message said before, when it is deleted.
func removeHistory(tx core.App, message protocol.ID) error {
	var records []*core.Record
	if err := tx.RecordQuery("message_edits").AndWhere(dbx.HashExp{"message": message.RecordID()}).All(&records); err != nil {
		return err
	}
	for _, record := range records {
		if err := tx.Delete(record); err != nil {
			return err
		}
	}
	return nil
}
