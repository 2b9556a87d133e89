package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createAttachments, removeAttachments)
}

// createAttachments creates the files of messages, and lets scheduled messages have some. The files are
// protected: with the collection's closed rules, only a superuser's file token opens them at /api/files.
func createAttachments(app core.App) error {
	if err := createAttachmentCollection(app); err != nil {
		return err
	}
	scheduled, err := app.FindCollectionByNameOrId("scheduled_messages")
	if err != nil {
		return err
	}
	scheduled.Fields.GetByName("content").(*core.TextField).Required = false // a file alone is a message, too
	scheduled.Fields.Add(&core.JSONField{Name: "attachments", MaxSize: 1 << 10,
		Help: "Les numéros des pièces jointes, dans leur ordre. Elles partent avec ce message."})
	return app.Save(scheduled)
}

func createAttachmentCollection(app core.App) error {
	conversation, err := relationTo(app, "conversations", core.RelationField{Name: "conversation", Required: true, CascadeDelete: true,
		Help: "La conversation dans laquelle le fichier a été déposé."})
	if err != nil {
		return err
	}
	uploader, err := relationTo(app, "users", core.RelationField{Name: "uploader", Presentable: true,
		Help: "Qui l'a déposé. " + deletedAccount})
	if err != nil {
		return err
	}
	message, err := relationTo(app, "messages", core.RelationField{Name: "message", CascadeDelete: true,
		Help: "Le message qui le porte. Vide : pas encore envoyé, seul son auteur le voit ; il disparaît après un jour."})
	if err != nil {
		return err
	}
	const anySize = 1 << 40 // the configuration has the limit
	c := newCollection("attachments")
	c.Fields.Add(
		&core.TextField{Name: "name", Required: true, Max: 255, Presentable: true, Help: "Le nom du fichier, avec l'extension de son type."},
		conversation, uploader, message,
		// A text, not a relation: a file goes with its conversation, whose establishment it is.
		&core.TextField{Name: "establishment", Max: idDigits, Help: "L'établissement de la conversation, pour compter la place prise. Écrit par le serveur."},
		&core.NumberField{Name: "position", OnlyInt: true, Help: "Sa place parmi les pièces jointes du message."},
		&core.FileField{Name: "file", Required: true, Protected: true, MaxSize: anySize, Help: "Supprimez la ligne pour le retirer du message."},
		&core.FileField{Name: "thumbnail", Protected: true, MaxSize: anySize},
		&core.TextField{Name: "type", Required: true, Max: 255, Help: "Le type MIME, reconnu au contenu."},
		&core.NumberField{Name: "size", OnlyInt: true, Help: "En octets."},
		&core.NumberField{Name: "width", OnlyInt: true},
		&core.NumberField{Name: "height", OnlyInt: true},
		&core.NumberField{Name: "duration", Help: "En secondes."},
	)
	addTimes(c)
	c.AddIndex("idx_attachments_message", false, "`message`, `position`", "")
	c.AddIndex("idx_attachments_conversation", false, "`conversation`", "")
	// With the size, so that quotas are counted in the index alone.
	c.AddIndex("idx_attachments_uploader", false, "`uploader`, `size`", "")
	c.AddIndex("idx_attachments_establishment", false, "`establishment`, `size`", "")
	return app.Save(c)
}

func removeAttachments(app core.App) error {
	scheduled, err := app.FindCollectionByNameOrId("scheduled_messages")
	if err != nil {
		return err
	}
	scheduled.Fields.RemoveByName("attachments")
	scheduled.Fields.GetByName("content").(*core.TextField).Required = true
	return errors.Join(app.Save(scheduled), dropCollection("attachments")(app))
}
