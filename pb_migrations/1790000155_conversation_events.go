package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(createConversationEvents, dropCollection("conversation_events"))
}

// createConversationEvents creates what happened to groups: who created or renamed them, who came and went. Each relation
// begins an index. What happened to a person goes with their account; who did it is only unset.
func createConversationEvents(app core.App) error {
	conversation, err := relationTo(app, "conversations", core.RelationField{Name: "conversation", Required: true, CascadeDelete: true, Presentable: true,
		Help: "Le groupe."})
	if err != nil {
		return err
	}
	user, err := relationTo(app, "users", core.RelationField{Name: "user", CascadeDelete: true, Presentable: true,
		Help: "Qui est arrivé ou parti. Vide quand le groupe a été créé ou renommé."})
	if err != nil {
		return err
	}
	actor, err := relationTo(app, "users", core.RelationField{Name: "actor", Presentable: true, Help: "Qui l'a fait. " + deletedAccount})
	if err != nil {
		return err
	}
	c := newCollection("conversation_events")
	c.Fields.Add(
		conversation,
		&core.SelectField{Name: "kind", Required: true, MaxSelect: 1, Values: protocol.EventKinds, Presentable: true,
			Help: "created : créé ; renamed : renommé ; added : ajouté par quelqu'un ; removed : retiré ; joined : arrivé ; left : parti. Écrit par le serveur."},
		user,
		actor,
		&core.SelectField{Name: "cause", MaxSelect: 1, Values: []string{protocol.CauseClass, protocol.CauseAdministration},
			Help: "class : le groupe suit une classe ; administration : ici, dans le tableau de bord. Vide : une personne."},
		&core.TextField{Name: "title", Max: protocol.MaxTitle, Help: "Le nouveau nom d'un groupe renommé."},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("idx_conversation_events_conversation", false, "`conversation`, `id`", "")
	c.AddIndex("idx_conversation_events_user", false, "`user`", "")
	c.AddIndex("idx_conversation_events_actor", false, "`actor`", "")
	return app.Save(c)
}
