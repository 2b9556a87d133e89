package auth

import (
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
	"golang.org/x/crypto/bcrypt"

	"messagerie/hooks/config"
	"messagerie/hooks/school"
)

// Logins runs before a password is compared: it slows guessing down, and keeps the
// comparisons from taking all processors.
type Logins struct {
	guesses *guesses
	checks  *checks

	SecondFactors *SecondFactors
}

// keyTurn is where a log-in keeps what ends its turn, keyAttempt that it counts if it fails.
const (
	keyTurn    = "messagerieLoginTurn"
	keyAttempt = "messagerieLoginAttempt"
)

// IsAttempt reports whether a request was counted as an attempt to log in: by account, or by address for a provider's code.
func IsAttempt(e *core.RequestEvent) bool { return e.Get(keyAttempt) != nil }

// What is guessed.
const (
	guessedPassword = "password"
	guessedCode     = "code"
)

// BindLogins limits failed log-ins, of people and superusers, and changes of a password
// and confirmations of an address by people who don't know the old one. Those that succeed cost nothing.
func BindLogins(app core.App, limits config.Limits) *Logins {
	l := &Logins{guesses: newGuesses(limits.LoginFailures, limits.LoginFailuresPerAddress), checks: newChecks()}
	const outermost = -10_000
	app.OnRecordAuthWithPasswordRequest().Bind(&hook.Handler[*core.RecordAuthWithPasswordRequestEvent]{
		Priority: outermost, Func: l.logIn})
	// The password was right. What follows may take its time, such as a mail that warns of
	// a new device.
	app.OnRecordAuthRequest().Bind(&hook.Handler[*core.RecordAuthRequestEvent]{
		Priority: outermost,
		Func: func(e *core.RecordAuthRequestEvent) error {
			if done, ok := e.Get(keyTurn).(func()); ok {
				done()
			}
			err := e.Next()                                                        // which may ask for a second factor
			if err == nil && (!e.HasSuperuserAuth() || e.Auth.Id == e.Record.Id) { // not somebody whom a superuser impersonates
				l.guesses.familiar.add(l.guesses.accountOf(e.Record).id, Address(e.RequestEvent))
			}
			return err
		},
	})
	app.OnRecordUpdateRequest("users").Bind(&hook.Handler[*core.RecordRequestEvent]{
		Priority: outermost, Func: l.changePassword})
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		se.Router.Bind(l.limitConfirmations())
		return se.Next()
	})
	return l
}

// begin counts an attempt at an account, which the caller has to end, and waits until its password may be compared;
// done ends its turn.
func (l *Logins) begin(e *core.RequestEvent, at account) (attempt *guess, done func(), err error) {
	from := Address(e)
	e.Set(keyAttempt, true)
	if attempt, err = l.guesses.begin(from, at); err != nil {
		return nil, nil, err
	}
	if done, err = l.checks.turn(e.Request.Context(), from); err != nil {
		attempt.cancel()
		return nil, nil, err
	}
	return attempt, done, nil
}

// Guess limits another way in than a password, such as an access code: what is wrong counts like a
// wrong password, of an account with an id and a secret that changes with the code; the id is "" if nobody
// has that name. enter returns a refusal if it was wrong, and otherwise may hash a password.
func (l *Logins) Guess(e *core.RequestEvent, id, secret, name string, enter func() error) error {
	users, err := e.App.FindCachedCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	at := l.guesses.nobody(users, guessedCode, name)
	if id != "" {
		at = l.guesses.account(users, id, secret)
	}
	attempt, done, err := l.begin(e, at)
	if err != nil {
		return err
	}
	defer attempt.end()
	defer done()
	err = enter()
	switch {
	case err == nil:
		attempt.succeeded()
	case !errors.Is(err, school.ErrInvalidAccessCode):
		attempt.cancel() // it was right
	}
	return err
}

