package rest_test

import (
	"fmt"
	"slices"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func messageIDs(list []protocol.Message) []protocol.ID {
	out := make([]protocol.ID, len(list))
	for i, m := range list {
		out[i] = m.ID
	}
	return out
}

// pages follows the Link headers of messages to the end.
func (s school) pages(t *testing.T, as apptest.Person, path string) (pages [][]protocol.ID) {
	t.Helper()
	for path != "" {
		var page []protocol.Message
		resp := s.Get(as, path).OK(200).Into(&page)
		if !slices.IsSortedFunc(page, func(a, b protocol.Message) int { return int(a.ID - b.ID) }) {
			t.Errorf("%s isn't oldest first: %v", path, messageIDs(page))
		}
		pages = append(pages, messageIDs(page))
		path = next(t, resp)
		if len(pages) > 50 {
			t.Fatal("the pages never end")
		}
	}
	return pages
}

func (s school) says(n int) (said []protocol.ID) {
	for i := range n {
		said = append(said, s.Says(s.claire, s.conversation, fmt.Sprint("message ", i)).ID)
	}
	return said
}

func TestHistory_backwardsFromTheNewest(t *testing.T) {
	s := newSchool(t)
	said := s.says(11)
	for _, limit := range []int{1, 3, 4, 10, 11, 12} {
		pages := s.pages(t, s.jerome, fmt.Sprintf("%s?limit=%d", messagesPath(s.conversation), limit))
		if want := (len(said) + limit - 1) / limit; len(pages) != want {
			t.Errorf("%d pages of %d, want %d", len(pages), limit, want)
		}
		slices.Reverse(pages)
		if got := slices.Concat(pages...); !slices.Equal(got, said) {
			t.Errorf("pages of %d give %v, want %v", limit, got, said)
		}
	}
}

func TestHistory_forwardsFromTheStartAndFromAMessage(t *testing.T) {
	s := newSchool(t)
	said := s.says(11)
	for _, limit := range []int{1, 3, 11, 12} {
		for from, want := range map[protocol.ID][]protocol.ID{0: said, said[3]: said[4:], said[10]: {}} {
			pages := s.pages(t, s.jerome, fmt.Sprintf("%s?limit=%d&after=%d", messagesPath(s.conversation), limit, from))
			if got := slices.Concat(pages...); !slices.Equal(got, want) {
				t.Errorf("pages of %d after %d give %v, want %v", limit, from, got, want)
			}
		}
	}
}

func TestHistory_beforeAMessage(t *testing.T) {
	s := newSchool(t)
	said := s.says(11)
	pages := s.pages(t, s.jerome, fmt.Sprintf("%s?limit=3&before=%d", messagesPath(s.conversation), said[7]))
	if want := [][]protocol.ID{said[4:7], said[1:4], said[:1]}; fmt.Sprint(pages) != fmt.Sprint(want) {
		t.Errorf("pages %v, want %v", pages, want)
	}
	if got := s.pages(t, s.jerome, fmt.Sprintf("%s?before=%d", messagesPath(s.conversation), said[0])); len(got[0]) != 0 {
		t.Errorf("before the first: %v", got)
	}
}

func TestHistory_keepsThePlaceWhenMessagesComeInBetween(t *testing.T) {
	s := newSchool(t)
	said := s.says(6)
	var page []protocol.Message
	resp := s.Get(s.jerome, messagesPath(s.conversation)+"?limit=3").OK(200).Into(&page)
	said = append(said, s.says(4)...)
	pages := s.pages(t, s.jerome, next(t, resp))
	if got := slices.Concat(pages...); !slices.Equal(got, said[:3]) {
		t.Errorf("the second page is %v, want %v", got, said[:3])
	}
	// A cursor may name a message that is gone, or one of another conversation.
	if err := s.Delete(s.Find("messages", said[4])); err != nil {
		t.Fatal(err)
	}
	pages = s.pages(t, s.jerome, fmt.Sprintf("%s?after=%d", messagesPath(s.conversation), said[4]))
	if got := slices.Concat(pages...); !slices.Equal(got, said[5:]) {
		t.Errorf("after a removed message: %v, want %v", got, said[5:])
	}
}

func TestHistory_returnsFiftyByDefaultAndTwoHundredAtMost(t *testing.T) {
	s := newSchool(t)
	said := s.says(205)
	for query, want := range map[string][]protocol.ID{
		"":                                     said[155:],
		"?limit=200":                           said[5:],
		"?limit=201":                           said[5:],
		"?limit=1000000":                       said[5:],
		"?after=0":                             said[:50],
		"?limit=500&after=" + said[1].String(): said[2:202],
	} {
		var page []protocol.Message
		resp := s.Get(s.jerome, messagesPath(s.conversation)+query).OK(200).Into(&page)
		if got := messageIDs(page); !slices.Equal(got, want) || next(t, resp) == "" {
			t.Errorf("%q returns %d messages from %v and Link %q", query, len(got), got[0], resp.Header.Get("Link"))
		}
	}
}

func TestHistory_refusesInvalidCursorsAndLimits(t *testing.T) {
	s := newSchool(t)
	for query, field := range map[string]string{
		"limit=0": "limit", "limit=-1": "limit", "limit=abc": "limit", "limit=": "limit", "limit=1e3": "limit",
		"before=abc": "before", "before=-1": "before", "before=": "before", "before=99999999999999999999": "before",
		"after=abc": "after", "after=-1": "after", "after=": "after", "after=1.5": "after", "after=9007199254740992": "after",
		"before=5&after=5": "after", "before=5&after=0": "after",
	} {
		refused := s.Get(s.jerome, messagesPath(s.conversation)+"?"+query).Refused(400, protocol.CodeInvalidRequest)
		if refused.Data[field] == nil {
			t.Errorf("%s: data %v doesn't name %s", query, refused.Data, field)
		}
	}
	s.Get(s.jerome, messagesPath(s.conversation)+"?before=9007199254740991&unknown=1").OK(200)
}

func TestHistory_holdsOneConversationOnly(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	said := s.says(2)
	s.Says(s.claire, group, "ailleurs")
	said = append(said, s.says(1)...)
	if got := messageIDs(s.history(t, s.jerome, s.conversation)); !slices.Equal(got, said) {
		t.Errorf("the history is %v, want %v", got, said)
	}
}
