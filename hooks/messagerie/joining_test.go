package messagerie_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// Adding a participant doesn't read the other participants: the number of statements for each
// doesn't depend on the size of the group.
func TestJoining_readsNoOtherParticipants(t *testing.T) {
	log := new(statementLog)
	h := newHarness(t, log.connect)
	var people []school.Person
	for i := range 40 {
		people = append(people, h.person(fmt.Sprint("Personne", i)))
	}
	walks := func(what string, do func()) (count int) {
		t.Helper()
		log.take()
		do()
		statements := log.take()
		for _, statement := range statements {
			if strings.Contains(statement, "FROM `participants`") && strings.Contains(statement, "ORDER BY `id`") ||
				strings.Contains(statement, "count(*) FROM participants") {
				count++
			}
		}
		t.Logf("%s: %d of %d statements scan the participants", what, count, len(statements))
		return count
	}
	small := walks("a group of 10", func() { h.conversation(people[:10]...) })
	var group protocol.ID
	if large := walks("a group of 30", func() { group = h.conversation(people[:30]...) }); large > small || large == 0 {
		t.Errorf("the larger one scanned %d times, the smaller one %d", large, small)
	}
	added := func(many []school.Person) func() {
		var ids []protocol.ID
		for _, person := range many {
			ids = append(ids, person.ID)
		}
		return func() {
			if _, err := h.conversations.AddParticipants(people[0], group, ids); err != nil {
				t.Fatal(err)
			}
		}
	}
	one := walks("one more", added(people[30:31]))
	if nine := walks("nine more", added(people[31:])); nine > one {
		t.Errorf("nine more scanned %d times, one %d", nine, one)
	}
	if got, want := h.cached(group), h.tables(group); got != want {
		t.Errorf("the cache has %s, the table %s", got, want)
	}
}

// The size of a group is counted once in a transaction, and stays correct during it.
func TestGroupSize_holdsWithinOneTransaction(t *testing.T) {
	app := apptest.New(t, func(c *config.Config) { c.Limits.GroupParticipants = 4 })
	school := app.Establishment("École")
	var people []apptest.Person
	for i := range 6 {
		people = append(people, app.Person(school, protocol.RoleParent, "Parent", strconv.Itoa(i)))
	}
	group := app.Conversation(people[:3]...)
	join := func(tx core.App, person apptest.Person) error {
		collection, err := tx.FindCachedCollectionByNameOrId("participants")
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Set("conversation", group.RecordID())
		record.Set("user", person.ID.RecordID())
		return tx.Save(record)
	}
	err := app.RunInTransaction(func(tx core.App) error {
		if err := join(tx, people[3]); err != nil {
			return fmt.Errorf("the fourth: %w", err)
		}
		if join(tx, people[4]) == nil {
			return errors.New("a fifth was added")
		}
		record, err := tx.FindFirstRecordByFilter("participants", "user = {:u}", object{"u": people[1].ID.RecordID()})
		if err != nil {
			return err
		}
		if err := tx.Delete(record); err != nil {
			return err
		}
		if err := join(tx, people[4]); err != nil {
			return fmt.Errorf("after one was removed: %w", err)
		}
		if join(tx, people[5]) == nil {
			return errors.New("a fifth was added after one was removed")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := app.Conversations.Participants(group)
	if err != nil || len(p.Members) != 4 {
		t.Errorf("the group has %d participants: %v", len(p.Members), err)
	}
	if err := join(app.App, people[5]); err == nil {
		t.Error("a fifth was added later")
	}
}

// A group of the largest size, created at once.
func BenchmarkCreateConversation_of250(b *testing.B) {
	app := apptest.New(b)
	college := app.Establishment("Collège")
	ids := make([]protocol.ID, 250)
	var me apptest.Person
	for i := range ids {
		me = app.Person(college, protocol.RoleTeacher, "Prénom", strconv.Itoa(i))
		ids[i] = me.ID
	}
	caller := school.PersonOf(me.Record)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := app.Conversations.CreateConversation(caller, messagerie.NewConversation{Participants: ids}); err != nil {
			b.Fatal(err)
		}
	}
}

// The same, one participant after the other, as an import or the dashboard does it.
func BenchmarkParticipants_250OneByOne(b *testing.B) {
	app := apptest.New(b)
	school := app.Establishment("Collège")
	people := make([]apptest.Person, 250)
	for i := range people {
		people[i] = app.Person(school, protocol.RoleTeacher, "Prénom", strconv.Itoa(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		group := app.Create("conversations", map[string]any{"kind": protocol.KindGroup, "establishment": school.RecordID()})
		for _, person := range people {
			app.Create("participants", map[string]any{"conversation": group.Id, "user": person.ID.RecordID()})
		}
	}
}
