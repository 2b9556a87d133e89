package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// defaultTable is what the contract says of a new establishment, written by hand: who (a row) may do
// what with whom (a column). n: not be in one conversation; s: be in a group with staff; r: answer;
// c: begin if they share a class; a: begin always.
const defaultTable = `
          admin teacher staff parent student
 admin      a      a      a     a      a
 teacher    a      a      a     c      c
 staff      a      a      a     a      a
 parent     a      c      a     s      n
 student    a      r      r     n      s
`

// tableOf reads a table, by the roles of who writes and of to whom.
func tableOf(text string) map[[2]string]string {
	table := map[[2]string]string{}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	columns := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, to := range columns {
			table[[2]string{cells[0], to}] = cells[i+1]
		}
	}
	return table
}

// situation is one cell of the matrix: two people, A who writes and B.
type situation struct {
	from, to     string // their roles
	sameClass    bool
	staffPresent bool
	table        map[[2]string]string
}

func (c situation) String() string {
	return fmt.Sprintf("%s to %s, same class %v, staff %v", c.from, c.to, c.sameClass, c.staffPresent)
}

func (c situation) rule(from, to string) string { return c.table[[2]string{from, to}] }

func (c situation) mayBegin(from, to string) bool {
	rule := c.rule(from, to)
	return rule == "a" || rule == "c" && c.sameClass
}

// isStaff is whether one of the people works at the school.
func isStaff(roles ...string) bool {
	return slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(protocol.StaffRoles, r) })
}

// writesDirectly is the code with which A's message to B is refused, "" if it is accepted.
func (c situation) writesDirectly(answered bool) string {
	switch rule := c.rule(c.from, c.to); {
	case c.mayBegin(c.from, c.to):
		return ""
	case strings.Contains("rca", rule) && c.mayBegin(c.to, c.from):
		if answered {
			return ""
		}
		return protocol.CodeReplyOnly
	}
	return protocol.CodeContactNotAllowed
}

// seesAddress is whether A may see B's address, and so find B by it.
func (c situation) seesAddress() bool { return isStaff(c.from, c.to) }

// writesInGroup is the same for a group of A, B, and a member of staff if one is present.
func (c situation) writesInGroup() string {
	if c.rule(c.from, c.to) == "n" || !c.staffPresent && !isStaff(c.from, c.to) {
		return protocol.CodeContactNotAllowed
	}
	return ""
}

// joins is whether A may put B into a group of A and a member of staff, or of A and another of A's role.
func (c situation) joins() bool {
	never := c.rule(c.from, c.to) == "n" || c.rule(c.to, c.from) == "n" && !isStaff(c.from)
	if isStaff(c.to) { // a member of staff who joins people of the school
		never = never || c.rule(c.to, c.from) == "n" && !isStaff(c.from)
	}
	return c.mayBegin(c.from, c.to) && !never && (c.staffPresent || isStaff(c.from, c.to))
}

// matrix is a school with two people of each role: those of the first class, and others.
type matrix struct {
	*apptest.App
	school         protocol.ID
	inside, others map[string]apptest.Person
	office         apptest.Person // staff who is in groups
	t              *testing.T
}

func newMatrix(t *testing.T) matrix {
	t.Helper()
	app := apptest.New(t)
	m := matrix{App: app, school: app.EstablishmentWithRules("Collège"), inside: map[string]apptest.Person{}, others: map[string]apptest.Person{}, t: t}
	m.office = app.Person(m.school, protocol.RoleAdmin, "Olga", "Bureau")
	for name, people := range map[string]map[string]apptest.Person{"5e B": m.inside, "4e A": m.others} {
		class := app.Class(m.school, name)
		for _, role := range protocol.Roles {
			people[role] = app.Person(m.school, role, "Zz"+role, "De "+name[:1]+role)
		}
		app.Enroll(class, people[protocol.RoleStudent], protocol.InClassStudent)
		app.Guardian(people[protocol.RoleParent], protocol.RelationMother, people[protocol.RoleStudent])
		for _, role := range protocol.StaffRoles {
			app.Enroll(class, people[role], protocol.InClassTeacher)
		}
	}
	return m
}

// stored puts people into a conversation as the dashboard does, whatever the rules say.
func (m matrix) stored(people ...apptest.Person) protocol.ID {
	m.t.Helper()
	kind := protocol.KindGroup
	if len(people) == 2 {
		kind = protocol.KindDirect
	}
	return m.storedAs(kind, people...)
}

