package rest_test

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

const findPath = "/api/messagerie/find/"

// foundMessages follows the Link headers to the end.
func (s school) foundMessages(t *testing.T, as apptest.Person, query string) (ids []protocol.ID) {
	t.Helper()
	s.Search.CatchUp()
	for path, pages := findPath+"?"+query, 0; path != ""; pages++ {
		var page []protocol.FoundMessage
		resp := s.Get(as, path).OK(200).Into(&page)
		for _, f := range page {
			ids = append(ids, f.Message.ID)
		}
		if path = next(t, resp); pages > 50 {
			t.Fatal("the pages never end")
		}
	}
	return ids
}

func TestFind_returnsMessagesWithASnippet(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.jerome, s.conversation, "Léa sera à la réunion")
	s.Says(s.jerome, s.conversation, "rien")
	s.Search.CatchUp()
	resp := s.Get(s.claire, findPath+"?q=REUN+lea").OK(200)
	var page []protocol.FoundMessage
	resp.Into(&page)
	want := []protocol.SnippetPart{{Text: "Léa", Match: true}, {Text: " sera à la "}, {Text: "réunion", Match: true}}
	if len(page) != 1 || !reflect.DeepEqual(page[0].Message, s.history(t, s.claire, s.conversation)[0]) || page[0].Message.ID != sent.ID ||
		page[0].ConversationID != s.conversation || !slices.Equal(page[0].Snippet, want) {
		t.Errorf("found %+v", page)
	}
	sameShape(t, "found_messages", decoded(t, resp.Body), sample(t, "found_messages"))
	s.react(s.claire, sent, "👍").OK(204)
	if s.Get(s.claire, findPath+"?q=lea").OK(200).Into(&page); len(page) != 1 || len(page[0].Message.Reactions) != 1 {
		t.Errorf("found without its reactions: %+v", page)
	}
	for _, nothing := range []string{"", "?q=", "?q=%20--%20", "?q=absent", "?has=attachment"} {
		if body := strings.TrimSpace(string(s.Get(s.claire, findPath+nothing).OK(200).Body)); body != "[]" {
			t.Errorf("%q finds %s", nothing, body)
		}
	}
}

func TestFind_filters(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	direct := s.Says(s.jerome, s.conversation, "la réunion").ID
	linked := s.Says(s.claire, group, "réunion : https://ecole.example").ID
	last := s.Says(s.outsider, group, "réunion").ID
	for query, want := range map[string][]protocol.ID{
		"q=reunion":         {last, linked, direct},
		"q=reunion&limit=1": {last, linked, direct},
		fmt.Sprintf("q=reunion&conversation_id=%d", group): {last, linked},
		fmt.Sprintf("q=reunion&sender_id=%d", s.jerome.ID): {direct},
		"q=reunion&has=link":                  {linked},
		"has=link":                            {linked},
		"q=reunion&from=2020-01-01T00:00:00Z": {last, linked, direct},
		"q=reunion&to=2020-01-01T00:00:00Z":   nil,
		"q=reunion&from=" + url.QueryEscape("2020-01-01T02:00:00.123+02:00"): {last, linked, direct},
	} {
		if got := s.foundMessages(t, s.claire, query); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", query, got, want)
		}
	}
	if got := s.foundMessages(t, s.outsider, "q=reunion"); !slices.Equal(got, []protocol.ID{last, linked}) {
		t.Errorf("somebody who isn't in the conversation finds %v", got)
	}
}

func TestFind_refuses(t *testing.T) {
	s := newSchool(t)
	for query, field := range map[string]string{
		"q=a+b+c+d+e+f+g+h+i+j+k": "q", "q=" + strings.Repeat("n", 201): "q", "q=" + strings.Repeat("n", 3_000): "q",
		"q=a&has=x": "has", "q=a&has=" + strings.Repeat("x", 100): "has",
		"q=a&conversation_id=x": "conversation_id", "q=a&conversation_id=0": "conversation_id", "q=a&conversation_id=-1": "conversation_id",
		"q=a&sender_id=1.5": "sender_id", "q=a&sender_id=99999999999999999999": "sender_id",
		"q=a&from=yesterday": "from", "q=a&from=2026-11-30": "from", "q=a&to=2026-13-01T00:00:00Z": "to", "q=a&to=" + strings.Repeat("1", 100): "to",
		"q=a&limit=0": "limit", "q=a&limit=x": "limit", "q=a&cursor=x": "cursor", "q=a&cursor=%00": "cursor",
	} {
		refused := s.Get(s.claire, findPath+"?"+query).Refused(400, protocol.CodeInvalidRequest)
		if refused.Data[field] == nil {
			t.Errorf("%.60s: data %v doesn't name %s", query, refused.Data, field)
		}
	}
	for _, conversation := range []protocol.ID{s.conversation, 4711} {
		s.Get(s.outsider, fmt.Sprintf("%s?q=a&conversation_id=%d", findPath, conversation)).Refused(403, protocol.CodeNotParticipant)
	}
}

// The text is shown if it has one of the words, else the name that has.
func TestFind_knowsTheNamesOfFiles(t *testing.T) {
	s := newSchool(t)
	var sent [3]protocol.Message
	for i, text := range []string{"", "Voici celui de Léa.", "Le bulletin suit."} {
		file := s.uploaded(s.claire, s.conversation, "Élèves-5eB_bulletin.txt", fmt.Sprintf("Bonjour %d", i))
		s.sendWith(s.claire, s.conversation, text, file.ID).OK(201).Into(&sent[i])
	}
	s.Search.CatchUp()
	name := []protocol.SnippetPart{{Text: "Élèves-5eB_"}, {Text: "bulletin", Match: true}, {Text: ".txt"}}
	var found []protocol.FoundMessage
	s.Get(s.jerome, findPath+"?q=bulletin").OK(200).Into(&found)
	want := map[protocol.ID][]protocol.SnippetPart{sent[0].ID: name, sent[1].ID: name,
		sent[2].ID: {{Text: "Le "}, {Text: "bulletin", Match: true}, {Text: " suit."}}}
	if len(found) != len(want) {
		t.Errorf("found %+v", found)
	}
	for _, f := range found {
		if !slices.Equal(f.Snippet, want[f.Message.ID]) {
			t.Errorf("%q: %+v", f.Message.Content, f.Snippet)
		}
	}
	s.Get(s.jerome, findPath+"?q=bulletin%20lea%20eleves").OK(200).Into(&found)
	if len(found) != 1 || found[0].Message.ID != sent[1].ID {
		t.Errorf("a word of the text and two of the name find %+v", found)
	}
}
