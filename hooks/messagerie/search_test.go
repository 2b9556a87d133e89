package messagerie_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// pupils adds people called Élève, with addresses eleve.e… that only staff see.
func (h *harness) pupils(count int) {
	h.t.Helper()
	_, err := h.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:count})
		INSERT INTO users (id, first_name, last_name, email, role, tokenKey, establishments)
		SELECT printf('%016d', i), 'Élève', 'Numéro' || i, 'eleve.e' || i || '@ecole.example', 'student', 'key' || i, json_array({:school}) FROM n`,
	).Bind(dbx.Params{"count": count, "school": h.school.RecordID()}).Execute()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) found(caller school.Person, query string) (names []string) {
	h.t.Helper()
	users, err := h.people.Search(caller, h.school, query)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, u := range users {
		names = append(names, u.LastName)
	}
	return names
}

// Addresses come last, so they aren't searched if there are enough names.
func TestSearch_looksAtAddressesOnlyIfNamesAreTooFew(t *testing.T) {
	log := new(statementLog)
	h := newHarness(t, log.connect)
	me := h.person("Moi")
	h.pupils(30)
	asked := func(query string) (results int, addresses bool) {
		log.take()
		results = len(h.found(me, query))
		return results, slices.ContainsFunc(log.take(), func(s string) bool { return strings.Contains(s, "'email'") })
	}
	if results, addresses := asked("ele"); results != 20 || addresses {
		t.Errorf("of many names %d are found, addresses searched: %v", results, addresses)
	}
	if results, addresses := asked("e7"); results != 1 || !addresses {
		t.Errorf("by an address %d are found, addresses searched: %v", results, addresses)
	}
}

func TestSearch_returnsAsManyAsConfigured(t *testing.T) {
	h := newHarness(t, nil)
	me := h.person("Moi")
	h.pupils(300)
	limits := config.Default().Limits
	limits.SearchResults = 100
	people := school.New(h.App, store.New(h.App), limits)
	for _, query := range []string{"ele", "numero", "eleve numero"} {
		if users, err := people.Search(me, h.school, query); err != nil || len(users) != 100 {
			t.Errorf("%q: %d are found of 300, %v", query, len(users), err)
		}
	}
}

// Two words that few names have, with more matching addresses than are read.
func TestSearch_namesOfTwoWordsBeforeAddresses(t *testing.T) {
	h := newHarness(t, nil)
	me := h.person("Moi")
	for i, group := range []struct {
		first, last, address string
		count                int
	}{{"Zoé", "Leroy", "ma", 200}, {"Martin", "Leclerc", "x", 1}, {"Luc", "Lebrun", "y", 50}} {
		_, err := h.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:count})
			INSERT INTO users (id, first_name, last_name, email, role, tokenKey, establishments)
			SELECT printf('%016d', i + 1000 * {:group}), {:first}, {:last}, {:address} || i || '@ecole.example', 'student', {:address} || i, json_array({:school}) FROM n`,
		).Bind(dbx.Params{"count": group.count, "group": i, "first": group.first, "last": group.last, "address": group.address, "school": h.school.RecordID()}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	if names := h.found(me, "le ma"); len(names) != 20 || names[0] != "Leclerc" {
		t.Errorf("the person found by name isn't the first: %v", names)
	}
}

func TestSearch_namesFirstThenAddressesNobodyTwice(t *testing.T) {
	h := newHarness(t, nil)
	me := h.person("Moi")
	h.person("Dupont") // whose address is dupont@…, too
	other := h.person("Autre")
	record, err := h.FindRecordById("users", other.ID.RecordID())
	if err != nil {
		t.Fatal(err)
	}
	record.SetEmail("dupont.a@courrier.example")
	if err := h.Save(record); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(h.found(me, "dupont")); got != "[Dupont Autre]" {
		t.Errorf("found %s", got)
	}
	for range 19 {
		h.create("users", object{"first_name": "Une", "last_name": "Dupontel", "role": protocol.RoleParent,
			"establishments": []string{h.school.RecordID()}, "email": fmt.Sprintf("p%d@x.example", len(h.found(me, "dupontel"))), "password": "correct horse battery"})
	}
	got := h.found(me, "dupont")
	if len(got) != 20 || got[0] != "Dupont" || slices.Contains(got, "Autre") {
		t.Errorf("with enough names, found %v", got)
	}
}

// A word that thousands have is looked up for each of the few people who have the other one.
func TestSearch_commonWordBesideARareOne(t *testing.T) {
	h := newHarness(t, nil)
	me := h.person("Moi")
	h.pupils(2100)
	pupil := school.Person{ID: 1, Role: protocol.RoleStudent, Establishments: []protocol.ID{h.school}}
	for query, want := range map[string]string{
		"eleve numero2099": "[Numéro2099]", "numero2099 ele": "[Numéro2099]", "e2099 numero2099": "[Numéro2099]",
		"eleve e2099": "[Numéro2099]", "eleve numero2101": "[]", "une moi": "[]",
	} {
		if got := fmt.Sprint(h.found(me, query)); got != want {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
	}
	if got := h.found(pupil, "eleve e2099"); len(got) != 0 {
		t.Errorf("a pupil finds %v by a hidden address", got)
	}
	if got := h.found(me, "eleve nu"); len(got) != 20 {
		t.Errorf("by two common words %d are found", len(got))
	}
}
