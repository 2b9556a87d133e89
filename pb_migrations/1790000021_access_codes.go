package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createAccessCodes, dropCollection("access_codes"))
}

// createAccessCodes creates the one-time codes with which people choose their first password. Only
// a hash of each is stored; a person has at most one.
func createAccessCodes(app core.App) error {
	user, err := relationTo(app, "users", core.RelationField{
		Name: "user", Required: true, CascadeDelete: true, Presentable: true,
		Help: "La personne qui peut entrer avec ce code. Supprimer la ligne annule le code."})
	if err != nil {
		return err
	}

	c := newCollection("access_codes")
	c.Fields.Add(
		user,
		&core.TextField{Name: "hash", Required: true, Max: 64, Hidden: true, Help: "L'empreinte du code : le code lui-même n'est pas conservé."},
		&core.DateField{Name: "expires", Required: true, Help: "Le code n'est plus valable après cette date."},
	)
	addTimes(c)
	c.AddIndex("idx_access_codes_user", true, "`user`", "")
	return app.Save(c)
}
