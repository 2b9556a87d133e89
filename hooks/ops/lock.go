package ops

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gofrs/flock"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/store"
)

// LockFile is beside the database. The operating system releases its lock however the process
// ends.
const LockFile = "messagerie.lock"

// ErrDataDirInUse is why a server or a command doesn't start.
var ErrDataDirInUse = errors.New("another server is using the data directory")

// BindDataDir closes the data directory to other users of the machine, and names it in the errors of opening
// it. What an earlier version or a copy has left readable is closed as well; what is created inside later is
// private by KeepPrivate.
func BindDataDir(app core.App) {
	app.OnBootstrap().Bind(&hook.Handler[*core.BootstrapEvent]{
		Priority: math.MinInt, // outside of the lock
		Func: func(e *core.BootstrapEvent) error {
			dir, err := filepath.Abs(e.App.DataDir())
			if err != nil {
				return err
			}
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return fmt.Errorf("create the data directory: %w", err)
			}
			if err := closeToOthers(dir); err != nil { // somebody else's directory, or a file system without permissions
				fmt.Fprintf(os.Stderr, "Other users of this machine may be able to read the data directory: %v\n", err)
			}
			dropBallast(dir)
			switch err := e.Next(); {
			case errors.Is(err, ErrDataDirInUse):
				return err
			case err != nil:
				return fmt.Errorf("open the data directory %s: %w", dir, err)
			}
			keepBallast(dir)
			return nil
		},
	})
}

// closeToOthers takes all permissions from the group and others: from the directory, so that nobody gets at what is
// deeper inside, and from what is directly in it. Nothing is changed where they have none.
func closeToOthers(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	paths := []string{dir}
	for _, entry := range entries {
		paths = append(paths, filepath.Join(dir, entry.Name()))
	}
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil || info.Mode()&os.ModeSymlink != 0 || info.Mode().Perm()&0o077 == 0 || runtime.GOOS == "windows" {
			continue
		}
		if err := os.Chmod(path, info.Mode().Perm()&0o700); err != nil {
			return err
		}
	}
	return nil
}

// BindDataDirLock refuses to start a server on a data directory that another one uses, before
// any file in it is opened: each caches lists and counts, and wouldn't notice the other's
// messages. Commands that end by themselves, such as superuser, don't need it: SQLite lets
// them write beside a server, which caches nothing that they change.
func BindDataDirLock(app core.App) {
	var lock *flock.Flock // kept open, because closing the file would release it
	app.OnBootstrap().Bind(&hook.Handler[*core.BootstrapEvent]{
		Priority: math.MinInt + 1,
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
}

// LockDataDir is for a command that works on the files of a data directory without opening its database.
func LockDataDir(dir string) (unlock func(), err error) {
	lock, err := lockDataDir(dir)
	if err != nil {
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil
}

func lockDataDir(dir string) (*flock.Flock, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the data directory: %w", err)
	}
	if store.IsReadOnly(dir) { // the file can't be made, and nobody can change anything
		return flock.New(filepath.Join(dir, LockFile), flock.SetFlag(os.O_RDONLY)), nil
	}
	lock := flock.New(filepath.Join(dir, LockFile), flock.SetPermissions(0o600))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("lock the data directory %s: %w", dir, err)
	case !locked:
		return nil, fmt.Errorf("%w %s: stop that one, or name another directory with --dir", ErrDataDirInUse, dir)
	}
	return lock, nil
}
