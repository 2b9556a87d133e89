package school

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/passwords"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
	"messagerie/hooks/words"
)

// bindPasswords notes that people have chosen a password of their own: through
// their profile, or through the letter for a forgotten one. One that the school
// knows isn't theirs.
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
		chosen := e.Record.GetString(core.FieldNamePassword) // "" where it stays
		if ends && chosen != "" && before.ValidatePassword(chosen) {
			return refusal.OnField(core.FieldNamePassword, ErrPasswordUnchanged)
		}
		return e.Next()
	}))
}

// checkPassword refuses what is guessed first, whoever has chosen it: the person, or the
// school for one use.
func checkPassword(record *core.Record) *refusal.Error {
	chosen := record.GetString(core.FieldNamePassword) // "" where it stays
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

// knownOf are the names and the address of a person. The last part of an address, such as
// .com, is only known as a part of the whole.
func knownOf(record *core.Record) []string {
	first, last := record.GetString("first_name"), record.GetString("last_name")
	name, domain, _ := strings.Cut(record.Email(), "@")
	if dot := strings.LastIndex(domain, "."); dot >= 0 {
		domain = domain[:dot]
	}
	address := strings.Join(words.Of(record.Email()), "")
	return []string{first, last, first + " " + last, last + " " + first, name, domain, address}
}
