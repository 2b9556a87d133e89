package messagerie_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/school"
)

// Prepared queries are shared by goroutines, and survive a change of the schema and the database
// being reopened.
func TestConversations_readAtOnceAndAfterTheSchemaChanged(t *testing.T) {
	h := newHarness(t, nil)
	people := make([]school.Person, 8)
	for i := range people {
		people[i] = h.person(fmt.Sprint("Personne", i))
	}
	for _, other := range people[1:] {
		h.conversation(people[0], other)
	}
	check := func(when string) {
		t.Helper()
		var reading sync.WaitGroup
		for i, person := range people {
			want := 1
			if i == 0 {
				want = len(people) - 1
			}
			for range 20 {
				reading.Go(func() {
					page, err := h.conversations.Conversations(person, "", 0)
					if err != nil || len(page.Conversations) != want {
						t.Errorf("%s person %d has %d conversations, %v", when, i, len(page.Conversations), err)
					}
				})
			}
		}
		reading.Wait()
	}
	check("at first")
	collection, err := h.FindCollectionByNameOrId("conversations")
	if err != nil {
		t.Fatal(err)
	}
	collection.Fields.Add(&core.TextField{Name: "room"})
	if err := h.Save(collection); err != nil {
		t.Fatal(err)
	}
	check("with another column")
	if err := plainapp.Terminate(h); err != nil {
		t.Fatal(err)
	}
	if err := h.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	check("reopened")
}
