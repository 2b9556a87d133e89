package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(addByAdministration, dropByAdministration)
}

// addByAdministration records whether a message's last edit, or its deletion, was made in
// the dashboard, so that it isn't shown as the author's own.
func addByAdministration(app core.App) error {
	c, err := app.FindCollectionByNameOrId("messages")
	if err != nil {
		return err
	}
	c.Fields.Add(&core.BoolField{Name: "by_administration",
		Help: "The last edit or the deletion was made here, not by the author. Written by the server, and shown to everybody."})
	return app.Save(c)
}

func dropByAdministration(app core.App) error {
	c, err := app.FindCollectionByNameOrId("messages")
	if err != nil {
		return err
	}
	c.Fields.RemoveByName("by_administration")
	return app.Save(c)
}
