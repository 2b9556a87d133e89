package apptest

import "github.com/pocketbase/pocketbase/core"

// Configure changes PocketBase's settings as the dashboard does: on a copy, because the
// server reads its own all the time.
func (a *App) Configure(change func(*core.Settings)) {
	a.t.Helper()
	settings, err := a.Settings().Clone()
	if err != nil {
		a.t.Fatal(err)
	}
	change(settings)
	if err := a.Save(settings); err != nil {
		a.t.Fatal("configure:", err)
	}
}

// ConfigureMail sets what the server needs to send mail; without it, requests for mail are
// refused. Nothing listens where the mail server should be: no mail arrives.
func (a *App) ConfigureMail() {
	a.t.Helper()
	a.Configure(func(settings *core.Settings) {
		settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, "127.0.0.1", 1
		settings.Meta.SenderAddress, settings.Meta.AppURL = "messagerie@ecole.example", "https://messagerie.ecole.example"
	})
}
