package rest_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// spent makes sure that a request is refused, with a Retry-After of less than a day.
func spent(t *testing.T, what string, resp *apptest.Response) {
	t.Helper()
	resp.Refused(429, protocol.CodeTooManyRequests)
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > 24*60*60 {
		t.Errorf("%s: Retry-After is %q", what, resp.Header.Get("Retry-After"))
	}
}

func TestBudget_ofGroupsStopsAScript(t *testing.T) {
	s := newSchool(t)
	pupil := s.Person(s.college, protocol.RoleStudent, "Tom", "Roy")
	three := participants(s.jerome, s.claire, s.outsider)
	for range 100 { // of the contract
		s.Post(pupil, createPath, three).OK(201)
	}
	before := s.Count("conversations")
	spent(t, "a group", s.Post(pupil, createPath, three))
	if s.Count("conversations") != before {
		t.Error("it was created all the same")
	}
	s.Post(s.outsider, createPath, three).OK(201)
}

// A pupil can bring a thousand people together in a day, however they are spread over
// groups; the other person of a direct conversation is one of them.
func TestBudget_ofPeopleBroughtTogether(t *testing.T) {
	s := newSchool(t)
	everybody := s.crowd(t, 249)
	pupil := everybody[0]
	for range 4 {
		s.Post(pupil, createPath, participants(everybody...)).OK(201)
	}
	s.Post(pupil, createPath, participants(everybody[1:8]...)).OK(201) // 999 with these
	spent(t, "a group", s.Post(pupil, createPath, participants(everybody[1:10]...)))
	var last protocol.Conversation
	s.Post(pupil, createPath, participants(everybody[1])).OK(201).Into(&last)
	spent(t, "a pair", s.Post(pupil, createPath, participants(everybody[2])))
	s.Post(pupil, createPath, participants(everybody[1])).OK(200) // it is there already

	teacher := s.Conversation(s.claire, everybody[1], everybody[2])
	s.Post(s.claire, participantsPath(teacher), participants(everybody[3:200]...)).OK(200)
	own := s.list(t, pupil)[1].ConversationID
	spent(t, "adding", s.Post(pupil, participantsPath(own), participants(s.outsider, s.jerome)))
}

// crowd creates pupils without PocketBase's checks, which take a while for hundreds.
func (s school) crowd(t *testing.T, count int) []apptest.Person {
	t.Helper()
	people := make([]apptest.Person, count)
	for i := range people {
		people[i] = s.Person(s.college, protocol.RoleStudent, "Élève", strconv.Itoa(i))
	}
	return people
}

// Even over many days, one pupil can't fill the lists of others.
func TestGroups_ofOnePupilAreLimited(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Limits.GroupParticipants = 10_000 })
	pupil := s.Person(s.college, protocol.RoleStudent, "Tom", "Roy")
	group := s.Conversation(pupil, s.jerome, s.outsider)
	// As if they had been added on the days before.
	_, err := s.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4995)
		INSERT INTO participants (id, conversation, user) SELECT printf('%016d', 5000000 + i), {:group}, printf('%016d', 9000000 + i) FROM n`).
		Bind(object{"group": group.RecordID()}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	s.Post(pupil, createPath, participants(s.jerome, s.claire, s.outsider)).OK(201) // 5 000 with these
	s.Post(pupil, createPath, participants(s.jerome, s.claire)).Refused(409, protocol.CodeTooManyGroups)
	s.Post(pupil, createPath, participants(s.claire)).OK(201)
	s.Post(s.claire, createPath, participants(s.jerome, pupil)).OK(201)
}

// Exports read the same pages. Nobody's budget is somebody else's.
func TestBudget_ofHistoryPages(t *testing.T) {
	s := newSchool(t)
	for reader, pages := range map[*apptest.Person]int{&s.outsider: 20_000, &s.claire: 100_000} {
		conversation := s.Conversation(*reader, s.jerome)
		sent := s.Says(*reader, conversation, "Bonjour")
		page := fmt.Sprintf("/api/messagerie/messages/%d/", conversation)
		history := fmt.Sprintf("%s%d/history/", page, sent.ID)
		s.Get(*reader, page).OK(200)
		s.Get(*reader, history).OK(200)
		account, err := s.People.Account(reader.ID)
		if err != nil {
			t.Fatal(err)
		}
		for range pages - 2 {
			if err := s.Conversations.SpendOnPage(account.Person); err != nil {
				t.Fatalf("a %s doesn't have %d pages: %v", account.Role, pages, err)
			}
		}
		spent(t, "a page", s.Get(*reader, page))
		spent(t, "a history", s.Get(*reader, history))
		s.Get(s.jerome, page).OK(200)
	}
}

func TestBudget_ofLetters(t *testing.T) {
	s := newSchool(t, func(c *config.Config) { c.Limits.EmailRoles = append(c.Limits.EmailRoles, protocol.RoleStudent) })
	everybody := s.crowd(t, 150)
	letter := object{"recipients": ids(everybody...), "subject": "x", "content": "x"}
	s.Post(s.outsider, "/api/email/send/", letter).OK(202)
	spent(t, "recipients", s.Post(s.outsider, "/api/email/send/", letter))
	s.Post(s.claire, "/api/email/send/", letter).OK(202)
	s.Post(s.claire, "/api/email/send/", letter).OK(202)

	long := object{"recipients": ids(s.claire), "subject": "x", "content": strings.Repeat("x", 1_000_000)}
	for range 2 {
		s.Post(s.outsider, "/api/email/send/", long).OK(202)
	}
	spent(t, "bytes", s.Post(s.outsider, "/api/email/send/", long))
}
