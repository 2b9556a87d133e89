package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// budgets are asked before the writer is. No honest day comes near them; a script of a
// pupil's comes to an end.
type budgets struct {
	groups  *school.Budget // made: the contract has 100 a day for parents and students
	people  *school.Budget // brought into a group or written to for the first time: four full groups; for staff, ten groups for each of five thousand pupils
	renames *school.Budget // of groups: each gives everybody in it a new list
	mutes   *school.Budget // each is a save, and a list for oneself
	edits   *school.Budget // and deletions: each is a save, and a frame for everybody
}

func newBudgets() budgets {
	return budgets{
		groups:  school.NewBudget(100, 1_000),
		people:  school.NewBudget(1_000, 50_000),
		renames: school.NewBudget(60, 600),
		mutes:   school.NewBudget(300, 1_000),
		edits:   school.NewBudget(1_000, 5_000),
	}
}

// What somebody's groups may hold of others altogether, however many days they take: it
// stands in those people's lists. A parent or student reaches it with twenty full groups, an
// office that makes four hundred of them each year after the life of a server.
const (
	maxGroupPeople      = 5_000
	maxGroupPeopleStaff = 1_000_000
)

// spendOnGroup takes the price of people whom caller brings into a group, a new one (0) or
// that of an id.
func (s *Service) spendOnGroup(caller school.Person, group protocol.ID, people int) error {
	if err := s.checkGroupPeople(caller, people); err != nil {
		return err
	}
	if group == 0 {
		if err := s.budgets.groups.Spend(caller, 1); err != nil {
			return err
		}
	}
	err := s.budgets.people.Spend(caller, people)
	if err != nil && group == 0 {
		s.budgets.groups.Return(caller, 1)
	}
	return err
}

func (s *Service) checkGroupPeople(caller school.Person, more int) error {
	limit := maxGroupPeople
	if caller.IsStaff() {
		limit = maxGroupPeopleStaff
	}
	var count int
	err := s.app.ConcurrentDB().NewQuery(`SELECT count(*) FROM conversations c JOIN participants p ON p.conversation = c.id
		WHERE c.created_by = {:user} AND c.kind = 'group' AND p.user != {:user}`).
		Bind(dbx.Params{"user": caller.ID.RecordID()}).Row(&count)
	if err != nil {
		return fmt.Errorf("count people in groups: %w", err)
	}
	if count+more > limit {
		return refusal.New(protocol.CodeTooManyGroups, "The groups that you have created hold %d other people; %d is the most.", count, limit)
	}
	return nil
}
