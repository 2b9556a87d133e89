package messagerie

import (
	"encoding/json"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// attachmentColumns are those of attachmentRow.
var attachmentColumns = []string{
	"id", "conversation", "uploader", "message", "file", "thumbnail", "name", "type", "size", "width", "height", "duration",
}

type attachmentRow struct {
	ID           string  `db:"id" json:"id"`
	Conversation string  `db:"conversation" json:"-"`
	Uploader     string  `db:"uploader" json:"-"`
	Message      string  `db:"message" json:"-"`
	File         string  `db:"file" json:"-"`
	Thumbnail    string  `db:"thumbnail" json:"thumbnail"`
	Name         string  `db:"name" json:"name"`
	Type         string  `db:"type" json:"type"`
	Size         int64   `db:"size" json:"size"`
	Width        int     `db:"width" json:"width"`
	Height       int     `db:"height" json:"height"`
	Duration     float64 `db:"duration" json:"duration"`
}

func (r attachmentRow) attachment() Attachment {
	return Attachment{
		Attachment:   r.view(),
		Conversation: protocol.ParseID(r.Conversation),
		Uploader:     protocol.ParseID(r.Uploader),
		Message:      protocol.ParseID(r.Message),
		File:         r.File,
		Thumbnail:    r.Thumbnail,
	}
}

func (r attachmentRow) view() protocol.Attachment {
	return protocol.Attachment{ID: protocol.ParseID(r.ID), Name: r.Name, Size: r.Size, Type: r.Type,
		Width: r.Width, Height: r.Height, Duration: r.Duration, HasThumbnail: r.Thumbnail != ""}
}

func attachmentOf(record *core.Record) Attachment {
	return attachmentRow{
		ID:           record.Id,
		Conversation: record.GetString("conversation"),
		Uploader:     record.GetString("uploader"),
		Message:      record.GetString("message"),
		File:         record.GetString("file"),
		Thumbnail:    record.GetString("thumbnail"),
		Name:         record.GetString("name"),
		Type:         record.GetString("type"),
		Size:         int64(record.GetFloat("size")),
		Width:        record.GetInt("width"),
		Height:       record.GetInt("height"),
		Duration:     record.GetFloat("duration"),
	}.attachment()
}

const attachmentsSQL = `SELECT a.message, a.id, a.name, a.type, a.size, a.width, a.height, a.duration, a.thumbnail
	FROM json_each({:ids}) AS page JOIN attachments a ON a.message = page.value ORDER BY a.message, a.position`

// loadExtras gives messages their reactions and attachments.
func (s *Service) loadExtras(messages []StoredMessage) error {
	if err := s.loadReactions(messages); err != nil {
		return err
	}
	return s.loadAttachments(messages)
}

// loadAttachments gives messages their attachments.
func (s *Service) loadAttachments(messages []StoredMessage) error {
	if len(messages) == 0 {
		return nil
	}
	ids := make([]protocol.ID, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	params, err := store.IDParams(ids)
	if err != nil {
		return err
	}
	var rows []attachmentRow
	if err := s.store.Query(attachmentsSQL, params, &rows); err != nil {
		return fmt.Errorf("load attachments: %w", err)
	}
	if len(rows) == 0 { // of most pages
		return nil
	}
	grouped := make(map[protocol.ID][]protocol.Attachment)
	for _, row := range rows {
		message := protocol.ParseID(row.Message)
		grouped[message] = append(grouped[message], row.view())
	}
	for i := range messages {
		messages[i].Attachments = grouped[messages[i].ID]
	}
	return nil
}

// complete returns a message with its reactions and attachments as they are in a transaction.
func complete(tx core.App, m StoredMessage) (StoredMessage, error) {
	m, err := withReactions(tx, m)
	if err != nil {
		return m, err
	}
	params, err := store.IDParams([]protocol.ID{m.ID})
	if err != nil {
		return m, err
	}
	var rows []attachmentRow
	if err := tx.ConcurrentDB().NewQuery(attachmentsSQL).Bind(params).All(&rows); err != nil {
		return m, fmt.Errorf("load attachments: %w", err)
	}
	m.Attachments = nil
	for _, row := range rows {
		m.Attachments = append(m.Attachments, row.view())
	}
	return m, nil
}

// idsJSON returns ids as scheduled_messages.attachments has them.
func idsJSON(ids []protocol.ID) string {
	records := make([]string, len(ids))
	for i, id := range ids {
		records[i] = id.RecordID()
	}
	data, _ := json.Marshal(records) // texts
	return string(data)
}

// parseIDs parses what idsJSON returns; anything else is no id.
func parseIDs(data string) []protocol.ID {
	var records []string
	_ = json.Unmarshal([]byte(data), &records) // the dashboard can store anything
	ids := []protocol.ID{}
	for _, record := range records {
		if id := protocol.ParseID(record); id != 0 {
			ids = append(ids, id)
		}
	}
	return ids
}
