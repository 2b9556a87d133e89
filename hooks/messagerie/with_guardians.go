package messagerie

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// createWithGuardians creates what an adult and a student have in place of a direct conversation: a
// group with the student's guardians. There is one for each adult and student; if it exists, whoever
// is missing joins it.
func (s *Service) createWithGuardians(
	caller school.Person, establishment protocol.ID, pair, guardians []protocol.ID,
) (protocol.Conversation, bool, error) {
	student := pair[0]
	if student == caller.ID {
		student = pair[1]
	}
	members := distinct(append(guardians, pair...))
	if err := s.budgets.people.Spend(caller, len(members)-1); err != nil {
		return protocol.Conversation{}, false, err
	}
	var id protocol.ID
	var created bool
	err := s.store.Transaction(func(tx core.App) (err error) {
		created = false
		if id, err = findWithGuardians(tx, caller.ID, student); err != nil {
			return err
		}
		if id == 0 {
			created = true
			id, err = insertConversation(tx, map[string]any{
				"kind": protocol.KindGroup, "establishment": establishment.RecordID(), "created_by": caller.ID.RecordID(),
				"guardians_of": student.RecordID(),
			})
			if err != nil {
				return err
			}
		}
		present, err := loadMembers(tx, id)
		if err != nil {
			return err
		}
		joining := slices.DeleteFunc(slices.Clone(members), func(user protocol.ID) bool { return present[user] != nil })
		if err := s.insertParticipants(tx, id, joining); err != nil {
			return err
		}
		return s.noteArrivals(tx, id, caller.ID, created, joining)
	})
	if err != nil || !created {
		s.budgets.people.Return(caller, len(members)-1)
	}
	if err != nil {
		return protocol.Conversation{}, false, fmt.Errorf("create conversation with guardians: %w", err)
	}
	conversation, err := s.changed(caller, id)
	return conversation, created, err
}

// findWithGuardians returns the conversation that an adult has begun with a student and that the
// student's guardians have joined, 0 if there is none.
func findWithGuardians(app core.App, adult, student protocol.ID) (protocol.ID, error) {
	var found string
	err := app.ConcurrentDB().Select("id").From("conversations").
		Where(dbx.HashExp{"guardians_of": student.RecordID(), "created_by": adult.RecordID()}).Row(&found)
	if isNoRows(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find conversation with guardians: %w", err)
	}
	return protocol.ParseID(found), nil
}
