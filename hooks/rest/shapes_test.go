package rest_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"messagerie/hooks/protocol"
)

func TestResponses_haveTheShapesOfTheSamples(t *testing.T) {
	s := newSchool(t)
	first := s.Says(s.claire, s.conversation, "Bonjour")
	s.Post(s.jerome, messagesPath(s.conversation), object{"content": "Oui", "client_id": "c", "reply_to": first.ID}).OK(201)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	edited := s.Says(s.claire, group, "un mot")

	for name, resp := range map[string]any{
		"conversations": decoded(t, s.Get(s.claire, conversationsPath(s.claire)).OK(200).Body),
		"messages":      decoded(t, s.Get(s.claire, messagesPath(s.conversation)).OK(200).Body),
		"search":        decoded(t, s.Get(s.claire, s.searchPath("lefevre")).OK(200).Body),
		"me":            decoded(t, s.Get(s.claire, "/api/messagerie/me/").OK(200).Body),
		"error":         decoded(t, s.Get(s.outsider, messagesPath(s.conversation)).OK(403).Body),
		"message":       decoded(t, s.Post(s.claire, messagesPath(s.conversation), object{"content": "x"}).OK(201).Body),
	} {
		sameShape(t, name, resp, sample(t, name))
	}
	patched := decoded(t, s.Do(s.claire.Token, "PATCH", messagePath(edited), object{"content": "deux"}).OK(200).Body)
	sameShape(t, "edited", patched, sample(t, "message"))
	sameShape(t, "history", decoded(t, s.Get(s.claire, messagePath(edited)+"history/").OK(200).Body), sample(t, "history"))
	one := sample(t, "conversations").([]any)[0]
	for path, body := range map[string]any{createPath: participants(s.outsider), participantsPath(group): participants(s.claire)} {
		sameShape(t, path, decoded(t, s.Post(s.claire, path, body).Body), one)
	}
	sameShape(t, "muted", decoded(t, s.Do(s.claire.Token, "PATCH", conversationPath(group), object{"muted": true}).OK(200).Body), one)
}

func TestResponses_neverHaveNullForAList(t *testing.T) {
	s := newSchool(t)
	empty := s.Person(s.lycee, protocol.RoleStudent, "Nina", "Seule")
	for _, path := range []string{conversationsPath(empty), s.searchPathOf(s.lycee, "zz")} {
		if body := string(s.Get(empty, path).OK(200).Body); body != "[]\n" && body != "[]" {
			t.Errorf("%s returns %q, want []", path, body)
		}
	}
	if body := string(s.Get(s.claire, messagesPath(s.conversation)).OK(200).Body); body != "[]\n" && body != "[]" {
		t.Errorf("an empty history is %q, want []", body)
	}
}

func TestTimes_areRFC3339InUTC(t *testing.T) {
	s := newSchool(t)
	s.Says(s.claire, s.conversation, "Bonjour")
	sent := s.Says(s.claire, s.conversation, "à corriger")
	s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": "corrigé"}).OK(200)
	times := regexp.MustCompile(`"(timestamp|edited_at|created_at|updated_at)":"([^"]*)"`)
	for _, path := range []string{messagesPath(s.conversation), conversationsPath(s.claire)} {
		found := times.FindAllStringSubmatch(string(s.Get(s.claire, path).OK(200).Body), -1)
		if len(found) < 3 {
			t.Fatalf("%s carries only the times %v", path, found)
		}
		for _, match := range found {
			at, err := time.Parse("2006-01-02T15:04:05.000Z", match[2])
			if err != nil || time.Since(at).Abs() > time.Minute {
				t.Errorf("%s is %q (%v)", match[1], match[2], err)
			}
		}
	}
}

func TestMe_namesTheEstablishmentsAndTheLocale(t *testing.T) {
	s := newSchool(t)
	s.claire.Record.Set("establishments", []string{s.college.RecordID(), s.lycee.RecordID()})
	s.claire.Record.Set("locale", "fr")
	if err := s.Save(s.claire.Record); err != nil {
		t.Fatal(err)
	}
	var me protocol.Me
	s.Get(s.claire, "/api/messagerie/me/").OK(200).Into(&me)
	want := protocol.User{ID: s.claire.ID, FirstName: "Claire", LastName: "Martin", Email: s.claire.Email, Role: "teacher"}
	if fmt.Sprint(me.User) != fmt.Sprint(want) || me.Locale != "fr" || len(me.Establishments) != 2 ||
		me.Establishments[0] != (protocol.Establishment{ID: s.college, Name: "Collège Jean-Moulin", Timezone: "Europe/Paris", Quiet: "off"}) {
		t.Errorf("me is %+v", me)
	}
}
