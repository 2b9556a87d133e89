package rest_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// rosterFiles are files of the roster's testdata by their names.
func rosterFiles(t *testing.T, names ...string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join("../roster/testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = string(content)
	}
	return files
}

// zipped is an archive of files.
func zipped(t *testing.T, files map[string]string) map[string]string {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for name, content := range files {
		entry, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"export.zip": packed.String()}
}

// people are the rows that imports change, without what each save renews.
func (s school) people(t *testing.T) string {
	t.Helper()
	var lines []string
	for _, collection := range []string{"users", "classes", "enrollments", "guardianships"} {
		records, err := s.FindAllRecords(collection)
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			line := collection + " " + record.Id
			for _, name := range record.Collection().Fields.FieldNames() {
				if name != "updated" && name != "tokenKey" {
					line += fmt.Sprintf(" %s=%s", name, record.GetString(name))
				}
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// planFiles uploads files and returns the plan.
func (s school) planFiles(t *testing.T, as apptest.Person, query string, files map[string]string) (plan protocol.RosterPlan) {
	t.Helper()
	s.upload(t, as, rosterPath(s.college)+query, files).OK(201).Into(&plan)
	return plan
}

// run posts what happens to a plan and waits until it has.
func (s school) run(t *testing.T, as apptest.Person, plan protocol.RosterPlan, action, state string) {
	t.Helper()
	path := planPath(s.college, plan.ID)
	s.Post(as, path+action+"/", nil).OK(202)
	s.Rosters.Wait()
	if s.Get(as, path).OK(200).Into(&plan); plan.State != state {
		t.Fatalf("after %s it is %s", action, plan.State)
	}
}

func TestRoster_filesOfEachFormatAreImportedOnceAndUndone(t *testing.T) {
	onde := rosterFiles(t, "onde_pupils.csv", "onde_adults.csv", "onde_teachers.csv")
	siecle := rosterFiles(t, "siecle_eleves.xml", "siecle_responsables.xml", "sts_emp.xml")
	oneRoster11 := rosterFiles(t, "oneroster11/academicSessions.csv", "oneroster11/classes.csv", "oneroster11/courses.csv",
		"oneroster11/demographics.csv", "oneroster11/enrollments.csv", "oneroster11/manifest.csv", "oneroster11/orgs.csv",
		"oneroster11/users.csv")
	oneRoster12 := rosterFiles(t, "oneroster12/classes.csv", "oneroster12/enrollments.csv", "oneroster12/manifest.csv",
		"oneroster12/roles.csv", "oneroster12/users.csv")
	for name, c := range map[string]struct {
		query   string
		files   map[string]string
		format  string
		created int // people
		leaving int // of the three who are there
	}{
		"ONDE":                       {"", onde, "onde", 19, 3},
		"SIECLE":                     {"", siecle, "siecle", 11, 3},
		"SIECLE in a ZIP":            {"", zipped(t, siecle), "siecle", 11, 3},
		"OneRoster 1.1":              {"", zipped(t, oneRoster11), "oneroster", 8, 3},
		"OneRoster 1.2":              {"", zipped(t, oneRoster12), "oneroster", 2, 0},
		"a table in English":         {"", rosterFiles(t, "english.csv"), "table", 3, 0},
		"a table that names all":     {"?complete=true&role=student", rosterFiles(t, "pronote_names.csv"), "table", 2, 1},
		"a table of Pronote":         {"", rosterFiles(t, "pronote_students.csv"), "table", 3, 0},
		"two tables of Edifice":      {"", rosterFiles(t, "edifice_students.csv", "edifice_parents.csv"), "table", 5, 0},
		"a table that was pasted":    {"", rosterFiles(t, "pasted.tsv"), "table", 2, 0},
		"pupils of ONDE, an old one": {"?format=onde", rosterFiles(t, "onde_pupils_old.csv"), "onde", 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t)
			admin := s.Person(s.college, protocol.RoleAdmin, "Agnès", "Directrice")
			before := s.people(t)
			plan := s.planFiles(t, admin, c.query, c.files)
			if got := plan.Counts.People; plan.Format != c.format || got.Created != c.created || got.Leaving != c.leaving {
				t.Fatalf("planned %+v, %+v of %s: %+v", got, plan.Problems, plan.Format, plan.Changes)
			}
			if s.people(t) != before {
				t.Fatal("planning has changed something")
			}
			s.run(t, admin, plan, "apply", protocol.RosterApplied)
			applied := s.people(t)
			again := s.planFiles(t, admin, c.query, c.files)
			if len(again.Changes) != 0 || len(again.Problems) != len(plan.Problems) {
				t.Errorf("again, it changes %+v: %+v", again.Changes, again.Problems)
			}
			s.run(t, admin, again, "apply", protocol.RosterApplied)
			if after := s.people(t); after != applied {
				t.Errorf("it was\n%s\nand again is\n%s", applied, after)
			}
			s.run(t, admin, again, "undo", protocol.RosterUndone)
			s.run(t, admin, plan, "undo", protocol.RosterUndone)
			if after := s.people(t); after != before {
				t.Errorf("it was\n%s\nand undone is\n%s", before, after)
			}
		})
	}
}
