package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(
		func(app core.App) error {
			return addFields(app, "messages", &core.BoolField{Name: "urgent",
				Help: "Remis tout de suite, bien que quelqu'un devait être laissé au calme. Noté par le serveur."})
		},
		func(app core.App) error { return dropFields(app, "messages", "urgent") },
	)
}
