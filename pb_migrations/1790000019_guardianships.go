package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(createGuardianships, dropCollection("guardianships"))
}

// createGuardianships creates who is responsible for which student. A guardian may have any role:
// a teacher whose own child is a student here has one account, with both sides.
func createGuardianships(app core.App) error {
	guardian, err := relationTo(app, "users", core.RelationField{
		Name: "guardian", Required: true, CascadeDelete: true, Presentable: true, Help: "La personne responsable de l'élève."})
	if err != nil {
		return err
	}
	student, err := relationTo(app, "users", core.RelationField{
		Name: "student", Required: true, CascadeDelete: true, Presentable: true, Help: "L'élève."})
	if err != nil {
		return err
	}

	c := newCollection("guardianships")
	c.Fields.Add(
		guardian,
		student,
		&core.BoolField{Name: "legal", Help: "A l'autorité parentale. Sinon : une personne à contacter."},
		&core.SelectField{Name: "relation", MaxSelect: 1, Values: protocol.Relations,
			Help: "mother : mère ; father : père ; guardian : tutrice ou tuteur ; relative : autre membre de la famille. Vide : parent."},
	)
	addTimes(c)
	c.AddIndex("idx_guardianships_guardian_student", true, "`guardian`, `student`", "")
	c.AddIndex("idx_guardianships_student", false, "`student`", "")
	return app.Save(c)
}