func (m matrix) storedAs(kind string, people ...apptest.Person) protocol.ID {
	m.t.Helper()
	id := protocol.ParseID(m.Create("conversations", map[string]any{"kind": kind, "establishment": m.school.RecordID(),
		"created_by": people[0].ID.RecordID()}).Id)
	for _, person := range people {
		m.Create("participants", map[string]any{"conversation": id.RecordID(), "user": person.ID.RecordID()})
	}
	return id
}

// code is the code of a response, "" for one that isn't a refusal.
func (m matrix) code(resp *apptest.Response) string {
	if resp.StatusCode < 300 {
		return ""
	}
	var body protocol.Error
	resp.Into(&body)
	return body.Code
}

// expect compares one door.
func (m matrix) expect(door string, c situation, got, want any) {
	m.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		m.t.Errorf("%s, %s: %v, want %v", door, c, got, want)
	}
}

func codeIf(allowed bool) string {
	if allowed {
		return ""
	}
	return protocol.CodeContactNotAllowed
}

// Every pair of roles, in one class or not, with staff or not, directly and in a group, at every door.
func TestContacts_areTheTableAtEveryDoor(t *testing.T) {
	m := newMatrix(t)
	table := tableOf(defaultTable)
	for _, from := range protocol.Roles {
		socket, _ := m.Dial(m.inside[from])
		for _, to := range protocol.Roles {
			for _, sameClass := range []bool{true, false} {
				like := m.others[to]
				if sameClass {
					like = m.inside[to]
				}
				b := m.Person(m.school, to, "Zz"+to, "De nouveau")
				m.joinClassLike(like, b)
				m.direct(situation{from: from, to: to, sameClass: sameClass, table: table}, b, socket)
				for _, staffPresent := range []bool{true, false} {
					m.group(situation{from, to, sameClass, staffPresent, table}, b, socket)
				}
			}
		}
	}
}

func (m matrix) direct(c situation, b apptest.Person, socket *apptest.Socket) {
	m.t.Helper()
	a := m.inside[c.from]
	begins := c.mayBegin(c.from, c.to)
	var found []protocol.User
	m.Get(a, fmt.Sprintf("/api/messagerie/search/%d/?q=%s", m.school, strings.ReplaceAll(b.Email, "@", "%40"))).OK(200).Into(&found)
	m.expect("search by address", c, contains(found, b), begins && c.seesAddress())
	m.Get(a, fmt.Sprintf("/api/messagerie/search/%d/?q=zz%s+nouveau", m.school, c.to)).OK(200).Into(&found)
	m.expect("search by name", c, contains(found, b), begins)
	m.Get(a, fmt.Sprintf("/api/messagerie/search/%d/?role=%s&limit=100", m.school, c.to)).OK(200).Into(&found)
	m.expect("directory", c, contains(found, b), begins)
	m.expect("create", c, m.code(m.Post(a, createPath, participants(b))), codeIf(begins))

	id := m.pair(a, b)
	m.writes(c, a, id, socket, c.writesDirectly(false))
	m.edits(c, a, id, c.writesDirectly(false))
	m.Create("messages", map[string]any{"conversation": id.RecordID(), "sender": b.ID.RecordID(), "content": "Bonjour"})
	m.writes(c, a, id, socket, c.writesDirectly(true))
}

// pair returns the direct conversation of two people, stored if it couldn't be created.
func (m matrix) pair(a, b apptest.Person) protocol.ID {
	m.t.Helper()
	if found, err := m.FindFirstRecordByData("conversations", "direct_key", messagerie.DirectKey(a.ID, b.ID)); err == nil {
		return protocol.ParseID(found.Id)
	}
	return m.stored(a, b)
}

// writes asks all doors that a message goes through, and what the conversation says about itself.
func (m matrix) writes(c situation, a apptest.Person, id protocol.ID, socket *apptest.Socket, want string) {
	m.t.Helper()
	_, _, err := m.Conversations.SendMessage(messagerie.NewMessage{Conversation: id, Sender: a.ID, Content: "x"})
	m.expect("send by the service", c, codeOf(err), want)
	m.expect("send by REST", c, m.code(m.Post(a, messagesPath(id), object{"content": "x"})), want)
	clientID := fmt.Sprint("c", id, want)
	socket.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: id, Message: "x", ClientID: clientID})
	m.expect("send by socket", c, receipt(m.t, socket, clientID), want)
	var seen protocol.Conversation
	m.Get(a, fmt.Sprintf("/api/messagerie/conversations/%d/%d/", a.ID, id)).OK(200).Into(&seen)
	m.expect("cannot_write", c, seen.CannotWrite, want)
	m.expect("can_write", c, seen.CanWrite, want == "")
}

