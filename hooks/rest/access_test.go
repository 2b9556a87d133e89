package rest_test

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// call is a request that its caller may make.
type call struct {
	method, path string
	body         any
	status       int
}

// calls returns one call for each route of the contract, by Claire. group is one that she created.
func (s school) calls(group protocol.ID, message, other protocol.Message) []call {
	return []call{
		{"GET", "/api/messagerie/me/", nil, 200},
		{"GET", s.searchPath("le"), nil, 200},
		{"GET", conversationsPath(s.claire), nil, 200},
		{"POST", createPath, participants(s.jerome), 200},
		{"PATCH", conversationPath(group), object{"title": "Sortie"}, 200},
		{"POST", conversationPath(group) + "read/", nil, 204},
		{"POST", participantsPath(group), participants(s.outsider), 200},
		{"DELETE", participantsPath(group), participants(s.outsider), 204},
		{"GET", messagesPath(group), nil, 200},
		{"POST", messagesPath(group), object{"content": "Bonjour"}, 201},
		{"PATCH", messagePath(message), object{"content": "Bonsoir"}, 200},
		{"GET", messagePath(message) + "history/", nil, 200},
		{"PUT", conversationPath(group) + "pins/" + message.ID.String() + "/", nil, 204},
		{"DELETE", conversationPath(group) + "pins/" + message.ID.String() + "/", nil, 204},
		{"DELETE", messagePath(other), nil, 204},
		{"POST", "/api/email/send/", object{"recipients": ids(s.jerome), "subject": "Réunion", "content": "Bonjour"}, 202},
		{"GET", fmt.Sprintf("/api/email/search-recipients/%d/?q=le", s.college), nil, 200},
	}
}

func (s school) someCalls() []call {
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	return s.calls(group, s.Says(s.claire, group, "un"), s.Says(s.claire, group, "deux"))
}

// withoutSlash removes the slash before an address's query.
func withoutSlash(path string) string {
	path, query, has := strings.Cut(path, "?")
	path = strings.TrimSuffix(path, "/")
	if has {
		path += "?" + query
	}
	return path
}

func TestPaths_workWithAndWithoutTheirTrailingSlash(t *testing.T) {
	s := newSchool(t)
	for _, spell := range []func(string) string{func(p string) string { return p }, withoutSlash} {
		for _, c := range s.someCalls() {
			resp := s.Do(s.claire.Token, c.method, spell(c.path), c.body)
			if resp.StatusCode != c.status {
				t.Errorf("%s %s: status %d, want %d: %s", c.method, spell(c.path), resp.StatusCode, c.status, resp.Body)
			}
			if c.status == 204 && len(resp.Body) > 0 {
				t.Errorf("%s %s: a 204 with the body %s", c.method, c.path, resp.Body)
			}
			if cache := resp.Header.Get("Cache-Control"); cache != "no-store" {
				t.Errorf("%s %s may be cached: %q", c.method, c.path, cache)
			}
		}
	}
}

func TestToken_isNeededEverywhere(t *testing.T) {
	s := newSchool(t)
	collection := s.claire.Record.Collection()
	expired, err := security.NewJWT(
		jwt.MapClaims{"id": s.claire.Record.Id, "type": core.TokenTypeAuth, "collectionId": collection.Id, "refreshable": true},
		s.claire.Record.TokenKey()+collection.AuthToken.Secret, -time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{
		"none":        "",
		"nonsense":    "nonsense",
		"expired":     expired,
		"tampered":    s.claire.Token[:len(s.claire.Token)-2] + "xx",
		"a superuser": s.Superuser(),
	}
	for _, c := range s.someCalls() {
		for name, token := range tokens {
			resp := s.Do(token, c.method, c.path, c.body)
			if resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s %s with token %s: status %d", c.method, c.path, name, resp.StatusCode)
				continue
			}
			resp.Refused(401, protocol.CodeUnauthorized)
		}
	}
}

