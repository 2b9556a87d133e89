package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

func userIDs(users []protocol.User) []protocol.ID {
	list := make([]protocol.ID, len(users))
	for i, u := range users {
		list[i] = u.ID
	}
	slices.Sort(list)
	return list
}

func TestCreate_returnsTheSameConversationForTheSamePair(t *testing.T) {
	s := newSchool(t)
	var first, again, other protocol.Conversation
	s.Post(s.claire, createPath, participants(s.outsider)).OK(201).Into(&first)
	want := protocol.Conversation{
		ConversationID: first.ConversationID, Participants: first.Participants, ParticipantCount: 2, Receipts: first.Receipts,
		CreatedAt: first.CreatedAt, UpdatedAt: first.CreatedAt, Kind: protocol.KindDirect, EstablishmentID: s.college,
		CanWrite: true, CanReact: true, Posting: protocol.PostingAll, Can: protocol.Can{Pin: true},
	}
	if fmt.Sprintf("%+v", first) != fmt.Sprintf("%+v", want) {
		t.Errorf("created %+v, want %+v", first, want)
	}
	if got := userIDs(first.Participants); !slices.Equal(got, ids(s.claire, s.outsider)) {
		t.Errorf("between %v: the caller is added", got)
	}
	if len(first.Receipts) != 2 || first.Receipts[0].LastRead != 0 || first.Receipts[1].LastDelivered != 0 {
		t.Errorf("receipts %+v", first.Receipts)
	}
	s.Post(s.claire, createPath, participants(s.outsider, s.claire, s.outsider)).OK(200).Into(&again)
	s.Post(s.outsider, createPath, object{"participants": ids(s.claire), "title": "ignored"}).OK(200).Into(&other)
	if again.ConversationID != first.ConversationID || other.ConversationID != first.ConversationID || other.Title != "" {
		t.Errorf("asked again: %+v and %+v, want %d", again, other, first.ConversationID)
	}
}

func TestCreate_ofOnePairAtOnceCreatesOneConversation(t *testing.T) {
	s := newSchool(t)
	before := s.Count("conversations")
	responses := make([]*apptest.Response, 20)
	var wait sync.WaitGroup
	for i := range responses {
		as, with := s.claire, s.outsider
		if i%2 == 1 {
			as, with = with, as
		}
		wait.Go(func() { responses[i] = s.Post(as, createPath, participants(with)) })
	}
	wait.Wait()
	created, found := 0, map[protocol.ID]bool{}
	for _, resp := range responses {
		var c protocol.Conversation
		resp.Into(&c)
		found[c.ConversationID] = true
		switch resp.StatusCode {
		case 201:
			created++
		case 200:
		default:
			t.Errorf("status %d: %s", resp.StatusCode, resp.Body)
		}
	}
	if created != 1 || len(found) != 1 || s.Count("conversations") != before+1 {
		t.Errorf("%d created, %d different, %d stored", created, len(found), s.Count("conversations")-before)
	}
}

func TestCreate_ofMoreThanTwoCreatesAGroupEachTime(t *testing.T) {
	s := newSchool(t)
	var first, second protocol.Conversation
	s.Post(s.jerome, createPath, object{"participants": ids(s.claire, s.outsider), "title": "  Sortie 5e B "}).OK(201).Into(&first)
	s.Post(s.jerome, createPath, participants(s.claire, s.outsider, s.jerome)).OK(201).Into(&second)
	if first.Kind != protocol.KindGroup || first.Title != "Sortie 5e B" || len(first.Participants) != 3 {
		t.Errorf("the group is %+v", first)
	}
	if second.ConversationID == first.ConversationID || second.Title != "" || second.Kind != protocol.KindGroup {
		t.Errorf("the second group is %+v", second)
	}
	if got := s.seen(t, s.outsider, first.ConversationID); got.Title != first.Title || got.UnreadCount != 0 {
		t.Errorf("a member sees %+v", got)
	}
}

