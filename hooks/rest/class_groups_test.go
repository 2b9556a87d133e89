package rest_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// group creates a group of a class, for an audience.
func (s classSchool) group(t *testing.T, as apptest.Person, audience ...string) (c protocol.Conversation) {
	t.Helper()
	s.Post(as, createPath, object{"participants": []int{}, "class_id": s.fifth, "audience": audience}).OK(201).Into(&c)
	return c
}

// members are the first names of the people of a group, sorted.
func (s classSchool) members(t *testing.T, group protocol.ID) []string {
	t.Helper()
	participants, err := s.Conversations.Participants(group)
	if err != nil || participants == nil {
		t.Fatal(participants, err)
	}
	names := []string{}
	for _, m := range participants.Members {
		names = append(names, s.Find("users", m.User).GetString("first_name"))
	}
	slices.Sort(names)
	return names
}

func (s classSchool) expect(t *testing.T, after string, group protocol.ID, want ...string) {
	t.Helper()
	if got := s.members(t, group); !slices.Equal(got, want) {
		t.Errorf("%s: %v are in the group, want %v", after, got, want)
	}
}

func TestClassGroup_hasThePeopleOfItsAudience(t *testing.T) {
	s := newClassSchool(t)
	for _, c := range []struct {
		audience []string
		title    string
		stored   []string
		want     []string
	}{
		{nil, "5e B", []string{"student", "teacher"}, []string{"Claire", "Léa", "Zoë"}},
		{[]string{"parent"}, "5e B – parents", []string{"parent", "teacher"}, []string{"Claire", "Jérôme", "Thomas"}},
		{[]string{"parent", "student"}, "5e B – élèves et parents", []string{"student", "parent", "teacher"},
			[]string{"Claire", "Jérôme", "Léa", "Thomas", "Zoë"}},
	} {
		group := s.group(t, s.claire, c.audience...)
		if group.Title != c.title || group.ClassID != s.fifth || !slices.Equal(group.Audience, c.stored) || group.Kind != protocol.KindGroup {
			t.Errorf("%v: %+v", c.audience, group)
		}
		s.expect(t, fmt.Sprint(c.audience), group.ConversationID, c.want...)
	}
	var team protocol.Conversation
	s.Post(s.helene, createPath, object{"class_id": s.fifth, "audience": []string{"teacher"}, "participants": ids(s.karim), "title": " Conseil\n5e B "}).
		OK(201).Into(&team)
	s.expect(t, "the team", team.ConversationID, "Claire", "Hélène", "Karim")
	if team.Title != "Conseil 5e B" {
		t.Errorf("the title is %q", team.Title)
	}
}

func TestClassGroup_askedForAtOnceExistsOnceForAnAudience(t *testing.T) {
	s := newClassSchool(t)
	var wait sync.WaitGroup
	responses := make([]*apptest.Response, 12)
	for i := range responses {
		as, audience := s.claire, []string{"parent"}
		if i%2 == 1 {
			as, audience = s.helene, []string{"teacher", "parent"}
		}
		wait.Go(func() { responses[i] = s.Post(as, createPath, object{"class_id": s.fifth, "audience": audience}) })
	}
	wait.Wait()
	created, found := 0, map[protocol.ID]bool{}
	for _, resp := range responses {
		var c protocol.Conversation
		if resp.StatusCode == 201 {
			created++
		} else {
			resp.OK(200)
		}
		resp.Into(&c)
		found[c.ConversationID] = true
	}
	if created != 1 || len(found) != 1 {
		t.Fatalf("%d created, %d different", created, len(found))
	}
	for group := range found {
		s.expect(t, "asked by both", group, "Claire", "Hélène", "Jérôme", "Thomas")
	}
}

