package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createClasses, dropCollection("classes"))
}

// createClasses creates the classes of a school, and the teaching groups that are used like them.
// Each is of one school year: the next year's 5e B is another one.
func createClasses(app core.App) error {
	establishment, err := relationTo(app, "establishments", core.RelationField{
		Name: "establishment", Required: true, CascadeDelete: true, Help: "L'établissement auquel appartient la classe."})
	if err != nil {
		return err
	}

	c := newCollection("classes")
	c.Fields.Add(
		&core.TextField{Name: "name", Required: true, Max: 100, Presentable: true,
			Help: "Le nom que tout le monde emploie, par exemple 5e B ou CM1-CM2."},
		&core.TextField{Name: "level", Max: 100, Help: "Le niveau, par exemple 5e ou CM1. Facultatif."},
		&core.TextField{Name: "year", Required: true, Max: 9, Pattern: `^\d{4}-\d{4}$`, Presentable: true,
			Help: "L'année scolaire, par exemple 2026-2027."},
		establishment,
		&core.BoolField{Name: "archived",
			Help: "La classe d'une année passée : elle n'est plus proposée, et ses groupes ne la suivent plus."},
	)
	addTimes(c)
	c.AddIndex("idx_classes_name", true, "`establishment`, `year`, `name` COLLATE NOCASE", "")
	return app.Save(c)
}