func TestToken_isAlsoTakenInPocketBasesRawForm(t *testing.T) {
	s := newSchool(t)
	for _, spelt := range []string{s.claire.Token, "Bearer " + s.claire.Token, "bearer " + s.claire.Token} {
		req, err := http.NewRequest("GET", s.URL+"/api/messagerie/me/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", spelt)
		s.Send(req).OK(200)
	}
}

func TestToken_inTheQueryOfARequestIsIgnored(t *testing.T) {
	s := newSchool(t)
	s.Do("", "GET", "/api/messagerie/me/?token="+s.claire.Token, nil).Refused(401, protocol.CodeUnauthorized)
}

func TestConversations_ofSomebodyElseAreRefused(t *testing.T) {
	s := newSchool(t)
	for _, id := range []string{s.jerome.ID.String(), "1", "0", "-1", "abc", "99999999999999999999", "%20", "create"} {
		s.Get(s.claire, "/api/messagerie/conversations/"+id+"/").Refused(403, protocol.CodeNotYourAccount)
	}
	// Leading zeros are the database's spelling of the same number.
	s.Get(s.claire, "/api/messagerie/conversations/"+s.claire.ID.RecordID()+"/").OK(200)
}

func TestConversation_ofOthersLooksLikeOneThatDoesNotExist(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "Entre nous")
	for _, c := range []struct {
		method, suffix string
		body           any
	}{
		{"GET", "", nil},
		{"POST", "", object{"content": "Bonjour"}},
		{"POST", "", object{"content": "Bonjour", "reply_to": sent.ID}},
		{"PATCH", "MESSAGE", object{"content": "x"}},
		{"DELETE", "MESSAGE", nil},
		{"PUT", "REACTION", nil},
		{"DELETE", "REACTION", nil},
		{"POST", "", object{"content": "Bonjour", "mentions": ids(s.claire)}},
		{"PUT", "PIN", nil},
		{"DELETE", "PIN", nil},
		{"GET", "HISTORY", nil},
		{"POST", "READ", nil},
		{"POST", "READ", object{"message_id": sent.ID}},
		{"PATCH", "CONVERSATION", object{"title": "À moi"}},
		{"PATCH", "CONVERSATION", object{"muted": true}},
		{"POST", "PARTICIPANTS", participants(s.outsider)},
		{"DELETE", "PARTICIPANTS", participants(s.outsider)},
	} {
		ask := func(as apptest.Person, id string) string {
			path := map[string]string{
				"":             "/api/messagerie/messages/" + id + "/",
				"MESSAGE":      "/api/messagerie/messages/" + id + "/" + sent.ID.String() + "/",
				"REACTION":     "/api/messagerie/messages/" + id + "/" + sent.ID.String() + "/reactions/%F0%9F%91%8D/",
				"PIN":          "/api/messagerie/conversations/" + id + "/pins/" + sent.ID.String() + "/",
				"HISTORY":      "/api/messagerie/messages/" + id + "/" + sent.ID.String() + "/history/",
				"READ":         "/api/messagerie/conversations/" + id + "/read/",
				"CONVERSATION": "/api/messagerie/conversations/" + id + "/",
				"PARTICIPANTS": "/api/messagerie/conversations/" + id + "/participants/",
			}[c.suffix]
			resp := s.Do(as.Token, c.method, path, c.body)
			resp.Refused(403, protocol.CodeNotParticipant)
			return string(resp.Body)
		}
		foreign := ask(s.outsider, s.conversation.String())
		for _, id := range []string{"4711", "0", "-1", "abc", "99999999999999999999"} {
			if missing := ask(s.outsider, id); missing != foreign {
				t.Errorf("%s %s: %s for the id %s, but %s for a foreign one", c.method, c.suffix, missing, id, foreign)
			}
		}
	}
	if got := s.history(t, s.claire, s.conversation); len(got) != 1 || !reflect.DeepEqual(got[0], sent) {
		t.Errorf("the conversation became %+v", got)
	}
}
