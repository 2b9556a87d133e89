package rest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func (m matrix) rulesPath() string { return fmt.Sprintf("/api/messagerie/rules/%d/", m.school) }

// edit changes the rules as the administration does.
func (m matrix) edit(change object) (rules protocol.Rules) {
	m.t.Helper()
	m.Do(m.office.Token, "PATCH", m.rulesPath(), change).OK(200).Into(&rules)
	return rules
}

func rule(from, to, rule string) object {
	return object{"contact_rules": []object{{"from_role": from, "to_role": to, "rule": rule}}}
}

func TestRules_ofANewEstablishmentAreTheTable(t *testing.T) {
	m := newMatrix(t)
	var rules protocol.Rules
	m.Get(m.office, m.rulesPath()).OK(200).Into(&rules)
	if rules.Contacts != "rules" || rules.GuardiansJoin != "never" || rules.Quiet != "off" || rules.QuietFrom != "20:00" ||
		rules.QuietTo != "07:00" || fmt.Sprint(rules.QuietDays) != "[saturday sunday]" ||
		fmt.Sprint(rules.QuietRoles) != "[teacher staff parent student]" || fmt.Sprint(rules.UrgentRoles) != "[admin]" {
		t.Errorf("a new establishment has %+v", rules)
	}
	letters := map[string]string{"n": "never", "s": "supervised", "r": "reply", "c": "class", "a": "always"}
	table := tableOf(defaultTable)
	if len(rules.ContactRules) != len(table) {
		t.Fatalf("%d rules", len(rules.ContactRules))
	}
	for i, r := range rules.ContactRules {
		if want := letters[table[[2]string{r.FromRole, r.ToRole}]]; r.Rule != want || r.DefaultRule != want {
			t.Errorf("%+v, want %s", r, want)
		}
		if r.FromRole != protocol.Roles[i/5] || r.ToRole != protocol.Roles[i%5] {
			t.Errorf("rule %d is %+v", i, r)
		}
	}
	sameShape(t, "rules", decoded(t, m.Get(m.office, m.rulesPath()).Body), sample(t, "rules"))
}

func TestRules_areTheAdministrations(t *testing.T) {
	m := newMatrix(t)
	lycee := m.EstablishmentWithRules("Lycée")
	for _, path := range []string{"/api/messagerie/rules/%d/", "/api/messagerie/rules/%d/preview/", "/api/messagerie/pauses/%d/",
		"/api/messagerie/pauses/%d/7/", "/api/messagerie/sign-out/%d/"} {
		method := map[string]string{"/api/messagerie/rules/%d/": "PATCH", "/api/messagerie/pauses/%d/7/": "DELETE"}[path]
		if method == "" {
			method = "POST"
		}
		body := object{"roles": []string{"student"}}
		m.Do(m.inside[protocol.RoleTeacher].Token, method, fmt.Sprintf(path, m.school), body).Refused(403, protocol.CodeForbidden)
		m.Do(m.office.Token, method, fmt.Sprintf(path, lycee), body).Refused(403, protocol.CodeForbidden)
	}
	m.Get(m.inside[protocol.RoleTeacher], m.rulesPath()).Refused(403, protocol.CodeForbidden)
}

func TestRules_refuseWhatTheyCannotMean(t *testing.T) {
	m := newMatrix(t)
	for field, change := range map[string]object{
		"contacts":       {"contacts": "closed"},
		"guardians_join": {"guardians_join": "0"},
		"quiet_from":     {"quiet_from": "25:00"},
		"quiet_days":     {"quiet_days": []string{"dimanche"}},
		"quiet_roles":    {"quiet_roles": "all"},
		"contact_rules":  rule("student", "student", "sometimes"),
	} {
		body := m.Do(m.office.Token, "PATCH", m.rulesPath(), change).Refused(400, protocol.CodeInvalidRequest)
		if body.Data[field] == nil {
			t.Errorf("%s: %+v", field, body)
		}
	}
	m.Post(m.office, fmt.Sprintf("/api/messagerie/pauses/%d/", m.school), object{"roles": []string{}}).Refused(400, protocol.CodeInvalidRequest)
	m.Post(m.office, fmt.Sprintf("/api/messagerie/pauses/%d/", m.school), object{"roles": []string{"student"},
		"from": "2026-10-02T00:00:00Z", "until": "2026-10-01T00:00:00Z"}).Refused(400, protocol.CodeInvalidRequest)
}

