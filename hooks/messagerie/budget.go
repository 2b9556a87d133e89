package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// budgets are spent before the writer is involved. Nobody's normal day comes near them; a
// pupil's script runs out.
type budgets struct {
	groups  *school.Budget // created; the contract says 100 a day for parents and students
	people  *school.Budget // added to groups, or written to for the first time: four full groups; for staff, ten groups for each of five thousand pupils
	renames *school.Budget // of groups: each sends a new list to everybody in the group
	states  *school.Budget // own ones, such as a mute: each is a save, and a new list for the caller
	edits   *school.Budget // and deletions: each is a save, and a frame for every participant

	reactions *school.Budget // added and removed: likewise
	pins      *school.Budget // added and removed: likewise
	uploads   *school.Budget // files: each is read, checked and stored
	pages     *school.Budget // of histories: each is up to a megabyte to read, encode and compress
}

func newBudgets() budgets {
	return budgets{
		groups:  school.NewBudget(100, 1_000),
		people:  school.NewBudget(1_000, 50_000),
		renames: school.NewBudget(60, 600),
		states:  school.NewBudget(300, 1_000),
		edits:   school.NewBudget(1_000, 5_000),

		reactions: school.NewBudget(2_000, 5_000),
		pins:      school.NewBudget(300, 1_000),
		uploads:   school.NewBudget(300, 1_000),
		pages:     school.NewBudget(20_000, 100_000),
	}
}

// How many other people all groups created by one person may hold together, over any number of
// days: the groups appear in those people's lists. A parent or student reaches the limit with
// twenty full groups; an office that creates four hundred a year, after ten years.
const (
	maxGroupPeople      = 5_000
	maxGroupPeopleStaff = 1_000_000
)

// SpendOnPage spends the budget for a page of a conversation's messages, or of what a message said before: twenty
// conversations of 200 000 messages each, exported in a day by a parent or student.
func (s *Service) SpendOnPage(caller school.Person) error { return s.budgets.pages.Spend(caller, 1) }

// spendOnGroup spends the budgets for adding people to a group; 0 is a new group.
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
		return refusal.New(protocol.CodeTooManyGroups, "The groups you created hold %d other people; the limit is %d.", count, limit)
	}
	return nil
}