func TestClassGroup_isCreatedByItsTeachersAndTheAdministration(t *testing.T) {
	s := newClassSchool(t)
	body := object{"class_id": s.fifth}
	s.Post(s.karim, createPath, body).Refused(403, protocol.CodeForbidden)
	s.Post(s.thomas, createPath, body).Refused(403, protocol.CodeForbidden)
	s.Post(s.zoe, createPath, body).Refused(403, protocol.CodeForbidden)
	s.Post(s.claire, createPath, object{"class_id": s.fourth}).Refused(403, protocol.CodeForbidden)
	s.Post(s.thomas, createPath, object{"class_id": s.fourth}).Refused(404, protocol.CodeUnknownClass)
	s.Post(s.stranger, createPath, body).Refused(404, protocol.CodeUnknownClass)
	s.Post(s.claire, createPath, object{"class_id": 404}).Refused(404, protocol.CodeUnknownClass)
	refused := s.Post(s.claire, createPath, object{"class_id": s.fifth, "audience": []string{"admin"}}).Refused(400, protocol.CodeInvalidRequest)
	if refused.Data["audience"] == nil {
		t.Errorf("data is %v", refused.Data)
	}
	if refused := s.Post(s.claire, createPath, object{"class_id": s.fifth, "participants": ids(s.jerome)}).
		Refused(403, protocol.CodeFollowsClass); fmt.Sprint(refused.Data["participants"]) != fmt.Sprintf("[%v]", float64(s.jerome.ID)) {
		t.Errorf("data is %v", refused.Data)
	}
	s.Post(s.claire, createPath, object{"audience": []string{"parent"}, "participants": ids(s.karim)}).Refused(400, protocol.CodeInvalidRequest)
	s.Post(s.helene, createPath, object{"class_id": s.fourth}).Refused(400, protocol.CodeTooFewParticipants)
	if s.Count("conversations") != 1 {
		t.Error("a refused group was stored")
	}
}

func TestClassGroup_isLeftByStaffOnly(t *testing.T) {
	s := newClassSchool(t)
	s.Enroll(s.fifth, s.karim, protocol.InClassTeacher)
	group := s.group(t, s.claire, "parent", "student").ConversationID
	leave := func(who apptest.Person, whom ...apptest.Person) *apptest.Response {
		return s.Do(who.Token, "DELETE", participantsPath(group), participants(whom...))
	}
	for _, c := range []struct {
		who  apptest.Person
		want protocol.Can
	}{
		{s.claire, protocol.Can{Rename: true, Add: true, Leave: true, Posting: true, Pin: true}},
		{s.karim, protocol.Can{Rename: true, Add: true, Leave: true, Posting: true, Pin: true}},
		{s.thomas, protocol.Can{}}, {s.zoe, protocol.Can{}},
	} {
		if got := s.seen(t, c.who, group).Can; got != c.want {
			t.Errorf("person %d can %+v, want %+v", c.who.ID, got, c.want)
		}
	}
	leave(s.thomas, s.thomas).Refused(403, protocol.CodeFollowsClass)
	leave(s.claire, s.thomas).Refused(403, protocol.CodeFollowsClass)
	leave(s.claire, s.karim).Refused(403, protocol.CodeFollowsClass)
	s.Do(s.thomas.Token, "PATCH", conversationPath(group), object{"muted": true}).OK(200)
	leave(s.karim, s.karim).OK(204)
	s.Change("enrollments", s.enrollment(t, s.karim), object{"role": protocol.InClassHeadTeacher})
	s.expect(t, "a teacher has left, and is head teacher now", group, "Claire", "Jérôme", "Léa", "Thomas", "Zoë")
	s.Remove("enrollments", s.enrollment(t, s.karim))
	s.Enroll(s.fifth, s.karim, protocol.InClassTeacher)
	s.expect(t, "who comes back to the class comes back", group, "Claire", "Jérôme", "Karim", "Léa", "Thomas", "Zoë")

	s.Post(s.claire, participantsPath(group), participants(s.helene)).OK(200)
	s.Post(s.claire, participantsPath(group), participants(s.Person(s.college, protocol.RoleParent, "Un", "Autre"))).Refused(403, protocol.CodeFollowsClass)
	s.Change("users", s.helene.ID, object{"establishments": []string{s.college.RecordID(), s.lycee.RecordID()}})
	s.expect(t, "who was added by hand stays", group, "Claire", "Hélène", "Jérôme", "Karim", "Léa", "Thomas", "Zoë")
}

