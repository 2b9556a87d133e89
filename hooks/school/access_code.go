package school

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// codeLetters are easy to tell apart on paper: no 0 and O, no 1, I and L, and no U, which is read as V.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

const codeLength = 12 // 58 bits

// newCode returns an access code as it is printed: XXXX-XXXX-XXXX.
func newCode() string {
	var random [32]byte
	_, _ = rand.Read(random[:]) // it never fails
	return codeFrom(random)
}

// codeFrom spells a random number as an access code. There are so many more numbers than codes that each code is as
// likely as the others.
func codeFrom(random [32]byte) string {
	number, letters, letter := new(big.Int).SetBytes(random[:]), big.NewInt(int64(len(codeLetters))), new(big.Int)
	var code strings.Builder
	for written := range codeLength {
		if written > 0 && written%4 == 0 {
			code.WriteByte('-')
		}
		number.DivMod(number, letters, letter)
		code.WriteByte(codeLetters[letter.Int64()])
	}
	return code.String()
}

// hashOf is what is stored of a code, however it was typed.
func hashOf(user, code string) string {
	typed := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(code))
	sum := sha256.Sum256([]byte(user + ":" + typed))
	return hex.EncodeToString(sum[:])
}

// Selection is for whom access codes are made: the people named, or everybody of a class, with a
// role, or both.
type Selection struct {
	Users []protocol.ID
	Class protocol.ID
	Role  string
}

// maxSelected is how many codes are made at once.
const maxSelected = 5_000

// AccessCodes makes fresh codes for people of an establishment; their older ones are void. Whoever
// has neither address nor username gets a username. Administrators make no codes for each other,
// nor for themselves: they would open accounts that may do as much as theirs; nor for people who
// belong to an establishment that they don't: an import could have claimed any account of another
// school by its address.
func (s *Service) AccessCodes(caller Person, establishment protocol.ID, selection Selection) ([]protocol.AccessCode, error) {
	people, err := s.Selected(caller, establishment, selection)
	if err != nil {
		return nil, err
	}
	codes := make([]protocol.AccessCode, 0, len(people))
	for len(people) > 0 {
		some, err := s.storeCodes(caller, people)
		if err != nil && len(codes) > 0 {
			err = fmt.Errorf("%w; make access codes: %w", refusal.OutcomeUnknown, err)
		}
		if err != nil {
			return nil, err
		}
		codes, people = append(codes, some...), people[len(some):]
	}
	return codes, nil
}

// Selected returns the accounts of a selection that may have codes, in the order of a list, to the administration of the
// establishment.
func (s *Service) Selected(caller Person, establishment protocol.ID, selection Selection) ([]*Account, error) {
	switch {
	case establishment == 0 || !caller.Belongs(establishment):
		return nil, ErrNotInSchool
	case caller.Role != protocol.RoleAdmin:
		return nil, ErrNotAdministration
	}
	ids := selection.Users
	if len(ids) == 0 {
		page, err := s.Find(caller, establishment, Wanted{Role: selection.Role, Class: selection.Class, Limit: maxSelected, Anybody: true, unlimited: true})
		switch {
		case err != nil:
			return nil, err
		case selection.Role == "" && selection.Class == 0:
			return nil, refusal.Invalid("users", "Name people, a class or a role.")
		case page.Next != "":
			return nil, refusal.Invalid("users", "That is more than %d people: choose a class.", maxSelected)
		}
		for _, user := range page.Users {
			ids = append(ids, user.ID)
		}
	}
	accounts, err := s.Accounts(ids)
	if err != nil {
		return nil, err
	}
	var people []*Account
	var refused []protocol.ID
	seen := map[protocol.ID]bool{}
	for _, id := range ids {
		account := accounts[id]
		switch {
		case seen[id]:
		case account.IsActiveIn(establishment) && account.Role != protocol.RoleAdmin && caller.belongsToAllOf(account.Person):
			people = append(people, account)
		default:
			refused = append(refused, id)
		}
		seen[id] = true
	}
	if len(selection.Users) > 0 && len(refused) > 0 {
		err := refusal.Invalid("users", "These people aren't there, are disabled, belong to the administration or to another establishment as well: %v.", refused)
		err.Data = map[string]any{"users": refused}
		return nil, err
	}
	return people, nil
}

