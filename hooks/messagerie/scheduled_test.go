package messagerie_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// night is a harness in which teachers are left in peace from 20:00 to 07:00 and at weekends, with a
// clock that tests set.
type night struct {
	*harness
	clock          *testClock
	claire, jerome school.Person // teachers
	head           school.Person // an admin: not protected, and may send urgent messages
}

type testClock struct{ at time.Time }

func (c *testClock) now() time.Time { return c.at }

// set sets the clock on the wall in Paris.
func (c *testClock) set(t testing.TB, local string) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	if c.at, err = time.ParseInLocation("2006-01-02 15:04:05", local, zone); err != nil {
		t.Fatal(err)
	}
}

func newNight(t testing.TB, local string) *night {
	t.Helper()
	n := &night{harness: newHarness(t, nil), clock: &testClock{}}
	n.clock.set(t, local)
	n.people.SetClock(n.clock.now)
	n.setSchool(object{"quiet": protocol.QuietDefer, "contacts": protocol.ContactsOpen})
	n.claire, n.jerome = n.person("Martin"), n.person("Lefevre")
	n.head = n.role(n.person("Durand"), protocol.RoleAdmin)
	return n
}

func (n *night) setSchool(fields object) {
	n.t.Helper()
	n.change("establishments", n.school, fields)
}

func (h *harness) change(collection string, id protocol.ID, fields object) {
	h.t.Helper()
	record, err := h.FindRecordById(collection, id.RecordID())
	if err != nil {
		h.t.Fatal(err)
	}
	record.Load(fields)
	if err := h.Save(record); err != nil {
		h.t.Fatalf("change %s: %v", collection, err)
	}
}

func (h *harness) role(p school.Person, role string) school.Person {
	h.t.Helper()
	h.change("users", p.ID, object{"role": role})
	return h.services.person(h.t, p.ID)
}

// sends sends a message and says in a word what became of it.
func (n *night) sends(m messagerie.NewMessage) string {
	n.t.Helper()
	sent, again, err := n.conversations.SendMessage(m)
	var refused *refusal.Error
	what := "sent"
	switch {
	case errors.As(err, &refused):
		return refused.Code()
	case err != nil:
		n.t.Fatal(err)
	case sent.Scheduled != nil:
		what = sent.Scheduled.Reason + " " + n.local(sent.Scheduled.DeliverAt)
	}
	if again {
		what += " again"
	}
	return what
}

// local is a moment of the wire on the wall in Paris.
func (n *night) local(wire string) string {
	n.t.Helper()
	at, err := time.Parse(time.RFC3339, wire)
	if err != nil {
		n.t.Fatal(err)
	}
	return at.In(n.clock.at.Location()).Format("01-02 15:04")
}

func (n *night) delivers() {
	n.t.Helper()
	if _, err := n.conversations.DeliverDue(); err != nil {
		n.t.Fatal(err)
	}
}

// contents are the messages stored, in order.
func (n *night) contents() string {
	return strings.Join(n.column("SELECT content FROM messages ORDER BY id", nil), " ")
}

func (n *night) codes() string {
	return strings.Join(n.column("SELECT code FROM scheduled_messages ORDER BY id", nil), " ")
}

func TestSend_waitsForTheEndOfQuietHours(t *testing.T) {
	n := newNight(t, "2026-12-04 20:15:00") // a Friday
	direct, group := n.conversation(n.claire, n.jerome), n.conversation(n.claire, n.jerome, n.head)
	toHead := n.conversation(n.claire, n.head)
	n.create("closures", object{"establishment": n.school.RecordID(), "name": "Pont", "first_day": "2026-12-07", "last_day": "2026-12-07"})
	text := func(conversation protocol.ID, sender school.Person, id string) messagerie.NewMessage {
		return messagerie.NewMessage{Conversation: conversation, Sender: sender.ID, Content: id, ClientID: id}
	}
	urgent := text(direct, n.claire, "u")
	urgent.Urgent = true
	headUrgent := text(group, n.head, "hu")
	headUrgent.Urgent = true
	for _, c := range []struct {
		m    messagerie.NewMessage
		want string
	}{
		{text(direct, n.claire, "a"), "quiet_hours 12-08 07:00"},
		{text(group, n.claire, "b"), "quiet_hours 12-08 07:00"},
		{text(direct, n.claire, "a"), "quiet_hours 12-08 07:00 again"},
		{text(group, n.claire, "a"), "client_id_reused"},
		{text(toHead, n.claire, "c"), "sent"}, // an admin's peace isn't protected
		{text(toHead, n.claire, "c"), "sent again"},
		{text(toHead, n.head, "d"), "quiet_hours 12-08 07:00"},
		{urgent, "urgent_not_allowed"},
		{headUrgent, "sent"},
	} {
		if got := n.sends(c.m); got != c.want {
			t.Errorf("%s: %q, want %q", c.m.Content, got, c.want)
		}
	}
	n.delivers()
	n.clock.set(t, "2026-12-08 06:59:59")
	n.delivers()
	if got := n.contents(); got != "c hu" {
		t.Errorf("early: %q", got)
	}
	n.clock.set(t, "2026-12-08 07:00:00")
	// What is sent before the others are delivered doesn't get ahead of them.
	if got := n.sends(text(direct, n.claire, "e")); got != "scheduled 12-08 07:00" {
		t.Errorf("ahead: %q", got)
	}
	n.delivers()
	if got := n.contents(); got != "c hu a b d e" {
		t.Errorf("delivered %q", got)
	}
	if got := n.sends(text(direct, n.claire, "a")); got != "sent again" {
		t.Errorf("sent again after it was delivered: %q", got)
	}
	if got := n.sends(text(direct, n.claire, "f")); got != "sent" {
		t.Errorf("by day: %q", got)
	}
	if rows := n.column("SELECT content FROM messages WHERE urgent", nil); !slices.Equal(rows, []string{"hu"}) {
		t.Errorf("urgent: %q", rows)
	}
}

