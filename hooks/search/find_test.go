package search_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/search"
)

// Even where the index says that another conversation is one's own.
func TestFind_neverFindsWhatOneMayNotRead(t *testing.T) {
	p := newPair(t)
	others := p.Conversation(p.claire, p.Person(p.college, protocol.RoleParent, "Léa", "Petit"))
	secret := p.Says(p.claire, others, "confidentiel").ID
	own := p.Says(p.claire, p.conversation, "confidentiel").ID
	expect(t, p.App, p.jerome, "confidentiel", own)
	expect(t, p.App, p.claire, "confidentiel", own, secret)

	prefix := strconv.FormatInt(int64(p.conversation), 36)
	db := indexed(t, p.Dir)
	execute(t, db, "DELETE FROM messages")
	for _, id := range []protocol.ID{own, secret, 4711} {
		execute(t, db, "INSERT INTO messages (rowid, tokens) VALUES (?, ?)", id, prefix+"_confidentiel "+prefix+"_autre")
	}
	expect(t, p.App, p.jerome, "confidentiel", own)
	expect(t, p.App, p.jerome, "autre")
}

func TestFind_forgetsConversationsThatOneHasLeft(t *testing.T) {
	p := newPair(t)
	group := p.Conversation(p.claire, p.jerome, p.Person(p.college, protocol.RoleParent, "Léa", "Petit"))
	sent := p.Says(p.claire, group, "réunion").ID
	expect(t, p.App, p.jerome, "reunion", sent)
	if err := p.Conversations.RemoveParticipants(school.PersonOf(p.jerome.Record), group, []protocol.ID{p.jerome.ID}); err != nil {
		t.Fatal(err)
	}
	expect(t, p.App, p.jerome, "reunion")
	expect(t, p.App, p.claire, "reunion", sent)
	_, err := p.Search.Find(t.Context(), school.PersonOf(p.jerome.Record), search.Wanted{Query: "reunion", Conversation: group})
	if !errors.Is(err, messagerie.ErrNotParticipant) {
		t.Errorf("in the conversation itself: %v", err)
	}
}

func TestFind_pagesWithoutGapsOrDuplicates(t *testing.T) {
	p := newPair(t)
	group := p.Conversation(p.claire, p.jerome, p.Person(p.college, protocol.RoleParent, "Léa", "Petit"))
	var want []protocol.ID
	for i := range 130 {
		want = append(want, p.Says(p.claire, []protocol.ID{p.conversation, group}[i%2], fmt.Sprint("réunion ", i)).ID)
		p.Says(p.claire, group, "autre chose")
	}
	slices.Reverse(want)
	p.Search.CatchUp()
	for _, limit := range []int{1, 7, 20, 50, 130, 1000} {
		if got := find(t, p.App, p.jerome, search.Wanted{Query: "reun", Limit: limit}); !slices.Equal(got, want) {
			t.Errorf("pages of %d give %v, want %v", limit, got, want)
		}
	}
	for limit, size := range map[int]int{0: 20, 50: 50, 51: 50} {
		page, err := p.Search.Find(t.Context(), school.PersonOf(p.jerome.Record), search.Wanted{Query: "reun", Limit: limit})
		if err != nil || len(page.Found) != size || page.Next == "" {
			t.Errorf("a page of %d has %d (%v)", limit, len(page.Found), err)
		}
	}
}

// Somebody with very many conversations is searched for in the most recent ones first.
func TestFind_inVeryManyConversations(t *testing.T) {
	p := newPair(t)
	others := p.Person(p.college, protocol.RoleParent, "Léa", "Petit")
	var want []protocol.ID
	var conversations []protocol.ID
	for range 200 {
		conversations = append(conversations, p.Conversation(p.claire, p.jerome, others))
	}
	for i := range 300 {
		want = append(want, p.Says(p.claire, conversations[(i*i)%len(conversations)], "réunion").ID)
	}
	slices.Reverse(want)
	p.Search.CatchUp()
	for _, limit := range []int{1, 20, 50} {
		if got := find(t, p.App, p.jerome, search.Wanted{Query: "reun", Limit: limit}); !slices.Equal(got, want) {
			t.Errorf("pages of %d give %v, want %v", limit, got, want)
		}
	}
}

