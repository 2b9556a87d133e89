package school_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/words"
)

// Among 100 000 people, a parent whose children are in two classes types names: the time of each
// search, at the 50th and the 99th of a hundred.
func BenchmarkSearch_byAParentOfTwoClasses(b *testing.B) {
	const people = 100_000
	app := apptest.New(b)
	college := app.Establishment("Collège")
	names := manyPeople(b, app, college, people)
	caller := parentOfTwoClasses(b, app, college)
	for _, contacts := range protocol.Contacts {
		app.Change("establishments", college, map[string]any{"contacts": contacts})
		b.Run(contacts, func(b *testing.B) { benchmarkSearch(b, app, college, caller, names) })
	}
}

func benchmarkSearch(b *testing.B, app *apptest.App, college protocol.ID, caller school.Person, names []string) {
	queries := queriesOf(names)
	var times []time.Duration
	b.ResetTimer()
	for n := 0; b.Loop(); n++ {
		begun := time.Now()
		if _, err := app.People.Search(caller, college, queries[n%len(queries)]); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(begun))
		app.People.Budgets().Searches.Return(caller, 1)
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms/p50")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "ms/p99")
}

// manyPeople writes people past the records, in the roles of a generated school, and returns some of their names.
func manyPeople(b *testing.B, app *apptest.App, college protocol.ID, count int) []string {
	b.Helper()
	first := []string{"Jérôme", "Marie", "Élodie", "Mathieu", "Lætitia", "François", "Mathilde", "Ousmane", "Maëlle", "Léa", "Zoë", "Inès", "Hugo", "Noé", "Karim", "Emma"}
	last := []string{"Martin", "Lefèvre", "Marchand", "Durand", "Diallo", "Benali", "Garçon", "Mercier", "Le Goff", "Maréchal", "Kerguelen", "Petit", "Nguyen", "Faure"}
	roles := map[int]string{0: protocol.RoleStaff, 1: protocol.RoleStaff}
	err := app.RunInTransaction(func(tx core.App) error {
		for i := range count {
			role := roles[i%100]
			switch n := i % 100; {
			case role != "":
			case n < 12:
				role = protocol.RoleTeacher
			case n < 52:
				role = protocol.RoleParent
			default:
				role = protocol.RoleStudent
			}
			_, err := tx.DB().Insert("users", map[string]any{
				"id": protocol.ID(1_000_000 + i).RecordID(), "first_name": first[i*7%len(first)], "last_name": last[i*11%len(last)] + fmt.Sprint(" ", i%97),
				"role": role, "email": fmt.Sprintf("p%d@ecole.example", i), "tokenKey": fmt.Sprint("key", i), "password": "x",
				"establishments": `["` + college.RecordID() + `"]`, "disabled": false, "emailVisibility": i%5 == 0,
			}).Execute()
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := app.DB().NewQuery("ANALYZE").Execute(); err != nil {
		b.Fatal(err)
	}
	return append(first, last...)
}

// parentOfTwoClasses has a child in each of two classes of thirty.
func parentOfTwoClasses(b *testing.B, app *apptest.App, college protocol.ID) school.Person {
	b.Helper()
	parent := app.Person(college, protocol.RoleParent, "Fatima", "Benali")
	person := func(i int) apptest.Person { return apptest.Person{ID: protocol.ID(1_000_000 + i)} }
	for c := range 2 {
		class := app.Class(college, fmt.Sprint("5e ", c))
		for i := range 30 {
			student := person(100*(30*c+i) + 60 + c)
			app.Enroll(class, student, protocol.InClassStudent)
			app.Guardian(person(100*(30*c+i)+20), protocol.RelationMother, student)
			if i == 0 {
				app.Guardian(parent, protocol.RelationMother, student)
			}
		}
		for i := range 12 {
			app.Enroll(class, person(100*i+5+c), protocol.InClassTeacher)
		}
	}
	account, err := app.People.Account(parent.ID)
	if err != nil {
		b.Fatal(err)
	}
	return account.Person
}

// queriesOf are what somebody types of each name, from two letters on, and two names.
func queriesOf(names []string) (queries []string) {
	for i, name := range names {
		letters := []rune(words.Of(name)[0])
		for n := 2; n <= len(letters); n++ {
			queries = append(queries, string(letters[:n]))
		}
		queries = append(queries, name+" "+names[(i+5)%len(names)])
	}
	return queries
}
