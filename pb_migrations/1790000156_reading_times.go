package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(
		func(app core.App) error {
			return addFields(app, "participants",
				&core.TextField{Name: "read_after", Max: idDigits, Help: "Où en était last_read avant son dernier déplacement. Noté par le serveur."},
				&core.DateField{Name: "read_at", Help: "Quand les messages après read_after, jusqu'à last_read, ont été lus. Vide pendant les heures de calme."},
			)
		},
		func(app core.App) error { return dropFields(app, "participants", "read_after", "read_at") },
	)
}
