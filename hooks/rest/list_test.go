package rest_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

func conversationIDs(list []protocol.Conversation) []protocol.ID {
	out := make([]protocol.ID, len(list))
	for i, c := range list {
		out[i] = c.ConversationID
	}
	return out
}

// walk follows the Link headers of conversations to the end.
func (s school) walk(t *testing.T, as apptest.Person, path string) (all []protocol.ID, pages int) {
	t.Helper()
	for path != "" {
		var page []protocol.Conversation
		resp := s.Get(as, path).OK(200).Into(&page)
		all = append(all, conversationIDs(page)...)
		path = next(t, resp)
		if pages++; pages > 50 {
			t.Fatal("the pages never end")
		}
	}
	return all, pages
}

func TestList_putsTheMostRecentActivityFirst(t *testing.T) {
	s := newSchool(t)
	second := s.Conversation(s.claire, s.outsider)
	third := s.Conversation(s.claire, s.jerome, s.outsider)
	expect := func(want ...protocol.ID) {
		t.Helper()
		if got := conversationIDs(s.list(t, s.claire)); !slices.Equal(got, want) {
			t.Errorf("the list is %v, want %v", got, want)
		}
	}
	s.at(t, "conversations", s.conversation, "2026-01-01 08:00:00.000Z")
	s.at(t, "conversations", second, "2026-01-01 09:00:00.000Z")
	s.at(t, "conversations", third, "2026-01-01 10:00:00.000Z")
	expect(third, second, s.conversation)
	sent := s.Says(s.jerome, s.conversation, "Bonjour")
	expect(s.conversation, third, second)
	got := s.seen(t, s.claire, s.conversation)
	if got.LastMessage == nil || !reflect.DeepEqual(*got.LastMessage, sent) || got.UpdatedAt != sent.Timestamp || got.CreatedAt != "2026-01-01T08:00:00.000Z" {
		t.Errorf("listed as %+v with the last message %+v, want %+v", got, got.LastMessage, sent)
	}
	if empty := s.seen(t, s.claire, third); empty.LastMessage != nil || empty.UpdatedAt != empty.CreatedAt {
		t.Errorf("without a message: %+v", empty)
	}
	// Reading, muting and renaming don't count as activity.
	s.Post(s.claire, conversationPath(second)+"read/", nil).OK(204)
	s.Do(s.claire.Token, "PATCH", conversationPath(third), object{"title": "Autre", "muted": true}).OK(200)
	expect(s.conversation, third, second)
}

// at changes a record's time of creation, as an import does; the dashboard can't.
func (s school) at(t *testing.T, collection string, id protocol.ID, created string) {
	t.Helper()
	record, err := s.FindRecordById(collection, id.RecordID())
	if err != nil {
		t.Fatal(err)
	}
	when, err := types.ParseDateTime(created)
	if err != nil {
		t.Fatal(err)
	}
	record.SetRaw("created", when)
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
}

func TestList_isPagedWithoutGapsOrDuplicates(t *testing.T) {
	s := newSchool(t)
	all := []protocol.ID{s.conversation}
	for i := range 12 {
		c := s.Conversation(s.claire, s.jerome, s.outsider)
		if i%3 == 0 {
			s.Says(s.jerome, c, "Bonjour")
		}
		all = append(all, c)
	}
	// Many equal times, which a cursor of times alone couldn't distinguish.
	for _, c := range all {
		s.at(t, "conversations", c, "2026-01-01 08:00:00.000Z")
	}
	for _, limit := range []int{1, 2, 5, 13, 14, 200} {
		got, pages := s.walk(t, s.claire, fmt.Sprintf("%s?limit=%d", conversationsPath(s.claire), limit))
		if want := (len(all) + limit - 1) / limit; pages != want {
			t.Errorf("%d pages of %d, want %d", pages, limit, want)
		}
		if !slices.Equal(got, conversationIDs(s.list(t, s.claire))) || len(got) != len(all) {
			t.Errorf("pages of %d give %v", limit, got)
		}
		slices.Sort(got)
		if !slices.Equal(got, slices.Sorted(slices.Values(all))) {
			t.Errorf("pages of %d give %v, want each of %v once", limit, got, all)
		}
	}
	// Without the slash the next page has none either.
	got, _ := s.walk(t, s.claire, withoutSlash(conversationsPath(s.claire))+"?limit=4")
	if len(got) != len(all) {
		t.Errorf("without the slash: %v", got)
	}
}

