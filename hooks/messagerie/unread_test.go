package messagerie_test

import (
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// unreadOf returns the unread count of a conversation.
func (h *harness) unreadOf(viewer school.Person, conversation protocol.ID) int {
	h.t.Helper()
	c, err := h.conversations.Conversation(viewer, conversation)
	if err != nil {
		h.t.Fatal(err)
	}
	return c.UnreadCount
}

// What was counted isn't counted again: when messages are deleted without records, which the cache
// isn't told of, only those that weren't counted yet are missing.
func TestUnreadCount_isContinued(t *testing.T) {
	h := newHarness(t, nil)
	me, other := h.person("Moi"), h.person("Autre")
	c := h.conversation(me, other)
	says := func(count int) {
		for range count {
			h.says(other, c, "")
		}
	}
	oldest := func(count, skip int) {
		t.Helper()
		_, err := h.DB().NewQuery(`DELETE FROM messages WHERE id IN
			(SELECT id FROM messages ORDER BY id LIMIT {:count} OFFSET {:skip})`).
			Bind(object{"count": count, "skip": skip}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	h.unreadOf(me, c) // cached from here on
	says(50)
	if got := h.unreadOf(me, c); got != 50 {
		t.Fatalf("%d of 50 are unread", got)
	}
	oldest(10, 0)
	if got := h.unreadOf(me, c); got != 50 {
		t.Errorf("%d are unread, not 50 as counted before: they were counted again", got)
	}
	says(30)
	if got := h.unreadOf(me, c); got != 80 {
		t.Errorf("%d are unread, not 80", got)
	}
	says(30)
	oldest(5, 60) // some that weren't counted yet
	if got := h.unreadOf(me, c); got != 105 {
		t.Errorf("%d are unread, not 105", got)
	}
}

// Somebody who reads some of the counted messages has fewer unread.
func TestUnreadCount_isOfOneMarker(t *testing.T) {
	h := newHarness(t, nil)
	me, other := h.person("Moi"), h.person("Autre")
	c := h.conversation(me, other)
	var tenth protocol.ID
	for n := range 50 {
		if sent := h.says(other, c, ""); n == 9 {
			tenth = sent.ID
		}
	}
	if got := h.unreadOf(me, c); got != 50 {
		t.Fatalf("%d of 50 are unread", got)
	}
	if err := h.conversations.MarkRead(me.ID, c, tenth); err != nil {
		t.Fatal(err)
	}
	if got := h.unreadOf(me, c); got != 40 {
		t.Errorf("%d are unread after the tenth of 50", got)
	}
}

// Markers of an import may be above messages that are added later, in an empty conversation or in
// one that has messages.
func TestUnreadCount_ofAnImportBelowTheMarkers(t *testing.T) {
	for _, begun := range []bool{false, true} {
		for _, messages := range []int{10, 60} {
			h := newHarness(t, nil)
			a, b, d := h.person("A"), h.person("B"), h.person("D")
			recent := h.conversation(a, b, d)
			id := func(n int) string { return (recent - 1000 + protocol.ID(n)*10).RecordID() }
			group := h.create("conversations", object{
				"establishment": h.school.RecordID(), "kind": protocol.KindGroup, "title": "Importé"})
			bring := func(n int) {
				message := h.record("messages", object{"conversation": group.Id, "sender": a.ID.RecordID(), "content": "D'avant"})
				message.Id = id(n)
				if err := h.Save(message); err != nil {
					t.Fatal(err)
				}
			}
			join := func(person school.Person, marker int) {
				h.create("participants", object{
					"conversation": group.Id, "user": person.ID.RecordID(), "last_read": id(marker)})
			}
			join(a, 40)
			if begun {
				bring(1)
			}
			h.listed(h.services, a.ID)
			join(b, 5)
			h.listed(h.services, b.ID)
			for n := range messages {
				bring(n + 2)
			}
			h.checkUnread(a)
			h.checkUnread(b)
		}
	}
}

// A participant's record may be created again under its id for somebody else.
func TestUnreadCount_isOfOnePerson(t *testing.T) {
	h := newHarness(t, nil)
	a, b, d := h.person("A"), h.person("B"), h.person("D")
	c := h.conversation(a, b, d)
	for range 30 {
		h.says(b, c, "")
	}
	for range 21 {
		h.says(a, c, "")
	}
	h.checkUnread(d)
	place := func(p school.Person) string {
		return h.column("SELECT id FROM participants WHERE conversation = {:c} AND user = {:u}",
			object{"c": c.RecordID(), "u": p.ID.RecordID()})[0]
	}
	id := place(d)
	for _, gone := range []string{id, place(b)} {
		if err := h.deleteOne("participants", protocol.ParseID(gone)); err != nil {
			t.Fatal(err)
		}
	}
	again := h.record("participants", object{"conversation": c.RecordID(), "user": b.ID.RecordID(), "last_read": "0"})
	again.Id = id
	if err := h.Save(again); err != nil {
		t.Fatal(err)
	}
	h.checkUnread(b)
}
