package store

import (
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"messagerie/hooks/refusal"
)

// RunInTransaction is app.RunInTransaction for a caller who must know what has become
// of the changes. It returns nil once they are stored, even where a hook that runs after
// the commit has failed, which is logged; refusal.OutcomeUnknown when the commit itself
// failed, perhaps after the disk had taken it; and any other error when nothing was
// stored. app must not be a transaction already.
func RunInTransaction(app core.App, run func(tx core.App) error) (err error) {
	var failure error // of run
	var atCommit, committed bool
	defer func() {
		panicked := recover() // a hook after the commit, which kept others from hearing of it
		switch {
		case failure != nil:
			err = failure // without what the rollback, and the hooks that hear of it, had to add
		case panicked != nil:
			app.Logger().Error("after the commit", "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
			err = refusal.OutcomeUnknown
		case committed && err != nil:
			app.Logger().Error("after the commit", "error", err)
			err = nil
		case atCommit && !committed:
			app.Logger().Error("commit", "error", err)
			err = refusal.OutcomeUnknown
		}
	}()
	return app.RunInTransaction(func(tx core.App) error {
		tx.TxInfo().OnComplete(func(txErr error) error {
			committed = txErr == nil
			return nil
		})
		failure = runSafely(run, tx)
		atCommit = failure == nil
		return failure
	})
}

// runSafely turns a panic into an error: the next request is served.
func runSafely(run func(tx core.App) error, tx core.App) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic while saving: %v\n%s", r, debug.Stack())
		}
	}()
	return run(tx)
}

// tracedError is the failure of a save whose statement had been executed, by a hook
// behind it. Only a rollback undoes it.
type tracedError struct{ error }

func (e tracedError) Unwrap() error { return e.error }

// spoils says whether a failed save may have left a trace in its transaction, or may
// have ended it: on a full disk or an I/O error SQLite rolls back by itself, and what
// followed would be committed statement by statement. Refusals come before the first
// statement, and a constraint undoes its own.
func spoils(failure error) bool {
	var traced tracedError
	var refused *refusal.Error
	var fields validation.Errors
	var stored *sqlite.Error
	switch {
	case failure == nil:
		return false
	case errors.As(failure, &traced):
		return true
	case errors.As(failure, &refused), errors.As(failure, &fields), errors.Is(failure, sql.ErrNoRows):
		return false
	case errors.As(failure, &stored):
		return stored.Code()&0xff != sqlite3.SQLITE_CONSTRAINT // the low byte of an extended code
	}
	return true
}
