package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(shapeSettings, unshapeSettings)
}

// addressLimits are per network address, which a whole school often shares behind its
// router: they let a few hundred people log in at eight o'clock, or all of them
// reconnect after a restart, and stop a machine that guesses passwords.
var addressLimits = []core.RateLimitRule{
	{Label: "*:auth", MaxRequests: 120, Duration: 60},
	{Label: "*:requestPasswordReset", MaxRequests: 10, Duration: 60},
	{Label: "POST /api/email/send", MaxRequests: 60, Duration: 60},
	{Label: "POST /api/email/send/", MaxRequests: 60, Duration: 60},
	{Label: "/api/", MaxRequests: 3000, Duration: 10},
}

// shapeSettings turns on what is off by default in PocketBase.
func shapeSettings(app core.App) error {
	settings := app.Settings()
	settings.Meta.AppName = "Messagerie"
	settings.RateLimits.Enabled = true
	settings.RateLimits.Rules = addressLimits
	return app.Save(settings)
}

func unshapeSettings(app core.App) error {
	settings := app.Settings()
	settings.RateLimits.Enabled = false
	return app.Save(settings)
}
