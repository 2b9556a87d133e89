package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createEstablishments, dropCollection("establishments"))
}

func createEstablishments(app core.App) error {
	c := newCollection("establishments")
	c.Fields.Add(
		&core.TextField{Name: "name", Required: true, Max: 200, Presentable: true,
			Help: "The school's name, as people read it."},
		&core.TextField{Name: "timezone", Max: 64,
			Help: "An IANA time zone, such as Europe/Paris (used when it is empty)."},
		&core.FileField{Name: "logo", MaxSelect: 1, MaxSize: 2 << 20,
			MimeTypes: []string{"image/png", "image/jpeg", "image/webp", "image/svg+xml"}, Thumbs: []string{"0x128"},
			Help: "Shown on the log-in page. With several establishments: that of the first which has one."},
	)
	addTimes(c)
	return app.Save(c)
}
