package school

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// SignOutEverywhere voids every token of a person, which closes all sockets, and
// returns a new one for the device that asked; its socket is closed as well and
// reconnects with the new token.
func (s *Service) SignOutEverywhere(caller Person) (protocol.Token, error) {
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
		token.Token, err = record.NewAuthToken()
		return err
	})
	if err != nil {
		return protocol.Token{}, fmt.Errorf("sign out everywhere: %w", err)
	}
	return token, nil
}

// bindTokens announces that the dashboard has voided all tokens.
func (s *Service) bindTokens() {
	s.app.OnCollectionUpdate("users").BindFunc(func(e *core.CollectionEvent) error {
		before, err := e.App.FindCollectionByNameOrId(e.Collection.Id)
		if err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		if e.Collection.AuthToken.Secret != before.AuthToken.Secret {
			s.store.Notify(AllAccessRevoked{})
		}
		return nil
	})
}
