package school

import (
	"crypto/subtle"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// ErrInvalidAccessCode is the refusal of a code that is wrong, too old or used, and of any code
// of somebody who isn't there: nobody can tell them apart.
var ErrInvalidAccessCode = refusal.New(protocol.CodeInvalidAccessCode, "This code isn't valid: check it, or ask the school for another one.")

// Invitation is an access code of a person, as it is stored; the zero value is for nobody.
type Invitation struct {
	User    protocol.ID // 0 if nobody has the username or address
	id      string      // of the record
	hash    string
	expires types.DateTime
}

// InvitationOf returns the invitation of whoever has a username or an address.
func (s *Service) InvitationOf(identity string) (Invitation, error) {
	user, err := findAccount(s.app, "username", identity)
	if err == nil && user == "" {
		user, err = findAccount(s.app, core.FieldNameEmail, identity)
	}
	if err != nil || user == "" {
		return Invitation{}, err
	}
	invitation := Invitation{User: protocol.ParseID(user)}
	var row struct {
		ID      string         `db:"id"`
		Hash    string         `db:"hash"`
		Expires types.DateTime `db:"expires"`
	}
	err = s.app.ConcurrentDB().Select("c.id", "c.hash", "c.expires").From("access_codes c").
		InnerJoin("users u", dbx.NewExp("u.id = c.user AND u.disabled = FALSE")).
		Where(dbx.HashExp{"c.user": user}).One(&row)
	if err != nil && !isNoRows(err) {
		return Invitation{}, fmt.Errorf("find access code: %w", err)
	}
	invitation.id, invitation.hash, invitation.expires = row.ID, row.Hash, row.Expires
	return invitation, nil
}

// Secret is another one for each code that is made for somebody, and empty without one.
func (i Invitation) Secret() string { return i.hash }

// Opens reports whether a code, however it is typed, is the one of the invitation.
func (s *Service) Opens(invitation Invitation, code string) bool {
	same := subtle.ConstantTimeCompare([]byte(hashOf(invitation.User.RecordID(), code)), []byte(invitation.hash)) == 1
	return same && s.now().Before(invitation.expires.Time())
}

// Accept uses up an invitation: the password becomes the person's. It returns their record.
func (s *Service) Accept(invitation Invitation, password string) (*core.Record, error) {
	var record *core.Record
	var invalid error // of the person's record
	err := s.store.Transaction(func(tx core.App) error {
		used, err := tx.FindRecordById("access_codes", invitation.id)
		if isNoRows(err) || err == nil && used.GetString("hash") != invitation.hash {
			return ErrInvalidAccessCode // another request was quicker
		}
		if err != nil {
			return err
		}
		if err := tx.Delete(used); err != nil {
			return err
		}
		if record, err = tx.FindRecordById("users", invitation.User.RecordID()); err != nil {
			return err
		}
		record.SetPassword(password)
		record.Set("temporary_password", false)
		invalid = tx.Save(record)
		return invalid
	})
	if err != nil && invalid != nil {
		err = fieldsOf(invalid)
	}
	if err != nil {
		return nil, fmt.Errorf("accept invitation: %w", err)
	}
	return record, nil
}

// fieldsOf returns what is wrong with the fields of a record as PocketBase's own requests do.
func fieldsOf(err error) error {
	var fields validation.Errors
	if !errors.As(err, &fields) {
		return err
	}
	refused := refusal.New(protocol.CodeInvalidRequest, "Something is wrong with what was sent.")
	refused.Data = make(map[string]any, len(fields))
	for name, fault := range fields {
		code := protocol.CodeInvalidRequest
		var coded interface{ Code() string }
		if errors.As(fault, &coded) {
			code = coded.Code()
		}
		refused.Data[name] = map[string]any{"code": code, "message": fault.Error()}
	}
	return refused
}
