package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(appendToClientIDs, prependToClientIDs)
}

// The key of the unique index that stores a message once: what the device has chosen, else the
// message's own id (as a number, which no text equals).
const clientKey = "(CASE WHEN `client_id` = '' THEN CAST(`id` AS INTEGER) ELSE `client_id` END)"

// appendToClientIDs puts the client id first in the unique index. Ids of messages, and client ids
// in the order of time, are then appended to it: with the sender first, each message of a commit
// changed another page, a third of its cost. What the index was also used for, finding all
// messages of a person, is what message_authors is for: who has written in which conversation.
// Triggers maintain it, so that it is right however a message is saved.
func appendToClientIDs(app core.App) error {
	if err := indexClientIDs(app, "idx_messages_sender_client_id", "idx_messages_client_id", clientKey+", `sender`"); err != nil {
		return err
	}
	const note = `INSERT OR IGNORE INTO message_authors (sender, conversation) `
	return execute(app, "message authors", []string{
		`CREATE TABLE message_authors (
			sender TEXT NOT NULL,
			conversation TEXT NOT NULL,
			PRIMARY KEY (sender, conversation)
		) WITHOUT ROWID`,
		`CREATE INDEX idx_message_authors_conversation ON message_authors (conversation)`,
		`CREATE TRIGGER message_authors_insert AFTER INSERT ON messages WHEN new.sender != '' BEGIN
			` + note + `VALUES (new.sender, new.conversation); END`,
		`CREATE TRIGGER message_authors_update AFTER UPDATE OF sender, conversation ON messages
			WHEN new.sender != '' AND (new.sender != old.sender OR new.conversation != old.conversation) BEGIN
			` + note + `VALUES (new.sender, new.conversation); END`,
		`CREATE TRIGGER message_authors_person AFTER DELETE ON users BEGIN
			DELETE FROM message_authors WHERE sender = old.id; END`,
		`CREATE TRIGGER message_authors_conversation AFTER DELETE ON conversations BEGIN
			DELETE FROM message_authors WHERE conversation = old.id; END`,
		note + `SELECT DISTINCT sender, conversation FROM messages WHERE sender != ''`,
	})
}

func prependToClientIDs(app core.App) error {
	err := execute(app, "message authors", []string{
		`DROP TRIGGER message_authors_insert`,
		`DROP TRIGGER message_authors_update`,
		`DROP TRIGGER message_authors_person`,
		`DROP TRIGGER message_authors_conversation`,
		`DROP TABLE message_authors`,
	})
	if err != nil {
		return err
	}
	return indexClientIDs(app, "idx_messages_client_id", "idx_messages_sender_client_id", "`sender`, "+clientKey)
}

func indexClientIDs(app core.App, before, after, columns string) error {
	c, err := app.FindCollectionByNameOrId("messages")
	if err != nil {
		return err
	}
	c.RemoveIndex(before)
	c.AddIndex(after, true, columns, "")
	return app.Save(c)
}
