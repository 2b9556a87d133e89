package messagerie_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// largeGroup creates a group of 60; the first person is its creator.
func (h *harness) largeGroup() (protocol.ID, []school.Person) {
	h.t.Helper()
	var people []school.Person
	for i := range 60 {
		people = append(people, h.person(fmt.Sprintf("Personne%02d", i)))
	}
	return h.conversation(people...), people
}

// named returns the indexes, in people, of the participants that a person's list names.
func (h *harness) named(viewer school.Person, people []school.Person) (places []int, c protocol.Conversation) {
	h.t.Helper()
	page, err := h.conversations.Conversations(viewer, "", 0)
	if err != nil {
		h.t.Fatal(err)
	}
	c = page.Conversations[0]
	for i, user := range c.Participants {
		if c.Receipts[i].UserID != user.ID {
			h.t.Errorf("receipt %d is %d's, the participant %d", i, c.Receipts[i].UserID, user.ID)
		}
		places = append(places, slices.IndexFunc(people, func(p school.Person) bool { return p.ID == user.ID }))
	}
	if len(c.Receipts) != len(c.Participants) {
		h.t.Errorf("%d receipts of %d participants", len(c.Receipts), len(c.Participants))
	}
	if fresh := h.listed(h.uncached(), viewer.ID); h.listed(h.services, viewer.ID) != fresh {
		h.t.Errorf("the cached list isn't that of the tables: %s", fresh)
	}
	return places, c
}

// upTo returns the numbers from one up to, but not including, another.
func upTo(from, to int) (places []int) {
	for ; from < to; from++ {
		places = append(places, from)
	}
	return places
}

func TestList_namesTheViewerAndTheRecentSpeakersInALargeGroup(t *testing.T) {
	h := newHarness(t, nil)
	group, people := h.largeGroup()
	expect := func(what string, viewer int, want ...int) {
		t.Helper()
		got, c := h.named(people[viewer], people)
		if !slices.Equal(got, want) || c.ParticipantCount != 60 {
			t.Errorf("%s: of %d it names %v, want %v", what, c.ParticipantCount, got, want)
		}
	}
	expect("when nobody has spoken", 0, upTo(0, 50)...)
	expect("when nobody has spoken", 59, append([]int{59}, upTo(0, 49)...)...)
	h.says(people[55], group, "")
	h.says(people[3], group, "")
	expect("after two", 0, slices.Concat([]int{0, 3, 55}, []int{1, 2}, upTo(4, 49))...)
	expect("after two, to one of them", 3, slices.Concat([]int{3, 55, 0, 1, 2}, upTo(4, 49))...)
	sent := h.says(people[58], group, "")
	h.says(people[55], group, "")
	expect("after another two", 0, slices.Concat([]int{0, 55, 58, 3}, []int{1, 2}, upTo(4, 48))...)

	// One speaker's message is removed, another speaker's account deleted.
	if err := h.deleteOne("messages", sent.ID); err != nil {
		t.Fatal(err)
	}
	expect("when the message is gone", 0, slices.Concat([]int{0, 55, 3}, []int{1, 2}, upTo(4, 49))...)
	if err := h.deleteOne("users", people[3].ID); err != nil {
		t.Fatal(err)
	}
	if got, c := h.named(people[0], people); c.ParticipantCount != 59 || slices.Contains(got, 3) || len(got) != 50 {
		t.Errorf("of %d it names %v", c.ParticipantCount, got)
	}
}

