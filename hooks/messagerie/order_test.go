package messagerie_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Eight people write at once, half of them as clients do, half as the dashboard does. The order of
// ids must be that of the commits and of the announcements, or a client that asks for ?after=
// misses messages.
func TestIDs_drawnAtOnceGrowInTheOrderOfCommitsAndAnnouncements(t *testing.T) {
	const writers, each = 8, 40
	h := newHarness(t, nil)
	people := make([]school.Person, writers)
	for i := range people {
		people[i] = h.person(fmt.Sprint("Personne", i))
	}
	conversation := h.conversation(people...)

	var wait sync.WaitGroup
	for i, p := range people {
		wait.Go(func() {
			for n := range each {
				var err error
				if i%2 == 0 {
					_, _, err = h.conversations.SendMessage(messagerie.NewMessage{
						Conversation: conversation, Sender: p.ID, Content: "Bonjour", ClientID: fmt.Sprint(n)})
				} else {
					err = h.Save(h.record("messages", object{
						"conversation": conversation.RecordID(), "sender": p.ID.RecordID(), "content": "Bonjour"}))
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	written := make(chan struct{})
	go func() { wait.Wait(); close(written) }()

	// A reader follows with ?after= while they write.
	var followed []protocol.ID
	for last, done := protocol.ID(0), false; ; {
		page, _, err := h.conversations.Messages(people[0].ID, conversation, messagerie.Page{FromStart: true, After: last, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			followed, last = append(followed, m.ID), m.ID
		}
		if done && len(page) == 0 {
			break
		}
		select {
		case <-written:
			done = true
		default:
		}
	}
	h.conversations.Flush()

	var committed []protocol.ID
	for _, id := range h.column("SELECT id FROM messages ORDER BY rowid", nil) {
		committed = append(committed, protocol.ParseID(id))
	}
	if len(committed) != writers*each || !slices.IsSorted(committed) {
		t.Errorf("%d messages were committed, in the order of ids: %v", len(committed), slices.IsSorted(committed))
	}
	if !slices.Equal(followed, committed) {
		t.Errorf("a reader saw %d of %d messages", len(followed), len(committed))
	}
	if got := h.created(); !slices.Equal(got, committed) {
		t.Errorf("%d of %d messages were announced, in order: %v", len(got), len(committed), slices.IsSorted(got))
	}
}

func TestIDs_startAfterTheHighestOfTheLastRun(t *testing.T) {
	h := newHarness(t, nil)
	a, b := h.person("A"), h.person("B")
	c := h.conversation(a, b)
	sent := h.says(a, c, "")
	// As if the clock was set back: the last run wrote in the future.
	ahead := sent.ID + 1<<40
	if _, err := h.DB().NewQuery("UPDATE messages SET id = {:id}").Bind(object{"id": ahead.RecordID()}).Execute(); err != nil {
		t.Fatal(err)
	}
	fresh := store.New(h.App)
	next := newServices(h.App, fresh, testLimits())
	defer fresh.Close()
	h.OnRecordCreate().UnbindAll()
	h.OnRecordUpdate().UnbindAll()
	h.OnRecordDelete().UnbindAll()
	next.bind()
	m, _, err := next.conversations.SendMessage(messagerie.NewMessage{Conversation: c, Sender: a.ID, Content: "Bonjour"})
	if err != nil || m.ID <= ahead {
		t.Errorf("the next id is %d (%v), want one after %d", m.ID, err, ahead)
	}
}
