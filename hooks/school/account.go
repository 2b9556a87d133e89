package school

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// Account is a person with what their tokens are signed with.
type Account struct {
	Person
	TokenKey string
}

// Account finds somebody, nil for nobody. It mostly does so without the database.
func (s *Service) Account(id protocol.ID) (*Account, error) {
	if known := s.accounts.Peek(id); known != nil { // for each message, without making s.load a value
		return known, nil
	}
	return s.accounts.Get(id, s.load)
}

// Accounts finds those of ids that there are.
func (s *Service) Accounts(ids []protocol.ID) (map[protocol.ID]*Account, error) {
	return s.accounts.GetAll(ids, s.load)
}

// HoldsTokenKey says whether what was signed with a key of a person is still good: the
// key is theirs, and the account isn't disabled.
func (s *Service) HoldsTokenKey(id protocol.ID, key string) (bool, error) {
	known, err := s.Account(id)
	if err != nil || known == nil {
		return false, err
	}
	return known.TokenKey == key && !known.Disabled, nil
}

// IsActiveIn reports whether an account, which may be nil, is in use and of an establishment.
func (a *Account) IsActiveIn(establishment protocol.ID) bool {
	return a != nil && !a.Disabled && a.Belongs(establishment)
}

const accountsSQL = `SELECT ` + personColumns + `, u.tokenKey FROM json_each({:ids}) AS page JOIN users u ON u.id = page.value`

func (s *Service) load(ids []protocol.ID) (map[protocol.ID]*Account, error) {
	params, err := store.IDParams(ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		personRow
		TokenKey string `db:"tokenKey"`
	}
	if err := s.store.Query(accountsSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("load people: %w", err)
	}
	loaded := make(map[protocol.ID]*Account, len(rows))
	for _, row := range rows {
		loaded[protocol.ParseID(row.ID)] = &Account{row.person(), row.TokenKey}
	}
	return loaded, nil
}

// accountBytes is what the cache of accounts takes at most: room for 18 000 people.
const accountBytes = 6 << 20

// What an account takes without its texts, with its place in a map, as measured
// (TestCache_countsWhatItTakes).
const (
	accountBase = 240
	idBytes     = 8
)

func (a *Account) cacheSize() int {
	return accountBase + len(a.FirstName) + len(a.LastName) + len(a.Email) + len(a.TokenKey) + idBytes*len(a.Establishments)
}

// updateCache keeps the cache true after a change.
func (s *Service) updateCache(change store.Change) {
	switch c := change.(type) {
	case PersonChanged:
		s.accounts.Invalidate(c.After.ID)
	case PersonDeleted:
		s.accounts.Invalidate(c.User)
	case store.Reset:
		s.accounts.Clear()
	}
}

func (s *Service) bindUsers() {
	s.app.OnRecordUpdate("users").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		if e.Record.GetBool("disabled") && !before.GetBool("disabled") {
			e.Record.RefreshTokenKey() // no token given out before is good any more
		}
		if err := e.Next(); err != nil {
			return err
		}
		s.store.Announce(e.App, PersonChanged{
			Before: PersonOf(before), After: PersonOf(e.Record),
			Revoked: before.TokenKey() != e.Record.TokenKey(),
		})
		return nil
	}))
	s.app.OnRecordDelete("users").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		gone := protocol.ParseID(e.Record.Id)
		if err := e.Next(); err != nil {
			return err
		}
		s.store.Announce(e.App, PersonDeleted{gone})
		return nil
	}))
}
