package auth

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

const (
	// challengeDuration is how long somebody may look for their phone.
	challengeDuration = 10 * time.Minute

	// challengeType is the claim type of a challenge, which is signed with another key than tokens.
	challengeType = "secondFactor"

	// keyPassed is set in a request in which the second factor was checked.
	keyPassed = "messagerieSecondFactor"

	// A challenge keeps whether the log-in began at a provider, for the request with the code.
	claimByProvider = "byProvider"
	keyByProvider   = "messagerieByProvider"

	// freeCodes is how many codes of an account may be wrong in a row before one has to wait, from all addresses
	// together: who gets here knows the password. Three codes of a million are right at a time.
	freeCodes = 10
)

var errChallenge = refusal.New(protocol.CodeInvalidRequest, "The log-in has taken too long, or isn't valid: enter the password again.")

// SecondFactors asks for a code in log-ins of people who have set up a second factor.
type SecondFactors struct {
	people  *school.Service
	guesses *brake[codesOf]
	fresh   *freshLogins
}

// codesOf is whose codes are counted. With another password they count anew: whoever knows only the old one can't shut
// the owner out. Turning the second factor off, which takes a session, counts apart from log-ins.
type codesOf struct {
	user     string // the id of the record
	tokenKey string
	off      bool
}

// BindSecondFactors asks for the second factor in every log-in, and has tokens name their device.
func BindSecondFactors(app core.App, people *school.Service) *SecondFactors {
	f := &SecondFactors{people: people, guesses: newBrake[codesOf](freeCodes, rememberedGuesses), fresh: newFreshLogins()}
	app.OnRecordAuthRequest("users").BindFunc(func(e *core.RecordAuthRequestEvent) error {
		if !e.HasSuperuserAuth() {
			if err := f.challenge(e); err != nil {
				return err
			}
		}
		if err := nameDevice(e, people); err != nil {
			return err
		}
		if device := deviceIn(e.Token); device != 0 && isByProvider(e) {
			f.fresh.note(device)
		}
		return e.Next()
	})
	app.OnFileTokenRequest("users").BindFunc(nameDeviceInFile)
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		se.Router.Bind(CheckDevice(people))
		return se.Next()
	})
	return f
}

// challenge refuses a log-in that needs a code as well. The refusal counts as PocketBase's ErrMFA: the password was
// right.
func (f *SecondFactors) challenge(e *core.RecordAuthRequestEvent) error {
	if e.Request.Pattern == refreshPattern || e.Get(keyPassed) != nil {
		return nil
	}
	needed, err := f.people.HasSecondFactor(protocol.ParseID(e.Record.Id))
	if err != nil || !needed {
		return err
	}
	challenge, err := security.NewJWT(jwt.MapClaims{
		core.TokenClaimType: challengeType, core.TokenClaimId: e.Record.Id, claimByProvider: isByProvider(e)},
		challengeKey(e.Record), challengeDuration)
	if err != nil {
		return err
	}
	refused := refusal.New(protocol.CodeSecondFactorNeeded, "A code of the authenticator app is needed as well.")
	refused.Data = map[string]any{"challenge": challenge}
	if e.Meta != nil {
		refused.Data["meta"] = e.Meta
	}
	return fmt.Errorf("%w: %w", apis.ErrMFA, refused)
}

// isByProvider reports whether a log-in began at a provider, also once the code was entered.
func isByProvider(e *core.RecordAuthRequestEvent) bool {
	byProvider, _ := e.Get(keyByProvider).(bool)
	return byProvider || e.AuthMethod == core.MFAMethodOAuth2
}

// challengeKey changes with the password, and when all tokens are voided.
func challengeKey(record *core.Record) string {
	return challengeType + record.TokenKey() + record.Collection().AuthToken.Secret
}

// LogIn completes a log-in with a code. The response is that of the log-in.
func (f *SecondFactors) LogIn(e *core.RequestEvent, body protocol.SecondFactorLogin) error {
	record, byProvider, err := challenged(e.App, body.Challenge)
	if err != nil {
		return err
	}
	user := protocol.ParseID(record.Id)
	if err := f.guess(codesOf{user: record.Id, tokenKey: record.TokenKey()}, func() error { return f.people.UseSecondFactor(user, body.Code) }); err != nil {
		return err
	}
	e.Set(keyPassed, true)
	e.Set(keyByProvider, byProvider)
	e.Response.Header().Set("Cache-Control", "no-store")
	return apis.RecordAuthResponse(e, record, "", nil)
}

// challenged returns the person whose challenge it is, and whether they have logged in through a provider.
func challenged(app core.App, challenge string) (record *core.Record, byProvider bool, err error) {
	claims, err := security.ParseUnverifiedJWT(challenge)
	if err != nil || claims[core.TokenClaimType] != challengeType {
		return nil, false, errChallenge
	}
	id, _ := claims[core.TokenClaimId].(string)
	if record, err = app.FindRecordById("users", id); err != nil {
		return nil, false, errChallenge
	}
	if _, err := security.ParseJWT(challenge, challengeKey(record)); err != nil {
		return nil, false, errChallenge
	}
	byProvider, _ = claims[claimByProvider].(bool)
	return record, byProvider, nil
}

// TurnOff turns the second factor of a person, the caller, off with a code.
func (f *SecondFactors) TurnOff(record *core.Record, code string) error {
	return f.guess(codesOf{record.Id, record.TokenKey(), true}, func() error {
		return f.people.TurnOffSecondFactor(protocol.ParseID(record.Id), code)
	})
}

// guess counts an attempt before the code is looked at, so that a hundred at once are a hundred.
func (f *SecondFactors) guess(at codesOf, use func() error) error {
	if _, wait := f.guesses.begin(at); wait > 0 {
		return refusal.TooManyRequests(wait, "Too many codes were wrong.")
	}
	end := func() { f.guesses.fail(at, false) } // also after a panic
	defer func() { end() }()
	err := use()
	switch {
	case err == nil:
		end = func() { f.guesses.release(at) }
	case !errors.Is(err, school.ErrInvalidCode): // nothing was compared, or it couldn't be stored
		end = func() { f.guesses.cancel(at) }
	}
	return err
}
