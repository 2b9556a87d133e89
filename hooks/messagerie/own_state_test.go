package messagerie_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

var yes, no = true, false

// own changes what a conversation is to a person.
func (h *harness) own(p school.Person, c protocol.ID, change messagerie.OwnChange) protocol.Conversation {
	h.t.Helper()
	changed, err := h.conversations.UpdateConversation(p, c, messagerie.ConversationChange{Own: change})
	if err != nil {
		h.t.Fatal(err)
	}
	return changed
}

func (h *harness) seenBy(p school.Person, c protocol.ID) protocol.Conversation {
	h.t.Helper()
	seen, err := h.conversations.Conversation(p, c)
	if err != nil {
		h.t.Fatal(err)
	}
	return seen
}

func (h *harness) settle() (next time.Time) {
	h.t.Helper()
	next, err := h.conversations.SettleStates()
	if err != nil {
		h.t.Fatal(err)
	}
	return next
}

// anyStateChange is a random change of a person's own state, or what the worker does.
func (h *harness) anyStateChange(random *rand.Rand, c protocol.ID, p school.Person) (name string, err error) {
	on := random.IntN(2) == 0
	change := messagerie.OwnChange{}
	switch random.IntN(6) {
	case 0:
		name, change.Muted = "mute", &on
	case 1:
		until := h.people.Now().Add(time.Duration(random.IntN(20)) * time.Millisecond)
		name, change.MutedUntil = "mute for a while", &until
	case 2:
		name, change.Archived = "archive", &on
	case 3:
		name, change.Pinned = "pin", &on
	case 4:
		name, change.MarkedUnread = "mark as unread", &on
	default:
		_, err := h.conversations.SettleStates()
		return "settle", err
	}
	_, err = h.conversations.UpdateConversation(p, c, messagerie.ConversationChange{Own: change})
	return name, err
}

func TestArchived_comesBackWithANewMessageUnlessMuted(t *testing.T) {
	n := newNight(t, "2026-11-30 10:00:00")
	c := n.conversation(n.claire, n.jerome)
	empty := n.own(n.claire, c, messagerie.OwnChange{Archived: &yes})
	if !empty.Archived || n.seenBy(n.jerome, c).Archived {
		t.Error("an empty conversation isn't archived, or for both")
	}
	n.says(n.jerome, c, "a")
	if n.seenBy(n.claire, c).Archived {
		t.Error("a message doesn't bring it back")
	}
	n.settle()
	n.own(n.claire, c, messagerie.OwnChange{Archived: &yes, Muted: &yes})
	n.says(n.jerome, c, "b")
	n.settle()
	if !n.seenBy(n.claire, c).Archived {
		t.Error("a message brings back what is muted")
	}
	n.own(n.claire, c, messagerie.OwnChange{Muted: &no})
	if n.seenBy(n.claire, c).Archived {
		t.Error("unmuted, it is kept from the list although there is something new")
	}
	n.own(n.claire, c, messagerie.OwnChange{Archived: &yes})
	n.own(n.claire, c, messagerie.OwnChange{Archived: &no})
	if n.seenBy(n.claire, c).Archived {
		t.Error("it can't be taken out by hand")
	}
}

// What a new message has brought back stays so, even if that message is removed.
func TestArchived_isStoredOnceAMessageHasCome(t *testing.T) {
	n := newNight(t, "2026-11-30 10:00:00")
	c := n.conversation(n.claire, n.jerome)
	n.own(n.claire, c, messagerie.OwnChange{Archived: &yes})
	sent := n.says(n.jerome, c, "a")
	n.settle()
	if err := n.deleteOne("messages", sent.ID); err != nil {
		t.Fatal(err)
	}
	if n.seenBy(n.claire, c).Archived {
		t.Error("it is archived again")
	}
}

