package school

import (
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
	"messagerie/hooks/totp"
)

// recoveryCodes is how many codes people keep on paper, for a phone that is lost.
const recoveryCodes = 10

// Refusals of a second factor.
var (
	ErrInvalidCode          = refusal.New(protocol.CodeInvalidSecondFactor, "This code is wrong, too old or used.")
	ErrSecondFactorRequired = refusal.New(protocol.CodeSecondFactorRequired, "The school requires a second factor: set it up first.")
	errSecondFactorOn       = refusal.New(protocol.CodeSecondFactorOn, "A second factor is set up already: turn it off first.")
	errSecondFactorOff      = refusal.New(protocol.CodeNotFound, "No second factor is set up, or being set up.")
	errNoSecondFactor       = refusal.New(protocol.CodeForbidden, "A second factor is for staff.")
)

// RequireSecondFactor makes people with these roles set up a second factor before anything else. It is called before
// the server starts.
func (s *Service) RequireSecondFactor(roles []string) { s.secondFactorRoles = roles }

// SecondFactorState is one of protocol.SecondFactorOff, …On and …Required, or "" for people who can't have one.
func (s *Service) SecondFactorState(person Person) (string, error) {
	state, err := s.loginState(person.ID)
	isRequired := slices.Contains(s.secondFactorRoles, person.Role)
	switch {
	case err != nil:
		return "", err
	case state.hasSecondFactor:
		return protocol.SecondFactorOn, nil
	case isRequired:
		return protocol.SecondFactorRequired, nil
	case person.IsStaff():
		return protocol.SecondFactorOff, nil
	}
	return "", nil
}

// HasSecondFactor reports whether a person logs in with a code besides the password.
func (s *Service) HasSecondFactor(user protocol.ID) (bool, error) {
	state, err := s.loginState(user)
	return state.hasSecondFactor, err
}

// SecondFactor describes the caller's second factor.
func (s *Service) SecondFactor(caller Person) (protocol.SecondFactor, error) {
	state, err := s.SecondFactorState(caller)
	if err != nil || state != protocol.SecondFactorOn {
		return protocol.SecondFactor{State: state}, err
	}
	record, err := findSecondFactor(s.app, caller.ID)
	if err != nil || record == nil {
		return protocol.SecondFactor{State: state}, err
	}
	return protocol.SecondFactor{State: state, RecoveryCodes: len(hashesOf(record))}, nil
}

// SetUpSecondFactor draws a secret for the caller's app. It counts once ConfirmSecondFactor has had a code of it; asked
// for again before then, it is another one.
func (s *Service) SetUpSecondFactor(caller Person) (protocol.SecondFactorSetup, error) {
	var setup protocol.SecondFactorSetup
	switch state, err := s.SecondFactorState(caller); {
	case err != nil:
		return setup, err
	case state == "":
		return setup, errNoSecondFactor
	}
	if err := s.budgets.SecondFactors.Spend(caller, 1); err != nil {
		return setup, err
	}
	setup.Secret = totp.NewSecret()
	setup.URI = totp.URI(setup.Secret, s.app.Settings().Meta.AppName, nameInApp(caller))
	err := s.store.Transaction(func(tx core.App) error {
		record, err := findSecondFactor(tx, caller.ID)
		switch {
		case err != nil:
			return err
		case record == nil:
			collection, err := tx.FindCachedCollectionByNameOrId("second_factors")
			if err != nil {
				return err
			}
			record = core.NewRecord(collection)
			record.Set("user", caller.ID.RecordID())
		case isConfirmed(record):
			return errSecondFactorOn
		}
		record.Set("secret", setup.Secret)
		return tx.Save(record)
	})
	if err != nil {
		return protocol.SecondFactorSetup{}, fmt.Errorf("set up a second factor: %w", err)
	}
	return setup, nil
}

func nameInApp(person Person) string {
	switch {
	case person.Email != "":
		return person.Email
	case person.Username != "":
		return person.Username
	}
	return person.FullName()
}

// ConfirmSecondFactor turns the caller's second factor on with a first code of the app, and returns the recovery
// codes, which aren't stored.
func (s *Service) ConfirmSecondFactor(caller Person, code string) ([]string, error) {
	if err := s.budgets.SecondFactors.Spend(caller, 1); err != nil {
		return nil, err
	}
	var codes []string
	err := s.store.Transaction(func(tx core.App) error {
		record, err := findSecondFactor(tx, caller.ID)
		switch {
		case err != nil:
			return err
		case record == nil:
			return errSecondFactorOff
		case isConfirmed(record):
			return errSecondFactorOn
		}
		if !s.useTOTP(record, code) {
			return ErrInvalidCode
		}
		codes = nil
		var hashes []string
		for range recoveryCodes {
			one := newCode()
			codes, hashes = append(codes, one), append(hashes, hashOf(caller.ID.RecordID(), one))
		}
		record.Set("recovery_hashes", hashes)
		record.Set("confirmed", s.Now().UTC())
		return tx.Save(record)
	})
	if err != nil {
		return nil, fmt.Errorf("confirm a second factor: %w", err)
	}
	return codes, nil
}

