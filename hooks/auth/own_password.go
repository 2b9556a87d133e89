package auth

import (
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

var errOwnPassword = refusal.New(protocol.CodeInvalidPassword, "The password is wrong.")

// CheckPassword compares the caller's own password, asked for once more. Wrong ones count like those of log-ins.
func (l *Logins) CheckPassword(e *core.RequestEvent, password string) error {
	attempt, done, err := l.begin(e, l.guesses.accountOf(e.Auth))
	if err != nil {
		return err
	}
	defer done()
	if !e.Auth.ValidatePassword(password) {
		return errOwnPassword
	}
	attempt.succeeded()
	return nil
}
