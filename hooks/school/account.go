package school

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// Account is a person with the key that their tokens are signed with.
type Account struct {
	Person
	TokenKey string
}

// Account returns an account, nil if there is none, usually from the cache.
func (s *Service) Account(id protocol.ID) (*Account, error) {
	if known := s.accounts.Peek(id); known != nil { // called for each message: avoids allocating the method value s.load
		return known, nil
	}
	return s.accounts.Get(id, s.load)
}

// Accounts returns those of ids that exist.
func (s *Service) Accounts(ids []protocol.ID) (map[protocol.ID]*Account, error) {
	return s.accounts.GetAll(ids, s.load)
}

// HoldsTokenKey reports whether a token signed with a key of a person is still valid: the
// key is current, and the account isn't disabled.
func (s *Service) HoldsTokenKey(id protocol.ID, key string) (bool, error) {
	known, err := s.Account(id)
	if err != nil || known == nil {
		return false, err
	}
	return known.TokenKey == key && !known.Disabled, nil
}

// IsActiveIn reports whether an account, which may be nil, is enabled and in an establishment.
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
	ties, err := s.loadTies(ids)
	if err != nil {
		return nil, err
	}
	loaded := make(map[protocol.ID]*Account, len(rows))
	for _, row := range rows {
		account := &Account{row.person(), row.TokenKey}
		account.ties = ties[account.ID]
		loaded[account.ID] = account
	}
	return loaded, nil
}

// accountBytes bounds the cache of accounts: room for 15 000 people.
const accountBytes = 6 << 20

// The size of an account without its texts, including its place in a map, as measured
// (TestCache_countsWhatItTakes).
const (
	accountBase = 272
	idBytes     = 8
)

func (a *Account) cacheSize() int {
	return accountBase + len(a.FirstName) + len(a.LastName) + len(a.Email) + len(a.Username) + len(a.TokenKey) +
		idBytes*len(a.Establishments) + a.ties.cacheSize()
}

// updateCache updates the cache after a change.
func (s *Service) updateCache(change store.Change) {
	switch c := change.(type) {
	case PersonChanged:
		s.accounts.Invalidate(c.After.ID)
	case PersonDeleted:
		s.accounts.Invalidate(c.User)
	case TiesChanged:
		for _, person := range c.People {
			s.accounts.Invalidate(person)
		}
	case RulesChanged:
		s.rules.Invalidate(c.Establishment)
	case store.Reset:
		s.accounts.Clear()
		s.rules.Clear()
	}
}

// forgetLeaving clears the day when somebody left once their account is enabled again. Otherwise it
// would count if the account is disabled later: they would be erased too soon.
func forgetLeaving(record *core.Record) {
	before := record.Original()
	if before.GetBool("disabled") && !record.GetBool("disabled") && record.GetString("left_at") == before.GetString("left_at") {
		record.Set("left_at", "")
	}
}

func (s *Service) bindUsers() {
	s.app.OnRecordUpdate("users").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		if e.Record.GetBool("disabled") && !before.GetBool("disabled") {
			e.Record.RefreshTokenKey() // voids all tokens issued before
		}
		forgetLeaving(e.Record)
		if err := checkOwnHours(e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		s.announceOwnHours(e.App, before, e.Record)
		change := PersonChanged{
			Before: PersonOf(before), After: PersonOf(e.Record),
			Revoked: before.TokenKey() != e.Record.TokenKey(),
		}
		s.store.Announce(e.App, change)
		if !change.IsVisible() {
			return nil
		}
		people, err := WithGuardians(e.App, e.Record.Id)
		if err == nil && len(people) > 1 { // the child beside their names
			s.store.Announce(e.App, TiesChanged{people})
		}
		return err
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
