package hooks

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
)

// bindSettings writes what the configuration names into PocketBase's settings at
// each start. What it doesn't name is the dashboard's.
func bindSettings(app core.App, cfg config.Config) {
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		if err := applySettings(se.App, cfg); err != nil {
			return err
		}
		if err := createSuperuser(se.App, cfg.Superuser); err != nil {
			return err
		}
		return se.Next()
	})
}

func applySettings(app core.App, cfg config.Config) error {
	settings := app.Settings()
	set := func(key string, apply func()) {
		if cfg.Named(key) {
			apply()
		}
	}
	set("school.name", func() { settings.Meta.AppName = cfg.School.Name })
	set("server.public_url", func() { settings.Meta.AppURL = cfg.Server.PublicURL })
	set("server.trusted_proxy_headers", func() { settings.TrustedProxy.Headers = cfg.Server.TrustedProxyHeaders })
	set("server.use_leftmost_ip", func() { settings.TrustedProxy.UseLeftmostIP = cfg.Server.UseLeftmostIP })
	set("smtp.host", func() { settings.SMTP.Enabled, settings.SMTP.Host = true, cfg.SMTP.Host })
	set("smtp.port", func() { settings.SMTP.Port = cfg.SMTP.Port })
	set("smtp.username", func() { settings.SMTP.Username = cfg.SMTP.Username })
	set("smtp.password", func() { settings.SMTP.Password = string(cfg.SMTP.Password) })
	set("smtp.tls", func() { settings.SMTP.TLS = cfg.SMTP.TLS })
	set("smtp.auth_method", func() { settings.SMTP.AuthMethod = cfg.SMTP.AuthMethod })
	set("smtp.local_name", func() { settings.SMTP.LocalName = cfg.SMTP.LocalName })
	set("smtp.sender_name", func() { settings.Meta.SenderName = cfg.SMTP.SenderName })
	set("smtp.sender_address", func() { settings.Meta.SenderAddress = cfg.SMTP.SenderAddress })
	set("limits.logins_per_minute", func() { limitLogins(settings, cfg.Limits.LoginsPerMinute) })
	if err := app.Save(settings); err != nil {
		return fmt.Errorf("write the configuration into the settings: %w", err)
	}
	return nil
}

// limitLogins is per network address, which a whole school may share.
func limitLogins(settings *core.Settings, perMinute int) {
	const label = "*:auth"
	settings.RateLimits.Enabled = true
	for i, rule := range settings.RateLimits.Rules {
		if rule.Label == label {
			settings.RateLimits.Rules[i].MaxRequests = perMinute
			settings.RateLimits.Rules[i].Duration = 60
			return
		}
	}
	settings.RateLimits.Rules = append(settings.RateLimits.Rules,
		core.RateLimitRule{Label: label, MaxRequests: perMinute, Duration: 60})
}

// createSuperuser makes the first one, unless there is one already: afterwards
// the dashboard is the master.
func createSuperuser(app core.App, first config.Superuser) error {
	if first.Email == "" {
		return nil
	}
	// PocketBase's installer signs in as one of its own; that one doesn't count.
	count, err := app.CountRecords(core.CollectionNameSuperusers,
		dbx.Not(dbx.HashExp{"email": core.DefaultInstallerEmail}))
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
