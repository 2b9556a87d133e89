package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createRosterColumns, dropCollection("roster_columns"))
}

const maxColumnsBytes = 1 << 20

// createRosterColumns creates what an administration has said about the columns of a table: the next table
// with the same headers is read like it.
func createRosterColumns(app core.App) error {
	establishment, err := relationTo(app, "establishments", core.RelationField{
		Name: "establishment", Required: true, CascadeDelete: true, Presentable: true, Help: "L'établissement."})
	if err != nil {
		return err
	}
	c := newCollection("roster_columns")
	c.Fields.Add(
		establishment,
		&core.TextField{Name: "headers", Required: true, Max: 64, Help: "L'empreinte des titres du tableau, dans n'importe quel ordre."},
		&core.JSONField{Name: "columns", MaxSize: maxColumnsBytes, Help: "Ce que contient chaque colonne, par son titre."},
	)
	addTimes(c)
	c.AddIndex("idx_roster_columns_headers", true, "`establishment`, `headers`", "")
	return app.Save(c)
}