func TestRules_keepARowForWhatIsNotTheDefault(t *testing.T) {
	m := newMatrix(t)
	rules := m.edit(object{"contact_rules": []object{
		{"from_role": "parent", "to_role": "parent", "rule": "always"}, {"from_role": "admin", "to_role": "admin", "rule": "always"}},
		"guardians_join": "16", "quiet": "defer", "quiet_days": []string{}, "urgent_roles": []string{"admin", "staff"}})
	if m.Count("contact_rules") != 1 || rules.ContactRules[18].Rule != "always" || rules.ContactRules[18].DefaultRule != "supervised" ||
		rules.GuardiansJoin != "16" || rules.Quiet != "defer" || len(rules.QuietDays) != 0 || len(rules.UrgentRoles) != 2 {
		t.Errorf("%d rows, %+v", m.Count("contact_rules"), rules)
	}
	m.edit(rule("parent", "parent", "class"))
	m.edit(rule("parent", "parent", "supervised"))
	if m.Count("contact_rules") != 0 {
		t.Error("the default has a row")
	}
}

// A conversation that a new rule closes can be read, says why it can't be written to, and opens again.
func TestRuleChange_closesAndOpensWhatExists(t *testing.T) {
	m := newMatrix(t)
	student, teacher := m.inside[protocol.RoleStudent], m.inside[protocol.RoleTeacher]
	direct := m.Conversation(teacher, student)
	m.Says(teacher, direct, "Bonjour")
	group := m.Conversation(teacher, student, m.inside[protocol.RoleStaff])
	m.Says(student, group, "Présente")
	socket, _ := m.Dial(student)

	closing := object{"contact_rules": []object{{"from_role": "student", "to_role": "teacher", "rule": "never"}}}
	var preview protocol.RulesPreview
	m.Post(m.office, m.rulesPath()+"preview/", closing).OK(200).Into(&preview)
	if fmt.Sprintf("%+v", preview) != "{Closed:[{FromRole:student ToRole:teacher Direct:1 Groups:1}] Opened:[]}" {
		t.Errorf("the preview is %+v", preview)
	}
	m.Post(student, messagesPath(direct), object{"content": "encore ouvert"}).OK(201)

	m.edit(closing)
	for _, c := range listed(socket, 2, func(c protocol.Conversation) bool { return !c.CanWrite }) {
		if c.CannotWrite != protocol.CodeContactNotAllowed || c.LastMessage == nil {
			t.Errorf("closed: %+v", c)
		}
	}
	for _, id := range []protocol.ID{direct, group} {
		m.Post(student, messagesPath(id), object{"content": "x", "client_id": fmt.Sprint(id)}).Refused(403, protocol.CodeContactNotAllowed)
		m.Get(student, messagesPath(id)).OK(200)
	}
	m.Post(teacher, messagesPath(direct), object{"content": "toujours permis"}).OK(201)

	opening := rule("student", "teacher", "reply")
	m.Post(m.office, m.rulesPath()+"preview/", opening).OK(200).Into(&preview)
	if fmt.Sprintf("%+v", preview) != "{Closed:[] Opened:[{FromRole:student ToRole:teacher Direct:1 Groups:1}]}" {
		t.Errorf("the preview is %+v", preview)
	}
	m.edit(opening)
	listed(socket, 2, func(c protocol.Conversation) bool { return c.CanWrite && c.CannotWrite == "" })
	m.Post(student, messagesPath(direct), object{"content": "x", "client_id": fmt.Sprint(direct)}).OK(201)
}

// listed waits for a list in which so many conversations are as wanted.
func listed(socket *apptest.Socket, count int, wanted func(protocol.Conversation) bool) []protocol.Conversation {
	for {
		var list protocol.ConversationsList
		socket.Expect(protocol.TypeConversationsList, &list)
		found := slices.DeleteFunc(list.Conversations, func(c protocol.Conversation) bool { return !wanted(c) })
		if len(found) == count {
			return found
		}
	}
}

// Whoever may only answer is told when the other has written.
func TestReplyOnly_opensWithTheFirstMessage(t *testing.T) {
	m := newMatrix(t)
	student, teacher := m.inside[protocol.RoleStudent], m.inside[protocol.RoleTeacher]
	direct := m.Conversation(teacher, student)
	socket, first := m.Dial(student)
	if first.Conversations[0].CannotWrite != protocol.CodeReplyOnly {
		t.Fatalf("before: %+v", first.Conversations[0])
	}
	socket.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: direct, Message: "x", ClientID: "early"})
	if refused := socket.ExpectRefusal(protocol.CodeReplyOnly); refused.ClientID != "early" {
		t.Errorf("%+v", refused)
	}
	m.Says(teacher, direct, "Bonjour")
	listed(socket, 1, func(c protocol.Conversation) bool { return c.CanWrite })
	socket.Says(direct, "Bonjour Madame")
}

