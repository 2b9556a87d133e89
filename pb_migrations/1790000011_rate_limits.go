package pb_migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(dropAddressLimits, restoreAddressLimits)
}

// dropAddressLimits turns off PocketBase's limits: one person could lock out everybody
// behind the same address. The limits by account are in the configuration.
func dropAddressLimits(app core.App) error {
	settings := app.Settings()
	settings.RateLimits.Enabled = false
	settings.RateLimits.Rules = slices.DeleteFunc(slices.Clone(settings.RateLimits.Rules), isAddressLimit)
	return app.Save(settings)
}

func restoreAddressLimits(app core.App) error {
	settings := app.Settings()
	settings.RateLimits.Enabled = true
	settings.RateLimits.Rules = slices.Concat(addressLimits, settings.RateLimits.Rules)
	return app.Save(settings)
}

func isAddressLimit(rule core.RateLimitRule) bool {
	return slices.ContainsFunc(addressLimits, func(ours core.RateLimitRule) bool { return ours.Label == rule.Label })
}
