package ops

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// lockFile is beside the database. The operating system releases its lock however the process
// ends.
const lockFile = "messagerie.lock"

// ErrDataDirInUse is why a server or a command doesn't start.
var ErrDataDirInUse = errors.New("another server is using the data directory")

// BindDataDirLock refuses to start a server on a data directory that another one uses, before
// any file in it is opened: each caches lists and counts, and wouldn't notice the other's
// messages. Commands that end by themselves, such as superuser, don't need it: SQLite lets
// them write beside a server, which caches nothing that they change.
func BindDataDirLock(app core.App) {
	var lock *flock.Flock // kept open, because closing the file would release it
	app.OnBootstrap().Bind(&hook.Handler[*core.BootstrapEvent]{
		Priority: math.MinInt,
		Func: func(e *core.BootstrapEvent) error {
			if lock == nil { // a restart that fails bootstraps a second time
				var err error
				if lock, err = lockDataDir(e.App.DataDir()); err != nil {
					return err
				}
			}
			return e.Next()
		},
	})
	leaveOut := func(e *core.BackupEvent) error {
		e.Exclude = append(e.Exclude, lockFile)
		return e.Next()
	}
	app.OnBackupCreate().BindFunc(leaveOut)
	app.OnBackupRestore().BindFunc(leaveOut)
}

func lockDataDir(dir string) (*flock.Flock, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, os.ModePerm); err != nil { // as PocketBase would
		return nil, fmt.Errorf("create the data directory: %w", err)
	}
	lock := flock.New(filepath.Join(dir, lockFile))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("lock the data directory %s: %w", dir, err)
	case !locked:
		return nil, fmt.Errorf("%w %s: stop that one, or name another directory with --dir", ErrDataDirInUse, dir)
	}
	return lock, nil
}
