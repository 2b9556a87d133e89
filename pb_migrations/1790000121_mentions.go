package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(
		func(app core.App) error {
			return errors.Join(addFields(app, "messages", mentions()), addFields(app, "scheduled_messages", mentions()))
		},
		func(app core.App) error {
			return errors.Join(dropFields(app, "messages", "mentions"), dropFields(app, "scheduled_messages", "mentions"))
		},
	)
}

// mentions is a text, not a relation: deleting a person would search all messages for mentions of them.
func mentions() *core.TextField {
	const mostMentions = 50
	return &core.TextField{Name: "mentions", Max: mostMentions * (idDigits + 1),
		Help: "Les numéros des personnes mentionnées, séparés par une espace : le message les atteint même en sourdine."}
}
