package ops_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
)

// named loads a configuration from environment variables.
func named(t *testing.T, variables ...string) func(*config.Config) {
	t.Helper()
	cfg, err := config.Load(config.Source{Env: variables, BinaryDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return func(c *config.Config) { *c = cfg }
}

// changeable returns a copy of the settings: the server reads its own all the time.
func changeable(t *testing.T, app *apptest.App) *core.Settings {
	t.Helper()
	settings, err := app.Settings().Clone()
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

func TestSettings_namedKeysWinAtEachStart(t *testing.T) {
	given := named(t, "MESSAGERIE_SCHOOL_NAME=Collège Jean-Moulin", "MESSAGERIE_SMTP_HOST=smtp.ecole.example", "MESSAGERIE_SMTP_PORT=2525",
		"MESSAGERIE_SERVER_PUBLIC_URL=https://ecole.example")
	app := apptest.New(t, given)
	settings := app.Settings()
	if settings.Meta.AppName != "Collège Jean-Moulin" || settings.Meta.AppURL != "https://ecole.example" ||
		!settings.SMTP.Enabled || settings.SMTP.Host != "smtp.ecole.example" || settings.SMTP.Port != 2525 {
		t.Errorf("the settings are %+v, %+v", settings.Meta, settings.SMTP)
	}

	// Both keys that the configuration names and others are changed in the dashboard.
	settings = changeable(t, app)
	settings.Meta.AppName, settings.SMTP.Port = "Autre nom", 25
	settings.Meta.SenderName, settings.SMTP.Username = "Le secrétariat", "claire"
	if err := app.Save(settings); err != nil {
		t.Fatal(err)
	}
	app.Stop()

	again := apptest.Open(t, app.Dir, given).Settings()
	if again.Meta.AppName != "Collège Jean-Moulin" || again.SMTP.Port != 2525 {
		t.Errorf("what is named became %q and %d", again.Meta.AppName, again.SMTP.Port)
	}
	if again.Meta.SenderName != "Le secrétariat" || again.SMTP.Username != "claire" {
		t.Errorf("what isn't named became %q and %q", again.Meta.SenderName, again.SMTP.Username)
	}
}

func TestSettings_areTheDashboardsWithoutAConfiguration(t *testing.T) {
	app := apptest.New(t)
	settings := changeable(t, app)
	settings.Meta.AppName, settings.Meta.AppURL = "Mon école", "https://mon.example"
	settings.SMTP.Enabled, settings.SMTP.Host = true, "smtp.mon.example"
	if err := app.Save(settings); err != nil {
		t.Fatal(err)
	}
	app.Stop()
	again := apptest.Open(t, app.Dir).Settings()
	if again.Meta.AppName != "Mon école" || again.Meta.AppURL != "https://mon.example" || again.SMTP.Host != "smtp.mon.example" ||
		!again.SMTP.Enabled {
		t.Errorf("a start changed them: %+v %+v", again.Meta, again.SMTP)
	}
}

func TestSuperuser_isCreatedOnceOnly(t *testing.T) {
	first := named(t, "MESSAGERIE_SUPERUSER_EMAIL=admin@ecole.example", "MESSAGERIE_SUPERUSER_PASSWORD=a long first password")
	app := apptest.New(t, first)
	find := func(a *apptest.App, email string) *core.Record {
		t.Helper()
		record, err := a.FindAuthRecordByEmail(core.CollectionNameSuperusers, email)
		if err != nil {
			t.Fatalf("%s: %v", email, err)
		}
		return record
	}
	record := find(app, "admin@ecole.example")
	if !record.ValidatePassword("a long first password") {
		t.Error("the password isn't the one that was given")
	}
	record.SetPassword("changed in the dashboard")
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	app.Stop()

	app = apptest.Open(t, app.Dir, first)
	if !find(app, "admin@ecole.example").ValidatePassword("changed in the dashboard") {
		t.Error("a start restored the old password")
	}
	app.Stop()
	app = apptest.Open(t, app.Dir, named(t, "MESSAGERIE_SUPERUSER_EMAIL=other@ecole.example", "MESSAGERIE_SUPERUSER_PASSWORD=another long password"))
	if got := app.Count(core.CollectionNameSuperusers); got != 1 {
		t.Errorf("there are %d superusers", got)
	}
}

func TestSuperuser_isNotCreatedByDefault(t *testing.T) {
	if got := apptest.New(t).Count(core.CollectionNameSuperusers); got != 0 {
		t.Errorf("there are %d superusers", got)
	}
}