func TestPosting_isTheStaffsWhenTheySaySo(t *testing.T) {
	m := newMatrix(t)
	teacher, parent := m.inside[protocol.RoleTeacher], m.inside[protocol.RoleParent]
	group := m.Conversation(teacher, parent, m.office)
	var c protocol.Conversation
	m.Do(parent.Token, "PATCH", conversationPath(group), object{"posting": "staff"}).Refused(403, protocol.CodeForbidden)
	m.Do(teacher.Token, "PATCH", conversationPath(group), object{"posting": "nobody"}).Refused(400, protocol.CodeInvalidRequest)
	m.Do(teacher.Token, "PATCH", conversationPath(group), object{"posting": "staff"}).OK(200).Into(&c)
	if c.Posting != "staff" || !c.CanWrite || !c.Can.Posting {
		t.Errorf("for staff: %+v", c)
	}
	m.Post(parent, messagesPath(group), object{"content": "x"}).Refused(403, protocol.CodeStaffOnly)
	m.Get(parent, fmt.Sprintf("/api/messagerie/conversations/%d/%d/", parent.ID, group)).OK(200).Into(&c)
	if c.CanWrite || c.CannotWrite != protocol.CodeStaffOnly || c.Can.Posting || c.Can.Rename {
		t.Errorf("for a parent: %+v", c)
	}
	m.Post(teacher, messagesPath(group), object{"content": "x"}).OK(201)
	m.Do(teacher.Token, "PATCH", conversationPath(group), object{"posting": "all"}).OK(200)
	m.Post(parent, messagesPath(group), object{"content": "x"}).OK(201)
}

// A pause reaches open sockets, holds at every door, for its roles alone, and ends by itself or when it is lifted.
func TestPause_stopsARoleUntilItEnds(t *testing.T) {
	m := newMatrix(t)
	student, teacher := m.inside[protocol.RoleStudent], m.inside[protocol.RoleTeacher]
	direct := m.Conversation(teacher, student)
	m.Says(teacher, direct, "Bonjour")
	socket, _ := m.Dial(student)
	path := fmt.Sprintf("/api/messagerie/pauses/%d/", m.school)

	var pause protocol.Pause
	m.Post(m.office, path, object{"roles": []string{"student"}, "text": "Reprise lundi."}).OK(201).Into(&pause)
	var me protocol.MeUpdatedFrame
	socket.Expect(protocol.TypeMeUpdated, &me)
	if me.Me.Pause == nil || me.Me.Pause.Text != "Reprise lundi." || me.Me.Pause.Until != nil {
		t.Errorf("me is %+v", me.Me.Pause)
	}
	listed(socket, 1, func(c protocol.Conversation) bool { return c.CannotWrite == protocol.CodePaused })
	socket.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: direct, Message: "x", ClientID: "paused"})
	if refused := socket.ExpectRefusal(protocol.CodePaused); refused.ClientID != "paused" {
		t.Errorf("%+v", refused)
	}
	m.Post(student, messagesPath(direct), object{"content": "x"}).Refused(403, protocol.CodePaused)
	m.Post(student, createPath, participants(m.inside[protocol.RoleAdmin])).Refused(403, protocol.CodePaused)
	m.Post(teacher, messagesPath(direct), object{"content": "x"}).OK(201)
	var mine protocol.Me
	m.Get(teacher, "/api/messagerie/me/").OK(200).Into(&mine)
	if mine.Pause != nil {
		t.Errorf("a teacher is paused: %+v", mine.Pause)
	}

	var rules protocol.Rules
	m.Get(m.office, m.rulesPath()).OK(200).Into(&rules)
	if len(rules.Pauses) != 1 || rules.Pauses[0].ID != pause.ID {
		t.Errorf("pauses %+v", rules.Pauses)
	}
	soon := time.Now().Add(300 * time.Millisecond).UTC().Format(time.RFC3339Nano)
	m.Do(m.office.Token, "PATCH", fmt.Sprintf("%s%d/", path, pause.ID), object{"until": soon}).OK(200)
	for me.Me.Pause != nil { // first with the time, then without a pause
		me = protocol.MeUpdatedFrame{}
		socket.Expect(protocol.TypeMeUpdated, &me)
	}
	listed(socket, 1, func(c protocol.Conversation) bool { return c.CanWrite })
	m.Post(student, messagesPath(direct), object{"content": "x"}).OK(201)

	m.Do(m.office.Token, "PATCH", fmt.Sprintf("%s%d/", path, pause.ID), object{"until": nil}).OK(200)
	m.Post(student, messagesPath(direct), object{"content": "x"}).Refused(403, protocol.CodePaused)
	m.Do(m.office.Token, "DELETE", fmt.Sprintf("%s%d/", path, pause.ID), nil).OK(204)
	m.Post(student, messagesPath(direct), object{"content": "x"}).OK(201)
	m.Do(m.office.Token, "DELETE", fmt.Sprintf("%s%d/", path, pause.ID), nil).Refused(404, protocol.CodeNotFound)
}

