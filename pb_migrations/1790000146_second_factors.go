package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createSecondFactors, dropCollection("second_factors"))
}

// createSecondFactors creates what people's authenticator apps are checked against. No API returns the hidden fields,
// not even to superusers (school.bindSecondFactors).
func createSecondFactors(app core.App) error {
	user, err := relationTo(app, "users", core.RelationField{
		Name: "user", Required: true, CascadeDelete: true, Presentable: true,
		Help: "La personne qui se connecte avec un code en plus du mot de passe. Si elle a perdu son téléphone et ses codes de secours, " +
			"supprimez la ligne, après avoir vérifié son identité : son mot de passe suffit de nouveau."})
	if err != nil {
		return err
	}
	c := newCollection("second_factors")
	c.Fields.Add(
		user,
		&core.TextField{Name: "secret", Required: true, Max: 64, Hidden: true, Help: "Le secret partagé avec l'application."},
		&core.DateField{Name: "confirmed", Help: "Depuis quand le code est demandé. Vide : la personne n'a pas encore donné de premier code."},
		&core.NumberField{Name: "last_step", OnlyInt: true, Hidden: true, Help: "Le dernier code accepté : il ne sert qu'une fois."},
		&core.JSONField{Name: "recovery_hashes", MaxSize: 4096, Hidden: true, Help: "Les empreintes des codes de secours qui restent."},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("idx_second_factors_user", true, "`user`", "")
	return app.Save(c)
}
