package pb_migrations

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(repairTimezones, nil)
}

// repairTimezones gives each establishment a time zone that exists: the field accepted any
// text, even an empty one. From now on a rule in hooks/school checks it.
func repairTimezones(app core.App) error {
	c, err := app.FindCollectionByNameOrId("establishments")
	if err != nil {
		return err
	}
	c.Fields.GetByName("timezone").(*core.TextField).Help =
		"An IANA time zone, such as " + protocol.DefaultTimezone + " (taken when it is left empty)."
	if err := app.Save(c); err != nil {
		return err
	}
	var rows []struct {
		ID       string `db:"id"`
		Name     string `db:"name"`
		Timezone string `db:"timezone"`
	}
	if err := app.DB().Select("id", "name", "timezone").From("establishments").All(&rows); err != nil {
		return fmt.Errorf("time zones: %w", err)
	}
	for _, row := range rows {
		if protocol.IsTimezone(row.Timezone) {
			continue
		}
		_, err := app.DB().Update("establishments",
			dbx.Params{"timezone": protocol.DefaultTimezone}, dbx.HashExp{"id": row.ID}).Execute()
		if err != nil {
			return fmt.Errorf("time zone of %s: %w", row.ID, err)
		}
		if row.Timezone != "" {
			app.Logger().Warn("An establishment's time zone didn't exist and was replaced.",
				"establishment", row.Name, "timezone", row.Timezone, "now", protocol.DefaultTimezone)
		}
	}
	return nil
}
