package messagerie

import (
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// lists keeps in memory, besides the rosters, what lists of conversations are made
// of: when everybody comes back at once, the database is hardly asked.
type lists struct {
	people      memory[account]
	memberships memory[membership]
	summaries   memory[summary]
	tallies     memory[tally] // by the participant's record
	loads       atomic.Uint64 // of summaries, ever
}

// account is a person with what their tokens are signed with.
type account struct {
	Person
	tokenKey string
}

// membership is in which conversations a person takes part.
type membership []protocol.ID

func newLists() lists {
	return lists{
		people:      newMemory(peopleBytes, (*account).weight),
		memberships: newMemory(membershipBytes, (*membership).weight),
		summaries:   newMemory(summaryBytes, (*summary).weight),
		tallies:     newMemory(tallyBytes, (*tally).weight),
	}
}

// conversationsOf are those in which a person takes part.
func (l *lists) conversationsOf(s *Service, user protocol.ID) (membership, error) {
	own, err := l.memberships.get(user, func([]protocol.ID) (map[protocol.ID]*membership, error) {
		var ids []struct {
			ID string `db:"conversation"`
		}
		if err := s.queries.all(s.app, membershipSQL, dbx.Params{"user": user.RecordID()}, &ids); err != nil {
			return nil, fmt.Errorf("load memberships: %w", err)
		}
		own := make(membership, len(ids))
		for i, id := range ids {
			own[i] = protocol.ParseID(id.ID)
		}
		return map[protocol.ID]*membership{user: &own}, nil
	})
	if err != nil || own == nil {
		return nil, err
	}
	return *own, nil
}

const membershipSQL = `SELECT conversation FROM participants WHERE user = {:user}`

// membersOf are the people of conversations.
func (l *lists) membersOf(s *Service, rosters map[protocol.ID]*Roster) (map[protocol.ID]*account, error) {
	seen := make(map[protocol.ID]struct{})
	var ids []protocol.ID
	for _, r := range rosters {
		for _, m := range r.Members {
			if _, ok := seen[m.User]; !ok {
				seen[m.User] = struct{}{}
				ids = append(ids, m.User)
			}
		}
	}
	return l.people.all(ids, s.loadAccounts)
}

func (s *Service) loadAccounts(ids []protocol.ID) (map[protocol.ID]*account, error) {
	params, err := idsParam(ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		personRow
		TokenKey string `db:"tokenKey"`
	}
	if err := s.queries.all(s.app, accountsSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("load people: %w", err)
	}
	loaded := make(map[protocol.ID]*account, len(rows))
	for _, row := range rows {
		loaded[protocol.ParseID(row.ID)] = &account{row.person(), row.TokenKey}
	}
	return loaded, nil
}

var accountsSQL = `SELECT ` + strings.Join(personColumns("u"), ", ") + `, u.tokenKey
	FROM json_each({:ids}) AS page JOIN users u ON u.id = page.value`

// bindMemory forgets everything when the database is opened, perhaps another one, and
// when a collection is changed, which rewrites its rows past the records.
func (s *Service) bindMemory() {
	s.app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		defer s.forgetAll()
		return e.Next()
	})
	changed := func(e *core.CollectionEvent) error {
		defer s.forgetAll()
		return e.Next()
	}
	s.app.OnCollectionAfterUpdateSuccess().BindFunc(changed)
	s.app.OnCollectionAfterDeleteSuccess().BindFunc(changed)
}

func (s *Service) forgetAll() {
	s.rosters.clear()
	s.lists.people.clear()
	s.lists.memberships.clear()
	s.lists.summaries.clear()
	s.lists.tallies.clear()
}