// UseSecondFactor uses a code up: one of the app, or a recovery code.
func (s *Service) UseSecondFactor(user protocol.ID, code string) error {
	return s.withCode(user, code, func(tx core.App, record *core.Record) error { return tx.Save(record) })
}

// TurnOffSecondFactor makes the password enough again. The caller checks that.
func (s *Service) TurnOffSecondFactor(user protocol.ID, code string) error {
	return s.withCode(user, code, func(tx core.App, record *core.Record) error { return tx.Delete(record) })
}

// withCode calls then in the transaction in which a code is used up.
func (s *Service) withCode(user protocol.ID, code string, then func(core.App, *core.Record) error) error {
	err := s.store.Transaction(func(tx core.App) error {
		record, err := findSecondFactor(tx, user)
		switch {
		case err != nil:
			return err
		case record == nil || !isConfirmed(record):
			return errSecondFactorOff
		case !s.useTOTP(record, code) && !useRecoveryCode(record, code):
			return ErrInvalidCode
		}
		return then(tx, record)
	})
	if err != nil {
		return fmt.Errorf("use a second factor: %w", err)
	}
	return nil
}

// useTOTP notes in a record that a code of its app is used, and returns false if it isn't right.
func (s *Service) useTOTP(record *core.Record, code string) bool {
	used, ok := totp.Match(record.GetString("secret"), strings.ReplaceAll(code, " ", ""), s.Now(), int64(record.GetInt("last_step")))
	if ok {
		record.Set("last_step", used)
	}
	return ok
}

// useRecoveryCode likewise removes a recovery code.
func useRecoveryCode(record *core.Record, code string) bool {
	hash := hashOf(record.GetString("user"), code)
	hashes := hashesOf(record)
	left := slices.DeleteFunc(slices.Clone(hashes), func(known string) bool {
		return subtle.ConstantTimeCompare([]byte(known), []byte(hash)) == 1
	})
	record.Set("recovery_hashes", left)
	return len(left) < len(hashes)
}

func hashesOf(record *core.Record) []string {
	var hashes []string
	_ = record.UnmarshalJSONField("recovery_hashes", &hashes) // written by us; without any no code is right
	return hashes
}

func isConfirmed(record *core.Record) bool { return !record.GetDateTime("confirmed").IsZero() }

// findSecondFactor returns the record of a person, nil if there is none.
func findSecondFactor(app core.App, user protocol.ID) (*core.Record, error) {
	record, err := app.FindFirstRecordByData("second_factors", "user", user.RecordID())
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the second factor: %w", err)
	}
	return record, nil
}

// bindSecondFactors announces that a second factor is on or off, or required, whoever has done it, and keeps what is
// secret out of every response: PocketBase would show hidden fields to superusers.
func (s *Service) bindSecondFactors() {
	announce := store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before, after := e.Record.Original().GetString("user"), e.Record.GetString("user")
		if err := e.Next(); err != nil {
			return err
		}
		if before != "" && before != after {
			if err := s.announceSecondFactor(e.App, before); err != nil {
				return err
			}
		}
		return s.announceSecondFactor(e.App, after)
	})
	s.app.OnRecordCreate("second_factors").Bind(announce)
	s.app.OnRecordUpdate("second_factors").Bind(announce)
	s.app.OnRecordDelete("second_factors").Bind(announce)
	s.app.OnRecordUpdate("users").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original().GetString("role")
		if err := e.Next(); err != nil || e.Record.GetString("role") == before {
			return err
		}
		return s.announceSecondFactor(e.App, e.Record.Id)
	}))
	s.app.OnRecordEnrich("second_factors").BindFunc(func(e *core.RecordEnrichEvent) error {
		err := e.Next()
		e.Record.Hide("secret", "last_step", "recovery_hashes")
		return err
	})
}

// announceSecondFactor announces whether a person has the second factor that the role requires, as of a transaction.
func (s *Service) announceSecondFactor(tx core.App, user string) error {
	change := LoginChanged{User: protocol.ParseID(user)}
	if len(s.secondFactorRoles) > 0 {
		person, err := tx.FindRecordById("users", user)
		if err != nil && !isNoRows(err) { // no rows: it goes with the person
			return fmt.Errorf("find whose second factor it is: %w", err)
		}
		if person != nil && slices.Contains(s.secondFactorRoles, person.GetString("role")) {
			record, err := findSecondFactor(tx, change.User)
			if err != nil {
				return err
			}
			change.NeedsSecondFactor = record == nil || !isConfirmed(record)
		}
	}
	s.store.Announce(tx, change)
	return nil
}