func TestSend_isScheduledByItsAuthor(t *testing.T) {
	n := newNight(t, "2026-11-30 12:00:00")
	direct := n.conversation(n.claire, n.jerome)
	in := func(d time.Duration, content string) messagerie.NewMessage {
		return messagerie.NewMessage{Conversation: direct, Sender: n.claire.ID, Content: content, DeliverAt: n.clock.at.Add(d)}
	}
	for _, c := range []struct {
		m    messagerie.NewMessage
		want string
	}{
		{in(-time.Hour, "past"), "sent"},
		{in(2*time.Hour, "later"), "scheduled 11-30 14:00"},
		{in(time.Hour, "sooner"), "scheduled 11-30 13:00"},
		{in(10*time.Hour, "night"), "scheduled 11-30 22:00"},
		{in(400*24*time.Hour, "far"), "invalid_request"},
		{in(time.Hour, " "), "content_empty"},
	} {
		if got := n.sends(c.m); got != c.want {
			t.Errorf("%s: %q, want %q", c.m.Content, got, c.want)
		}
	}
	n.clock.set(t, "2026-11-30 22:00:00") // asked again: Jérôme is left in peace now
	n.delivers()
	if got := n.contents(); got != "past" {
		t.Errorf("at night: %q", got)
	}
	n.clock.set(t, "2026-12-01 07:00:00")
	n.delivers()
	if got := n.contents(); got != "past later sooner night" {
		t.Errorf("in the morning: %q", got) // all three are due at 7, in the order of their ids
	}
}

func TestDeliverDue_asksTheRulesAgain(t *testing.T) {
	n := newNight(t, "2026-11-30 12:00:00")
	direct, group := n.conversation(n.claire, n.jerome), n.conversation(n.claire, n.jerome, n.head)
	send := func(conversation protocol.ID, sender school.Person, isUrgent bool, content string) {
		n.sends(messagerie.NewMessage{Conversation: conversation, Sender: sender.ID, Content: content, ClientID: content,
			DeliverAt: n.clock.at.Add(time.Hour), Urgent: isUrgent})
	}
	send(direct, n.claire, false, "gone")
	send(group, n.jerome, false, "left")
	send(group, n.head, true, "urgent")
	send(group, n.claire, false, "fine")
	if err := n.conversations.RemoveParticipants(n.jerome, group, []protocol.ID{n.jerome.ID}); err != nil {
		t.Fatal(err)
	}
	n.change("users", n.jerome.ID, object{"disabled": true})
	n.role(n.head, protocol.RoleTeacher)
	n.clock.at = n.clock.at.Add(time.Hour)
	n.delivers()
	if got := n.contents(); got != "fine" {
		t.Errorf("delivered %q", got)
	}
	if got := n.codes(); got != "recipient_gone not_participant urgent_not_allowed" {
		t.Errorf("refused as %q", got)
	}
	n.delivers() // doesn't try again by itself
	page, _, err := n.conversations.Scheduled(n.claire.ID, "", 0)
	if err != nil || len(page) != 1 || page[0].Code != protocol.CodeRecipientGone {
		t.Fatalf("%+v, %v", page, err)
	}
	n.change("users", n.jerome.ID, object{"disabled": false})
	if _, err := n.conversations.ChangeScheduled(n.claire.ID, page[0].ID, messagerie.ScheduledChange{}); err != nil {
		t.Fatal(err)
	}
	n.delivers()
	if got := n.contents(); got != "fine gone" {
		t.Errorf("after it waited again: %q", got)
	}
}

