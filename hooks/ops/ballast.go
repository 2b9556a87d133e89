package ops

import (
	"os"
	"path/filepath"

	"messagerie/hooks/store"
)

// On a disk without any room a database can't even be opened for reading: SQLite needs some kilobytes beside it.
// So a file of a megabyte is kept, which makes way for them.
const (
	ballastFile  = "messagerie.reserve"
	ballastBytes = 1 << 20
	ballastRoom  = 16 * ballastBytes // what must be free before it is made
)

// dropBallast makes room if there is none, and what SQLite needs isn't left from a server that was killed.
func dropBallast(dir string) {
	if _, err := os.Stat(filepath.Join(dir, "data.db-shm")); err == nil {
		return
	}
	if free, err := store.FreeBytes(dir); err == nil && free < ballastBytes {
		_ = os.Remove(filepath.Join(dir, ballastFile)) // if it is missing, opening the database says what is wrong
	}
}

// keepBallast makes the file, where there is room. Without it the server works as well.
func keepBallast(dir string) {
	path := filepath.Join(dir, ballastFile)
	if info, err := os.Stat(path); err == nil && info.Size() == ballastBytes {
		return
	}
	if free, err := store.FreeBytes(dir); err == nil && free >= ballastRoom {
		_ = os.WriteFile(path, make([]byte, ballastBytes), 0o600)
	}
}