func TestList_returnsItsDefaultAndNoMoreThanItsMaximum(t *testing.T) {
	if limits := config.Default().Limits; limits.PageDefault != 50 || limits.PageMax != 200 || limits.ListConversations != 50 {
		t.Errorf("the limits are %+v, the contract says 50 and 200", limits)
	}
	s := newSchool(t, func(c *config.Config) { c.Limits.PageDefault, c.Limits.ListConversations, c.Limits.PageMax = 3, 3, 6 })
	for range 8 {
		s.Conversation(s.claire, s.jerome, s.outsider)
	}
	for query, want := range map[string]int{"": 3, "?limit=6": 6, "?limit=7": 6, "?limit=1000000": 6, "?limit=2": 2} {
		var page []protocol.Conversation
		resp := s.Get(s.claire, conversationsPath(s.claire)+query).OK(200).Into(&page)
		if len(page) != want || next(t, resp) == "" {
			t.Errorf("%q returns %d conversations and Link %q, want %d", query, len(page), resp.Header.Get("Link"), want)
		}
	}
}

func TestList_refusesInvalidCursorsAndLimits(t *testing.T) {
	s := newSchool(t)
	for query, field := range map[string]string{
		"limit=0": "limit", "limit=-1": "limit", "limit=abc": "limit", "limit=": "limit", "limit=1.5": "limit",
		"limit=99999999999999999999": "limit",
		"cursor=abc":                 "cursor", "cursor=%00": "cursor", "cursor=Zm9v": "cursor", "cursor=eHx5": "cursor",
	} {
		refused := s.Get(s.claire, conversationsPath(s.claire)+"?"+query).Refused(400, protocol.CodeInvalidRequest)
		if refused.Data[field] == nil {
			t.Errorf("%s: data %v doesn't name %s", query, refused.Data, field)
		}
	}
}

func TestUnread_countsMessagesOfOthersSinceTheLastRead(t *testing.T) {
	s := newSchool(t)
	expect := func(who apptest.Person, want int) {
		t.Helper()
		if got := s.seen(t, who, s.conversation).UnreadCount; got != want {
			t.Errorf("%d unread, want %d", got, want)
		}
	}
	expect(s.claire, 0)
	one := s.Says(s.jerome, s.conversation, "un")
	two := s.Says(s.jerome, s.conversation, "deux")
	s.Says(s.claire, s.conversation, "à moi")
	s.Says(s.jerome, s.conversation, "trois")
	expect(s.claire, 3)
	expect(s.jerome, 1)
	s.Do(s.jerome.Token, "DELETE", messagePath(two), nil).OK(204)
	expect(s.claire, 2)
	s.Post(s.claire, conversationPath(s.conversation)+"read/", object{"message_id": one.ID}).OK(204)
	expect(s.claire, 1)
	s.Post(s.claire, conversationPath(s.conversation)+"read/", nil).OK(204)
	expect(s.claire, 0)
	expect(s.jerome, 1)
}

func TestUnread_startsAtZeroForSomebodyWhoJoinsLater(t *testing.T) {
	s := newSchool(t)
	late := s.Person(s.college, protocol.RoleStudent, "Tard", "Venu")
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	last := s.Says(s.claire, group, "avant")
	s.Post(s.claire, participantsPath(group), participants(late)).OK(200)
	if got := s.seen(t, late, group); got.UnreadCount != 0 || got.LastMessage == nil || !got.LastMessage.IsRead || got.LastMessage.ID != last.ID {
		t.Errorf("the one who joins sees %+v", got)
	}
	s.Says(s.claire, group, "après")
	if got := s.seen(t, late, group); got.UnreadCount != 1 {
		t.Errorf("%d unread", got.UnreadCount)
	}
}