func TestSignOut_endsTheSessionsOfARole(t *testing.T) {
	m := newMatrix(t)
	student, teacher := m.inside[protocol.RoleStudent], m.inside[protocol.RoleTeacher]
	socket, _ := m.Dial(student)
	m.Dial(teacher)
	var out protocol.SignedOut
	m.Post(m.office, fmt.Sprintf("/api/messagerie/sign-out/%d/", m.school), object{"roles": []string{"student", "admin"}}).OK(200).Into(&out)
	if out.SignedOut != 4 { // two students, two administrators besides the caller
		t.Errorf("%d are signed out", out.SignedOut)
	}
	socket.ExpectClose(protocol.CloseUnauthorized)
	m.Get(student, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)
	m.Get(teacher, "/api/messagerie/me/").OK(200)
	m.Get(m.office, "/api/messagerie/me/").OK(200)
}

// An adult who begins a conversation with a young student finds the guardians in it.
func TestGuardians_joinWhatAnAdultBegins(t *testing.T) {
	m := newMatrix(t)
	m.edit(object{"guardians_join": "16"})
	teacher, student, mother := m.inside[protocol.RoleTeacher], m.inside[protocol.RoleStudent], m.inside[protocol.RoleParent]
	contact := m.Person(m.school, protocol.RoleParent, "Nora", "Voisine")
	m.Create("guardianships", map[string]any{"guardian": contact.ID.RecordID(), "student": student.ID.RecordID(), "legal": false})

	var first, again protocol.Conversation
	m.Post(teacher, createPath, participants(student)).OK(201).Into(&first)
	if first.Kind != protocol.KindGroup || !slices.Equal(userIDs(first.Participants), ids(teacher, mother, student)) || first.Can.Remove || first.Can.Leave {
		t.Errorf("%+v", first)
	}
	m.Post(teacher, createPath, participants(student)).OK(200).Into(&again)
	if again.ConversationID != first.ConversationID {
		t.Errorf("%d, then %d", first.ConversationID, again.ConversationID)
	}
	for _, person := range []apptest.Person{teacher, student, mother} {
		m.Post(person, messagesPath(first.ConversationID), object{"content": "Bonjour"}).OK(201)
	}
	for _, who := range []apptest.Person{teacher, mother} {
		m.Do(who.Token, "DELETE", participantsPath(first.ConversationID), participants(mother)).Refused(403, protocol.CodeForbidden)
	}
	administrator := m.inside[protocol.RoleAdmin]
	m.Post(teacher, participantsPath(first.ConversationID), participants(administrator)).OK(200)
	m.Do(administrator.Token, "DELETE", participantsPath(first.ConversationID), participants(mother)).OK(204)
	m.Post(teacher, createPath, participants(student)).OK(200) // she is back
	m.Post(mother, messagesPath(first.ConversationID), object{"content": "Bonjour"}).OK(201)

	// Old enough; begun by the student.
	m.Change("users", student.ID, map[string]any{"birth_date": "2001-01-01"})
	other := m.inside[protocol.RoleStaff]
	var direct protocol.Conversation
	m.Post(other, createPath, participants(student)).OK(201).Into(&direct)
	if direct.Kind != protocol.KindDirect {
		t.Errorf("with somebody old enough: %+v", direct)
	}
	m.Change("users", student.ID, map[string]any{"birth_date": ""})
	m.Post(student, createPath, participants(administrator)).OK(201).Into(&direct)
	if direct.Kind != protocol.KindDirect {
		t.Errorf("begun by the student: %+v", direct)
	}
}
