package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(createEnrollments, dropCollection("enrollments"))
}

// createEnrollments creates who is in a class: its students and its teachers.
func createEnrollments(app core.App) error {
	class, err := relationTo(app, "classes", core.RelationField{
		Name: "class", Required: true, CascadeDelete: true, Presentable: true, Help: "La classe ou le groupe."})
	if err != nil {
		return err
	}
	user, err := relationTo(app, "users", core.RelationField{
		Name: "user", Required: true, CascadeDelete: true, Presentable: true, Help: "L'élève, ou la personne qui enseigne."})
	if err != nil {
		return err
	}

	c := newCollection("enrollments")
	c.Fields.Add(
		class,
		user,
		&core.SelectField{Name: "role", Required: true, MaxSelect: 1, Values: protocol.ClassRoles, Presentable: true,
			Help: "student : élève de la classe ; teacher : y enseigne ; head_teacher : en est professeur principal."},
	)
	addTimes(c)
	c.AddIndex("idx_enrollments_class_user", true, "`class`, `user`", "")
	c.AddIndex("idx_enrollments_user", false, "`user`", "")
	return app.Save(c)
}
