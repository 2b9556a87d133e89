package rest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// classSchool is a school in which Claire teaches 5e B: its students are Zoë and Léa, whose parents
// are Thomas, and Jérôme. Karim works at the school, Hélène directs it.
type classSchool struct {
	school
	karim, helene, thomas, zoe apptest.Person
	fifth, fourth              protocol.ID
}

func newClassSchool(t *testing.T, changes ...func(*config.Config)) classSchool {
	t.Helper()
	s := classSchool{school: newSchool(t, changes...)}
	s.karim = s.Person(s.college, protocol.RoleStaff, "Karim", "Haddad")
	s.helene = s.Person(s.college, protocol.RoleAdmin, "Hélène", "Vasseur")
	s.thomas = s.Person(s.college, protocol.RoleParent, "Thomas", "Marchand")
	s.zoe = s.Person(s.college, protocol.RoleStudent, "Zoë", "Marchand")
	s.fifth = s.Class(s.college, "5e B", s.zoe, s.outsider)
	s.fourth = s.Class(s.college, "4e A")
	s.Enroll(s.fifth, s.claire, protocol.InClassHeadTeacher)
	s.Guardian(s.thomas, protocol.RelationFather, s.zoe)
	s.Guardian(s.jerome, protocol.RelationFather, s.outsider)
	return s
}

func (s classSchool) findPath(query string, args ...any) string {
	return fmt.Sprintf("/api/messagerie/search/%d/?", s.college) + fmt.Sprintf(query, args...)
}

// found is who is found, by first name and in order.
func (s classSchool) found(t *testing.T, as apptest.Person, query string, args ...any) (names []string) {
	t.Helper()
	var users []protocol.User
	s.Get(as, s.findPath(query, args...)).OK(200).Into(&users)
	for _, user := range users {
		names = append(names, user.FirstName)
	}
	return names
}

func TestSearch_ofAClassListsItsPeopleByName(t *testing.T) {
	s := newClassSchool(t)
	for query, want := range map[string][]string{
		"class=%d":                      {"Jérôme", "Thomas", "Zoë", "Léa"}, // Lefèvre, Marchand, Marchand, Petit
		"class=%d&role=student":         {"Zoë", "Léa"},
		"class=%d&role=parent":          {"Jérôme", "Thomas"},
		"class=%d&role=teacher":         nil, // but the caller
		"class=%d&role=staff":           nil,
		"class=%d&q=march":              {"Thomas", "Zoë"},
		"class=%d&q=march&role=student": {"Zoë"},
		"class=%d&q=haddad":             nil,
	} {
		if got := s.found(t, s.claire, query, s.fifth); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", query, got, want)
		}
	}
	if got := s.found(t, s.thomas, "class=%d&role=teacher", s.fifth); !slices.Equal(got, []string{"Claire"}) {
		t.Errorf("a parent finds the teachers %v", got)
	}
}

func TestSearch_ofARoleListsAndFilters(t *testing.T) {
	s := newClassSchool(t)
	s.Change("users", s.karim.ID, object{"disabled": true})
	for query, want := range map[string][]string{
		"role=parent":          {"Jérôme", "Thomas"},
		"role=student":         {"Zoë", "Léa"},
		"role=admin":           {"Hélène"},
		"role=staff":           nil,
		"role=parent&q=mar":    {"Thomas"},
		"q=mar":                {"Thomas", "Zoë"},
		"role=parent&q=":       {"Jérôme", "Thomas"},
		"role=&class=&q=petit": {"Léa"},
	} {
		if got := s.found(t, s.claire, "%s", query); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", query, got, want)
		}
	}
	s.Get(s.claire, s.findPath("role=director")).Refused(400, protocol.CodeInvalidRequest)
	s.Get(s.stranger, s.findPath("role=parent")).Refused(403, protocol.CodeNotInEstablishment)
}

func TestSearch_sortsWithoutRegardToAccents(t *testing.T) {
	s := newClassSchool(t)
	for _, name := range []string{"Élie", "Zidane", "Eden", "éber"} {
		s.Person(s.college, protocol.RoleStaff, name, name)
	}
	if got := s.found(t, s.claire, "role=staff"); !slices.Equal(got, []string{"éber", "Eden", "Élie", "Karim", "Zidane"}) {
		t.Errorf("in order: %v", got)
	}
	s.Change("users", s.karim.ID, object{"last_name": "Zz"})
	if got := s.found(t, s.claire, "role=staff"); got[len(got)-1] != "Karim" {
		t.Errorf("with another name: %v", got)
	}
}

