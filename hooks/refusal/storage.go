package refusal

import (
	"errors"
	"syscall"

	"github.com/pocketbase/pocketbase/tools/router"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"messagerie/hooks/protocol"
)

// StorageFull refuses a change that the disk doesn't take: it is full, read-only or broken. Nothing was stored.
var StorageFull = New(protocol.CodeStorageFull, "The server's disk is full or can't be written: nothing was stored.")

// OfStorage turns the error of a disk that takes no more into StorageFull, joined with the error itself. Others are
// returned as they are.
func OfStorage(err error) error {
	if !IsStorage(err) || errors.Is(err, StorageFull) || errors.Is(err, OutcomeUnknown) {
		return err
	}
	return errors.Join(StorageFull, err)
}

// IsStorage reports whether an error says that the disk takes no more, also beneath an error of PocketBase's API.
func IsStorage(err error) bool {
	var stored *sqlite.Error
	var api *router.ApiError
	switch {
	case err == nil:
		return false
	case errors.As(err, &stored):
		switch stored.Code() & 0xff { // the low byte of an extended code
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
			return true
		}
	case errors.As(err, &api):
		raw, ok := api.RawData().(error)
		return ok && IsStorage(raw)
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.EDQUOT)
}

// IsFull reports whether an error says that there is no room: then not even a commit that failed has stored anything.
func IsFull(err error) bool {
	var stored *sqlite.Error
	return errors.As(err, &stored) && stored.Code()&0xff == sqlite3.SQLITE_FULL
}

// Cause is what is wrong with the disk, in a word.
func Cause(err error) string {
	var stored *sqlite.Error
	switch {
	case IsFull(err), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "full"
	case errors.Is(err, syscall.EROFS), errors.As(err, &stored) && stored.Code()&0xff == sqlite3.SQLITE_READONLY:
		return "read_only"
	}
	return "broken"
}
