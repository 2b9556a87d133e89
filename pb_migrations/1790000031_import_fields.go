package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(addImportFields, dropImportFields)
}

var importFields = []string{"imported_email", "imported_as"}

// addImportFields records what the last import said about a person, so that the next one keeps
// what people have changed themselves, and recognises the same row.
func addImportFields(app core.App) error {
	c, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	c.Fields.Add(
		&core.TextField{Name: "imported_email", Max: 255, Hidden: true,
			Help: "L'adresse de la dernière importation. Une adresse que la personne a changée elle-même est gardée."},
		&core.TextField{Name: "imported_as", Max: 64, Hidden: true,
			Help: "L'empreinte de la ligne importée, pour les personnes sans identifiant : la même ligne est reconnue."},
	)
	own := *c.UpdateRule
	for _, field := range importFields {
		own += " && @request.body." + field + ":isset = false"
	}
	c.UpdateRule = rule(own)
	return app.Save(c)
}

func dropImportFields(app core.App) error {
	c, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	own := ownProfile
	for _, field := range rosterFields {
		own += " && @request.body." + field + ":isset = false"
	}
	c.UpdateRule = rule(own)
	for _, field := range importFields {
		c.Fields.RemoveByName(field)
	}
	return app.Save(c)
}