func TestSearch_pagesAListToItsEnd(t *testing.T) {
	s := newClassSchool(t)
	for i := range 45 {
		s.Enroll(s.fourth, s.Person(s.college, protocol.RoleStudent, fmt.Sprintf("Élève%02d", i), "Même"), protocol.InClassStudent)
	}
	var names []string
	sizes := []int{}
	for path := s.findPath("class=%d", s.fourth); path != ""; {
		var page []protocol.User
		resp := s.Get(s.claire, path).OK(200).Into(&page)
		for _, user := range page {
			names = append(names, user.FirstName)
		}
		sizes = append(sizes, len(page))
		path = next(t, resp)
	}
	if !slices.Equal(sizes, []int{20, 20, 5}) || !slices.IsSorted(names) || len(slices.Compact(names)) != 45 {
		t.Errorf("pages of %v: %v", sizes, names)
	}
	var all []protocol.User
	if resp := s.Get(s.claire, s.findPath("class=%d&limit=45", s.fourth)).OK(200).Into(&all); len(all) != 45 || next(t, resp) != "" {
		t.Errorf("one page of %d", len(all))
	}
	for _, cursor := range []string{"x", "404", s.stranger.ID.String()} {
		s.Get(s.claire, s.findPath("class=%d&cursor=%s", s.fourth, cursor)).Refused(400, protocol.CodeInvalidRequest)
	}
	s.Get(s.claire, s.findPath("class=%d&limit=0", s.fourth)).Refused(400, protocol.CodeInvalidRequest)
}

func TestSearch_ofAClassIsForItsFamiliesAndStaff(t *testing.T) {
	s := newClassSchool(t)
	for _, who := range []apptest.Person{s.claire, s.karim, s.zoe, s.thomas} {
		s.Get(who, s.findPath("class=%d", s.fifth)).OK(200)
	}
	s.Get(s.karim, s.findPath("class=%d", s.fourth)).OK(200)
	elsewhere := s.Class(s.lycee, "2de 1")
	var refused []string
	for _, c := range []struct {
		who   apptest.Person
		class string
	}{
		{s.thomas, s.fourth.String()}, {s.zoe, s.fourth.String()}, {s.claire, elsewhere.String()}, {s.claire, "404"}, {s.claire, "x"},
	} {
		resp := s.Get(c.who, s.findPath("class=%s", c.class))
		resp.Refused(404, protocol.CodeUnknownClass)
		refused = append(refused, string(resp.Body))
	}
	if len(slices.Compact(refused)) != 1 {
		t.Errorf("the refusals differ: %v", refused)
	}
	s.Change("classes", s.fifth, object{"archived": true})
	s.Get(s.claire, s.findPath("class=%d", s.fifth)).Refused(404, protocol.CodeUnknownClass)
}

func TestSearch_showsWhoSomebodyIs(t *testing.T) {
	s := newClassSchool(t)
	var users []protocol.User
	s.Get(s.claire, s.searchPath("thomas")).OK(200).Into(&users)
	want := []protocol.Child{{ID: s.zoe.ID, FirstName: "Zoë", LastName: "Marchand", Relation: "father",
		Classes: []protocol.Class{{ID: s.fifth, Name: "5e B"}}}}
	if len(users) != 1 || fmt.Sprint(users[0].Children) != fmt.Sprint(want) || users[0].Classes != nil {
		t.Errorf("the teacher finds %+v", users)
	}
	users = nil
	s.Get(s.jerome, s.searchPath("thomas")).OK(200).Into(&users)
	if len(users) != 1 || users[0].Children != nil {
		t.Errorf("another parent finds %+v", users)
	}
}

