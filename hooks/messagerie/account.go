package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// School is what the log-in page shows: the name in the settings, and the logo of
// the first establishment that has one.
func (s *Service) School() (protocol.School, error) {
	school := protocol.School{Name: s.app.Settings().Meta.AppName}
	var row struct {
		ID   string `db:"id"`
		Logo string `db:"logo"`
	}
	err := s.app.ConcurrentDB().Select("id", "logo").From("establishments").
		Where(dbx.NewExp("logo != ''")).OrderBy("id").Limit(1).One(&row)
	switch {
	case isNoRows(err):
		return school, nil
	case err != nil:
		return school, fmt.Errorf("load logo: %w", err)
	}
	school.Logo = fmt.Sprintf("/api/files/establishments/%s/%s?thumb=0x128", row.ID, row.Logo)
	return school, nil
}

// SignOutEverywhere voids every token of a person, which closes all sockets, and
// answers a new one for the device that asked; its socket is closed as well and
// comes back with the new token.
func (s *Service) SignOutEverywhere(user protocol.ID) (protocol.Token, error) {
	var answer protocol.Token
	err := s.save(func(tx core.App) error {
		record, err := tx.FindRecordById("users", user.RecordID())
		if err != nil {
			return err
		}
		record.RefreshTokenKey()
		if err := tx.Save(record); err != nil {
			return err
		}
		answer.Token, err = record.NewAuthToken()
		return err
	})
	if err != nil {
		return protocol.Token{}, fmt.Errorf("sign out everywhere: %w", err)
	}
	return answer, nil
}

// bindTokens announces that the dashboard has voided all tokens.
func (s *Service) bindTokens() {
	s.app.OnCollectionUpdate("users").BindFunc(func(e *core.CollectionEvent) error {
		before, err := e.App.FindCollectionByNameOrId(e.Collection.Id)
		if err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		if e.Collection.AuthToken.Secret != before.AuthToken.Secret {
			s.listen(AllAccessRevoked{})
		}
		return nil
	})
}

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
	s.app.OnRecordUpdate("users").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		ends := before.GetBool("temporary_password") && !e.Record.GetBool("temporary_password")
		chosen := e.Record.GetString(core.FieldNamePassword) // "" where it stays
		if ends && chosen != "" && before.ValidatePassword(chosen) {
			return onField(core.FieldNamePassword, ErrPasswordUnchanged)
		}
		return e.Next()
	}))
}
