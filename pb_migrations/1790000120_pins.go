package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createPins, dropCollection("pins"))
}

// createPins creates the messages that are pinned in their conversation. Each relation begins an index: with a
// message or a conversation its pins are deleted, too, without a search through all of them.
func createPins(app core.App) error {
	conversation, err := relationTo(app, "conversations", core.RelationField{Name: "conversation", CascadeDelete: true,
		Help: "La conversation du message. Écrit par le serveur."})
	if err != nil {
		return err
	}
	message, err := relationTo(app, "messages", core.RelationField{Name: "message", Required: true, CascadeDelete: true, Presentable: true,
		Help: "Le message épinglé pour tous. Supprimez la ligne pour le désépingler."})
	if err != nil {
		return err
	}
	user, err := relationTo(app, "users", core.RelationField{Name: "user", Presentable: true, Help: "Qui l'a épinglé. " + deletedAccount})
	if err != nil {
		return err
	}
	c := newCollection("pins")
	c.Fields.Add(conversation, message, user, &core.AutodateField{Name: "created", OnCreate: true})
	c.AddIndex("idx_pins_message", true, "`message`", "")
	c.AddIndex("idx_pins_conversation", false, "`conversation`, `id`", "")
	c.AddIndex("idx_pins_user", false, "`user`", "")
	return app.Save(c)
}
