package messagerie_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// listed returns a person's whole list, page by page, as JSON: from services with caches, or from
// new ones whose caches are empty.
func (h *harness) listed(from services, person protocol.ID) string {
	h.t.Helper()
	viewer := from.person(h.t, person)
	var list []protocol.Conversation
	for cursor, more := "", true; more; more = cursor != "" {
		page, err := from.conversations.Conversations(viewer, cursor, 3)
		if err != nil {
			h.t.Fatal(err)
		}
		list, cursor = append(list, page.Conversations...), page.Next
	}
	data, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		h.t.Fatal(err)
	}
	return string(data)
}

func (h *harness) uncached() services {
	fresh := newServices(h.App, store.New(h.App), testLimits())
	fresh.people.SetClock(h.people.Now)
	return fresh
}

// TestList_equalsTheTablesAfterRandomChanges makes changes of every kind, and after each compares
// the lists made from the caches and from the tables; unread messages are also counted separately.
func TestList_equalsTheTablesAfterRandomChanges(t *testing.T) {
	done := map[string]int{}
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 2))
			h := newHarness(t, nil)
			clock := &testClock{time.Now()} // stands still between two readings
			h.people.SetClock(clock.now)
			var people []school.Person
			for i := range 7 {
				people = append(people, h.person(fmt.Sprint("Personne", i)))
			}
			var conversations []protocol.ID
			for i := range 4 {
				conversations = append(conversations, h.conversation(people[i], people[i+1], people[i+2]))
			}
			conversations = append(conversations, h.conversation(people[0], people[1]))
			for step := range 300 {
				place, who := random.IntN(len(conversations)), random.IntN(len(people))
				c, p := conversations[place], people[who]
				clock.at = clock.at.Add(5 * time.Millisecond)
				change, err := h.anyChange(random, c, p)
				if err == nil {
					done[change]++
				}
				for _, viewer := range []school.Person{p, people[random.IntN(len(people))]} {
					if got, want := h.listed(h.services, viewer.ID), h.listed(h.uncached(), viewer.ID); got != want {
						t.Fatalf("after step %d (%s of %d in %d: %v) the cache has\n%s\nthe tables\n%s", step, change, p.ID, c, err, got, want)
					}
					h.checkUnread(viewer)
				}
				switch {
				case err != nil:
				case change == "delete person":
					people[who] = h.person(fmt.Sprint("Nouveau", step))
				case change == "delete conversation":
					var able []school.Person
					for i := range 3 {
						able = append(able, people[(who+i)%len(people)])
						h.setFields("users", able[i].ID, object{"disabled": false})
					}
					conversations[place] = h.conversation(able...)
				}
			}
		})
	}
	for _, change := range []string{"add", "remove", "read", "send", "mute", "dashboard moves", "delete conversation",
		"edit", "tombstone", "remove message", "import", "rename", "rename person", "delete person", "send many", "read some", "react", "take back", "mute for a while", "archive", "pin", "mark as unread", "settle", "pin a message", "unpin a message", "remove a pin", "mention"} {
		if done[change] == 0 {
			t.Errorf("no %s in %v: the changes aren't random enough", change, done)
		}
	}
}

// checkUnread compares a person's unread counts with the tables.
func (h *harness) checkUnread(viewer school.Person) {
	h.t.Helper()
	page, err := h.conversations.Conversations(viewer, "", 0)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, c := range page.Conversations {
		want := h.column(`SELECT count(*) FROM messages m JOIN participants p ON p.conversation = m.conversation AND p.user = {:u}
			WHERE m.conversation = {:c} AND m.id > p.last_read AND m.sender != {:u} AND NOT m.deleted`,
			object{"u": viewer.ID.RecordID(), "c": c.ConversationID.RecordID()})[0]
		if got := fmt.Sprint(c.UnreadCount); got != want {
			h.t.Fatalf("%d has %s unread in %d, want %s", viewer.ID, got, c.ConversationID, want)
		}
	}
}

