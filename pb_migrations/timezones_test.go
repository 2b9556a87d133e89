package pb_migrations_test

import (
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// before reverts an app to the schema before a migration.
func before(t *testing.T, app core.App, migration string) *core.MigrationsRunner {
	t.Helper()
	items := core.AppMigrations.Items()
	at := slices.IndexFunc(items, func(m *core.Migration) bool { return m.File == migration })
	if at < 0 {
		t.Fatalf("there is no %s", migration)
	}
	runner := core.NewMigrationsRunner(app, core.AppMigrations)
	if _, err := runner.Down(len(items) - at); err != nil {
		t.Fatal(err)
	}
	return runner
}

func TestTimezones_thatDontExistAreReplaced(t *testing.T) {
	app := migrated(t)
	runner := before(t, app, "1790000014_timezones.go")
	wanted := map[string]string{
		"Europe/Paris": "Europe/Paris", "America/Martinique": "America/Martinique", "UTC": "UTC",
		"": "Europe/Paris", "Paris": "Europe/Paris", "Local": "Europe/Paris", "../../etc/passwd": "Europe/Paris", "GMT+1": "Europe/Paris",
	}
	for zone := range wanted {
		_, err := app.DB().NewQuery("INSERT INTO establishments (id, name, timezone) VALUES ({:id}, {:zone}, {:zone})").
			Bind(dbx.Params{"id": zone + "0000000000000000", "zone": zone}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Name     string `db:"name"`
		Timezone string `db:"timezone"`
	}
	if err := app.DB().Select("name", "timezone").From("establishments").All(&rows); err != nil || len(rows) != len(wanted) {
		t.Fatal(rows, err)
	}
	for _, row := range rows {
		if row.Timezone != wanted[row.Name] {
			t.Errorf("%q became %q, want %q", row.Name, row.Timezone, wanted[row.Name])
		}
	}
}
