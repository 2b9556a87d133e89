package demo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// markerKey names the mark among PocketBase's own parameters, beside its settings.
// There it shares the fate of the data: it is committed with them, goes into their
// backups, and no file that was left lying about can be taken for it.
const markerKey = "messagerie_demo"

// ErrRealSchool refuses a directory that holds what the demo didn't write.
var ErrRealSchool = errors.New("this data directory holds a real school, and the demo would open it to everybody")

// Prepare makes sure that the app's database holds the demo school: it fills an
// empty one, leaves one that it filled before as it is, and refuses any other with
// ErrRealSchool, unchanged. now is the present of the school; it must not lie in
// the future.
func Prepare(app core.App, now time.Time) error {
	marked, err := isMarked(app)
	if err != nil || marked {
		return err
	}
	// Before the migrations: a real school of an older version isn't ours to migrate.
	if err := refuseRealSchool(app); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	err = app.RunInTransaction(func(tx core.App) error {
		if err := fill(tx, now); err != nil {
			return err
		}
		return mark(tx, now)
	})
	if err != nil {
		return fmt.Errorf("fill the demo school: %w", err)
	}
	return nil
}

func isMarked(app core.App) (bool, error) {
	var count int
	err := app.ConcurrentDB().Select("count(*)").From((&core.Param{}).TableName()).
		Where(dbx.HashExp{"id": markerKey}).Row(&count)
	if err != nil {
		return false, fmt.Errorf("look for the demo's mark: %w", err)
	}
	return count > 0, nil
}

func mark(tx core.App, now time.Time) error {
	at, err := types.ParseDateTime(now)
	if err != nil {
		return err
	}
	marker := &core.Param{Created: at, Updated: at, Value: types.JSONRaw(`{"filled":true}`)}
	marker.Id = markerKey
	if err := tx.Save(marker); err != nil {
		return fmt.Errorf("mark the demo's data: %w", err)
	}
	return nil
}

// schoolTables are where a real school leaves something. A table that is missing
// belongs to a migration that hasn't run yet.
var schoolTables = []string{
	"establishments", "users", "conversations", "participants", "messages", "emails", "email_recipients",
}

func refuseRealSchool(app core.App) error {
	for _, table := range append(slices.Clone(schoolTables), core.CollectionNameSuperusers) {
		if !app.HasTable(table) {
			continue
		}
		query := app.ConcurrentDB().Select("count(*)").From(table)
		if table == core.CollectionNameSuperusers {
			// PocketBase's installer makes one for itself at the first `serve`.
			query.Where(dbx.Not(dbx.HashExp{"email": core.DefaultInstallerEmail}))
		}
		var count int
		if err := query.Row(&count); err != nil {
			return fmt.Errorf("look for a real school: %w", err)
		}
		if count > 0 {
			return fmt.Errorf("%w (%s holds %d %s); choose an empty directory with --dir",
				ErrRealSchool, app.DataDir(), count, strings.TrimPrefix(table, "_"))
		}
	}
	return nil
}
