package roster_test

import (
	"io"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

// planTable plans a table, with what is said about its columns.
func (s *school) planTable(of protocol.ID, table string, columns map[string]string) protocol.RosterPlan {
	s.t.Helper()
	file := roster.Upload{Name: "liste.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(table)), nil }}
	id, err := s.Rosters.Plan(s.admin.ID, of, []roster.Upload{file}, roster.Options{Columns: columns})
	if err != nil {
		s.t.Fatal("plan:", err)
	}
	plan, _, err := s.Rosters.Get(of, id, roster.Page{})
	if err != nil {
		s.t.Fatal(err)
	}
	return plan
}

func fieldOf(plan protocol.RosterPlan, header string) string {
	for _, c := range plan.Columns {
		if c.Header == header {
			return c.Field
		}
	}
	return "no such column"
}

func TestColumns_areRememberedForTheSameHeaders(t *testing.T) {
	s := newSchool(t)
	const table = "Nom;Prénom;Truc;Classe\nPetit;Zoé;b1;CM1\n"
	if got := fieldOf(s.planTable(s.college, table, nil), "Truc"); got != "" {
		t.Fatalf("at first the column is %q", got)
	}
	chosen := map[string]string{"Nom": roster.ColumnLastName, "Prénom": roster.ColumnFirstName, "Truc": roster.ColumnGroup, "Classe": ""}
	s.planTable(s.college, table, chosen)
	again := s.planTable(s.college, "PRENOM;Nom;classe;Truc \nMax;Petit;CE2;b2\n", nil)
	if fieldOf(again, "Truc") != roster.ColumnGroup || fieldOf(again, "classe") != "" || again.Counts.Classes.Created != 1 {
		t.Errorf("in another order the columns are %+v", again.Columns)
	}
	for name, other := range map[string]protocol.RosterPlan{
		"other headers":           s.planTable(s.college, "Nom;Prénom;Truc\nPetit;Zoé;b1\n", nil),
		"another establishment":   s.planTable(s.Establishment("École des Lilas"), table, nil),
		"what is said afterwards": s.planTable(s.college, table, map[string]string{"Truc": ""}),
	} {
		if got := fieldOf(other, "Truc"); got != "" {
			t.Errorf("with %s the column is %q", name, got)
		}
	}
	if got := s.Count("roster_columns"); got != 1 {
		t.Errorf("%d tables are remembered", got)
	}
	if got := s.planTable(s.college, table, nil); fieldOf(got, "Truc") != "" || fieldOf(got, "Classe") != roster.ColumnClass {
		t.Errorf("after another correction the columns are %+v", got.Columns)
	}
}

// A table that says nothing by itself is readable once somebody has said what its columns are.
func TestColumns_makeATableReadable(t *testing.T) {
	s := newSchool(t)
	const table = "A;B\nPetit;Zoé\n"
	s.planTable(s.college, table, map[string]string{"A": roster.ColumnLastName, "B": roster.ColumnFirstName})
	if again := s.planTable(s.college, table, nil); again.Counts.People.Created != 1 {
		t.Errorf("again it is %+v", again)
	}
}
