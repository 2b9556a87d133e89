package auth

import (
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

var errOwnPassword = refusal.New(protocol.CodeInvalidPassword, "The password is wrong.")

// CheckPassword compares the caller's own password, asked for once more. Wrong ones count like those of log-ins, but
// apart from them, and for each device.
func (l *Logins) CheckPassword(e *core.RequestEvent, password string) error {
	attempt, done, err := l.begin(e, l.guesses.session(e.Auth, DeviceOf(e)))
	if err != nil {
		return err
	}
	defer attempt.end()
	defer done()
	if !e.Auth.ValidatePassword(password) {
		return errOwnPassword
	}
	attempt.succeeded()
	return nil
}