func TestScheduled_isTheAuthorsAlone(t *testing.T) {
	n := newNight(t, "2026-11-30 12:00:00")
	direct := n.conversation(n.claire, n.jerome)
	for i := range 5 {
		n.sends(messagerie.NewMessage{Conversation: direct, Sender: n.claire.ID, Content: fmt.Sprint(i), DeliverAt: n.clock.at.Add(time.Duration(9-i) * time.Minute)})
	}
	var listed []string
	var ids []protocol.ID
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		page, next, err := n.conversations.Scheduled(n.claire.ID, cursor, 2)
		if err != nil || pages > 2 {
			t.Fatal(err, pages)
		}
		for _, one := range page {
			listed, ids = append(listed, one.Content), append(ids, one.ID)
		}
		cursor = next
	}
	if got := strings.Join(listed, " "); got != "4 3 2 1 0" {
		t.Errorf("listed %q", got)
	}
	content, far := "corrigé", n.clock.at.AddDate(2, 0, 0)
	for _, c := range []struct {
		user   school.Person
		id     protocol.ID
		change messagerie.ScheduledChange
		want   string
	}{
		{n.jerome, ids[0], messagerie.ScheduledChange{Content: &content}, protocol.CodeNotFound},
		{n.claire, 4711, messagerie.ScheduledChange{Content: &content}, protocol.CodeNotFound},
		{n.claire, ids[0], messagerie.ScheduledChange{DeliverAt: &far}, protocol.CodeInvalidRequest},
		{n.claire, ids[0], messagerie.ScheduledChange{Content: new(string)}, protocol.CodeContentEmpty},
		{n.claire, ids[0], messagerie.ScheduledChange{Content: &content}, ""},
	} {
		_, err := n.conversations.ChangeScheduled(c.user.ID, c.id, c.change)
		var refused *refusal.Error
		if errors.As(err, &refused) != (c.want != "") || refused != nil && refused.Code() != c.want {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if err := n.conversations.CancelScheduled(n.jerome.ID, ids[1]); !errors.Is(err, messagerie.ErrScheduledNotFound) {
		t.Error(err)
	}
	if err := n.conversations.CancelScheduled(n.claire.ID, ids[1]); err != nil {
		t.Error(err)
	}
	n.clock.at = n.clock.at.Add(time.Hour)
	n.delivers()
	if got := n.contents(); got != "corrigé 2 1 0" {
		t.Errorf("delivered %q", got)
	}
}

func TestSchedule_isLimited(t *testing.T) {
	n := newNight(t, "2026-11-30 12:00:00")
	direct := n.conversation(n.claire, n.jerome)
	row := object{"conversation": direct.RecordID(), "sender": n.claire.ID.RecordID(), "content": "x", "deliver_at": n.clock.at.Add(time.Hour), "reason": "scheduled"}
	err := n.records.Transaction(func(tx coreApp) error {
		for range messagerie.MaxScheduled {
			if err := tx.Save(n.record("scheduled_messages", row)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	m := messagerie.NewMessage{Conversation: direct, Sender: n.claire.ID, Content: "un de trop", DeliverAt: n.clock.at.Add(time.Hour)}
	if got := n.sends(m); got != protocol.CodeTooManyScheduled {
		t.Errorf("one more: %q", got)
	}
	m.DeliverAt = time.Time{}
	if got := n.sends(m); got != "sent" {
		t.Errorf("at once: %q", got)
	}
}

func TestAskAgain_followsChangedHours(t *testing.T) {
	n := newNight(t, "2026-11-30 21:00:00")
	direct := n.conversation(n.claire, n.jerome)
	n.sends(messagerie.NewMessage{Conversation: direct, Sender: n.claire.ID, Content: "un"})
	n.sends(messagerie.NewMessage{Conversation: direct, Sender: n.claire.ID, Content: "deux"})
	n.sends(messagerie.NewMessage{Conversation: direct, Sender: n.claire.ID, Content: "voulu", DeliverAt: n.clock.at.Add(20 * time.Hour)})
	asked := func(want string) {
		t.Helper()
		if err := n.conversations.AskAgain(); err != nil {
			t.Fatal(err)
		}
		var got []string
		page, _, err := n.conversations.Scheduled(n.claire.ID, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page {
			got = append(got, n.local(one.DeliverAt))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("waits until %q, want %q", got, want)
		}
	}
	asked("12-01 07:00, 12-01 07:00, 12-01 17:00")
	n.setSchool(object{"quiet_to": "08:30"})
	asked("12-01 08:30, 12-01 08:30, 12-01 17:00")
	n.create("closures", object{"establishment": n.school.RecordID(), "name": "Pont", "first_day": "2026-12-01", "last_day": "2026-12-01"})
	asked("12-01 17:00, 12-02 08:30, 12-02 08:30")
	n.setSchool(object{"quiet": protocol.QuietOff})
	asked("11-30 21:00, 11-30 21:00, 12-01 17:00")
	n.delivers()
	if got := n.contents(); got != "un deux" {
		t.Errorf("delivered %q", got)
	}
	// A person's own hours, in the zone of their school.
	if err := n.people.SetOwnHours(n.jerome, &protocol.QuietHours{From: "20:30", To: "21:30", Days: []string{"sunday"}}); err != nil {
		t.Fatal(err)
	}
	n.sends(messagerie.NewMessage{Conversation: direct, Sender: n.claire.ID, Content: "trois"})
	asked("11-30 21:30, 12-01 17:00")
	if err := n.people.SetOwnHours(n.jerome, nil); err != nil {
		t.Fatal(err)
	}
	asked("11-30 21:00, 12-01 17:00")
}

func TestReceipts_restWhileTheirPersonIsLeftInPeace(t *testing.T) {
	n := newNight(t, "2026-11-30 19:00:00")
	direct := n.conversation(n.jerome, n.head)
	first := n.says(n.head, direct, "un")
	n.clock.set(t, "2026-11-30 21:00:00")
	m := messagerie.NewMessage{Conversation: direct, Sender: n.head.ID, Content: "deux", Urgent: true}
	second, _, err := n.conversations.SendMessage(m)
	if err != nil {
		t.Fatal(err)
	}
	seen := func(want protocol.ID, unread int, when string) {
		t.Helper()
		for _, fresh := range []bool{false, true} {
			if fresh {
				n.records.Notify(storeReset{}) // from the database
			}
			theirs, err := n.conversations.Conversation(n.head, direct)
			if err != nil {
				t.Fatal(err)
			}
			own, err := n.conversations.Conversation(n.jerome, direct)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range theirs.Receipts {
				if r.UserID == n.jerome.ID && (r.LastRead != want || r.LastDelivered != want) {
					t.Errorf("%s: the sender sees %+v, want %d", when, r, want)
				}
			}
			if got := theirs.LastMessage.Status; (got == protocol.StatusRead) != (want == second.ID) {
				t.Errorf("%s: the sender sees %s", when, got)
			}
			for _, r := range own.Receipts {
				if r.UserID == n.jerome.ID && r.LastRead != second.ID {
					t.Errorf("%s: they see of themselves %+v", when, r)
				}
			}
			if own.UnreadCount != unread {
				t.Errorf("%s: %d unread", when, own.UnreadCount)
			}
		}
	}
	for _, upTo := range []protocol.ID{first.ID, second.ID} {
		if err := n.conversations.MarkRead(n.jerome.ID, direct, upTo); err != nil {
			t.Fatal(err)
		}
	}
	seen(0, 0, "at night")
	n.clock.set(t, "2026-12-01 06:59:00")
	seen(0, 0, "before the end")
	n.clock.set(t, "2026-12-01 07:00:00")
	seen(second.ID, 0, "in the morning")
}

func TestScheduled_goWithTheirAuthorAndTheirConversation(t *testing.T) {
	n := newNight(t, "2026-11-30 12:00:00")
	direct, other := n.conversation(n.claire, n.jerome), n.conversation(n.jerome, n.head)
	for i, m := range []messagerie.NewMessage{{Conversation: direct, Sender: n.claire.ID}, {Conversation: direct, Sender: n.jerome.ID}, {Conversation: other, Sender: n.head.ID}} {
		m.Content, m.DeliverAt = fmt.Sprint(i), n.clock.at.Add(time.Hour)
		n.sends(m)
	}
	remove := func(collection string, id protocol.ID, want int) {
		t.Helper()
		record, err := n.FindRecordById(collection, id.RecordID())
		if err == nil {
			err = n.Delete(record)
		}
		if err != nil {
			t.Fatal(err)
		}
		if left := n.column("SELECT id FROM scheduled_messages", nil); len(left) != want {
			t.Errorf("%d are left", len(left))
		}
	}
	remove("conversations", other, 2)
	remove("users", n.claire.ID, 1)
}