func TestClassGroup_isLeftWithTheClassByWhoeverCreatedIt(t *testing.T) {
	s := newClassSchool(t)
	byTeacher := s.group(t, s.claire, "parent").ConversationID
	byHead := s.group(t, s.helene, "student").ConversationID
	s.Post(s.claire, participantsPath(byTeacher), participants(s.karim)).OK(200)
	s.Remove("enrollments", s.enrollment(t, s.claire))
	s.expect(t, "the teacher who created it has left the class", byTeacher, "Jérôme", "Karim", "Thomas")
	s.expect(t, "the administration created it", byHead, "Hélène", "Léa", "Zoë")
	s.Do(s.claire.Token, "PATCH", conversationPath(byTeacher), object{"title": "Encore là"}).Refused(403, protocol.CodeNotParticipant)

	s.Change("users", s.karim.ID, object{"role": protocol.RoleTeacher})
	s.expect(t, "added by hand, and staff still", byTeacher, "Jérôme", "Karim", "Thomas")
	for _, who := range []apptest.Person{s.karim, s.helene} {
		s.Change("users", who.ID, object{"role": protocol.RoleParent})
	}
	s.expect(t, "added by hand, and no staff any more", byTeacher, "Jérôme", "Thomas")
	s.expect(t, "its creator is no staff any more", byHead, "Léa", "Zoë")
}

func (s classSchool) enrollment(t *testing.T, who apptest.Person) protocol.ID {
	t.Helper()
	record, err := s.FindFirstRecordByData("enrollments", "user", who.Record.Id)
	if err != nil {
		t.Fatal(err)
	}
	return protocol.ParseID(record.Id)
}

func TestClassGroup_respectsTheLimit(t *testing.T) {
	s := newClassSchool(t, func(c *config.Config) { c.Limits.GroupParticipants = 5 })
	group := s.group(t, s.claire).ConversationID
	s.Post(s.claire, createPath, object{"class_id": s.fifth, "audience": []string{"student", "parent"}, "participants": ids(s.karim)}).
		Refused(400, protocol.CodeTooManyParticipants)
	for _, name := range []string{"Nina", "Oscar", "Paul"} {
		s.Enroll(s.fifth, s.Person(s.college, protocol.RoleStudent, name, "Nouveau"), protocol.InClassStudent)
	}
	s.expect(t, "in the full group", group, "Claire", "Léa", "Nina", "Oscar", "Zoë") // and Paul is in the class
	if s.Count("enrollments") != 6 {
		t.Errorf("%d are in the class", s.Count("enrollments"))
	}
}

// In the dashboard a group can be made to follow a class, or be detached, and nothing else.
func TestClassGroup_inTheDashboard(t *testing.T) {
	s := newClassSchool(t)
	record := s.Create("conversations", object{"kind": "group", "title": "5e B", "establishment": s.college.RecordID(), "class": s.fifth.RecordID()})
	group := protocol.ParseID(record.Id)
	s.expect(t, "created", group, "Claire", "Léa", "Zoë")
	for what, fields := range map[string]object{
		"another class":        {"class": s.fourth.RecordID()},
		"an ordinary group":    nil,
		"a direct one":         nil,
		"of another school":    nil,
		"the same class again": nil,
	} {
		changed := s.Find("conversations", group)
		switch what {
		case "an ordinary group":
			changed = s.Create("conversations", object{"kind": "group", "establishment": s.college.RecordID()})
			fields = object{"class": s.fifth.RecordID()}
		case "a direct one":
			changed = core.NewRecord(changed.Collection())
			fields = object{"kind": "direct", "establishment": s.college.RecordID(), "class": s.fifth.RecordID()}
		case "of another school":
			changed = core.NewRecord(changed.Collection())
			fields = object{"kind": "group", "establishment": s.lycee.RecordID(), "class": s.fifth.RecordID()}
		case "the same class again":
			changed = core.NewRecord(changed.Collection())
			fields = object{"kind": "group", "establishment": s.college.RecordID(), "class": s.fifth.RecordID(), "audience": []string{"teacher", "student"}}
		}
		changed.Load(fields)
		if err := s.Save(changed); err == nil {
			t.Errorf("%s was saved", what)
		}
	}
	s.Change("conversations", group, object{"class": ""})
	s.Enroll(s.fifth, s.Person(s.college, protocol.RoleStudent, "Nina", "Nouvelle"), protocol.InClassStudent)
	s.expect(t, "detached", group, "Claire", "Léa", "Zoë")
}
