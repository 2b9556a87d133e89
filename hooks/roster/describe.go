package roster

import (
	"fmt"
	"io"
	"strings"

	"messagerie/hooks/protocol"
)

// describe prints a plan in plain words.
func describe(out io.Writer, plan protocol.RosterPlan) {
	for _, file := range plan.Files {
		fmt.Fprintf(out, "%s : %s\n", file.Name, counted(file.Rows, "ligne", "lignes"))
	}
	fmt.Fprintf(out, "Format %s, année scolaire %s.\n\n", plan.Format, plan.Year)
	describeCounts(out, plan.Counts)
	describeProblems(out, plan)
}

func describeCounts(out io.Writer, c protocol.RosterCounts) {
	describeLine(out, "Personnes", []part{
		{c.People.Created, "nouvelle", "nouvelles"}, {c.People.Updated, "modifiée", "modifiées"},
		{c.People.ChangingClass, "change de classe", "changent de classe"}, {c.People.Returning, "revient", "reviennent"},
		{c.People.WithoutClass, "reste sans classe", "restent sans classe"},
		{c.People.Leaving, "quitte l'établissement", "quittent l'établissement"}, {c.People.Unchanged, "inchangée", "inchangées"}})
	describeLine(out, "Classes", append(rowParts(c.Classes.RosterRowCounts), part{c.Classes.Archived, "archivée", "archivées"}))
	describeLine(out, "Inscriptions", rowParts(c.Enrollments))
	describeLine(out, "Responsabilités", rowParts(c.Guardianships))
}

func rowParts(c protocol.RosterRowCounts) []part {
	return []part{{c.Created, "nouvelle", "nouvelles"}, {c.Updated, "modifiée", "modifiées"},
		{c.Removed, "retirée", "retirées"}, {c.Unchanged, "inchangée", "inchangées"}}
}

func describeProblems(out io.Writer, plan protocol.RosterPlan) {
	if plan.ProblemCount == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s :\n", counted(plan.ProblemCount, "problème", "problèmes"))
	for _, p := range plan.Problems {
		where := Position{File: p.File, Line: p.Line, Column: p.Column}.String()
		fmt.Fprintf(out, "- %s\n", strings.TrimPrefix(where+" : "+p.Message, " : "))
	}
	if more := plan.ProblemCount - len(plan.Problems); more > 0 {
		fmt.Fprintf(out, "- et %s\n", counted(more, "autre", "autres"))
	}
}

// part is a count with its words.
type part struct {
	n         int
	one, many string
}

func describeLine(out io.Writer, name string, parts []part) {
	var said []string
	for _, p := range parts {
		if p.n > 0 {
			said = append(said, counted(p.n, p.one, p.many))
		}
	}
	if len(said) == 0 {
		said = []string{"aucune"}
	}
	fmt.Fprintf(out, "%s : %s\n", name, strings.Join(said, ", "))
}

func counted(n int, one, many string) string {
	if n < 2 { // as in French
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}
