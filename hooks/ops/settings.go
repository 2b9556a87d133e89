// Package ops is for operators of the server: settings from the configuration, the lock on the
// data directory, garbage collection; the log is in ops/logs.
package ops

import (
	"fmt"
	"os"
	"reflect"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// BindSettings writes the keys that the configuration sets into PocketBase's settings at each
// start, and creates the first superuser. All other settings are left to the dashboard.
func BindSettings(app core.App, st *store.Store, cfg config.Config) {
	onLead(app, st, func(app core.App) error {
		if err := applySettings(app, cfg); err != nil {
			return err
		}
		return createSuperuser(app, cfg.Superuser)
	})
	app.OnSettingsUpdateRequest().BindFunc(refuseRateLimits)
}

func applySettings(app core.App, cfg config.Config) error {
	if same, err := hasSettings(app, cfg); same || err != nil {
		return err
	}
	Overlay(app.Settings(), cfg)
	return saveSettings(app)
}

// hasSettings reports whether the settings are those of the configuration already.
func hasSettings(app core.App, cfg config.Config) (bool, error) {
	current, err := app.Settings().Clone()
	if err != nil {
		return false, err
	}
	wanted, err := current.Clone()
	if err != nil {
		return false, err
	}
	Overlay(wanted, cfg)
	return reflect.DeepEqual(wanted, current), nil
}

// Overlay writes the keys that the configuration sets over settings.
func Overlay(settings *core.Settings, cfg config.Config) {
	set := func(key string, apply func()) {
		if cfg.Named(key) {
			apply()
		}
	}
	set("school.name", func() { settings.Meta.AppName = cfg.School.Name })
	set("server.public_url", func() { settings.Meta.AppURL = cfg.Server.PublicURL })
	set("server.trusted_proxy_headers", func() { settings.TrustedProxy.Headers = cfg.Server.TrustedProxyHeaders })
	set("server.use_leftmost_ip", func() { settings.TrustedProxy.UseLeftmostIP = cfg.Server.UseLeftmostIP })
	set("dashboard.allowed_addresses", func() { settings.SuperuserIPs = cfg.Dashboard.AllowedAddresses })
	set("smtp.host", func() { settings.SMTP.Enabled, settings.SMTP.Host = true, cfg.SMTP.Host })
	set("smtp.port", func() { settings.SMTP.Port = cfg.SMTP.Port })
	set("smtp.username", func() { settings.SMTP.Username = cfg.SMTP.Username })
	set("smtp.password", func() { settings.SMTP.Password = string(cfg.SMTP.Password) })
	set("smtp.tls", func() { settings.SMTP.TLS = cfg.SMTP.TLS })
	set("smtp.auth_method", func() { settings.SMTP.AuthMethod = cfg.SMTP.AuthMethod })
	set("smtp.local_name", func() { settings.SMTP.LocalName = cfg.SMTP.LocalName })
	set("smtp.sender_name", func() { settings.Meta.SenderName = cfg.SMTP.SenderName })
	set("smtp.sender_address", func() { settings.Meta.SenderAddress = cfg.SMTP.SenderAddress })
}

func saveSettings(app core.App) error {
	if err := app.Save(app.Settings()); refusal.IsStorage(err) { // they apply nevertheless, until the server stops
		fmt.Fprintf(os.Stderr, "The configuration couldn't be written into the settings: %v\n", err)
	} else if err != nil {
		return fmt.Errorf("write the configuration into the settings: %w", err)
	}
	return nil
}

// refuseRateLimits keeps PocketBase's own rate limits off. They count by network address, which
// a school shares: one person would lock everybody out. The error tells administrators where
// the limits are set instead.
func refuseRateLimits(e *core.SettingsUpdateRequestEvent) error {
	if e.NewSettings.RateLimits.Enabled {
		const message = "Requests are limited by account, in the configuration file (limits.requests_per_second and others)."
		return e.BadRequestError(message, validation.Errors{
			"rateLimits": validation.Errors{"enabled": validation.NewError("not_here", message)}})
	}
	return e.Next()
}

// createSuperuser creates the first one, unless there is one already. Afterwards superusers
// are managed in the dashboard.
func createSuperuser(app core.App, first config.Superuser) error {
	if first.Email == "" {
		return nil
	}
	count, err := countSuperusers(app)
	if err != nil || count > 0 {
		return err
	}
	collection, err := app.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.SetEmail(first.Email)
	record.SetPassword(string(first.Password))
	if err := app.Save(record); err != nil {
		return fmt.Errorf("create the first superuser: %w", err)
	}
	return nil
}
