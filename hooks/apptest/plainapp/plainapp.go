// Package plainapp begins and ends apps of PocketBase in tests, without the product's hooks. It imports nothing of the product but
// the migrations, so that every package's tests can use it.
package plainapp

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	_ "messagerie/pb_migrations" // registers them
)

// DataDir returns a data directory of the test's own, with the schema and nothing else.
func DataDir(t testing.TB) string {
	t.Helper()
	files, err := migrated()
	if err != nil {
		t.Fatal("migrate:", err)
	}
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Terminate does what PocketBase does when it is stopped: its handlers of the end run, then its
// databases are closed. ResetBootstrapState alone would leave the goroutine that writes PocketBase's
// logs: it reads, up to three seconds later, what ResetBootstrapState changes.
func Terminate(app core.App) error {
	return app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(e *core.TerminateEvent) error {
		return e.App.ResetBootstrapState()
	})
}

// migrated returns the files of a migrated database by their name. They are made once for all tests
// of a package: the migrations take seconds with the race detector.
var migrated = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "messagerie-test-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := migrate(dir); err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for _, name := range []string{"data.db", "auxiliary.db"} {
		if files[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
})

func migrate(dir string) (err error) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, Terminate(app)) }()
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	// Passwords are hashed as cheaply as bcrypt can: it is not what is tested.
	for _, name := range []string{"users", core.CollectionNameSuperusers} {
		accounts, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		accounts.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField).Cost = bcrypt.MinCost
		if err := app.Save(accounts); err != nil {
			return err
		}
	}
	return nil
}
