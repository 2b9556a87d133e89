package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createParticipants, dropCollection("participants"))
}

func createParticipants(app core.App) error {
	conversation, err := relationTo(app, "conversations", core.RelationField{
		Name: "conversation", Required: true, CascadeDelete: true, Presentable: true})
	if err != nil {
		return err
	}
	user, err := relationTo(app, "users", core.RelationField{
		Name: "user", Required: true, CascadeDelete: true, Presentable: true})
	if err != nil {
		return err
	}

	c := newCollection("participants")
	c.Fields.Add(
		conversation,
		user,
		// Texts, not relations: the newest message may be deleted, the marker stays.
		&core.TextField{Name: "last_read", Max: idDigits,
			Help: "The newest message this person has read. It never moves back."},
		&core.TextField{Name: "last_delivered", Max: idDigits,
			Help: "The newest message that a device of this person has received."},
		&core.BoolField{Name: "muted"},
	)
	addTimes(c)
	c.AddIndex("idx_participants_conversation_user", true, "`conversation`, `user`", "")
	c.AddIndex("idx_participants_user_conversation", true, "`user`, `conversation`", "")
	return app.Save(c)
}
