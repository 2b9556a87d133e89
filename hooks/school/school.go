// Package school holds people with their accounts, their establishments, and the search for people.
package school

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/store"
)

// Service looks up people and changes their accounts. Its methods may be called from any
// goroutine, but those that save not from within a transaction.
type Service struct {
	app      core.App
	store    *store.Store
	limits   config.Limits
	accounts *store.Cache[Account]
	budgets  Budgets
}

// Budgets are checked before anything is searched or saved.
type Budgets struct {
	Searches *Budget // for people: slowly typed, each letter is one; enough for two hundred names
	SignOuts *Budget // of every device: each is a save
}

// New creates the service of an app that needn't be bootstrapped yet. Its cache listens to
// st: for listeners that are added later it is up to date.
func New(app core.App, st *store.Store, limits config.Limits) *Service {
	s := &Service{
		app: app, store: st, limits: limits,
		accounts: store.NewCache(accountBytes, (*Account).cacheSize),
		budgets:  Budgets{Searches: NewBudget(2_000, 20_000), SignOuts: NewBudget(50, 50)},
	}
	st.Listen(s.updateCache)
	return s
}

// Budgets returns the daily budgets.
func (s *Service) Budgets() Budgets { return s.budgets }

// Bind registers the rules and announcements on the records, whoever saves them.
func (s *Service) Bind() {
	collections := []string{"establishments", "users"}
	s.store.BindIDs(collections...)
	s.store.BindWriter(collections...) // so that their changes are announced
	BindNames(s.app, "users", "first_name", "last_name")
	BindNames(s.app, "establishments", "name")
	s.bindEstablishments()
	s.bindUsers()
	s.bindPasswords()
	s.bindTokens()
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
