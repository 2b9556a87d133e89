package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(createMessageEdits, dropCollection("message_edits"))
}

// createMessageEdits creates what messages said before each of their edits. It goes with the message, and with the
// account of its author.
func createMessageEdits(app core.App) error {
	message, err := relationTo(app, "messages", core.RelationField{Name: "message", Required: true, CascadeDelete: true, Presentable: true,
		Help: "Le message modifié depuis."})
	if err != nil {
		return err
	}
	author, err := relationTo(app, "users", core.RelationField{Name: "author", CascadeDelete: true, Presentable: true,
		Help: "L'auteur du message. Ses anciens textes partent avec son compte."})
	if err != nil {
		return err
	}
	c := newCollection("message_edits")
	c.Fields.Add(
		message,
		author,
		&core.TextField{Name: "content", Max: 1_000_000, Presentable: true, Help: "Ce que le message disait avant. Écrit par le serveur."},
		&core.DateField{Name: "written", Required: true, Help: "Quand cela a été écrit : à l'envoi, ou lors d'une modification."},
		&core.SelectField{Name: "edited_by", MaxSelect: 1, Values: []string{protocol.ByAuthor, protocol.ByAdministration},
			Help: "Qui l'a écrit : author, l'auteur ; administration, ici, dans le tableau de bord. Vide : c'est le texte envoyé."},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("idx_message_edits_message", false, "`message`, `id`", "")
	c.AddIndex("idx_message_edits_author", false, "`author`", "")
	return app.Save(c)
}
