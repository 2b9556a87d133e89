package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(addGuardiansOf, dropGuardiansOf)
}

const guardiansOfIndex = "idx_conversations_guardians_of"

// addGuardiansOf marks a conversation that an adult began with a student and that the student's
// guardians have joined: one for each adult and student.
func addGuardiansOf(app core.App) error {
	student, err := relationTo(app, "users", core.RelationField{
		Name: "guardians_of", Help: "L'élève dont les responsables légaux participent à cette conversation. Vide pour les autres."})
	if err != nil {
		return err
	}
	c, err := app.FindCollectionByNameOrId("conversations")
	if err != nil {
		return err
	}
	c.Fields.Add(student)
	c.AddIndex(guardiansOfIndex, false, "`guardians_of`, `created_by`", "") // also finds them when the student is deleted
	return app.Save(c)
}

func dropGuardiansOf(app core.App) error {
	c, err := app.FindCollectionByNameOrId("conversations")
	if err != nil {
		return err
	}
	c.RemoveIndex(guardiansOfIndex)
	c.Fields.RemoveByName("guardians_of")
	return app.Save(c)
}