func TestList_ofALargeGroupHasTheStatusOfAMessageForEverybody(t *testing.T) {
	h := newHarness(t, nil)
	group, people := h.largeGroup()
	h.says(people[0], group, "")
	for _, reader := range people[1:59] {
		if err := h.conversations.MarkRead(reader.ID, group, 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, c := h.named(people[0], people); c.LastMessage.Status != protocol.StatusSent || c.LastMessage.IsRead {
		t.Errorf("before the last one has read it: %+v", c.LastMessage)
	}
	if err := h.conversations.MarkRead(people[59].ID, group, 0); err != nil {
		t.Fatal(err)
	}
	if _, c := h.named(people[0], people); c.LastMessage.Status != protocol.StatusRead || !c.LastMessage.IsRead {
		t.Errorf("read by all: %+v", c.LastMessage)
	}
}

func TestConversation_namesEverybodyAtOnceOrPageByPage(t *testing.T) {
	h := newHarness(t, nil)
	group, people := h.largeGroup()
	h.says(people[40], group, "")
	whole, err := h.conversations.Conversation(people[7], group)
	if err != nil || len(whole.Participants) != 60 || len(whole.Receipts) != 60 || whole.ParticipantCount != 60 {
		t.Fatalf("%d participants, %d receipts: %v", len(whole.Participants), len(whole.Receipts), err)
	}
	for _, limit := range []int{7, 20, 30, 60, 100} {
		var joined protocol.Conversation
		for cursor, more := "", true; more; more = cursor != "" {
			part, next, err := h.conversations.ConversationPart(people[7], group, cursor, limit)
			if err != nil || len(part.Participants) > limit || part.ParticipantCount != 60 {
				t.Fatalf("%d of %d: %v", len(part.Participants), part.ParticipantCount, err)
			}
			joined.Participants = append(joined.Participants, part.Participants...)
			joined.Receipts = append(joined.Receipts, part.Receipts...)
			cursor = next
		}
		if !reflect.DeepEqual(joined.Participants, whole.Participants) || !slices.Equal(joined.Receipts, whole.Receipts) {
			t.Errorf("pages of %d give %d participants in another order, or others", limit, len(joined.Participants))
		}
	}
	if _, _, err := h.conversations.ConversationPart(people[7], group, "x", 10); err == nil {
		t.Error("any text is accepted as a cursor")
	}
}

// The worst case of fifty conversations: each has fifty people with the longest names, and a last
// message in which each character takes four bytes.
func TestList_isBoundedInBytes(t *testing.T) {
	h := newHarness(t, nil)
	var people []school.Person
	for i := range 50 {
		person := h.person(fmt.Sprintf("Personne%02d", i))
		record, err := h.FindRecordById("users", person.ID.RecordID())
		if err != nil {
			t.Fatal(err)
		}
		record.Set("first_name", strings.Repeat("👋", 100))
		record.Set("last_name", strings.Repeat("👋", 100))
		if err := h.Save(record); err != nil {
			t.Fatal(err)
		}
		people = append(people, school.PersonOf(record))
	}
	var want []protocol.ID
	for range 50 {
		c := h.conversation(people...)
		_, _, err := h.conversations.SendMessage(messagerie.NewMessage{Conversation: c, Sender: people[0].ID,
			Content: strings.Repeat("👋", testLimits().ContentCharacters)})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, c)
	}
	slices.Reverse(want)

	const most = 256 << 10
	var got []protocol.ID
	for cursor, more := "", true; more; more = cursor != "" {
		page, err := h.conversations.Conversations(people[1], cursor, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.JSON) > most || len(page.Conversations) == 0 {
			t.Fatalf("a page has %d conversations in %d bytes", len(page.Conversations), len(page.JSON))
		}
		var decoded []protocol.Conversation
		if err := json.Unmarshal(page.JSON, &decoded); err != nil || len(decoded) != len(page.Conversations) {
			t.Fatalf("the page is encoded as %d conversations: %v", len(decoded), err)
		}
		for i, c := range decoded {
			if c.ConversationID != page.Conversations[i].ConversationID {
				t.Errorf("encoded as %d is %d", c.ConversationID, page.Conversations[i].ConversationID)
			}
			got = append(got, c.ConversationID)
		}
		cursor = page.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages have %v, want %v", got, want)
	}
}

func TestMessages_ofAPageAreBoundedInBytes(t *testing.T) {
	h := newHarness(t, nil)
	a, b := h.person("A"), h.person("B")
	c := h.conversation(a, b)
	var all []protocol.ID
	for range 60 {
		sent, _, err := h.conversations.SendMessage(messagerie.NewMessage{Conversation: c, Sender: a.ID,
			Content: strings.Repeat("👋", testLimits().ContentCharacters)})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, sent.ID)
	}
	for name, page := range map[string]messagerie.Page{"down": {FromStart: true}, "up": {}} {
		var got []protocol.ID
		for more := true; more; {
			var list []protocol.Message
			var err error
			if list, more, err = h.conversations.Messages(b.ID, c, page); err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 || len(list) > 27 { // of 40 000 bytes each
				t.Fatalf("%s: a page of %d messages", name, len(list))
			}
			var ids []protocol.ID
			for _, m := range list {
				ids = append(ids, m.ID)
			}
			if page.FromStart {
				got, page.After = append(got, ids...), ids[len(ids)-1]
			} else {
				got, page.Before = append(ids, got...), ids[0]
			}
		}
		if !slices.Equal(got, all) {
			t.Errorf("%s: the pages have %d messages, want %d, each once and in order", name, len(got), len(all))
		}
	}
}