func TestCreate_refusals(t *testing.T) {
	s := newSchool(t)
	disabled := s.Person(s.college, protocol.RoleStudent, "Eva", "Partie")
	disabled.Record.Set("disabled", true)
	if err := s.Save(disabled.Record); err != nil {
		t.Fatal(err)
	}
	before := s.Count("conversations")
	for name, c := range map[string]struct {
		participants []protocol.ID
		title        string
		status       int
		code         string
		data         string
	}{
		"nobody":        {nil, "", 400, protocol.CodeTooFewParticipants, "participants"},
		"oneself":       {ids(s.claire, s.claire), "", 400, protocol.CodeTooFewParticipants, "participants"},
		"unknown":       {[]protocol.ID{s.jerome.ID, 4711, 4712}, "", 400, protocol.CodeUnknownParticipants, "[4711 4712]"},
		"nonsense":      {[]protocol.ID{0, -1, protocol.MaxID + 1}, "", 400, protocol.CodeUnknownParticipants, "[-1 0 9.007199254740992e+15]"},
		"disabled":      {ids(disabled), "", 400, protocol.CodeUnknownParticipants, disabled.ID.String()},
		"another's":     {ids(s.stranger), "", 403, protocol.CodeNoSharedEstablishment, ""},
		"one another's": {ids(s.jerome, s.stranger), "", 403, protocol.CodeNoSharedEstablishment, ""},
		"long title":    {ids(s.jerome, s.outsider), strings.Repeat("é", 201), 400, protocol.CodeTitleTooLong, "title"},
	} {
		refused := s.Post(s.claire, createPath, object{"participants": c.participants, "title": c.title}).Refused(c.status, c.code)
		if name == "disabled" {
			refused.Data["participants"] = fmt.Sprintf("%.0f", refused.Data["participants"])
		}
		if !strings.Contains(fmt.Sprint(refused.Data), c.data) {
			t.Errorf("%s: data %v doesn't name %s", name, refused.Data, c.data)
		}
	}
	if got := s.Count("conversations"); got != before {
		t.Errorf("%d conversations were stored", got-before)
	}
	s.Post(s.claire, createPath, object{"participants": ids(s.jerome, s.outsider), "title": strings.Repeat("é", 200)}).OK(201)
}

func TestCreate_findsTheEstablishmentThatAllShare(t *testing.T) {
	s := newSchool(t)
	both := s.Person(s.college, protocol.RoleTeacher, "Deux", "Écoles")
	both.Record.Set("establishments", []string{s.college.RecordID(), s.lycee.RecordID()})
	if err := s.Save(both.Record); err != nil {
		t.Fatal(err)
	}
	var c protocol.Conversation
	s.Post(both, createPath, participants(s.stranger)).OK(201).Into(&c)
	if c.EstablishmentID != s.lycee {
		t.Errorf("of establishment %d, want %d", c.EstablishmentID, s.lycee)
	}
	s.Post(both, createPath, participants(s.stranger, s.claire)).Refused(403, protocol.CodeNoSharedEstablishment)
}

func TestGroup_hasAtMostTheConfiguredParticipants(t *testing.T) {
	if got := config.Default().Limits.GroupParticipants; got != 250 {
		t.Errorf("a group has at most %d by default, the contract says 250", got)
	}
	s := newSchool(t, func(c *config.Config) { c.Limits.GroupParticipants = 3 })
	fourth := s.Person(s.college, protocol.RoleStudent, "De", "Trop")
	s.Post(s.claire, createPath, participants(s.jerome, s.outsider, fourth)).Refused(400, protocol.CodeTooManyParticipants)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	refused := s.Post(s.claire, participantsPath(group), participants(fourth)).Refused(400, protocol.CodeTooManyParticipants)
	if refused.Data["participants"] == nil {
		t.Errorf("data %v doesn't name participants", refused.Data)
	}
	if got := s.seen(t, s.claire, group); len(got.Participants) != 3 {
		t.Errorf("the group became %+v", got.Participants)
	}
	s.Do(s.claire.Token, "DELETE", participantsPath(group), participants(s.outsider)).OK(204)
	s.Post(s.claire, participantsPath(group), participants(fourth)).OK(200)
}

func TestDirect_bringsBackAParticipantRemovedByAnAdministrator(t *testing.T) {
	s := newSchool(t)
	record, err := s.FindFirstRecordByFilter("participants", "conversation = {:c} && user = {:u}",
		map[string]any{"c": s.conversation.RecordID(), "u": s.jerome.ID.RecordID()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(record); err != nil {
		t.Fatal(err)
	}
	s.Get(s.jerome, messagesPath(s.conversation)).Refused(403, protocol.CodeNotParticipant)
	var c protocol.Conversation
	s.Post(s.claire, createPath, participants(s.jerome)).OK(200).Into(&c)
	if c.ConversationID != s.conversation || len(c.Participants) != 2 {
		t.Errorf("got %+v", c)
	}
	s.Get(s.jerome, messagesPath(s.conversation)).OK(200)
}
