package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createMessages, dropCollection("messages"))
}

func createMessages(app core.App) error {
	conversation, err := relationTo(app, "conversations", core.RelationField{
		Name: "conversation", Required: true, CascadeDelete: true})
	if err != nil {
		return err
	}
	sender, err := relationTo(app, "users", core.RelationField{
		Name: "sender", Presentable: true, Help: "Empty when the account was deleted."})
	if err != nil {
		return err
	}

	c := newCollection("messages")
	c.Fields.Add(
		conversation,
		sender,
		// A hook checks the configured limit; this one is only an upper bound.
		&core.TextField{Name: "content", Max: 1_000_000, Presentable: true,
			Help: "Plain text. Empty once deleted."},
		&core.TextField{Name: "client_id", Max: 64,
			Help: "Chosen by the sender's device, so that a message sent twice is stored once."},
		// A text, not a relation: deleting a message would search the whole table for its replies.
		&core.TextField{Name: "reply_to", Max: idDigits,
			Help: "The message of the same conversation that this one answers."},
		&core.DateField{Name: "edited"},
		&core.BoolField{Name: "deleted",
			Help: "Turn it on to empty the message and leave a trace of it in the conversation."},
	)
	addTimes(c)
	// Sender and deleted are included so that unread messages are counted in the index alone.
	c.AddIndex("idx_messages_conversation", false, "`conversation`, `id`, `sender`, `deleted`", "")
	// Every message is in it, with its own id if the device gave none (as a number, which no
	// text equals): so it also finds all messages of a person, which deleting an account
	// needs.
	c.AddIndex("idx_messages_sender_client_id", true,
		"`sender`, (CASE WHEN `client_id` = '' THEN CAST(`id` AS INTEGER) ELSE `client_id` END)", "")
	return app.Save(c)
}
