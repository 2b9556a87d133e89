package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createDevices, dropCollection("devices"))
}

// createDevices creates the places where people are logged in: each token names its device, and is void once that is
// deleted.
func createDevices(app core.App) error {
	user, err := relationTo(app, "users", core.RelationField{
		Name: "user", Required: true, CascadeDelete: true, Presentable: true,
		Help: "La personne connectée. Supprimer la ligne déconnecte cet appareil."})
	if err != nil {
		return err
	}
	c := newCollection("devices")
	c.Fields.Add(
		user,
		&core.TextField{Name: "browser", Max: 64, Presentable: true, Help: "Le navigateur ou le programme, tel qu'il se présente."},
		&core.TextField{Name: "system", Max: 64, Presentable: true, Help: "Le système de l'appareil. Vide pour un programme."},
		&core.DateField{Name: "last_seen", Required: true, Help: "La dernière utilisation, à une heure près."},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("idx_devices_user", false, "`user`, `last_seen`", "")
	return app.Save(c)
}