func TestMuted_endsByItself(t *testing.T) {
	n := newNight(t, "2026-11-30 10:00:00")
	c := n.conversation(n.claire, n.jerome)
	until := n.clock.at.Add(time.Hour)
	muted := n.own(n.claire, c, messagerie.OwnChange{MutedUntil: &until})
	if !muted.Muted || muted.MutedUntil == nil || *muted.MutedUntil != "2026-11-30T10:00:00.000Z" {
		t.Fatalf("it is muted %v until %v", muted.Muted, muted.MutedUntil)
	}
	if next := n.settle(); !next.Equal(until) {
		t.Errorf("the next mute ends at %v", next)
	}
	n.clock.at = until.Add(-time.Millisecond)
	if !n.seenBy(n.claire, c).Muted {
		t.Error("it ends early")
	}
	n.clock.at = until
	if seen := n.seenBy(n.claire, c); seen.Muted || seen.MutedUntil != nil {
		t.Errorf("it is muted until %v at its end", seen.MutedUntil)
	}
	n.changes = nil
	if next := n.settle(); !next.IsZero() {
		t.Errorf("another mute ends at %v", next)
	}
	if len(n.changes) != 1 {
		t.Errorf("%+v was announced, not the end", n.changes)
	}
	// For ever, as version 1 has it, then for an hour, then not at all.
	if c := n.own(n.claire, c, messagerie.OwnChange{Muted: &yes}); !c.Muted || c.MutedUntil != nil {
		t.Errorf("muted: true is until %v", c.MutedUntil)
	}
	until = n.clock.at.Add(time.Hour)
	if c := n.own(n.claire, c, messagerie.OwnChange{MutedUntil: &until}); !c.Muted || c.MutedUntil == nil {
		t.Error("an end isn't added")
	}
	if c := n.own(n.claire, c, messagerie.OwnChange{MutedUntil: &time.Time{}}); c.Muted || c.MutedUntil != nil {
		t.Error("without its end it is still muted")
	}
}

func TestMarkedUnread_isClearedByOpening(t *testing.T) {
	n := newNight(t, "2026-11-30 10:00:00")
	c := n.conversation(n.claire, n.jerome)
	for _, prepare := range []func(){func() {}, func() { n.says(n.jerome, c, "a") }, func() {}} {
		prepare()
		if !n.own(n.claire, c, messagerie.OwnChange{MarkedUnread: &yes}).MarkedUnread {
			t.Fatal("it isn't marked")
		}
		if err := n.conversations.MarkRead(n.claire.ID, c, 0); err != nil {
			t.Fatal(err)
		}
		if n.seenBy(n.claire, c).MarkedUnread {
			t.Error("it is still marked once it was opened")
		}
	}
}

func TestPinned_areFirstOnEveryPage(t *testing.T) {
	for _, count := range []int{12, 210} { // sorted in memory, and by the database
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			h := newHarness(t, nil)
			me, other, third := h.person("Moi"), h.person("Autre"), h.person("Tiers")
			var all []protocol.ID
			for range count {
				all = append([]protocol.ID{h.conversation(me, other, third)}, all...)
			}
			pinned := []protocol.ID{all[1], all[5], all[11]}
			for _, c := range []protocol.ID{pinned[1], pinned[0], pinned[2]} {
				h.own(me, c, messagerie.OwnChange{Pinned: &yes})
			}
			want := append(slices.Clone(pinned), slices.DeleteFunc(slices.Clone(all), func(c protocol.ID) bool { return slices.Contains(pinned, c) })...)
			for _, limit := range []int{2, 3, 25} {
				var got []protocol.ID
				for cursor, more := "", true; more; more = cursor != "" {
					page, err := h.conversations.Conversations(me, cursor, limit)
					if err != nil {
						t.Fatal(err)
					}
					for _, c := range page.Conversations {
						got = append(got, c.ConversationID)
					}
					cursor = page.Next
				}
				if !slices.Equal(got, want) {
					t.Errorf("in pages of %d: %v, want %v", limit, got, want)
				}
			}
		})
	}
}

