package school_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// searched is a school in which a teacher, me, searches for people.
type searched struct {
	*apptest.App
	school protocol.ID
	me     school.Person
	t      testing.TB
}

func newSearched(t testing.TB) *searched {
	t.Helper()
	app := apptest.New(t)
	id := app.Establishment("École")
	return &searched{App: app, school: id, t: t, me: school.PersonOf(app.Person(id, protocol.RoleTeacher, "Une", "Moi").Record)}
}

// pupils adds people called Élève, with addresses eleve.e… that only staff see.
func (s *searched) pupils(count int) {
	s.t.Helper()
	_, err := s.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:count})
		INSERT INTO users (id, first_name, last_name, email, role, tokenKey, establishments)
		SELECT printf('%016d', i), 'Élève', 'Numéro' || i, 'eleve.e' || i || '@ecole.example', 'student', 'key' || i, json_array({:school}) FROM n`,
	).Bind(dbx.Params{"count": count, "school": s.school.RecordID()}).Execute()
	if err != nil {
		s.t.Fatal(err)
	}
}

// parent adds somebody with an address of their own.
func (s *searched) parent(last, email string) {
	s.t.Helper()
	s.Create("users", map[string]any{"first_name": "Une", "last_name": last, "role": protocol.RoleParent,
		"establishments": []string{s.school.RecordID()}, "email": email, "password": apptest.Password})
}

func (s *searched) found(caller school.Person, query string) (names []string) {
	s.t.Helper()
	users, err := s.People.Search(caller, s.school, query)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, u := range users {
		names = append(names, u.LastName)
	}
	return names
}

// watchedApp is an app whose queries a test sees.
type watchedApp struct {
	core.App
	db *dbx.DB
}

func (a watchedApp) ConcurrentDB() dbx.Builder { return a.db }

// Addresses come last, so they aren't searched if there are enough names.
func TestSearch_looksAtAddressesOnlyIfNamesAreTooFew(t *testing.T) {
	s := newSearched(t)
	s.pupils(30)
	var statements []string
	app := watchedApp{s.App, s.ConcurrentDB().(*dbx.DB).Clone()}
	app.db.QueryLogFunc = func(_ context.Context, _ time.Duration, statement string, _ *sql.Rows, _ error) {
		statements = append(statements, statement)
	}
	people := school.New(app, store.New(app), config.Default().Limits)
	asked := func(query string) (results int, addresses bool) {
		t.Helper()
		statements = nil
		users, err := people.Search(s.me, s.school, query)
		if err != nil || len(statements) == 0 {
			t.Fatalf("%d statements were seen: %v", len(statements), err)
		}
		return len(users), slices.ContainsFunc(statements, func(s string) bool { return strings.Contains(s, "'email'") })
	}
	if results, addresses := asked("ele"); results != 20 || addresses {
		t.Errorf("of many names %d are found, addresses searched: %v", results, addresses)
	}
	if results, addresses := asked("e7"); results != 1 || !addresses {
		t.Errorf("by an address %d are found, addresses searched: %v", results, addresses)
	}
}

// Of words that are all too common to be counted, the longest has the shortest range.
func TestSearch_scansTheLongestOfCommonWords(t *testing.T) {
	s := newSearched(t)
	s.pupils(4100)
	var statements []string
	app := watchedApp{s.App, s.ConcurrentDB().(*dbx.DB).Clone()}
	app.db.QueryLogFunc = func(_ context.Context, _ time.Duration, statement string, _ *sql.Rows, _ error) {
		statements = append(statements, statement)
	}
	people := school.New(app, store.New(app), config.Default().Limits)
	users, err := people.Search(s.me, s.school, "nu eleve")
	if err != nil || len(users) != 20 {
		t.Fatalf("%d are found: %v", len(users), err)
	}
	if !slices.ContainsFunc(statements, func(s string) bool { return strings.Contains(s, "d.word >= 'eleve'") }) {
		t.Errorf("the short word was scanned: %q", statements)
	}
}

func TestSearch_returnsAsManyAsConfigured(t *testing.T) {
	s := newSearched(t)
	s.pupils(300)
	limits := config.Default().Limits
	limits.SearchResults = 100
	people := school.New(s.App, store.New(s.App), limits)
	for _, query := range []string{"ele", "numero", "eleve numero"} {
		if users, err := people.Search(s.me, s.school, query); err != nil || len(users) != 100 {
			t.Errorf("%q: %d are found of 300, %v", query, len(users), err)
		}
	}
}

// Two words that few names have, with more matching addresses than are read.
func TestSearch_namesOfTwoWordsBeforeAddresses(t *testing.T) {
	s := newSearched(t)
	for i, group := range []struct {
		first, last, address string
		count                int
	}{{"Zoé", "Leroy", "ma", 200}, {"Martin", "Leclerc", "x", 1}, {"Luc", "Lebrun", "y", 50}} {
		_, err := s.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:count})
			INSERT INTO users (id, first_name, last_name, email, role, tokenKey, establishments)
			SELECT printf('%016d', i + 1000 * {:group}), {:first}, {:last}, {:address} || i || '@ecole.example', 'student', {:address} || i, json_array({:school}) FROM n`,
		).Bind(dbx.Params{"count": group.count, "group": i, "first": group.first, "last": group.last, "address": group.address, "school": s.school.RecordID()}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	if names := s.found(s.me, "le ma"); len(names) != 20 || names[0] != "Leclerc" {
		t.Errorf("the person found by name isn't the first: %v", names)
	}
}

