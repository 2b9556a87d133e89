package ops

import (
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// BindSuperuserSecondFactor makes the log-in to the dashboard ask for PocketBase's mailed code as well, or not, as the
// configuration says. Without that key it is left to the dashboard.
func BindSuperuserSecondFactor(app core.App, st *store.Store, cfg config.Config) {
	if !cfg.Named("auth.superuser_second_factor") {
		return
	}
	onLead(app, st, func(app core.App) error {
		return applySuperuserSecondFactor(app, cfg.Auth.SuperuserSecondFactor)
	})
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		if cfg.Auth.SuperuserSecondFactor && !se.App.Settings().SMTP.Enabled {
			fmt.Fprintln(os.Stderr, "auth.superuser_second_factor is on, but there is no mail server: messagerie superuser otp ADDRESS prints the code for the dashboard.")
		}
		return se.Next()
	})
}

func applySuperuserSecondFactor(app core.App, on bool) error {
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	// With a rule PocketBase would ask only those who satisfy it.
	if superusers.MFA.Enabled == on && superusers.OTP.Enabled == on && superusers.MFA.Rule == "" {
		return nil
	}
	superusers.MFA.Enabled, superusers.OTP.Enabled, superusers.MFA.Rule = on, on, ""
	if err := app.Save(superusers); refusal.IsStorage(err) {
		fmt.Fprintf(os.Stderr, "auth.superuser_second_factor couldn't be written: %v\n", err)
	} else if err != nil {
		return fmt.Errorf("set the second factor of superusers: %w", err)
	}
	return nil
}
