package rest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// school is two people with a conversation, a third of the same school who isn't
// in it, and a fourth of another school.
type school struct {
	*apptest.App
	college, lycee                     protocol.ID
	claire, jerome, outsider, stranger apptest.Person
	conversation                       protocol.ID
}

func newSchool(t *testing.T, changes ...func(*config.Config)) school {
	t.Helper()
	app := apptest.New(t, changes...)
	s := school{App: app, college: app.Establishment("Collège Jean-Moulin"), lycee: app.Establishment("Lycée Rosa-Parks")}
	s.claire = app.Person(s.college, protocol.RoleTeacher, "Claire", "Martin")
	s.jerome = app.Person(s.college, protocol.RoleParent, "Jérôme", "Lefèvre")
	s.outsider = app.Person(s.college, protocol.RoleStudent, "Léa", "Petit")
	s.stranger = app.Person(s.lycee, protocol.RoleTeacher, "Paul", "Durand")
	s.conversation = app.Conversation(s.claire, s.jerome)
	return s
}

func conversationsPath(of apptest.Person) string {
	return fmt.Sprintf("/api/messagerie/conversations/%d/", of.ID)
}

func conversationPath(id protocol.ID) string {
	return fmt.Sprintf("/api/messagerie/conversations/%d/", id)
}

func participantsPath(id protocol.ID) string { return conversationPath(id) + "participants/" }

func messagesPath(conversation protocol.ID) string {
	return fmt.Sprintf("/api/messagerie/messages/%d/", conversation)
}

func messagePath(m protocol.Message) string {
	return fmt.Sprintf("/api/messagerie/messages/%d/%d/", m.ConversationID, m.ID)
}

const createPath = "/api/messagerie/conversations/create/"

// list asks for the first page of a person's conversations.
func (s school) list(t *testing.T, as apptest.Person) []protocol.Conversation {
	t.Helper()
	var list []protocol.Conversation
	s.Get(as, conversationsPath(as)).OK(200).Into(&list)
	return list
}

// seen returns the conversation as it is in a person's list.
func (s school) seen(t *testing.T, as apptest.Person, id protocol.ID) protocol.Conversation {
	t.Helper()
	list := s.list(t, as)
	i := slices.IndexFunc(list, func(c protocol.Conversation) bool { return c.ConversationID == id })
	if i < 0 {
		t.Fatalf("conversation %d isn't in the list of %d: %+v", id, as.ID, list)
	}
	return list[i]
}

// history returns the newest page of a conversation.
func (s school) history(t *testing.T, as apptest.Person, id protocol.ID) []protocol.Message {
	t.Helper()
	var list []protocol.Message
	s.Get(as, messagesPath(id)).OK(200).Into(&list)
	return list
}

// next returns the address of the next page; "" on the last.
func next(t *testing.T, resp *apptest.Response) string {
	t.Helper()
	link := resp.Header.Get("Link")
	if link == "" {
		return ""
	}
	address, ok := strings.CutSuffix(link, `>; rel="next"`)
	address, bracket := strings.CutPrefix(address, "<")
	if !ok || !bracket {
		t.Fatalf("Link %q isn't that of RFC 8288", link)
	}
	return address
}

// sample reads a sample of the contract.
func sample(t *testing.T, name string) any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "protocol", "testdata", "rest", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, data)
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	var value any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("decode %s: %v", data, err)
	}
	return value
}

// sameShape compares fields and the kinds of their values, at all levels. null matches
// anything: where a field may be null, there are samples of both.
func sameShape(t *testing.T, at string, got, want any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		if got == nil {
			return
		}
		object, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s is %v, want an object", at, got)
			return
		}
		for name := range object {
			if _, known := want[name]; !known {
				t.Errorf("%s.%s isn't in the sample", at, name)
			}
		}
		for name, value := range want {
			if _, there := object[name]; !there {
				t.Errorf("%s.%s is missing", at, name)
			}
			sameShape(t, at+"."+name, object[name], value)
		}
	case []any:
		list, ok := got.([]any)
		if !ok {
			t.Errorf("%s is %v, want an array", at, got)
			return
		}
		for i, element := range list {
			sameShape(t, fmt.Sprintf("%s[%d]", at, i), element, want[0])
		}
	default:
		if got != nil && want != nil && fmt.Sprintf("%T", got) != fmt.Sprintf("%T", want) {
			t.Errorf("%s is the %T %v, want a %T", at, got, got, want)
		}
	}
}

func ids(people ...apptest.Person) []protocol.ID {
	list := make([]protocol.ID, len(people))
	for i, p := range people {
		list[i] = p.ID
	}
	return list
}

type object = map[string]any

func participants(people ...apptest.Person) object { return object{"participants": ids(people...)} }