func (l *Logins) logIn(e *core.RecordAuthWithPasswordRequestEvent) error {
	account := e.Record
	if account == nil { // perhaps only the field is another one, or upper and lower case
		var err error
		if account, err = named(e.App, e.Collection, e.Identity); err != nil {
			return err
		}
	}
	at := l.guesses.nobody(e.Collection, guessedPassword, e.Identity)
	if account != nil { // which may have several names
		at = l.guesses.accountOf(account)
	}
	attempt, done, err := l.begin(e.RequestEvent, at)
	if err != nil {
		return err
	}
	defer attempt.end()
	defer done()
	if e.Record == nil {
		return l.refuseUnknown(e, done)
	}
	e.Set(keyTurn, done)
	began := time.Now()
	err = e.Next()
	switch {
	case err == nil, errors.Is(err, apis.ErrMFA):
		attempt.succeeded()
	case isRefusal(err):
		l.checks.note(time.Since(began))
	default: // a fault of the server
		attempt.cancel()
	}
	return err
}

// named returns the account that has a name in any of the fields to log in with, nil if there is none.
func named(app core.App, collection *core.Collection, identity string) (*core.Record, error) {
	for _, field := range collection.PasswordAuth.IdentityFields {
		record := &core.Record{}
		err := app.RecordQuery(collection).Limit(1).
			AndWhere(dbx.NewExp("[["+field+"]] = {:identity} COLLATE NOCASE", dbx.Params{"identity": identity})).One(record)
		if err == nil {
			return record, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
	}
	return nil, nil
}

// refuseUnknown refuses a name that nobody has as late as it would a wrong password: nobody
// can tell the two apart, and invented names take hardly any processor time.
func (l *Logins) refuseUnknown(e *core.RecordAuthWithPasswordRequestEvent, done func()) error {
	if usual := l.checks.usual(); usual > 0 {
		done()
		timer := time.NewTimer(usual)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-e.Request.Context().Done():
		}
	} else { // nobody has failed yet: find out how long it takes
		began := time.Now()
		if _, err := bcrypt.GenerateFromPassword([]byte("an example"), cost(e.Collection)); err != nil {
			return err
		}
		l.checks.note(time.Since(began))
	}
	return e.BadRequestError("Failed to authenticate.", errors.New("invalid login credentials")) // as PocketBase does
}

// cost is the bcrypt cost of a comparison, as set in the dashboard.
func cost(collection *core.Collection) int {
	field, ok := collection.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField)
	if !ok || field.Cost == 0 {
		return bcrypt.DefaultCost
	}
	return field.Cost
}

// isRefusal reports whether an error is a refusal, not a fault of the server.
func isRefusal(err error) bool {
	var refused *router.ApiError
	return errors.As(err, &refused) && refused.Status < http.StatusInternalServerError
}

// changePassword compares the old password before PocketBase does, which has no limit on how often. Wrong ones count as
// in CheckPassword: whoever sits at an open page shuts nobody out of a log-in.
func (l *Logins) changePassword(e *core.RecordRequestEvent) error {
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	given, ok := info.Body["oldPassword"]
	if !ok || e.HasSuperuserAuth() {
		return e.Next()
	}
	old, ok := given.(string)
	if !ok {
		return errOldPassword(e.RequestEvent)
	}
	attempt, done, err := l.begin(e.RequestEvent, l.guesses.session(e.Record.Original(), DeviceOf(e.RequestEvent)))
	if err != nil {
		return err
	}
	defer attempt.end()
	right := e.Record.Original().ValidatePassword(old)
	done()
	if !right {
		return errOldPassword(e.RequestEvent)
	}
	attempt.succeeded()
	return e.Next()
}

// errOldPassword is PocketBase's own error.
func errOldPassword(e *core.RequestEvent) error {
	return e.BadRequestError("Failed to update record.", validation.Errors{
		"oldPassword": validation.NewError("validation_invalid_old_password", "Missing or invalid old password."),
	})
}
