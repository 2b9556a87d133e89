package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(addConversationStates, dropConversationStates)
}

// addConversationStates creates what a conversation is to each of its participants alone, and finds those
// whose mute is to end without reading all of them.
func addConversationStates(app core.App) error {
	err := addFields(app, "participants",
		&core.DateField{Name: "muted_until", Help: "La conversation est en sourdine jusqu'à cette date. Vide : voir muted."},
		&core.TextField{Name: "archived_at", Max: idDigits,
			Help: "Le moment où la personne a archivé la conversation, comme identifiant : un message plus récent la ramène. Écrit par le serveur."},
		&core.BoolField{Name: "pinned", Help: "La personne a épinglé la conversation en haut de sa liste."},
		&core.BoolField{Name: "marked_unread", Help: "La personne a marqué la conversation comme non lue, jusqu'à ce qu'elle l'ouvre."},
	)
	if err != nil {
		return err
	}
	participants, err := app.FindCollectionByNameOrId("participants")
	if err != nil {
		return err
	}
	participants.AddIndex("idx_participants_muted_until", false, "`muted_until`", "`muted_until` != ''")
	return app.Save(participants)
}

func dropConversationStates(app core.App) error {
	participants, err := app.FindCollectionByNameOrId("participants")
	if err != nil {
		return err
	}
	participants.RemoveIndex("idx_participants_muted_until")
	if err := app.Save(participants); err != nil {
		return err
	}
	return dropFields(app, "participants", "muted_until", "archived_at", "pinned", "marked_unread")
}
