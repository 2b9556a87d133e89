package roster_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

// planFiles plans an import of files, as they are uploaded.
func (s *school) planFiles(options roster.Options, files ...roster.Upload) protocol.RosterPlan {
	s.t.Helper()
	id, err := s.Rosters.Plan(s.admin.ID, s.college, files, options)
	if err != nil {
		s.t.Fatal("plan:", err)
	}
	return s.get(id, protocol.RosterPlanned)
}

// changed is a file of testdata in which something stands instead of something else.
func changed(t *testing.T, name, from, to string) roster.Upload {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(content, []byte(from)) {
		t.Fatalf("%s has no %q", name, from)
	}
	return upload(filepath.Base(name), bytes.ReplaceAll(content, []byte(from), []byte(to)))
}

func wantNothingTaken(t *testing.T, what string, plan protocol.RosterPlan) {
	t.Helper()
	if c := plan.Counts; c.People.Leaving+c.People.Updated+c.People.Created+c.Enrollments.Removed+c.Guardianships.Removed != 0 {
		t.Errorf("%s: planned %+v: %+v", what, c, plan.Changes)
	}
}

func TestImport_keepsAPupilOfONDEWhoseRowIsBroken(t *testing.T) {
	s := newSchool(t)
	adults, teachers := fixture(t, "onde_adults.csv"), fixture(t, "onde_teachers.csv")
	s.apply(s.planFiles(roster.Options{}, fixture(t, "onde_pupils.csv"), adults, teachers), nil)
	broken := s.planFiles(roster.Options{}, changed(t, "onde_pupils.csv", "2/9/2019", "32/9/2019"), adults, teachers)
	wantNothingTaken(t, "with a broken date", broken)
	without := s.planFiles(roster.Options{}, changed(t, "onde_pupils.csv", "BENALI;;Adam;", "NOUVEL;;Elias;"), adults, teachers)
	if c := without.Counts.People; c.Created != 0 || c.Leaving != 0 {
		t.Errorf("the INE is still Adam's: %+v", c)
	}
	gone := s.planFiles(roster.Options{},
		changed(t, "onde_pupils.csv", "BENALI;;Adam;2/9/2019;M;100000002AB", "NOUVEL;;Elias;2/9/2019;M;100000012AB"), adults, teachers)
	if c := gone.Counts.People; c.Created != 1 || c.Leaving != 1 {
		t.Errorf("without his row: %+v", c)
	}
}

func TestImport_keepsSomebodyWhoseRowIsBroken(t *testing.T) {
	s := newSchool(t)
	const rows = "Identifiant;INE;Nom;Prénom;Né(e) le;Courriel;Classe\n" +
		"7;;BENALI;Yasmine;21/03/2014;;5e B\n8;;PETIT;Zoé;01/02/2014;;5e B\n"
	complete := roster.Options{Complete: true}
	adam := func(row string) roster.Upload { return upload("eleves.csv", []byte(rows+row+"\n")) }
	s.apply(s.planFiles(complete, adam("9;120000003AC;BENALI;Adam;02/09/2015;adam@famille.example;6e A")), nil)
	for what, row := range map[string]string{
		"a date":                            "9;120000003AC;BENALI;Adam;32/09/2015;;6e A",
		"a date, without identifiers":       ";;BENALI;Adam;32/09/2015;;6e A",
		"a first name, with an identifier":  "9;;BENALI;;02/09/2015;;6e A",
		"a first name, with the INE":        ";120000003AC;;;02/09/2015;;6e A",
		"a first name, with the other name": "99;;BENALI;;02/09/2015;;6e A",
		"somebody else's identifier":        "7;;BENALI;Adam;02/09/2015;;6e A",
		"a first name, with the address":    "99;;BENALÍ-PETIT;Adam;32/09/2015;adam@famille.example;6e A",
		"both names":                        ";;;;02/09/2015;;6e A",
	} {
		plan := s.planFiles(complete, adam(row))
		if len(plan.Problems) != 1 {
			t.Errorf("%s: the problems are %+v", what, plan.Problems)
		}
		wantNothingTaken(t, what, plan)
	}
	if c := s.planFiles(complete, adam("")).Counts; c.People.Leaving != 1 || c.Enrollments.Removed != 1 {
		t.Errorf("without a row: %+v", c)
	}
	if c := s.planFiles(complete, adam("10;;MARTIN;Lou;32/09/2015;;6e A")).Counts; c.People.Leaving != 1 {
		t.Errorf("with somebody else's broken row: %+v", c)
	}
}

func TestImport_leavesATeacherATeacherWhoseRowIsBroken(t *testing.T) {
	s := newSchool(t)
	const parent = "Rôle;Nom;Prénom;Né(e) le;Courriel;Classe\nParent;MARTIN;Claire;;claire@ecole.example;\n" +
		"Enseignant;DURAND;Paul;;paul@ecole.example;5e B\n"
	complete := roster.Options{Complete: true}
	rows := func(more string) roster.Upload { return upload("tous.csv", []byte(parent+more)) }
	s.apply(s.planFiles(complete, rows("Enseignant;MARTIN;Claire;02/09/1980;claire@ecole.example;5e B\n")), nil)
	if got := s.person("Claire", "Martin").GetString("role"); got != protocol.RoleTeacher {
		t.Fatalf("Claire is %s", got)
	}
	wantNothingTaken(t, "with a broken date",
		s.planFiles(complete, rows("Enseignant;MARTIN;Claire;32/09/1980;claire@ecole.example;5e B\n")))
	if c := s.planFiles(complete, rows("")).Counts; c.People.Updated != 1 {
		t.Errorf("without the teacher's row: %+v", c)
	}
}

func TestImport_keepsThePlacesOfWhomTheFilesSayOnlyPartOf(t *testing.T) {
	s := newSchool(t)
	oneRoster := func(from, to string) roster.Upload {
		var packed bytes.Buffer
		w := zip.NewWriter(&packed)
		names, err := filepath.Glob("testdata/oneroster11/*.csv")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			pack(t, w, filepath.Base(name), []byte(strings.ReplaceAll(string(content), from, to)))
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return upload("oneroster.zip", packed.Bytes())
	}
	s.apply(s.planFiles(roster.Options{}, oneRoster("", "")), nil)
	if places := s.Count("enrollments"); places != 5 {
		t.Fatalf("%d enrollments", places)
	}
	wantNothingTaken(t, "with a class that isn't there", s.planFiles(roster.Options{}, oneRoster("c3,o1,s2,", "gone,o1,s2,")))
	wantNothingTaken(t, "with a guardian's child who isn't there", s.planFiles(roster.Options{}, oneRoster(`,,,"s1,s2",,`, ",,,gone,,")))
	if c := s.planFiles(roster.Options{}, oneRoster("e2,active", "e2,tobedeleted")).Counts; c.Enrollments.Removed != 1 {
		t.Errorf("without a place: %+v", c)
	}
}
