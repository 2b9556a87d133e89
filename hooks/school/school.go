// Package school holds people with their accounts, their establishments, classes and families, and
// the search for people.
package school

import (
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// Service looks up people and changes their accounts. Its methods may be called from any
// goroutine, but those that save not from within a transaction.
type Service struct {
	app      core.App
	store    *store.Store
	limits   config.Limits
	accounts *store.Cache[Account]
	rules    *store.Cache[Rules] // by establishment
	peace    peaceKeeper
	budgets  Budgets
	logins   *store.Cache[loginState]
	clock    atomic.Pointer[func() time.Time] // nil for the system's
	now      func() time.Time                 // Now

	secondFactorRoles []string            // who must have one
	files             protocol.FileLimits // of messages
	pings             time.Duration       // between those of clients, 0 for as they like
}

// Budgets are checked before anything is searched or saved.
type Budgets struct {
	Searches *Budget // for people: slowly typed, each letter is one; enough for two hundred names
	SignOuts *Budget // of every device: each is a save
	Hours    *Budget // changes of one's own quiet hours: likewise

	SecondFactors *Budget // attempts to set one up
}

// New creates the service of an app that needn't be bootstrapped yet. Its cache listens to
// st: for listeners that are added later it is up to date.
func New(app core.App, st *store.Store, limits config.Limits) *Service {
	s := &Service{
		app: app, store: st, limits: limits,
		accounts: store.NewCache(accountBytes, (*Account).cacheSize),
		rules:    store.NewCache(rulesBytes, (*Rules).cacheSize),
		logins:   store.NewCache(loginStateBytes, (*loginState).cacheSize),
		budgets: Budgets{Searches: NewBudget(2_000, 20_000), SignOuts: NewBudget(50, 50), Hours: NewBudget(100, 100),
			SecondFactors: NewBudget(100, 100)},
	}
	s.now = s.Now
	st.Listen(s.updateCache)
	st.Listen(s.updateLoginStates)
	st.Listen(s.updatePeace)
	return s
}

// Now is the time by which rules of time are applied.
func (s *Service) Now() time.Time {
	if clock := s.clock.Load(); clock != nil {
		return (*clock)()
	}
	return time.Now()
}

// SetClock makes Now another clock's, in tests.
func (s *Service) SetClock(now func() time.Time) { s.clock.Store(&now) }

// Budgets returns the daily budgets.
func (s *Service) Budgets() Budgets { return s.budgets }

// Bind registers the rules and announcements on the records, whoever saves them.
func (s *Service) Bind() {
	collections := []string{"establishments", "users", "classes", "enrollments", "guardianships", "access_codes", "devices", "second_factors"}
	collections = append(collections, ruleCollections...)
	s.store.BindIDs(collections...)
	s.store.BindWriter(collections...) // so that their changes are announced
	BindNames(s.app, "users", "first_name", "last_name")
	BindNames(s.app, "establishments", "name")
	BindNames(s.app, "classes", "name", "level")
	s.bindEstablishments()
	s.bindRules()
	s.bindUsers()
	s.bindClasses()
	s.bindEnrollments()
	s.bindGuardianships()
	s.bindAccessCodes()
	s.bindDevices()
	s.bindSecondFactors()
	s.bindPasswords()
	s.bindTokens()
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
