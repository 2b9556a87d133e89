package messagerie

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// Person is somebody of a school, as the rules see them.
type Person struct {
	ID             protocol.ID
	FirstName      string
	LastName       string
	Email          string
	EmailPublic    bool // the owner allows everybody to see the address
	Role           string
	Establishments []protocol.ID
	Locale         string
	Disabled       bool

	TemporaryPassword bool // chosen by the school; the person is to choose another
}

// PersonOf reads a record of users.
func PersonOf(record *core.Record) Person {
	p := Person{
		ID:          protocol.ParseID(record.Id),
		FirstName:   record.GetString("first_name"),
		LastName:    record.GetString("last_name"),
		Email:       record.Email(),
		EmailPublic: record.EmailVisibility(),
		Role:        record.GetString("role"),
		Locale:      record.GetString("locale"),
		Disabled:    record.GetBool("disabled"),

		TemporaryPassword: record.GetBool("temporary_password"),
	}
	for _, id := range record.GetStringSlice("establishments") {
		p.Establishments = append(p.Establishments, protocol.ParseID(id))
	}
	return p
}

// IsStaff says whether the person works at the school.
func (p Person) IsStaff() bool { return slices.Contains(protocol.StaffRoles, p.Role) }

// Belongs says whether the person is of an establishment.
func (p Person) Belongs(establishment protocol.ID) bool {
	return slices.Contains(p.Establishments, establishment)
}

// shares says whether two people have an establishment in common.
func (p Person) shares(other Person) bool {
	return slices.ContainsFunc(p.Establishments, other.Belongs)
}

// For is the person as viewer sees them: staff see every address of their
// establishments; others see those of staff, their own, and public ones.
func (p Person) For(viewer Person) protocol.User {
	user := protocol.User{ID: p.ID, FirstName: p.FirstName, LastName: p.LastName, Role: p.Role}
	if p.ID == viewer.ID || p.EmailPublic || p.IsStaff() || viewer.IsStaff() && viewer.shares(p) {
		user.Email = p.Email
	}
	return user
}

// Person finds somebody; ok is false when there is nobody of that id.
func (s *Service) Person(id protocol.ID) (p Person, ok bool, err error) {
	known, err := s.lists.people.get(id, s.loadAccounts)
	if err != nil || known == nil {
		return Person{}, false, err
	}
	return known.Person, true, nil
}

// Account answers a person and what their tokens are signed with, "" for nobody.
func (s *Service) Account(id protocol.ID) (p Person, tokenKey string, err error) {
	known, err := s.lists.people.get(id, s.loadAccounts)
	if err != nil || known == nil {
		return Person{}, "", err
	}
	return known.Person, known.tokenKey, nil
}

// HoldsTokenKey says whether what was signed with a key of a person is still good: the
// key is theirs, and the account isn't disabled.
func (s *Service) HoldsTokenKey(id protocol.ID, key string) (bool, error) {
	known, err := s.lists.people.get(id, s.loadAccounts)
	if err != nil || known == nil {
		return false, err
	}
	return known.tokenKey == key && !known.Disabled, nil
}

// Me describes the caller, with the names of the establishments.
func (s *Service) Me(caller Person) (protocol.Me, error) {
	var rows []struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	err := s.app.ConcurrentDB().Select("id", "name").From("establishments").
		Where(dbx.In("id", recordIDs(caller.Establishments)...)).OrderBy("name").All(&rows)
	if err != nil {
		return protocol.Me{}, fmt.Errorf("load establishments: %w", err)
	}
	me := protocol.Me{
		User:           caller.For(caller),
		Establishments: make([]protocol.Establishment, len(rows)),
		Locale:         caller.Locale,

		TemporaryPassword: caller.TemporaryPassword,
	}
	for i, row := range rows {
		me.Establishments[i] = protocol.Establishment{ID: protocol.ParseID(row.ID), Name: row.Name}
	}
	return me, nil
}