func TestClasses_areThoseTheCallerMayAddress(t *testing.T) {
	s := newClassSchool(t)
	s.Guardian(s.thomas, protocol.RelationGuardian, s.outsider) // of two students, counted once
	old := s.Class(s.college, "3e C", s.zoe)
	s.Change("classes", old, object{"archived": true})
	fifth := protocol.ClassSummary{ID: s.fifth, Name: "5e B", Year: apptest.Year, Students: 2, Teachers: 1, Guardians: 2}
	fourth := protocol.ClassSummary{ID: s.fourth, Name: "4e A", Year: apptest.Year}
	path := fmt.Sprintf("/api/messagerie/classes/%d/", s.college)
	for _, c := range []struct {
		who  apptest.Person
		want []protocol.ClassSummary
	}{
		{s.claire, []protocol.ClassSummary{fourth, fifth}}, {s.karim, []protocol.ClassSummary{fourth, fifth}},
		{s.thomas, []protocol.ClassSummary{fifth}}, {s.zoe, []protocol.ClassSummary{fifth}},
		{s.Person(s.college, protocol.RoleParent, "Sans", "Enfant"), []protocol.ClassSummary{}},
	} {
		var got []protocol.ClassSummary
		s.Get(c.who, path).OK(200).Into(&got)
		if got == nil || !slices.Equal(got, c.want) {
			t.Errorf("person %d has %+v, want %+v", c.who.ID, got, c.want)
		}
	}
	s.Change("users", s.zoe.ID, object{"disabled": true})
	var got []protocol.ClassSummary
	if s.Get(s.claire, path).OK(200).Into(&got); got[1].Students != 1 {
		t.Errorf("somebody who has left is counted: %+v", got[1])
	}
	s.Get(s.stranger, path).Refused(403, protocol.CodeNotInEstablishment)
	sameShape(t, "classes", decoded(t, s.Get(s.claire, path).Body), sample(t, "classes"))
}

func TestClasses_comeInPages(t *testing.T) {
	s := newClassSchool(t)
	for _, class := range [][2]string{{"3e A", "2026-2027"}, {"3E b", "2026-2027"}, {"3e b", "2025-2026"}} {
		s.Create("classes", object{"name": class[0], "year": class[1], "establishment": s.college.RecordID()})
	}
	var seen []string
	for next := fmt.Sprintf("/api/messagerie/classes/%d/?limit=2", s.college); next != ""; {
		resp := s.Get(s.claire, next).OK(200)
		var page []protocol.ClassSummary
		if resp.Into(&page); len(page) > 2 || len(page) == 0 {
			t.Fatalf("a page has %d classes", len(page))
		}
		for _, c := range page {
			seen = append(seen, c.Name)
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(resp.Header.Get("Link"), "<"), ">")
	}
	if want := []string{"3e A", "3E b", "3e b", "4e A", "5e B"}; !slices.Equal(seen, want) {
		t.Errorf("the pages have %q, want %q", seen, want)
	}
	elsewhere := s.Class(s.lycee, "2de 1")
	for _, cursor := range []string{"x", "12", elsewhere.String()} {
		s.Get(s.claire, fmt.Sprintf("/api/messagerie/classes/%d/?cursor=%s", s.college, cursor)).Refused(400, protocol.CodeInvalidRequest)
	}
}

func TestMe_saysWhatTheCallerMayDo(t *testing.T) {
	s := newClassSchool(t)
	s.username(s.thomas, "thomas.marchand")
	for _, c := range []struct {
		who      apptest.Person
		can      protocol.Abilities
		username string
	}{
		{s.helene, protocol.Abilities{Announce: true, Mail: true, Moderate: true, Administer: true, Urgent: true}, ""},
		{s.claire, protocol.Abilities{Announce: true, Mail: true}, ""},
		{s.karim, protocol.Abilities{Announce: true, Mail: true}, ""},
		{s.thomas, protocol.Abilities{}, "thomas.marchand"},
		{s.zoe, protocol.Abilities{}, ""},
	} {
		var me protocol.Me
		s.Get(c.who, "/api/messagerie/me/").OK(200).Into(&me)
		if me.Can != c.can || me.Username != c.username {
			t.Errorf("%s may %+v and is called %q", me.FirstName, me.Can, me.Username)
		}
	}
	var me protocol.Me
	s.Get(s.thomas, "/api/messagerie/me/").OK(200).Into(&me)
	if len(me.Children) != 1 || me.Children[0].FirstName != "Zoë" || len(me.Children[0].Classes) != 1 {
		t.Errorf("his children are %+v", me.Children)
	}
}

func TestConversations_showWhoSomebodyIs(t *testing.T) {
	s := newClassSchool(t)
	conversation := s.Conversation(s.claire, s.thomas)
	child := func(as apptest.Person) int {
		t.Helper()
		for _, user := range s.seen(t, as, conversation).Participants {
			if user.ID == s.thomas.ID {
				return len(user.Children)
			}
		}
		return -1
	}
	if child(s.claire) != 1 || child(s.thomas) != 1 {
		t.Errorf("the teacher sees %d children, the father %d", child(s.claire), child(s.thomas))
	}
}
