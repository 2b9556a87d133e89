package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(addRosterFields, dropRosterFields)
}

// rosterFields are the fields of people that imports set, and the second identity to log in with.
var rosterFields = []string{"username", "external_source", "external_id", "ine", "birth_date", "left_at"}

// addRosterFields lets people without an e-mail address in, by a username, and keeps what an
// import recognises people by.
func addRosterFields(app core.App) error {
	c, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	c.Fields.Add(
		&core.TextField{Name: "username", Min: 3, Max: 60, Pattern: `^[A-Za-z0-9][A-Za-z0-9._-]*$`,
			Help: "Pour se connecter sans adresse électronique, par exemple zoe.marchand. Majuscules et minuscules ne comptent pas."},
		&core.TextField{Name: "external_source", Max: 40, Hidden: true,
			Help: "D'où vient l'identifiant ci-dessous : onde, siecle, oneroster…"},
		&core.TextField{Name: "external_id", Max: 200, Hidden: true,
			Help: "L'identifiant de cette personne dans le logiciel d'où elle est importée."},
		&core.TextField{Name: "ine", Max: 20, Hidden: true, Help: "L'identifiant national de l'élève."},
		&core.TextField{Name: "birth_date", Max: 10, Pattern: `^\d{4}-\d{2}-\d{2}$`, Hidden: true,
			Help: "La date de naissance, comme 2014-03-21 : elle distingue les homonymes à l'importation."},
		&core.DateField{Name: "left_at",
			Help: "Le jour où la personne a quitté l'établissement. Rempli par les importations."},
	)
	c.Fields.GetByName(core.FieldNameEmail).(*core.EmailField).Required = false
	c.AddIndex("idx_users_username", true, "`username` COLLATE NOCASE", "`username` != ''")
	c.AddIndex("idx_users_username_sign_in", false, "`username` COLLATE NOCASE", "")
	c.AddIndex("idx_users_external_id", true, "`external_source`, `external_id`", "`external_id` != ''")
	c.AddIndex("idx_users_ine", false, "`ine`", "`ine` != ''")
	c.PasswordAuth.IdentityFields = []string{core.FieldNameEmail, "username"}
	own := ownProfile
	for _, field := range rosterFields {
		own += " && @request.body." + field + ":isset = false"
	}
	c.UpdateRule = rule(own)
	return app.Save(c)
}

func dropRosterFields(app core.App) error {
	c, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	c.UpdateRule = rule(ownProfile)
	c.PasswordAuth.IdentityFields = []string{core.FieldNameEmail}
	for _, index := range []string{"idx_users_username", "idx_users_username_sign_in", "idx_users_external_id", "idx_users_ine"} {
		c.RemoveIndex(index)
	}
	for _, field := range rosterFields {
		c.Fields.RemoveByName(field)
	}
	c.Fields.GetByName(core.FieldNameEmail).(*core.EmailField).Required = true
	return app.Save(c)
}
