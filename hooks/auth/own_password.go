package auth

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

var errOwnPassword = refusal.New(protocol.CodeInvalidPassword, "The password is wrong.")

// CheckPassword compares the caller's own password, asked for once more. Wrong ones count like those of log-ins, but
// apart from them, and for each device.
func (l *Logins) CheckPassword(e *core.RequestEvent, password string) error {
	record, err := e.App.FindRecordById(e.Auth.Collection(), e.Auth.Id) // the caller may be from memory, without a password
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return refusal.Unauthorized
	case err != nil:
		return fmt.Errorf("find the caller: %w", err)
	}
	attempt, done, err := l.begin(e, l.guesses.session(record, DeviceOf(e)))
	if err != nil {
		return err
	}
	defer attempt.end()
	defer done()
	if !record.ValidatePassword(password) {
		return errOwnPassword
	}
	attempt.succeeded()
	return nil
}
