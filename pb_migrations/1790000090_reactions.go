package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createReactions, dropCollection("reactions"))
}

// createReactions creates the emoji with which people react to messages. Each relation begins an index:
// with a message or an account its reactions are deleted, too, without a search through all of them.
func createReactions(app core.App) error {
	message, err := relationTo(app, "messages", core.RelationField{
		Name: "message", Required: true, CascadeDelete: true, Presentable: true, Help: "Le message auquel cette personne réagit."})
	if err != nil {
		return err
	}
	user, err := relationTo(app, "users", core.RelationField{
		Name: "user", Required: true, CascadeDelete: true, Presentable: true, Help: "Qui réagit. Ses réactions partent avec son compte."})
	if err != nil {
		return err
	}
	c := newCollection("reactions")
	c.Fields.Add(
		message,
		user,
		&core.TextField{Name: "emoji", Required: true, Max: 32, Presentable: true, Help: "Un seul emoji. Pour le changer, supprimez la réaction."},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("idx_reactions_message", true, "`message`, `user`, `emoji`", "")
	c.AddIndex("idx_reactions_user", false, "`user`", "")
	return app.Save(c)
}
