package school

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/passwords"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
	"messagerie/hooks/words"
)

// bindPasswords clears temporary_password once people have chosen a password of their
// own, through their profile or the mail for a forgotten one. One that the school has
// set isn't their own.
func (s *Service) bindPasswords() {
	s.app.OnRecordUpdateRequest("users").BindFunc(func(e *core.RecordRequestEvent) error {
		const hash = core.FieldNamePassword + ":hash"
		chosen := e.Record.GetString(hash) != e.Record.Original().GetString(hash)
		if chosen && e.Auth != nil && e.Auth.Id == e.Record.Id {
			e.Record.Set("temporary_password", false)
		}
		return e.Next()
	})
	s.app.OnRecordConfirmPasswordResetRequest("users").BindFunc(
		func(e *core.RecordConfirmPasswordResetRequestEvent) error {
			e.Record.Set("temporary_password", false)
			return e.Next()
		})
	for _, on := range []func(...string) *store.RecordHook{s.app.OnRecordCreate, s.app.OnRecordUpdate} {
		on("users", core.CollectionNameSuperusers).Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
			if err := checkPassword(e.Record); err != nil {
				return refusal.OnField(core.FieldNamePassword, err)
			}
			return e.Next()
		}))
	}
	s.app.OnRecordUpdate("users").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		ends := before.GetBool("temporary_password") && !e.Record.GetBool("temporary_password")
		chosen := e.Record.GetString(core.FieldNamePassword) // "" if it isn't changed
		if ends && chosen != "" && before.ValidatePassword(chosen) {
			return refusal.OnField(core.FieldNamePassword, ErrPasswordUnchanged)
		}
		return e.Next()
	}))
}

// checkPassword refuses a password that is easily guessed, whoever has chosen it: the person,
// or the school for one use.
func checkPassword(record *core.Record) *refusal.Error {
	chosen := record.GetString(core.FieldNamePassword) // "" if it isn't changed
	switch {
	case chosen == "":
		return nil
	case passwords.IsCommon(chosen):
		return ErrPasswordTooCommon
	case passwords.IsPersonal(chosen, knownOf(record)...):
		return ErrPasswordIsPersonal
	}
	return nil
}

// knownOf returns the names, the username and the address of a person, which others know. The
// last part of an address, such as .com, only counts within the whole.
func knownOf(record *core.Record) []string {
	first, last := record.GetString("first_name"), record.GetString("last_name")
	name, domain, _ := strings.Cut(record.Email(), "@")
	if dot := strings.LastIndex(domain, "."); dot >= 0 {
		domain = domain[:dot]
	}
	address := strings.Join(words.Of(record.Email()), "")
	return []string{first, last, first + " " + last, last + " " + first, record.GetString("username"), name, domain, address}
}

// ChangePassword makes a password the caller's, voids every token, and returns another one for the device that asked,
// which has this User-Agent.
func (s *Service) ChangePassword(caller Person, password, userAgent string) (protocol.Token, error) {
	var token protocol.Token
	if err := s.budgets.SignOuts.Spend(caller, 1); err != nil {
		return token, err
	}
	var invalid error // of the person's record
	err := s.store.Transaction(func(tx core.App) error {
		record, err := tx.FindRecordById("users", caller.ID.RecordID())
		if err != nil {
			return err
		}
		record.SetPassword(password)
		record.Set("temporary_password", false)
		if invalid = tx.Save(record); invalid != nil {
			return invalid
		}
		token.Token, err = s.logIn(tx, record, userAgent)
		return err
	})
	if err != nil && invalid != nil {
		err = fieldsOf(invalid)
	}
	if err != nil {
		return protocol.Token{}, fmt.Errorf("change the password: %w", err)
	}
	return token, nil
}
