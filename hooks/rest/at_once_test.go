package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// The race detector takes one request after the other for ordered, since the second is sent after the response to the first
// was read. Here people of every role ask a route at the same time, others the next one, while their sockets are open.
func TestRoutes_ofEveryKindAtOnce(t *testing.T) {
	s := newSchool(t)
	s.ConfigureMail()
	var people []apptest.Person // two of each role
	for _, role := range asked {
		people = append(people, s.Person(s.college, role, "Camille", role), s.Person(s.college, role, "Dominique", role))
	}
	for _, person := range people {
		socket, _ := s.Dial(person)
		socket.Frames() // reads them
	}
	s.refreshed(s.claire) // PocketBase's middleware there sets a variable of its own at the first request
	visits := s.openRoutes(t, s.Conversation(append([]apptest.Person{s.claire}, people...)...))
	for i := range visits {
		s.AtOnce(len(people), func(n int) {
			v, role := visits[(i+n%2)%len(visits)], n/2
			as := s.SignIn(s.Find("users", people[n].ID)) // one visit signs out everywhere
			if resp := s.Do(as.Token, v.method(), v.pathFor(as), v.body); resp.StatusCode != v.people[role] {
				t.Errorf("%s for a %s: status %d, want %d: %.200s", v.pattern, asked[role], resp.StatusCode, v.people[role], resp.Body)
			}
		})
	}
}

// Everybody in a group writes, reacts, edits, pins and deletes at the same time: each socket is told of every message, and
// all see the same in the end.
func TestGroup_isChangedByEverybodyAtOnce(t *testing.T) {
	const each = 8
	s := newSchool(t)
	everybody := []apptest.Person{s.claire}
	for n := range 5 {
		everybody = append(everybody, s.Person(s.college, protocol.RoleTeacher, "Camille", fmt.Sprint(n)))
	}
	group := s.createGroup(s.claire, "Conseil", everybody[1:]...)
	first := s.Says(s.claire, group, "Bonjour")
	var sockets []*apptest.Socket
	for _, person := range everybody {
		socket, _ := s.Dial(person)
		socket.Frames() // reads them
		sockets = append(sockets, socket)
	}
	var all sync.WaitGroup
	for n, person := range everybody {
		all.Go(func() {
			s.react(person, first, "👍").OK(204)
			for i := range each {
				var sent protocol.Message
				s.Post(person, messagesPath(group), object{"content": fmt.Sprintf("%d %d", n, i)}).OK(201).Into(&sent)
				s.edits(person, sent, fmt.Sprintf("%d %d!", n, i)).OK(200)
				s.react(person, sent, "👍").OK(204)
				s.Do(person.Token, "PATCH", conversationPath(group), object{"title": fmt.Sprintf("Conseil %d %d", n, i)}).OK(200)
				s.pin(person, sent).OK(204)
				s.Get(person, messagesPath(group)).OK(200)
				s.Get(person, conversationsPath(person)).OK(200)
				s.Get(person, eventsPath(group)).OK(200)
				s.readers(person, sent)
				s.Post(person, conversationPath(group)+"read/", nil).OK(204)
				s.unpin(person, sent).OK(204)
				if i%2 == 1 {
					s.Do(person.Token, "DELETE", messagePath(sent), nil).OK(204)
				}
			}
		})
	}
	all.Wait()

	want := s.history(t, s.claire, group)
	if deleted := len(slices.DeleteFunc(slices.Clone(want), func(m protocol.Message) bool { return !m.Deleted })); deleted != len(everybody)*each/2 {
		t.Errorf("%d messages are deleted, want %d", deleted, len(everybody)*each/2)
	}
	for _, m := range want[1:] {
		if !m.Deleted && (!strings.HasSuffix(m.Content, "!") || len(m.Reactions) != 1) {
			t.Errorf("%+v was changed otherwise", m)
		}
	}
	for n, person := range everybody {
		seen := s.seen(t, person, group)
		if seen.Title != s.seen(t, s.claire, group).Title || len(seen.PinnedMessages) != 0 {
			t.Errorf("%d sees the title %q and %v pinned", n, seen.Title, seen.PinnedMessages)
		}
		var told []protocol.ID
		for range len(everybody) * each {
			var frame protocol.MessageFrame
			sockets[n].Expect(protocol.TypeNewMessage, &frame)
			told = append(told, frame.Message.ID)
		}
		for _, m := range want[1:] {
			if !slices.Contains(told, m.ID) {
				t.Errorf("%d wasn't told of message %d", n, m.ID)
			}
		}
	}
}
