package school_test

import (
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

func TestBudget_isPerPerson(t *testing.T) {
	b := school.NewBudget(2, 3)
	pupil, other, teacher := school.Person{ID: 1, Role: protocol.RoleStudent},
		school.Person{ID: 2, Role: protocol.RoleStudent}, school.Person{ID: 1, Role: protocol.RoleTeacher}
	for _, c := range []struct {
		who  school.Person
		cost int
		ok   bool
	}{
		{pupil, 2, true}, {pupil, 1, false}, {other, 9, true}, // the whole day's, for a larger cost
		{other, 1, false}, {teacher, 3, true}, {teacher, 1, false},
	} {
		if err := b.Spend(c.who, c.cost); (err == nil) != c.ok {
			t.Errorf("%+v for %d: %v", c.who, c.cost, err)
		}
	}
	b.Return(pupil, 1)
	if err := b.Spend(pupil, 1); err != nil {
		t.Error(err)
	}
}
