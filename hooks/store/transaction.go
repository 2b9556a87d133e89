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

// RunInTransaction is app.RunInTransaction for a caller that must know whether the changes
// are stored. It returns nil if they are, even if a hook that runs after the commit has
// failed, which is logged; refusal.OutcomeUnknown if the commit itself failed, perhaps
// after it had reached the disk (not for want of room, or of a cluster's leader: then it hadn't); and any other error if nothing was stored. app must not
// be a transaction already.
func RunInTransaction(app core.App, run func(tx core.App) error) (err error) {
	var failure error // of run
	var atCommit, committed bool
	defer func() {
		panicked := recover() // in a hook after the commit: others weren't run
		switch {
		case failure != nil:
			err = failure // without the errors of the rollback and its hooks
		case panicked != nil:
			app.Logger().Error("after the commit", "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
			err = refusal.OutcomeUnknown
		case committed && err != nil:
			app.Logger().Error("after the commit", "error", err)
			err = nil
		case atCommit && !committed:
			app.Logger().Error("commit", "error", err)
			if !refusal.IsFull(err) && !errors.Is(err, refusal.NoLeader) {
				err = errors.Join(refusal.OutcomeUnknown, err)
			}
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

// runSafely turns a panic into an error, so that later requests are still served.
func runSafely(run func(tx core.App) error, tx core.App) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic while saving: %v\n%s", r, debug.Stack())
		}
	}()
	return run(tx)
}

// executedError is the error of a hook after the save's statement was executed. Only a
// rollback undoes the statement.
type executedError struct{ error }

func (e executedError) Unwrap() error { return e.error }

// needsRollback reports whether a failed save may have changed something in its
// transaction, or may have ended it: on a full disk or an I/O error SQLite rolls back by
// itself, and later statements would be committed one by one. Refusals come before the
// first statement, and a violated constraint undoes its own.
func needsRollback(failure error) bool {
	var executed executedError
	var refused *refusal.Error
	var fields validation.Errors
	var stored *sqlite.Error
	switch {
	case failure == nil:
		return false
	case errors.As(failure, &executed):
		return true
	case errors.As(failure, &refused), errors.As(failure, &fields), errors.Is(failure, sql.ErrNoRows):
		return false
	case errors.As(failure, &stored):
		return stored.Code()&0xff != sqlite3.SQLITE_CONSTRAINT // the low byte of an extended code
	}
	return true
}