// anyChange makes those changes of randomChange, and others that only lists show.
func (h *harness) anyChange(random *rand.Rand, c protocol.ID, p school.Person) (name string, err error) {
	message := func() *core.Record {
		among := []int{4, 60}[random.IntN(2)] // recent ones, or also those that only the database counts
		rows := h.column("SELECT id FROM messages WHERE conversation = {:c} ORDER BY id DESC LIMIT {:n}",
			object{"c": c.RecordID(), "n": among})
		if len(rows) == 0 {
			return nil
		}
		record, err := h.FindRecordById("messages", rows[random.IntN(len(rows))])
		if err != nil {
			h.t.Fatal(err)
		}
		return record
	}
	switch random.IntN(33) {
	case 29, 30, 31:
		record := message()
		if record == nil {
			return "nothing", nil
		}
		return h.anyPin(random, c, p, protocol.ParseID(record.Id))
	case 32:
		return "mention", h.anyMention(random, c, p)
	case 25, 26, 27, 28:
		if in, _ := h.conversations.Participants(c); in != nil && len(in.Members) > 0 {
			p.ID = in.Members[random.IntN(len(in.Members))].User
		}
		return h.anyStateChange(random, c, p)
	case 22, 23, 24:
		record := message()
		if record == nil {
			return "nothing", nil
		}
		reaction := messagerie.Reaction{Conversation: c, Message: protocol.ParseID(record.Id), User: p.ID, Emoji: []string{"👍", "❤"}[random.IntN(2)]}
		if random.IntN(3) == 0 {
			return "take back", h.conversations.RemoveReaction(reaction)
		}
		return "react", h.conversations.AddReaction(reaction)
	case 20, 21:
		record := message()
		if record == nil {
			return "nothing", nil
		}
		return "read some", h.conversations.MarkRead(p.ID, c, protocol.ParseID(record.Id))
	case 0, 1, 2:
		record := message()
		if record == nil {
			return "nothing", nil
		}
		switch random.IntN(3) {
		case 0:
			record.Set("content", fmt.Sprint("Autrement ", random.IntN(100)))
			return "edit", h.Save(record)
		case 1:
			record.Set("deleted", true)
			return "tombstone", h.Save(record)
		}
		return "remove message", h.Delete(record)
	case 3, 18:
		record := message()
		if record == nil || record.GetString("sender") == "" {
			return "nothing", nil
		}
		old := h.record("messages", object{"conversation": c.RecordID(), "sender": record.GetString("sender"), "content": "d'autrefois"})
		old.Id = (protocol.ParseID(record.Id) - 1).RecordID()
		return "import", h.Save(old)
	case 4:
		record, err := h.FindRecordById("conversations", c.RecordID())
		if err != nil {
			return "nothing", err
		}
		record.Set("title", fmt.Sprint("Titre ", random.IntN(100)))
		return "rename", h.Save(record)
	case 5, 6:
		record, err := h.FindRecordById("users", p.ID.RecordID())
		if err != nil {
			return "nothing", err
		}
		if random.IntN(4) == 0 {
			return "delete person", h.Delete(record)
		}
		record.Set("first_name", fmt.Sprint("Prénom", random.IntN(100)))
		record.Set("role", []string{protocol.RoleTeacher, protocol.RoleParent}[random.IntN(2)])
		record.Set("disabled", random.IntN(4) == 0)
		return "rename person", h.Save(record)
	case 19:
		record, err := h.FindRecordById("conversations", c.RecordID())
		if err != nil || random.IntN(2) == 0 {
			return "nothing", err
		}
		return "delete conversation", h.Delete(record)
	case 7:
		for range 20 { // more than are counted in memory
			_, _, err = h.conversations.SendMessage(messagerie.NewMessage{Conversation: c, Sender: p.ID, Content: "Encore"})
		}
		return "send many", err
	}
	return h.randomChange(random, c, p)
}

// anyPin pins or unpins a message, or removes a pin as the dashboard does.
func (h *harness) anyPin(random *rand.Rand, c protocol.ID, p school.Person, message protocol.ID) (name string, err error) {
	if in, _ := h.conversations.Participants(c); in != nil && len(in.Members) > 0 {
		p = h.services.person(h.t, in.Members[random.IntN(len(in.Members))].User)
	}
	switch random.IntN(5) {
	case 0:
		return "unpin a message", h.conversations.UnpinMessage(p, c, message)
	case 1:
		rows := h.column("SELECT id FROM pins WHERE conversation = {:c} LIMIT 1", object{"c": c.RecordID()})
		if len(rows) == 0 {
			return "nothing", nil
		}
		return "remove a pin", h.deleteOne("pins", protocol.ParseID(rows[0]))
	}
	return "pin a message", h.conversations.PinMessage(p, c, message)
}

func (h *harness) anyMention(random *rand.Rand, c protocol.ID, p school.Person) error {
	m := messagerie.NewMessage{Conversation: c, Sender: p.ID, Content: "@Personne"}
	if in, _ := h.conversations.Participants(c); in != nil {
		for _, member := range in.Members[:random.IntN(len(in.Members)+1)] {
			m.Mentions = append(m.Mentions, member.User)
		}
	}
	_, _, err := h.conversations.SendMessage(m)
	return err
}

// What is loaded while something changes isn't cached in its old state.
func TestList_isCurrentAfterChangesAtOnceWithItsReading(t *testing.T) {
	h := newHarness(t, nil)
	me, other, third := h.person("Moi"), h.person("Autre"), h.person("Tiers")
	c := h.conversation(me, other, third)
	for round := range 40 {
		var reading sync.WaitGroup
		record, err := h.FindRecordById("conversations", c.RecordID())
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			reading.Go(func() {
				for range 5 {
					if _, err := h.conversations.Conversations(me, "", 0); err != nil {
						t.Error(err)
					}
				}
			})
		}
		h.says(other, c, "")
		record.Set("title", fmt.Sprint("Titre ", round)) // invalidates the cached summary
		if err := h.Save(record); err != nil {
			t.Fatal(err)
		}
		h.says(third, c, "")
		reading.Wait()
		if got, want := h.listed(h.services, me.ID), h.listed(h.uncached(), me.ID); got != want {
			t.Fatalf("the cache has\n%s\nthe tables\n%s", got, want)
		}
		h.checkUnread(me)
	}
}

// Somebody in more conversations than are sorted in memory has the same list.
func TestList_ofSomebodyInVeryManyConversations(t *testing.T) {
	h := newHarness(t, nil)
	me, other, third := h.person("Moi"), h.person("Autre"), h.person("Tiers")
	var want []protocol.ID
	for range 210 {
		want = append([]protocol.ID{h.conversation(me, other, third)}, want...)
	}
	moved := want[200]
	h.says(other, moved, "")
	want = append([]protocol.ID{moved}, append(want[:200:200], want[201:]...)...)
	var got []protocol.ID
	for cursor, more := "", true; more; more = cursor != "" {
		page, err := h.conversations.Conversations(me, cursor, 25)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Conversations {
			got = append(got, c.ConversationID)
		}
		cursor = page.Next
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
