package school

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// The code of an invitation by mail isn't stored while the mail waits, nor afterwards: it is derived, at each attempt to
// send the mail, from the mail's id and the person's token key, which changes with their password and address.

// invitationCode returns the code that a mail carries to a person.
func invitationCode(tokenKey, mail string) (string, error) {
	derived, err := hkdf.Key(sha256.New, []byte(tokenKey), nil, "access code of invitation "+mail, sha256.Size)
	if err != nil {
		return "", err
	}
	return codeFrom([32]byte(derived)), nil
}

// StoreInvitationCode makes the code of a mail the only one of a person. The mail is the id of its record in the queue.
func (s *Service) StoreInvitationCode(tx core.App, person *Account, mail string) error {
	code, err := invitationCode(person.TokenKey, mail)
	if err != nil {
		return err
	}
	expires := s.now().Add(time.Duration(s.limits.AccessCodeDays) * day)
	return storeCode(tx, person.ID.RecordID(), code, person.Email, expires)
}

// Invited is somebody to whom a mail brings an access code.
type Invited struct {
	Person
	Code    string
	Expires time.Time
}

// InvitedBy returns the person whom a mail to an address brings a code for an establishment; nil if they are to have it no
// more: they have come, have got a newer one, have another address, are disabled, have left, or are an administrator.
func (s *Service) InvitedBy(app core.App, establishment protocol.ID, user, mail, address string) (*Invited, error) {
	record, err := app.FindRecordById("users", user)
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read who is invited: %w", err)
	}
	person := PersonOf(record)
	isWelcome := person.Belongs(establishment) && !person.Disabled && person.Role != protocol.RoleAdmin
	if !isWelcome || !record.GetDateTime("joined_at").IsZero() || !strings.EqualFold(person.Email, address) {
		return nil, nil
	}
	stored, err := app.FindFirstRecordByData("access_codes", "user", user)
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find access code: %w", err)
	}
	code, err := invitationCode(record.TokenKey(), mail)
	if err != nil {
		return nil, err
	}
	expires := stored.GetDateTime("expires").Time()
	if stored.GetString("hash") != hashOf(user, code) || !s.now().Before(expires) {
		return nil, nil
	}
	return &Invited{Person: person, Code: code, Expires: expires}, nil
}

// Access is how far somebody is on the way in.
type Access struct {
	HasJoined bool // they have logged in at least once
	HasCode   bool // a code waits to be used
}

const accessSQL = `SELECT u.id, u.joined_at, coalesce(c.expires, '') AS expires
	FROM json_each({:ids}) AS page JOIN users u ON u.id = page.value LEFT JOIN access_codes c ON c.user = u.id`

// AccessOf returns how far people are.
func (s *Service) AccessOf(ids []protocol.ID) (map[protocol.ID]Access, error) {
	params, err := store.IDParams(ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID      string         `db:"id"`
		Joined  string         `db:"joined_at"`
		Expires types.DateTime `db:"expires"`
	}
	if err := s.store.Query(accessSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("load who has joined: %w", err)
	}
	found := make(map[protocol.ID]Access, len(rows))
	for _, row := range rows {
		found[protocol.ParseID(row.ID)] = Access{HasJoined: row.Joined != "", HasCode: s.now().Before(row.Expires.Time())}
	}
	return found, nil
}

// noteJoined records the first log-in of a person, and voids a code that was mailed to them: they came in another way, and
// it would stay valid in their mailbox. It isn't a save: an account with a field that the rules refuse today must still
// get in.
func (s *Service) noteJoined(tx core.App, record *core.Record) error {
	if !record.GetDateTime("joined_at").IsZero() {
		return nil
	}
	at, err := types.ParseDateTime(s.Now().UTC())
	if err != nil {
		return err
	}
	_, err = tx.DB().NewQuery("UPDATE users SET joined_at = {:at} WHERE id = {:id} AND joined_at = ''").
		Bind(map[string]any{"at": at.String(), "id": record.Id}).Execute()
	if err != nil {
		return fmt.Errorf("note the first log-in: %w", err)
	}
	code, err := tx.FindFirstRecordByFilter("access_codes", "user = {:user} && mailed_to != ''", map[string]any{"user": record.Id})
	if isNoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find access code: %w", err)
	}
	return tx.Delete(code)
}
