package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(addResting, dropResting)
}

// addResting creates what others see of a participant's receipts while that person is left in peace,
// and finds the people with quiet hours of their own without reading all of them.
func addResting(app core.App) error {
	err := addFields(app, "participants",
		&core.TextField{Name: "shown_read", Max: idDigits, Help: "Ce que les autres voient de last_read jusqu'à rests_until. Noté par le serveur."},
		&core.TextField{Name: "shown_delivered", Max: idDigits, Help: "De même pour last_delivered."},
		&core.DateField{Name: "rests_until", Help: "Fin du calme pendant lequel cette personne a lu."},
	)
	if err != nil {
		return err
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	users.AddIndex("idx_users_quiet", false, "`quiet_from`", "`quiet_from` != ''")
	return app.Save(users)
}

func dropResting(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	users.RemoveIndex("idx_users_quiet")
	if err := app.Save(users); err != nil {
		return err
	}
	return dropFields(app, "participants", "shown_read", "shown_delivered", "rests_until")
}