func (m matrix) edits(c situation, a apptest.Person, id protocol.ID, want string) {
	m.t.Helper()
	old := m.Create("messages", map[string]any{"conversation": id.RecordID(), "sender": a.ID.RecordID(), "content": "ancien"})
	m.expect("edit", c, m.code(m.Do(a.Token, "PATCH", fmt.Sprintf("%s%s/", messagesPath(id), protocol.ParseID(old.Id)), object{"content": "y"})), want)
	m.expect("delete", c, m.code(m.Do(a.Token, "DELETE", fmt.Sprintf("%s%s/", messagesPath(id), protocol.ParseID(old.Id)), nil)), "")
}

func (m matrix) group(c situation, b apptest.Person, socket *apptest.Socket) {
	m.t.Helper()
	a := m.inside[c.from]
	third := m.office
	if !c.staffPresent { // somebody who is like B
		third = m.Person(m.school, c.to, "Trois", "De "+c.to)
		m.joinClassLike(b, third)
	}
	id := m.storedAs(protocol.KindGroup, a, b, third)
	want := c.writesInGroup()
	m.writes(c, a, id, socket, want)
	m.edits(c, a, id, want)
	m.expect("create group", c, m.code(m.Post(a, createPath, participants(b, third))), codeIf(c.joins()))

	small := m.storedAs(protocol.KindGroup, a, third)
	if c.staffPresent {
		m.expect("add", c, m.code(m.Post(a, participantsPath(small), participants(b))), codeIf(c.joins()))
	}
}

// joinClassLike puts somebody into the classes of another of the same role.
func (m matrix) joinClassLike(b, third apptest.Person) {
	m.t.Helper()
	rows, err := m.FindAllRecords("enrollments")
	if err != nil {
		m.t.Fatal(err)
	}
	for _, e := range rows {
		if e.GetString("user") == b.ID.RecordID() {
			m.Create("enrollments", map[string]any{"class": e.GetString("class"), "user": third.ID.RecordID(), "role": e.GetString("role")})
		}
	}
	rows, err = m.FindAllRecords("guardianships")
	if err != nil {
		m.t.Fatal(err)
	}
	for _, g := range rows {
		if g.GetString("guardian") == b.ID.RecordID() {
			m.Create("guardianships", map[string]any{"guardian": third.ID.RecordID(), "student": g.GetString("student"), "legal": true})
		}
	}
}

// receipt waits for what becomes of a message: "" for its receipt, else the code of the refusal.
func receipt(t *testing.T, socket *apptest.Socket, clientID string) string {
	t.Helper()
	for {
		kind, data := socket.Next()
		if !strings.Contains(string(data), `"client_id":"`+clientID+`"`) {
			continue
		}
		switch kind {
		case protocol.TypeNewMessage:
			return ""
		case protocol.TypeError:
			return decoded(t, data).(map[string]any)["code"].(string)
		}
	}
}

func contains(users []protocol.User, person apptest.Person) bool {
	return slices.ContainsFunc(users, func(u protocol.User) bool { return u.ID == person.ID })
}

func codeOf(err error) string {
	if coded, ok := err.(interface{ Code() string }); ok {
		return coded.Code()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// A group of a class is created where the rules let its people be together.
func TestContacts_holdForClassGroups(t *testing.T) {
	m := newMatrix(t)
	teacher := m.inside[protocol.RoleTeacher]
	account, err := m.People.Account(teacher.ID)
	if err != nil {
		t.Fatal(err)
	}
	class := account.Classes()[0]
	for _, c := range []struct {
		audience []string
		want     string
	}{
		{[]string{"student"}, ""}, {[]string{"parent"}, ""}, {[]string{"teacher"}, ""},
		{[]string{"student", "parent"}, protocol.CodeContactNotAllowed}, // parents and students may not be together
	} {
		got := m.code(m.Post(teacher, createPath, object{"class_id": class, "audience": c.audience}))
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.audience, got, c.want)
		}
	}
	other := m.others[protocol.RoleParent]
	resp := m.Post(teacher, createPath, participants(other, m.inside[protocol.RoleParent]))
	body := resp.Refused(403, protocol.CodeContactNotAllowed)
	if got := fmt.Sprint(body.Data["participants"]); got != fmt.Sprint([]any{float64(other.ID)}) {
		t.Errorf("at fault: %v", got)
	}
}

// A teacher whose child is here has the parent's side besides.
func TestContacts_giveAGuardianBothSides(t *testing.T) {
	m := newMatrix(t)
	teacher, stranger := m.others[protocol.RoleTeacher], m.inside[protocol.RoleParent]
	m.Post(teacher, createPath, participants(stranger)).Refused(403, protocol.CodeContactNotAllowed)
	m.Guardian(teacher, protocol.RelationFather, m.inside[protocol.RoleStudent])
	m.Post(teacher, createPath, participants(stranger)).OK(201)
}
