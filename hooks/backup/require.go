package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The errors of RequireData are told apart by callers.
var (
	// ErrNoData is why a command isn't run: it would make an empty database, and work on that.
	ErrNoData = errors.New("there are no data")
	// ErrUnfinished is why a command isn't run: the database may be the one from before or missing.
	ErrUnfinished = errors.New("a restore was interrupted: starting the server finishes it")
)

// RequireData refuses a data directory that has no database, or where a restore isn't finished.
func RequireData(dir string) error {
	if Unfinished(dir) {
		return fmt.Errorf("%w (%s)", ErrUnfinished, dir)
	}
	if _, err := os.Stat(filepath.Join(dir, databaseFile)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w in %s: name the data directory with --dir, or the configuration with --config", ErrNoData, dir)
	}
	return nil // what else is wrong with it, opening it tells
}

// Unfinished reports whether a restore was interrupted between its renames.
func Unfinished(dir string) bool { return exists(filepath.Join(dir, journalFile)) }
