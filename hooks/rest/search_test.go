package rest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func (s school) searchPath(q string) string { return s.searchPathOf(s.college, q) }

func (s school) searchPathOf(establishment protocol.ID, q string) string {
	return fmt.Sprintf("/api/messagerie/search/%d/?q=%s", establishment, url.QueryEscape(q))
}

// found returns the full names that a search finds, in its order.
func (s school) found(as apptest.Person, q string) []string {
	var users []protocol.User
	s.Get(as, s.searchPath(q)).OK(200).Into(&users)
	names := []string{}
	for _, u := range users {
		names = append(names, u.FirstName+" "+u.LastName)
	}
	return names
}

func (s school) withAddress(t *testing.T, p apptest.Person, email string, public bool) apptest.Person {
	t.Helper()
	record := s.Find("users", p.ID)
	record.SetEmail(email)
	record.SetEmailVisibility(public)
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	return s.SignIn(record)
}

func TestSearch_findsByAPrefixOfAnyWordIgnoringCaseAndAccents(t *testing.T) {
	s := newSchool(t)
	for _, name := range [][2]string{
		{"Élodie", "Garçon"}, {"Lætitia", "Cœur"}, {"Anne-Sophie", "Le Goff"}, {"Zoé", "D'Arc"}, {"Nuñez", "Øster"},
		{"ÉMILE", "ZOLA"}, {"Francoise", "Noel"},
	} {
		s.Person(s.college, protocol.RoleStudent, name[0], name[1])
	}
	for q, want := range map[string]string{
		"jero": "Jérôme Lefèvre", "JÉRÔ": "Jérôme Lefèvre", "lefevre": "Jérôme Lefèvre", "Lefèvre": "Jérôme Lefèvre",
		"jerome lefevre": "Jérôme Lefèvre", "lefevre jerome": "Jérôme Lefèvre", "lef jer": "Jérôme Lefèvre",
		"  jer   lef  ": "Jérôme Lefèvre", "je\u0301ro\u0302me": "Jérôme Lefèvre",
		"elodie": "Élodie Garçon", "garcon": "Élodie Garçon", "garçon élodie": "Élodie Garçon",
		"laetitia": "Lætitia Cœur", "lætitia": "Lætitia Cœur", "coeur": "Lætitia Cœur", "CŒUR": "Lætitia Cœur", "LÆ": "Lætitia Cœur",
		"sophie": "Anne-Sophie Le Goff", "anne-so": "Anne-Sophie Le Goff", "anne sophie": "Anne-Sophie Le Goff",
		"goff": "Anne-Sophie Le Goff", "le goff anne": "Anne-Sophie Le Goff",
		"arc": "Zoé D'Arc", "d'arc": "Zoé D'Arc", "d’arc": "Zoé D'Arc", "nunez": "Nuñez Øster",
		"emile": "ÉMILE ZOLA", "zola": "ÉMILE ZOLA", "françoise": "Francoise Noel", "noël": "Francoise Noel",
	} {
		if got := s.found(s.claire, q); !slices.Equal(got, []string{want}) {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
	for _, q := range []string{"erome", "jeromee", "jero zola", "inconnu"} {
		if got := s.found(s.claire, q); len(got) != 0 {
			t.Errorf("%q finds %q", q, got)
		}
	}
}

func TestSearch_findsByEmail(t *testing.T) {
	s := newSchool(t)
	s.withAddress(t, s.jerome, "Famille.Durieux@Courrier.example", false)
	for _, q := range []string{"famille.durieux@courrier.example", "durieux", "FAMILLE.DUR", "courrier"} {
		if got := s.found(s.claire, q); !slices.Equal(got, []string{"Jérôme Lefèvre"}) {
			t.Errorf("%q finds %q", q, got)
		}
	}
}

func TestSearch_revealsAHiddenAddressToStaffOnly(t *testing.T) {
	s := newSchool(t)
	s.withAddress(t, s.outsider, "secrete@courrier.example", false)
	if got := s.found(s.jerome, "secrete"); len(got) != 0 {
		t.Errorf("a parent finds %q by a hidden address", got)
	}
	if got := s.found(s.claire, "secrete"); len(got) != 1 {
		t.Errorf("staff find %q by a hidden address", got)
	}
	s.withAddress(t, s.outsider, "secrete@courrier.example", true)
	if got := s.found(s.jerome, "secrete"); len(got) != 1 {
		t.Errorf("a parent finds %q by an address that its owner shows", got)
	}
	s.withAddress(t, s.claire, "professeure@courrier.example", false)
	if got := s.found(s.jerome, "professeure"); !slices.Equal(got, []string{"Claire Martin"}) {
		t.Errorf("a parent finds %q by the address of a teacher", got)
	}
}

func TestSearch_putsTheBestMatchFirst(t *testing.T) {
	s := newSchool(t)
	byAddress := s.Person(s.college, protocol.RoleStudent, "Aaron", "Abel")
	s.withAddress(t, byAddress, "martin.abel@courrier.example", true)
	s.Person(s.college, protocol.RoleStudent, "Aimé", "Martineau")
	s.Person(s.college, protocol.RoleStudent, "Jean-Baptiste Marie Joseph", "Martin")
	got := s.found(s.jerome, "martin")
	want := []string{"Claire Martin", "Jean-Baptiste Marie Joseph Martin", "Aimé Martineau", "Aaron Abel"}
	if !slices.Equal(got, want) {
		t.Errorf("martin finds %q, want %q: whole words, then beginnings, then addresses", got, want)
	}
}

func TestSearch_leavesOutTheCallerTheDisabledAndOtherSchools(t *testing.T) {
	s := newSchool(t)
	s.Person(s.lycee, protocol.RoleStudent, "Luc", "Martin")
	gone := s.Person(s.college, protocol.RoleStudent, "Eva", "Martin")
	if got := s.found(s.claire, "martin"); !slices.Equal(got, []string{"Eva Martin"}) {
		t.Fatalf("finds %q", got)
	}
	gone.Record.Set("disabled", true)
	if err := s.Save(gone.Record); err != nil {
		t.Fatal(err)
	}
	if got := s.found(s.claire, "martin"); len(got) != 0 {
		t.Errorf("finds %q, the disabled Eva", got)
	}
	gone.Record.Set("disabled", false)
	if err := s.Save(gone.Record); err != nil {
		t.Fatal(err)
	}
	gone.Record.Set("last_name", "Bernard")
	if err := s.Save(gone.Record); err != nil {
		t.Fatal(err)
	}
	if got := s.found(s.claire, "bernard"); len(got) != 1 {
		t.Errorf("a new name finds %q", got)
	}
	if err := s.Delete(gone.Record); err != nil {
		t.Fatal(err)
	}
	if got := s.found(s.claire, "bernard"); len(got) != 0 {
		t.Errorf("finds %q, who was deleted", got)
	}
}

func TestSearch_refusesAnotherEstablishment(t *testing.T) {
	s := newSchool(t)
	for _, id := range []string{s.lycee.String(), "1", "0", "abc", "-1"} {
		s.Get(s.claire, "/api/messagerie/search/"+id+"/?q=durand").Refused(403, protocol.CodeNotInEstablishment)
	}
}

func TestSearch_returnsAtMostTwenty(t *testing.T) {
	s := newSchool(t)
	for i := range 23 {
		s.Person(s.college, protocol.RoleStudent, fmt.Sprint("Élève", i), "Nombreux")
	}
	if got := s.found(s.claire, "nombreux"); len(got) != 20 {
		t.Errorf("%d results", len(got))
	}
}

func TestSearch_ofLessThanTwoCharactersFindsNobody(t *testing.T) {
	s := newSchool(t)
	for _, q := range []string{"", "j", " j ", "é", "\t", "  "} {
		if got := s.found(s.claire, q); len(got) != 0 {
			t.Errorf("%q finds %q", q, got)
		}
	}
	s.Get(s.claire, fmt.Sprintf("/api/messagerie/search/%d/", s.college)).OK(200)
}

func TestSearch_acceptsEveryCharacter(t *testing.T) {
	s := newSchool(t)
	for _, q := range []string{
		`"`, `""`, `"jero`, `jero"`, `je"ro`, "jero*", "*", "**", "-", "--", "-jero", "^jero", "^^", ":", "first_name:jero",
		"(", ")", "((jero", "jero)", "{first_name}", "NEAR(jero lefevre)", "jero OR claire", "AND", "OR NOT", "jero AND",
		"'", "''; DROP TABLE users; --", "\x00", "je\x00ro", "👋", "👋👋", "👋jero", "\xff\xfe", "jero\xff", "%", "%%", "_", "\\", "+", "a+b",
		"\u0301\u0301", "字字", "𞤀𞤀", "²³", "½½", "\u200b\u200b", "jero,lefevre", "a b c d e f g h i j k",
		strings.Repeat("a", 200), strings.Repeat("a ", 100), strings.Repeat(`"`, 200), strings.Repeat("é", 200),
	} {
		if resp := s.Get(s.claire, s.searchPath(q)); resp.StatusCode != 200 || resp.Body[0] != '[' {
			t.Errorf("%.40q: %d %.200s", q, resp.StatusCode, resp.Body)
		}
	}
	for q, want := range map[string]int{`je"ro`: 0, "jero*": 1, "-jero": 1, "jero OR claire": 0, `"jero"`: 1, "Lefèvre, Jérôme": 1} {
		if got := s.found(s.claire, q); len(got) != want {
			t.Errorf("%q finds %q, want %d", q, got, want)
		}
	}
}

func TestEmail_isShownOnlyToThoseWhoMaySeeIt(t *testing.T) {
	s := newSchool(t)
	s.jerome = s.withAddress(t, s.jerome, "jerome@courrier.example", false)
	public := s.withAddress(t, s.Person(s.college, protocol.RoleParent, "Ana", "Public"), "ana@courrier.example", true)
	group := s.Conversation(s.claire, s.jerome, s.outsider, public)
	addresses := func(users []protocol.User) map[protocol.ID]string {
		all := map[protocol.ID]string{}
		for _, u := range users {
			all[u.ID] = u.Email
		}
		return all
	}
	for name, c := range map[string]struct {
		viewer apptest.Person
		want   map[protocol.ID]string
	}{
		"staff": {s.claire, map[protocol.ID]string{
			s.claire.ID: s.claire.Email, s.jerome.ID: s.jerome.Email, s.outsider.ID: s.outsider.Email, public.ID: public.Email}},
		"a parent": {s.jerome, map[protocol.ID]string{
			s.claire.ID: s.claire.Email, s.jerome.ID: s.jerome.Email, s.outsider.ID: "", public.ID: public.Email}},
		"a student": {s.outsider, map[protocol.ID]string{
			s.claire.ID: s.claire.Email, s.jerome.ID: "", s.outsider.ID: s.outsider.Email, public.ID: public.Email}},
	} {
		if got := addresses(s.seen(t, c.viewer, group).Participants); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s sees %v in the list, want %v", name, got, c.want)
		}
		for _, q := range []string{"lefevre", "petit", "public", "martin"} {
			var users []protocol.User
			s.Get(c.viewer, s.searchPath(q)).OK(200).Into(&users)
			for id, email := range addresses(users) {
				if email != c.want[id] {
					t.Errorf("%s sees %q in the search, want %q", name, email, c.want[id])
				}
			}
		}
		var created protocol.Conversation
		s.Post(c.viewer, createPath, participants(s.claire, s.jerome, s.outsider, public)).OK(201).Into(&created)
		if got := addresses(created.Participants); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s sees %v in a new conversation, want %v", name, got, c.want)
		}
	}
}

func TestEmail_isHiddenFromTheStaffOfAnotherSchool(t *testing.T) {
	s := newSchool(t)
	both := s.Person(s.college, protocol.RoleParent, "Deux", "Écoles")
	both.Record.Set("establishments", []string{s.college.RecordID(), s.lycee.RecordID()})
	if err := s.Save(both.Record); err != nil {
		t.Fatal(err)
	}
	group := s.Conversation(s.claire, s.jerome, both)
	// Claire changes schools, but stays in the conversation.
	s.claire.Record.Set("establishments", []string{s.lycee.RecordID()})
	if err := s.Save(s.claire.Record); err != nil {
		t.Fatal(err)
	}
	for _, u := range s.seen(t, s.claire, group).Participants {
		if u.ID == s.jerome.ID && u.Email != "" || u.ID == both.ID && u.Email == "" {
			t.Errorf("she sees %q of %s", u.Email, u.FirstName)
		}
	}
}