// belongsToAllOf reports whether the person is in every establishment of another.
func (p Person) belongsToAllOf(other Person) bool {
	return !slices.ContainsFunc(other.Establishments, func(id protocol.ID) bool { return !p.Belongs(id) })
}

// storeCodes makes codes for as many people as fit into the time of one group commit, so that
// others needn't wait long for the writer.
func (s *Service) storeCodes(caller Person, people []*Account) (codes []protocol.AccessCode, err error) {
	expires := s.now().Add(time.Duration(s.limits.AccessCodeDays) * day)
	err = s.store.Transaction(func(tx core.App) error {
		codes = nil
		for begun := time.Now(); len(codes) < len(people) && (len(codes) == 0 || time.Since(begun) < store.GroupTime); {
			person := people[len(codes)]
			username, err := ensureLogin(tx, person.Person)
			if err != nil {
				return err
			}
			code := newCode()
			if err := storeCode(tx, person.ID.RecordID(), code, "", expires); err != nil {
				return err
			}
			codes = append(codes, protocol.AccessCode{
				User: person.For(caller), Username: username, Code: code, ExpiresAt: protocol.Time(expires)})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("make access codes: %w", err)
	}
	return codes, nil
}

// ensureLogin returns a person's username, drawn if they have nothing to log in with.
func ensureLogin(tx core.App, person Person) (string, error) {
	if person.Username != "" || person.Email != "" {
		return person.Username, nil
	}
	record, err := tx.FindRecordById("users", person.ID.RecordID())
	if err != nil {
		return "", err
	}
	if record.GetString("username") != "" || record.Email() != "" { // just now
		return record.GetString("username"), nil
	}
	username, err := DrawUsername(tx, person.FirstName, person.LastName)
	if err != nil {
		return "", err
	}
	record.Set("username", username)
	return username, tx.Save(record)
}

// storeCode makes a code the only one of a person. mailedTo is the address that it is mailed to, "" for a letter on paper.
func storeCode(tx core.App, user, code, mailedTo string, expires time.Time) error {
	record, err := tx.FindFirstRecordByData("access_codes", "user", user)
	if isNoRows(err) {
		var collection *core.Collection
		if collection, err = tx.FindCachedCollectionByNameOrId("access_codes"); err != nil {
			return err
		}
		record = core.NewRecord(collection)
		record.Set("user", user)
	}
	if err != nil {
		return err
	}
	record.Set("hash", hashOf(user, code))
	record.Set("expires", expires)
	record.Set("mailed_to", mailedTo)
	return tx.Save(record)
}

// bindAccessCodes keeps disabled accounts without codes, and voids a code that was mailed to an address that isn't the
// person's any more: it may be a stranger's.
func (s *Service) bindAccessCodes() {
	check := store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		var disabled bool
		err := e.App.ConcurrentDB().Select("disabled").From("users").
			Where(dbx.HashExp{"id": e.Record.GetString("user")}).Row(&disabled)
		if err != nil && !isNoRows(err) {
			return fmt.Errorf("check access code: %w", err)
		}
		if disabled {
			return refusal.OnField("user", refusal.New(protocol.CodeForbidden, "A disabled account has no access code."))
		}
		return e.Next()
	})
	s.app.OnRecordCreate("access_codes").Bind(check)
	s.app.OnRecordUpdate("access_codes").Bind(check)
	s.app.OnRecordUpdate("users").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		isDisabled := e.Record.GetBool("disabled") && !before.GetBool("disabled")
		hasMoved := !strings.EqualFold(before.Email(), e.Record.Email())
		if err := e.Next(); err != nil || !isDisabled && !hasMoved {
			return err
		}
		code, err := e.App.FindFirstRecordByData("access_codes", "user", e.Record.Id)
		if isNoRows(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find access code: %w", err)
		}
		if mailedTo := code.GetString("mailed_to"); !isDisabled && (mailedTo == "" || strings.EqualFold(mailedTo, e.Record.Email())) {
			return nil
		}
		return e.App.Delete(code)
	}))
}
