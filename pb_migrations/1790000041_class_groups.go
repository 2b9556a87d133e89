package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(addClassGroups, dropClassGroups)
}

// addClassGroups lets a group follow a class: at most one for each audience.
func addClassGroups(app core.App) error {
	class, err := relationTo(app, "classes", core.RelationField{Name: "class",
		Help: "La classe que ce groupe suit : ses membres entrent et sortent avec elle. La vider détache le groupe de la classe."})
	if err != nil {
		return err
	}
	c, err := app.FindCollectionByNameOrId("conversations")
	if err != nil {
		return err
	}
	c.Fields.Add(class, &core.SelectField{Name: "audience", MaxSelect: len(protocol.Audiences), Values: protocol.Audiences,
		Help: "Qui, de la classe, est dans le groupe : student : ses élèves ; parent : leurs responsables ; teacher : l'équipe, toujours présente."})
	c.AddIndex("idx_conversations_class", true, "`class`, `audience`", "`class` != ''")
	return app.Save(c)
}

func dropClassGroups(app core.App) error {
	c, err := app.FindCollectionByNameOrId("conversations")
	if err != nil {
		return err
	}
	c.RemoveIndex("idx_conversations_class")
	c.Fields.RemoveByName("class")
	c.Fields.RemoveByName("audience")
	return app.Save(c)
}