func TestSearch_namesFirstThenAddressesNobodyTwice(t *testing.T) {
	s := newSearched(t)
	s.parent("Dupont", "dupont@ecole.example") // the address matches, too
	s.parent("Autre", "dupont.a@courrier.example")
	if got := fmt.Sprint(s.found(s.me, "dupont")); got != "[Dupont Autre]" {
		t.Errorf("found %s", got)
	}
	for i := range 19 {
		s.parent("Dupontel", fmt.Sprintf("p%d@x.example", i))
	}
	got := s.found(s.me, "dupont")
	if len(got) != 20 || got[0] != "Dupont" || slices.Contains(got, "Autre") {
		t.Errorf("with enough names, found %v", got)
	}
}

// A word that thousands have is looked up for each of the few people who have the other one.
func TestSearch_commonWordBesideARareOne(t *testing.T) {
	s := newSearched(t)
	s.pupils(2100)
	pupil := school.Person{ID: 1, Role: protocol.RoleStudent, Establishments: []protocol.ID{s.school}}
	for query, want := range map[string]string{
		"eleve numero2099": "[Numéro2099]", "numero2099 ele": "[Numéro2099]", "e2099 numero2099": "[Numéro2099]",
		"eleve e2099": "[Numéro2099]", "eleve numero2101": "[]", "une moi": "[]",
	} {
		if got := fmt.Sprint(s.found(s.me, query)); got != want {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
	}
	if got := s.found(pupil, "eleve e2099"); len(got) != 0 {
		t.Errorf("a pupil finds %v by a hidden address", got)
	}
	if got := s.found(s.me, "eleve nu"); len(got) != 20 {
		t.Errorf("by two common words %d are found", len(got))
	}
}

// Names as people type them, and as schools write them.
func TestSearch_findsNamesHoweverTheyAreWritten(t *testing.T) {
	s := newSearched(t)
	for name, queries := range map[string][]string{
		"ΓΙΏΡΓΟΣ":      {"γιώργος", "γιωργοσ", "ΓΙΩΡΓΟΣ"},
		"OʼBrien":      {"o'brien", "o’brien", "O`BRIEN", "obrien", "brien"},
		"Mar\u200btin": {"martin", "mart"},
		"Weiß":         {"WEISS", "weiss", "WEIẞ"},
		"أحمد":         {"احمد"},
		"فاطمة":        {"فاطمه"},
		"Işıl":         {"isil", "IŞIL", "İSİL"},
	} {
		s.parent(name, fmt.Sprintf("p%x@x.example", name))
		for _, query := range queries {
			if got := s.found(s.me, query); !slices.Contains(got, name) {
				t.Errorf("%q doesn't find %q, but %q", query, name, got)
			}
		}
	}
}
