// Package school holds people with their accounts, their establishments, and the search for people.
package school

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/store"
)

// Service knows people and changes their accounts. Its methods may be called from any
// goroutine, but those that save not from within a transaction.
type Service struct {
	app      core.App
	store    *store.Store
	limits   config.Limits
	accounts *store.Cache[Account]
	budgets  Budgets
}

// Budgets are asked before anything is searched or saved.
type Budgets struct {
	Searches *Budget // for people: one for each letter that is typed slowly, of two hundred names
	SignOuts *Budget // of every device: each is a save
}

// New makes the service of an app that needn't be bootstrapped yet. Its cache listens to st:
// listeners that come later find it true.
func New(app core.App, st *store.Store, limits config.Limits) *Service {
	s := &Service{
		app: app, store: st, limits: limits,
		accounts: store.NewCache(accountBytes, (*Account).cacheSize),
		budgets:  Budgets{Searches: NewBudget(2_000, 20_000), SignOuts: NewBudget(50, 50)},
	}
	st.Listen(s.updateCache)
	return s
}

// Budgets are what people may still do today.
func (s *Service) Budgets() Budgets { return s.budgets }

// Bind registers the rules and announcements on the records, whoever saves them.
func (s *Service) Bind() {
	collections := []string{"establishments", "users"}
	s.store.BindIDs(collections...)
	s.store.BindWriter(collections...) // what they change reaches the screens
	BindNames(s.app, "users", "first_name", "last_name")
	BindNames(s.app, "establishments", "name")
	s.bindEstablishments()
	s.bindUsers()
	s.bindPasswords()
	s.bindTokens()
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
