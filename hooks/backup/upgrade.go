package backup

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/config"
	"messagerie/hooks/store"
)

// ErrUpgrade is why a server doesn't start: trying again doesn't help, and takes another restore point each time.
var ErrUpgrade = errors.New("the update failed")

// BindUpgrade finishes a restore that was interrupted, and takes a restore point before migrations change a database. If
// one fails the database is as it was, as they all run in one transaction, and the error says how to go back. It is
// for programs that hold the lock of the data directory.
func BindUpgrade(app core.App, settings config.Backup, storage config.Storage) {
	s := New(app, settings, storage)
	app.OnBootstrap().Bind(&hook.Handler[*core.BootstrapEvent]{
		Priority: math.MinInt + 2, // inside of the lock, before the database is opened
		Func: func(e *core.BootstrapEvent) error {
			if err := FinishRestore(e.App.DataDir()); err != nil {
				return err
			}
			point, pending, err := s.beforeUpgrade(context.Background())
			if err != nil {
				return err
			}
			err = e.Next()
			if err == nil && pending {
				err = e.App.RunAllMigrations()
			}
			if err != nil && pending {
				return fmt.Errorf("%w: %w\n%s", ErrUpgrade, err, goBack(point, e.App.DataDir()))
			}
			return err
		},
	})
}

// goBack says what to do after a failed migration.
func goBack(point, dir string) string {
	said := "The database is as it was: start the version of the program that you had before."
	if point != "" {
		said += " If that one doesn't start either: " + restoreCall(point, dir)
	}
	return said
}

// beforeUpgrade takes a restore point if the database is one of an earlier version. On a disk that is mounted read-only
// nothing can be migrated.
func (s *Service) beforeUpgrade(ctx context.Context) (point string, pending bool, err error) {
	if store.IsReadOnly(s.app.DataDir()) {
		return "", false, nil
	}
	applied, err := s.applied(ctx)
	if err != nil || len(applied) == 0 { // an empty data directory
		return "", false, err
	}
	for _, migration := range knownMigrations() {
		pending = pending || !slices.Contains(applied, migration)
	}
	if !pending {
		return "", false, nil
	}
	if point, err = s.Point(ctx, "before_update"); err != nil {
		return "", true, fmt.Errorf("%w\nThe update was not begun: make room, or turn restore points off with backup.restore_points: 0", err)
	}
	return point, true, nil
}

// applied lists the migrations of a database that isn't opened yet, none where there is none.
func (s *Service) applied(ctx context.Context) ([]string, error) {
	path := filepath.Join(s.app.DataDir(), databaseFile)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	snap, err := openSnapshot(ctx, path)
	if err != nil {
		return nil, err
	}
	defer snap.close()
	tables, err := column(ctx, snap.db, "SELECT name FROM sqlite_schema WHERE name = '_migrations'")
	if err != nil || len(tables) == 0 {
		return nil, err
	}
	return appliedMigrations(ctx, snap.db)
}