// A page ends after so many candidates, and the next one goes on.
func TestFind_goesOnAfterAPageThatHasNone(t *testing.T) {
	p := newPair(t)
	first := p.Says(p.jerome, p.conversation, "réunion").ID
	_, err := p.DB().NewQuery(`WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
		INSERT INTO messages (id, conversation, sender, content, created, updated)
		SELECT printf('%016d', {:id} + i), {:conversation}, {:sender}, 'réunion', '2020-01-01 08:00:00.000Z', '2020-01-01 08:00:00.000Z' FROM n`).
		Bind(map[string]any{"id": first, "conversation": p.conversation.RecordID(), "sender": p.claire.ID.RecordID()}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	p.Search.CatchUp()
	wanted := search.Wanted{Query: "reunion", From: p.Find("messages", first).GetDateTime("created").Time()}
	page, err := p.Search.Find(t.Context(), school.PersonOf(p.claire.Record), wanted)
	if err != nil || len(page.Found) != 0 || page.Next == "" {
		t.Errorf("the first page has %d, and the next is %q (%v)", len(page.Found), page.Next, err)
	}
	if got := find(t, p.App, p.claire, wanted); !slices.Equal(got, []protocol.ID{first}) {
		t.Errorf("all pages have %v", got)
	}
}

func TestFind_bySenderContentAndTime(t *testing.T) {
	p := newPair(t)
	one := p.Says(p.claire, p.conversation, "voir https://ecole.example/menu")
	two := p.Says(p.jerome, p.conversation, "voir www.ecole.example")
	three := p.Says(p.jerome, p.conversation, "rien à voir avec awww.x ni http://")
	p.Search.CatchUp()
	second := p.Find("messages", two.ID).GetDateTime("created").Time()
	// Else two of them may have been written in the same millisecond.
	for id, at := range map[protocol.ID]time.Time{one.ID: second.Add(-time.Second), three.ID: second.Add(time.Second)} {
		if _, err := p.DB().Update("messages", dbx.Params{"created": at.Format(types.DefaultDateLayout)}, dbx.HashExp{"id": id.RecordID()}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	p.Change("messages", three.ID, map[string]any{"content": "rien à voir"})
	p.Search.CatchUp()
	for name, c := range map[string]struct {
		wanted search.Wanted
		want   []protocol.ID
	}{
		"by a sender":             {search.Wanted{Query: "voir", Sender: p.jerome.ID}, []protocol.ID{three.ID, two.ID}},
		"by nobody":               {search.Wanted{Query: "voir", Sender: 4711}, nil},
		"with a link":             {search.Wanted{Query: "voir", Has: protocol.HasLink}, []protocol.ID{two.ID, one.ID}},
		"any link":                {search.Wanted{Has: protocol.HasLink}, []protocol.ID{two.ID, one.ID}},
		"any link of somebody":    {search.Wanted{Has: protocol.HasLink, Sender: p.jerome.ID}, []protocol.ID{two.ID}},
		"with an attachment":      {search.Wanted{Query: "voir", Has: protocol.HasAttachment}, nil},
		"in another conversation": {search.Wanted{Query: "voir", Conversation: p.Conversation(p.claire, p.jerome, p.Person(p.college, protocol.RoleParent, "Léa", "Petit"))}, nil},
		"without a word":          {search.Wanted{Query: " -- 👋", Sender: p.jerome.ID}, nil},
		"from the second":         {search.Wanted{Query: "voir", From: second}, []protocol.ID{three.ID, two.ID}},
		"before the second":       {search.Wanted{Query: "voir", To: second}, []protocol.ID{one.ID}},
	} {
		if got := find(t, p.App, p.jerome, c.wanted); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestFind_refusesWhatItDoesNotKnow(t *testing.T) {
	p := newPair(t)
	for field, wanted := range map[string]search.Wanted{
		"q":      {Query: strings.Repeat("un mot ", 5) + "a b c d e f g h i j k"},
		"has":    {Query: "mot", Has: "everything"},
		"cursor": {Query: "mot", Cursor: "nonsense"},
	} {
		_, err := p.Search.Find(t.Context(), school.PersonOf(p.claire.Record), wanted)
		var refused *refusal.Error
		if !errors.As(err, &refused) || refused.Code() != protocol.CodeInvalidRequest || refused.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestFind_readsNothingOfFTS5sLanguageInAQuery(t *testing.T) {
	p := newPair(t)
	sent := p.Says(p.claire, p.conversation, "le near or not column messages").ID
	for query, want := range map[string][]protocol.ID{
		`"`: nil, `*`: nil, `(`: nil, `()`: nil, `^`: nil, `:`: nil, `-`: nil, "\x00": nil, `'`: nil, "{}": nil, "_": nil, "@": nil, "#": nil,
		`near(`: {sent}, `NEAR(le, or)`: {sent}, `messages : near`: {sent}, `"le" OR "absent"`: nil, `le AND near`: nil, `NOT le`: {sent},
		`le"`: {sent}, `"le`: {sent}, `le*`: {sent}, `+le`: {sent}, `l*e`: nil, `messages.tokens:le`: nil, "le\x00near": {sent}, `rowid > 0`: nil,
		strings.Repeat("n", 10_000): nil, strings.Repeat("é", 5_000): nil,
	} {
		expect(t, p.App, p.claire, query, want...)
	}
}

func TestFind_isLimitedByABudget(t *testing.T) {
	p := newPair(t)
	caller := school.PersonOf(p.jerome.Record)
	if err := p.Search.Budget().Spend(caller, 2_000); err != nil {
		t.Fatal(err)
	}
	_, err := p.Search.Find(t.Context(), caller, search.Wanted{Query: "mot"})
	if !errors.Is(err, refusal.TooManyRequests(0, "")) {
		t.Errorf("after two thousand searches: %v", err)
	}
	if _, err := p.Search.Find(t.Context(), caller, search.Wanted{Query: "--"}); err != nil {
		t.Errorf("what isn't searched: %v", err)
	}
}

// A server without messages has no index, until somebody searches.
func TestFind_beforeThereIsAnyMessage(t *testing.T) {
	p := newPair(t)
	if got := find(t, p.App, p.claire, search.Wanted{Query: "mot"}); got != nil {
		t.Errorf("found %v", got)
	}
	p.Stop()
	if _, err := p.Search.Find(t.Context(), school.PersonOf(p.claire.Record), search.Wanted{Query: "mot"}); !errors.Is(err, refusal.Unavailable) {
		t.Errorf("once it has stopped: %v", err)
	}
}

// Changes that come by the thousand take no memory.
func TestIndex_followsMoreChangesThanItNotes(t *testing.T) {
	p := newPair(t)
	sent := p.Says(p.claire, p.conversation, "réunion").ID
	expect(t, p.App, p.claire, "reunion", sent)
	p.edit(t, sent, "conseil")
	message := messagerie.StoredMessage{Content: "avant"}
	for i := range 20_000 {
		message.ID = protocol.ID(i + 1)
		p.Records.Notify(messagerie.MessageRemoved{Message: message})
	}
	expect(t, p.App, p.claire, "reunion")
	expect(t, p.App, p.claire, "conseil", sent)
}