// people loads those of ids who exist, in the order of ids.
func (s *Service) people(ids []protocol.ID) ([]Person, error) {
	var rows []personRow
	err := s.app.ConcurrentDB().Select(personColumns("")...).From("users").
		Where(dbx.In("id", recordIDs(ids)...)).OrderBy("id").All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load people: %w", err)
	}
	people := make([]Person, len(rows))
	for i, row := range rows {
		people[i] = row.person()
	}
	return people, nil
}

// personColumns are what a personRow holds, for a query where users is called
// alias, or "" where nothing else is asked.
func personColumns(alias string) []string {
	columns := []string{
		"id", "first_name", "last_name", "email", "emailVisibility", "role", "establishments", "locale", "disabled",
	}
	for i := range columns {
		if alias != "" {
			columns[i] = alias + "." + columns[i]
		}
	}
	return columns
}

type personRow struct {
	ID             string `db:"id"`
	FirstName      string `db:"first_name"`
	LastName       string `db:"last_name"`
	Email          string `db:"email"`
	EmailPublic    bool   `db:"emailVisibility"`
	Role           string `db:"role"`
	Establishments string `db:"establishments"` // a JSON array of record ids
	Locale         string `db:"locale"`
	Disabled       bool   `db:"disabled"`
}

func (r personRow) person() Person {
	p := Person{
		ID:          protocol.ParseID(r.ID),
		FirstName:   r.FirstName,
		LastName:    r.LastName,
		Email:       r.Email,
		EmailPublic: r.EmailPublic,
		Role:        r.Role,
		Locale:      r.Locale,
		Disabled:    r.Disabled,
	}
	var ids []string
	_ = json.Unmarshal([]byte(r.Establishments), &ids) // PocketBase wrote it; "" is nobody's
	for _, id := range ids {
		p.Establishments = append(p.Establishments, protocol.ParseID(id))
	}
	return p
}

func recordIDs(ids []protocol.ID) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id.RecordID()
	}
	return out
}

func (s *Service) bindUsers() {
	s.app.OnRecordUpdate("users").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		disabled := e.Record.GetBool("disabled") && !before.GetBool("disabled")
		if disabled {
			e.Record.RefreshTokenKey() // no token given out before is good any more
		}
		if err := e.Next(); err != nil {
			return err
		}
		was, is := PersonOf(before), PersonOf(e.Record)
		revoked := before.TokenKey() != e.Record.TokenKey()
		afterCommit(e.App, func() {
			s.lists.people.forget(is.ID)
			if revoked {
				s.listen(AccessRevoked{User: is.ID, Disabled: disabled})
			}
			if !was.looksLike(is) {
				s.listen(PersonChanged{User: is.ID})
			}
		})
		return nil
	}))
	s.app.OnRecordDelete("users").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		gone := protocol.ParseID(e.Record.Id)
		if err := e.Next(); err != nil {
			return err
		}
		afterCommit(e.App, func() {
			s.lists.people.forget(gone)
			s.listen(AccessRevoked{User: gone})
		})
		return nil
	}))
}

// looksLike says whether others see the same of both.
func (p Person) looksLike(other Person) bool {
	return p.FirstName == other.FirstName && p.LastName == other.LastName && p.Email == other.Email &&
		p.EmailPublic == other.EmailPublic && p.Role == other.Role &&
		slices.Equal(p.Establishments, other.Establishments)
}

// Acquaintances are those who share a conversation with user, and user.
func (s *Service) Acquaintances(user protocol.ID) ([]protocol.ID, error) {
	var ids []string
	err := s.app.ConcurrentDB().Select("other.user").Distinct(true).From("participants me").
		InnerJoin("participants other", dbx.NewExp("other.conversation = me.conversation")).
		Where(dbx.HashExp{"me.user": user.RecordID()}).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("load acquaintances: %w", err)
	}
	out := make([]protocol.ID, len(ids))
	for i, id := range ids {
		out[i] = protocol.ParseID(id)
	}
	return out, nil
}
