package messagerie_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// Removing many people lets other writes in between: a transaction ends once the time of a group
// commit is over.
func TestRemoveParticipants_letsOthersWriteInBetween(t *testing.T) {
	h := newHarness(t, nil)
	people := make([]school.Person, 6)
	for i := range people {
		people[i] = h.person(fmt.Sprint("Personne", i))
	}
	group := h.conversation(people...)
	var transactions []core.App
	h.OnRecordDelete("participants").BindFunc(func(e *core.RecordEvent) error {
		transactions = append(transactions, e.App)
		for begun := time.Now(); time.Since(begun) < 25*time.Millisecond; { // a group has 20
		}
		return e.Next()
	})
	others := []protocol.ID{people[1].ID, people[2].ID, people[3].ID, people[3].ID, 4711}
	if err := h.conversations.RemoveParticipants(people[0], group, others); err != nil {
		t.Fatal(err)
	}
	if len(transactions) != 3 || transactions[0] == transactions[1] || transactions[1] == transactions[2] {
		t.Errorf("%d people were removed in %v", len(transactions), transactions)
	}
	p, err := h.conversations.Participants(group)
	if err != nil || len(p.Members) != 3 {
		t.Errorf("%d people are left (%v)", len(p.Members), err)
	}
	// People who aren't in it needn't be removed.
	if err := h.conversations.RemoveParticipants(people[0], group, others); err != nil || len(transactions) != 3 {
		t.Errorf("%d were removed in the end (%v)", len(transactions), err)
	}
}

// When some are removed already and the next can't be, the error mustn't say that nothing was stored.
func TestRemoveParticipants_thatFailsHalfwaySaysThatTheOutcomeIsUnknown(t *testing.T) {
	h := newHarness(t, nil)
	people := make([]school.Person, 5)
	for i := range people {
		people[i] = h.person(fmt.Sprint("Personne", i))
	}
	group := h.conversation(people...)
	removed := 0
	h.OnRecordDelete("participants").BindFunc(func(e *core.RecordEvent) error {
		for begun := time.Now(); time.Since(begun) < 25*time.Millisecond; { // one each transaction
		}
		if removed++; removed == 3 {
			return errors.New("the disk is broken")
		}
		return e.Next()
	})
	err := h.conversations.RemoveParticipants(people[0], group, []protocol.ID{people[1].ID, people[2].ID, people[3].ID})
	if !errors.Is(err, refusal.OutcomeUnknown) {
		t.Errorf("the error is %v", err)
	}
	removed = 2 // the first of all fails
	err = h.conversations.RemoveParticipants(people[0], group, []protocol.ID{people[3].ID, people[4].ID})
	if err == nil || errors.Is(err, refusal.OutcomeUnknown) {
		t.Errorf("when nothing was removed, the error is %v", err)
	}
}
