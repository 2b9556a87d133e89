package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(createScheduledMessages, dropCollection("scheduled_messages"))
}

// createScheduledMessages creates the messages that are delivered later.
func createScheduledMessages(app core.App) error {
	conversation, err := relationTo(app, "conversations", core.RelationField{
		Name: "conversation", Required: true, CascadeDelete: true, Presentable: true})
	if err != nil {
		return err
	}
	sender, err := relationTo(app, "users", core.RelationField{
		Name: "sender", Required: true, CascadeDelete: true, Presentable: true, Help: "L'auteur. Ses messages en attente partent avec son compte."})
	if err != nil {
		return err
	}
	c := newCollection("scheduled_messages")
	c.Fields.Add(
		conversation,
		sender,
		&core.TextField{Name: "content", Required: true, Max: 1_000_000},
		&core.TextField{Name: "client_id", Max: 64, Help: "Choisi par l'appareil de l'auteur ; le message remis le garde."},
		&core.TextField{Name: "reply_to", Max: idDigits, Help: "Le message de la même conversation auquel celui-ci répond."},
		&core.DateField{Name: "deliver_at", Required: true, Presentable: true, Help: "Quand il est remis : jamais avant."},
		&core.SelectField{Name: "reason", Required: true, MaxSelect: 1, Values: protocol.ScheduleReasons,
			Help: "scheduled : l'auteur l'a voulu ; quiet_hours : quelqu'un est laissé au calme jusque-là."},
		&core.BoolField{Name: "urgent"},
		&core.TextField{Name: "code", Max: 64,
			Help: "Pourquoi il a été refusé au moment de la remise. Vide tant qu'il attend ; videz-le pour essayer de nouveau."},
	)
	addTimes(c)
	c.AddIndex("idx_scheduled_messages_due", false, "`deliver_at`, `id`", "`code` = ''")
	c.AddIndex("idx_scheduled_messages_sender", false, "`sender`, `deliver_at`, `id`", "")
	c.AddIndex("idx_scheduled_messages_client_id", true, "`client_id`, `sender`", "`client_id` != ''")
	c.AddIndex("idx_scheduled_messages_conversation", false, "`conversation`", "")
	return app.Save(c)
}
