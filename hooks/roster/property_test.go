package roster_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

// generator makes rosters of one school and changes them, as a year does. Some people have
// identifiers, some an address, of some only the name with a birth date or with their children is
// known; names are few, so that there are homonyms.
type generator struct {
	*rand.Rand
	format string
	next   int
	people []roster.Person
	class  map[string]string // of a student, or where somebody teaches
	child  map[string][]string
}

var (
	firstNames = []string{"Lucas", "Léa", "Zoë", "Anne-Sophie", "Mehdi"}
	lastNames  = []string{"Martin", "Le Goff", "Benali"}
	classNames = []string{"6e A", "6e B", "5e A", "5e B"}
)

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

func newGenerator(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, seed)), class: map[string]string{}, child: map[string][]string{}}
	g.format = pick(g, []string{roster.FormatONDE, roster.FormatSIECLE, roster.FormatTable})
	for range 20 + g.IntN(40) {
		g.add()
	}
	return g
}

// add adds somebody who can be told apart from everybody else.
func (g *generator) add() {
	g.next++
	key := fmt.Sprint("k", g.next)
	p := roster.Person{Key: key, FirstName: pick(g, firstNames), LastName: pick(g, lastNames)}
	p.Role = pick(g, []string{protocol.RoleStudent, protocol.RoleStudent, protocol.RoleParent, protocol.RoleTeacher})
	if g.format == roster.FormatSIECLE {
		p.ExternalID = "x" + key
	}
	switch p.Role {
	case protocol.RoleStudent:
		p.BirthDate = fmt.Sprintf("20%02d-%02d-%02d", g.next/300+10, g.next%300/25+1, g.next%25+1) // each day once
		if g.IntN(2) == 0 {
			p.INE = fmt.Sprintf("INE%06d", g.next)
		}
		g.class[key] = pick(g, classNames)
	case protocol.RoleTeacher:
		p.Email = key + "@ecole.example"
		p.LastName += " " + key // else an adult without identifier would be a question once a homonym has left
		g.class[key] = pick(g, classNames)
	default:
		if p.ExternalID == "" {
			p.Email = key + "@famille.example"
			p.LastName += " " + key
		}
		for range 1 + g.IntN(2) {
			if child := pick(g, append(g.students(), "")); child != "" && !slices.Contains(g.child[key], child) {
				g.child[key] = append(g.child[key], child)
			}
		}
	}
	g.people = append(g.people, p)
}

func (g *generator) students() (keys []string) {
	for _, p := range g.people {
		if p.Role == protocol.RoleStudent {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// change makes another year of it.
func (g *generator) change() {
	for range g.IntN(10) {
		g.add()
	}
	for range g.IntN(6) {
		gone := g.IntN(len(g.people))
		key := g.people[gone].Key
		g.people = slices.Delete(g.people, gone, gone+1)
		for guardian, children := range g.child {
			g.child[guardian] = slices.DeleteFunc(children, func(child string) bool { return child == key })
		}
		delete(g.class, key)
		delete(g.child, key)
	}
	for range g.IntN(10) {
		p := &g.people[g.IntN(len(g.people))]
		switch {
		case g.class[p.Key] != "" && g.IntN(2) == 0:
			g.class[p.Key] = pick(g, classNames)
		case p.ExternalID != "" || p.INE != "":
			p.LastName = pick(g, lastNames)
		}
	}
}

func (g *generator) roster() roster.Roster {
	r := roster.Roster{Format: g.format, Year: year, Complete: everybody, People: slices.Clone(g.people)}
	g.Shuffle(len(r.People), func(i, j int) { r.People[i], r.People[j] = r.People[j], r.People[i] })
	for _, name := range classNames {
		r.Classes = append(r.Classes, roster.Class{Name: name, Level: name[:2]})
	}
	for _, p := range r.People {
		if class := g.class[p.Key]; class != "" {
			role := protocol.InClassStudent
			if p.Role == protocol.RoleTeacher {
				role = protocol.InClassTeacher
			}
			r.Enrollments = append(r.Enrollments, roster.Enrollment{Person: p.Key, Class: class, Role: role})
		}
		for i, child := range g.child[p.Key] {
			r.Guardianships = append(r.Guardianships, roster.Guardianship{Guardian: p.Key, Student: child, Legal: i == 0})
		}
	}
	return r
}

// written is a roster as lines, in an order that doesn't depend on keys.
func written(r roster.Roster) string {
	sign := map[string]string{}
	var lines []string
	for _, p := range r.People {
		sign[p.Key] = signOf(p.FirstName, p.LastName, p.Role, p.ExternalID, p.INE, p.BirthDate, p.Email)
		lines = append(lines, "person "+sign[p.Key])
	}
	for _, e := range r.Enrollments {
		lines = append(lines, "enrollment "+sign[e.Person]+" "+e.Class+" "+e.Role)
	}
	for _, g := range r.Guardianships {
		lines = append(lines, fmt.Sprint("guardianship ", sign[g.Guardian], " ", sign[g.Student], " ", g.Legal))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func signOf(fields ...string) string { return strings.Join(fields, ",") }

// stored is what the database says, in the same form.
func (s *school) stored() string {
	s.t.Helper()
	sign := map[string]string{}
	var lines []string
	people, err := s.FindAllRecords("users", dbx.HashExp{"disabled": false})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range people {
		if p.Id != s.admin.Record.Id {
			sign[p.Id] = signOf(p.GetString("first_name"), p.GetString("last_name"), p.GetString("role"),
				p.GetString("external_id"), p.GetString("ine"), p.GetString("birth_date"), p.Email())
			lines = append(lines, "person "+sign[p.Id])
		}
	}
	classes := map[string]string{}
	for _, collection := range []string{"classes", "enrollments", "guardianships"} {
		records, err := s.FindAllRecords(collection)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, r := range records {
			switch collection {
			case "classes":
				classes[r.Id] = r.GetString("name")
			case "enrollments":
				lines = append(lines, "enrollment "+sign[r.GetString("user")]+" "+classes[r.GetString("class")]+" "+r.GetString("role"))
			default:
				// Those of a student who has left stay: they may come back.
				if student := sign[r.GetString("student")]; student != "" {
					lines = append(lines, fmt.Sprint("guardianship ", sign[r.GetString("guardian")], " ", student, " ", r.GetBool("legal")))
				}
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestImport_makesTheDatabaseEqualToAnyRoster(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := newSchool(t)
			g := newGenerator(seed)
			var last protocol.RosterPlan
			before := s.dump()
			for round := range 4 {
				r := g.roster()
				before = s.dump()
				last = s.imports(r)
				if len(last.Problems) != 0 && last.Problems[0].Code != roster.ProblemManyLeaving {
					t.Fatalf("round %d: problems %+v", round, last.Problems)
				}
				if got, want := s.stored(), written(r); got != want {
					t.Fatalf("round %d: stored is\n%s\nthe roster is\n%s", round, got, want)
				}
				if again := s.plan(g.roster()); len(again.Changes) != 0 || !unchanged(again.Counts) {
					t.Fatalf("round %d: the same again changes %+v", round, again.Changes)
				}
				g.change()
			}
			s.undo(last)
			if after := s.dump(); after != before {
				t.Errorf("after the undo there is\n%s\nwant\n%s", after, before)
			}
		})
	}
}

func unchanged(c protocol.RosterCounts) bool {
	c.People.Unchanged, c.Classes.Unchanged, c.Enrollments.Unchanged, c.Guardianships.Unchanged = 0, 0, 0, 0
	return c == protocol.RosterCounts{}
}