func TestPinned_areLimitedAndNeverArchived(t *testing.T) {
	h := newHarness(t, nil)
	me, other, third := h.person("Moi"), h.person("Autre"), h.person("Tiers")
	for range protocol.MaxPinnedConversations {
		h.own(me, h.conversation(me, other, third), messagerie.OwnChange{Pinned: &yes})
	}
	c := h.conversation(me, other, third)
	_, err := h.conversations.UpdateConversation(me, c, messagerie.ConversationChange{Own: messagerie.OwnChange{Pinned: &yes}})
	if !errors.Is(err, messagerie.ErrTooManyPinned) {
		t.Errorf("one more: %v", err)
	}
	h.own(other, c, messagerie.OwnChange{Pinned: &yes}) // each has their own
	if seen := h.own(other, c, messagerie.OwnChange{Archived: &yes}); seen.Pinned || !seen.Archived {
		t.Errorf("archived, it is %+v", seen)
	}
	if seen := h.own(other, c, messagerie.OwnChange{Pinned: &yes}); !seen.Pinned || seen.Archived {
		t.Errorf("pinned, it is %+v", seen)
	}
}

func TestOwnState_refusesWhatContradictsItself(t *testing.T) {
	n := newNight(t, "2026-11-30 10:00:00")
	c := n.conversation(n.claire, n.jerome)
	past, future := n.clock.at, n.clock.at.Add(time.Hour)
	for field, change := range map[string]messagerie.OwnChange{
		"muted_until": {MutedUntil: &past},
		"pinned":      {Archived: &yes, Pinned: &yes},
	} {
		_, err := n.conversations.UpdateConversation(n.claire, c, messagerie.ConversationChange{Own: change})
		var refused *refusal.Error
		if !errors.As(err, &refused) || refused.Field != field {
			t.Errorf("%+v: %v", change, err)
		}
	}
	_, err := n.conversations.UpdateConversation(n.claire, c, messagerie.ConversationChange{Own: messagerie.OwnChange{Muted: &no, MutedUntil: &future}})
	if err == nil {
		t.Error("not muted until then is accepted")
	}
	_, err = n.conversations.UpdateConversation(n.head, c, messagerie.ConversationChange{Own: messagerie.OwnChange{Pinned: &yes}})
	if !errors.Is(err, messagerie.ErrNotParticipant) {
		t.Errorf("somebody else: %v", err)
	}
}

func TestOwnState_survivesARestart(t *testing.T) {
	dir := plainapp.DataDir(t)
	h := openHarness(t, dir, nil)
	h.school = protocol.ParseID(h.create("establishments", object{"name": "École", "contacts": protocol.ContactsOpen}).Id)
	me, other, third := h.person("Moi"), h.person("Autre"), h.person("Tiers")
	pinned, archived, marked, timed := h.conversation(me, other, third), h.conversation(me, other, third), h.conversation(me, other, third), h.conversation(me, other, third)
	until := h.people.Now().Add(time.Hour)
	h.own(me, pinned, messagerie.OwnChange{Pinned: &yes})
	h.own(me, archived, messagerie.OwnChange{Archived: &yes})
	h.own(me, marked, messagerie.OwnChange{MarkedUnread: &yes})
	h.own(me, timed, messagerie.OwnChange{MutedUntil: &until})
	before := h.listed(h.services, me.ID)
	h.close()

	again := openHarness(t, dir, nil)
	again.school = h.school
	if got := again.listed(again.services, me.ID); got != before {
		t.Errorf("it is\n%s\nand was\n%s", got, before)
	}
	again.people.SetClock(func() time.Time { return until.Add(time.Second) })
	if again.seenBy(me, timed).Muted {
		t.Error("the mute doesn't end after a restart")
	}
	again.says(other, archived, "")
	if again.seenBy(me, archived).Archived {
		t.Error("a message after a restart doesn't bring it back")
	}
}
