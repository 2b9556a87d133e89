package messagerie_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

func testLimits() config.Limits { return config.Default().Limits }

// tables returns a conversation's participants as stored.
func (h *harness) tables(conversation protocol.ID) string {
	h.t.Helper()
	rows := h.column(`SELECT p.id || ' ' || p.user || ' ' || p.last_read || ' ' || p.last_delivered || ' ' || p.muted
		FROM participants p WHERE p.conversation = {:c} ORDER BY p.id`, object{"c": conversation.RecordID()})
	head := h.column("SELECT kind || ' ' || created_by FROM conversations WHERE id = {:c}", object{"c": conversation.RecordID()})
	return fmt.Sprint(head, rows)
}

// cached returns what the service has, in the same format.
func (h *harness) cached(conversation protocol.ID) string {
	h.t.Helper()
	p, err := h.conversations.Participants(conversation)
	if err != nil {
		h.t.Fatal(err)
	}
	if p == nil {
		return "[] []"
	}
	rows := []string{}
	for _, m := range p.Members {
		muted := 0
		if m.Muted {
			muted = 1
		}
		rows = append(rows, fmt.Sprintf("%s %s %s %s %d", m.Record.RecordID(), m.User.RecordID(), m.LastRead.RecordID(), m.LastDelivered.RecordID(), muted))
	}
	return fmt.Sprint([]string{p.Kind + " " + p.CreatedBy.RecordID()}, rows)
}

// TestParticipants_equalTheTablesAfterRandomChanges makes changes of every kind, through the
// service and as the dashboard does, and compares the cache with the tables after each.
func TestParticipants_equalTheTablesAfterRandomChanges(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			h := newHarness(t, nil)
			var people []school.Person
			for i := range 8 {
				people = append(people, h.person(fmt.Sprint("Personne", i)))
			}
			var conversations []protocol.ID
			for i := range 4 {
				conversations = append(conversations, h.conversation(people[i], people[i+1], people[i+2]))
			}
			conversations = append(conversations, h.conversation(people[0], people[1]))
			done := map[string]int{}
			for step := range 250 {
				c := conversations[random.IntN(len(conversations))]
				p := people[random.IntN(len(people))]
				change, err := h.randomChange(random, c, p)
				if err == nil {
					done[change]++
				}
				changed := []protocol.ID{c}
				if step%20 == 0 {
					changed = conversations
				}
				for _, c := range changed {
					if got, want := h.cached(c), h.tables(c); got != want {
						t.Fatalf("after step %d (%s of %d in %d: %v) the cache has\n%s\nthe tables\n%s", step, change, p.ID, c, err, got, want)
					}
				}
				if change == "delete conversation" && err == nil && random.IntN(2) == 0 {
					conversations = append(conversations, h.conversation(people[0], people[3], people[5]))
				}
			}
			for _, change := range []string{"add", "remove", "read", "delivered", "send", "mute", "dashboard adds", "dashboard removes", "dashboard moves", "delete conversation"} {
				if done[change] == 0 {
					t.Errorf("no %s in %v: the changes aren't random enough", change, done)
				}
			}
		})
	}
}

func (h *harness) randomChange(random *rand.Rand, c protocol.ID, p school.Person) (name string, err error) {
	staff := p // everybody here is a teacher
	if in, _ := h.conversations.Participants(c); in != nil && len(in.Members) > 0 {
		if m, ok := in.Member(in.Members[random.IntN(len(in.Members))].User); ok {
			staff.ID = m.User
		}
	}
	one := func() (string, bool) {
		rows := h.column("SELECT id FROM participants WHERE conversation = {:c} AND user = {:u}",
			object{"c": c.RecordID(), "u": p.ID.RecordID()})
		return slices.Concat(rows, []string{""})[0], len(rows) > 0
	}
	newest := protocol.ParseID(slices.Concat(h.column("SELECT coalesce(max(id), '') FROM messages WHERE conversation = {:c}",
		object{"c": c.RecordID()}), []string{""})[0])
	switch random.IntN(16) {
	case 0, 1:
		_, err = h.conversations.AddParticipants(staff, c, []protocol.ID{p.ID})
		return "add", err
	case 2:
		return "remove", h.conversations.RemoveParticipants(staff, c, []protocol.ID{p.ID})
	case 3:
		return "read", h.conversations.MarkRead(p.ID, c, 0)
	case 4:
		return "delivered", h.conversations.MarkDelivered([]messagerie.Delivered{{Conversation: c, User: p.ID, UpTo: newest}})
	case 5, 6, 7:
		_, _, err = h.conversations.SendMessage(messagerie.NewMessage{Conversation: c, Sender: p.ID, Content: "Bonjour"})
		return "send", err
	case 8:
		muted := random.IntN(2) == 0
		_, err = h.conversations.UpdateConversation(p, c, messagerie.ConversationChange{Own: messagerie.OwnChange{Muted: &muted}})
		return "mute", err
	case 14, 15:
		return h.anyStateChange(random, c, staff)
	case 9:
		return "dashboard adds", h.Save(h.record("participants", object{"conversation": c.RecordID(), "user": p.ID.RecordID()}))
	case 10, 11, 12:
		id, ok := one()
		if !ok {
			return "nothing", nil
		}
		record, err := h.FindRecordById("participants", id)
		if err != nil {
			return "nothing", err
		}
		if random.IntN(3) == 0 {
			return "dashboard removes", h.Delete(record)
		}
		record.Set("last_read", newest.String()) // without its zeros, as somebody types it
		record.Set("muted", random.IntN(2) == 0)
		return "dashboard moves", h.Save(record)
	default:
		record, err := h.FindRecordById("conversations", c.RecordID())
		if err != nil || random.IntN(4) > 0 {
			return "nothing", err
		}
		return "delete conversation", h.Delete(record)
	}
}

// An administrator's page holds a participant as it was when the page was opened.
func TestParticipants_areCurrentWhenAnOldRecordIsSaved(t *testing.T) {
	h := newHarness(t, nil)
	a, b := h.person("A"), h.person("B")
	c := h.conversation(a, b)
	sent := h.says(a, c, "")
	p, err := h.conversations.Participants(c)
	if err != nil {
		t.Fatal(err)
	}
	member, _ := p.Member(b.ID)
	for name, change := range map[string]func() error{
		"read": func() error { return h.conversations.MarkRead(b.ID, c, 0) },
		"mute": func() error {
			muted := true
			_, err := h.conversations.UpdateConversation(b, c, messagerie.ConversationChange{Own: messagerie.OwnChange{Muted: &muted}})
			return err
		},
	} {
		old, err := h.FindRecordById("participants", member.Record.RecordID())
		if err != nil {
			t.Fatal(err)
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if err := h.Save(old); err != nil {
			t.Fatal(err)
		}
		if got, want := h.cached(c), h.tables(c); got != want {
			t.Errorf("%s: the cache has %s, the table %s", name, got, want)
		}
	}
	p, err = h.conversations.Participants(c)
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := p.Member(b.ID); m.LastRead != sent.ID || m.LastDelivered != sent.ID || !m.Muted {
		t.Errorf("an old record overwrote it with %+v", m)
	}
}
