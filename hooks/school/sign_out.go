package school

import (
	"fmt"
	"slices"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// SignOutEverywhere voids every token of a person, which closes all sockets, and
// returns a new one for the device that asked, which has this User-Agent; its socket is closed as well and
// reconnects with the new token.
func (s *Service) SignOutEverywhere(caller Person, userAgent string) (protocol.Token, error) {
	var token protocol.Token
	if err := s.budgets.SignOuts.Spend(caller, 1); err != nil {
		return token, err
	}
	err := s.store.Transaction(func(tx core.App) error {
		record, err := tx.FindRecordById("users", caller.ID.RecordID())
		if err != nil {
			return err
		}
		record.RefreshTokenKey()
		if err := tx.Save(record); err != nil {
			return err
		}
		token.Token, err = s.logIn(tx, record, userAgent)
		return err
	})
	if err != nil {
		return protocol.Token{}, fmt.Errorf("sign out everywhere: %w", err)
	}
	return token, nil
}

// signOutPortion is how many people are signed out in one transaction, so that messages needn't wait.
const signOutPortion = 20

// SignOutRoles ends every session of the people with these roles, except the caller's, for the
// administration of an establishment. It returns how many people there are. If it fails, some are
// signed out already; it may be repeated.
func (s *Service) SignOutRoles(caller Person, establishment protocol.ID, roles []string) (int, error) {
	if _, err := s.administered(caller, establishment); err != nil {
		return 0, err
	}
	if err := checkRoles(roles); err != nil {
		return 0, err
	}
	var people []string
	err := s.app.ConcurrentDB().Select("user").From("people_order").
		Where(dbx.HashExp{"establishment": establishment.RecordID()}).AndWhere(dbx.In("role", anyOf(roles)...)).
		AndWhere(dbx.Not(dbx.HashExp{"user": caller.ID.RecordID()})).Column(&people)
	if err != nil {
		return 0, fmt.Errorf("find people: %w", err)
	}
	s.audit(caller, establishment, "sign-out", "roles", roles, "people", len(people))
	for portion := range slices.Chunk(people, signOutPortion) {
		err := s.store.Transaction(func(tx core.App) error {
			records, err := tx.FindRecordsByIds("users", portion)
			if err != nil {
				return err
			}
			for _, record := range records {
				record.RefreshTokenKey()
				if err := tx.Save(record); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, fmt.Errorf("%w; sign out: %w", refusal.OutcomeUnknown, err)
		}
	}
	return len(people), nil
}

func anyOf(words []string) []any {
	list := make([]any, len(words))
	for i, word := range words {
		list[i] = word
	}
	return list
}

// bindTokens announces that the dashboard has voided all tokens. It looks at each Reset, which also tells of what was done
// on another machine of a cluster.
func (s *Service) bindTokens() {
	var mu sync.Mutex
	var known string // the secret that signs tokens
	s.store.Listen(func(change store.Change) {
		if _, ok := change.(store.Reset); !ok {
			return
		}
		users, err := s.app.FindCachedCollectionByNameOrId("users")
		if err != nil {
			return // before the first migration
		}
		mu.Lock()
		before := known
		known = users.AuthToken.Secret
		mu.Unlock()
		if before != "" && users.AuthToken.Secret != before {
			s.store.Notify(AllAccessRevoked{})
		}
	})
}
