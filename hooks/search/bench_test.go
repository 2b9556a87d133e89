package search_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/search"
	"messagerie/hooks/store"
)

// messagesOfBench is how many messages BenchmarkFind searches, unless FIND_MESSAGES says otherwise. With
// FIND_DIR they are kept there for the next run; with FIND_MERGED the index is merged first.
const messagesOfBench = 100_000

// People with different numbers of conversations search for words that are in a third of all messages, in few, and
// in none of theirs; one word and two, prefixes and whole words. Reported are the times of each search, with
// loading, checking and the snippets, and the size of the index.
func BenchmarkFind(b *testing.B) {
	count := messagesOfBench
	if asked, err := strconv.Atoi(os.Getenv("FIND_MESSAGES")); err == nil {
		count = asked
	}
	app, people := filledSchool(b, count)
	app.Search.CatchUp()
	if os.Getenv("FIND_MERGED") != "" { // as after a night
		app.Stop()
		if err := search.MergeIndex(app.Dir); err != nil {
			b.Fatal(err)
		}
		app = apptest.Open(b, app.Dir)
	}
	size, err := os.Stat(filepath.Join(app.Dir, "search.db"))
	if err != nil {
		b.Fatal(err)
	}
	for _, conversations := range conversationsOfBench {
		for name, queries := range queriesOfBench {
			b.Run(fmt.Sprintf("conversations=%d/%s", conversations, name), func(b *testing.B) {
				caller := school.PersonOf(people[conversations].Record)
				var times []time.Duration
				found := 0
				for n := 0; b.Loop(); n++ {
					begun := time.Now()
					page, err := app.Search.Find(b.Context(), caller, search.Wanted{Query: queries[n%len(queries)]})
					if err != nil {
						b.Fatal(err)
					}
					times = append(times, time.Since(begun))
					found += len(page.Found)
					app.Search.Budget().Return(caller, 1)
				}
				slices.Sort(times)
				b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms/p50")
				b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "ms/p99")
				b.ReportMetric(float64(found)/float64(len(times)), "found")
				b.ReportMetric(float64(size.Size())/float64(count), "bytes/message")
			})
		}
	}
}

var (
	conversationsOfBench = []int{1, 50, 500}
	queriesOfBench       = map[string][]string{
		"common":  {"bonjour", "bonj", "bo", "merci", "me", "l"},
		"rare":    {"kerguelen", "salle 214", "zygote", "bibliotheque", "carnet"},
		"nothing": {"absolument", "xylophone", "bonjour xylophone", "zz"},
		"several": {"bonjour demain", "merci lea", "absente cantine", "le la", "reun mardi"},
	}
)

// filledSchool has people with 1, 50 and 500 of a school's conversations; half of the messages are in a quarter of
// these, and each conversation has a hundred on the average.
func filledSchool(b *testing.B, count int) (*apptest.App, map[int]apptest.Person) {
	b.Helper()
	dir := os.Getenv("FIND_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	if _, err := os.Stat(filepath.Join(dir, "data.db")); err == nil {
		app := apptest.Open(b, dir)
		return app, peopleOfBench(b, app)
	}
	empty := apptest.New(b)
	empty.Stop()
	for _, name := range []string{"data.db", "auxiliary.db"} {
		data, err := os.ReadFile(filepath.Join(empty.Dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	app := apptest.Open(b, dir)
	college := app.Establishment("Collège")
	conversations := max(2000, count/100)
	insertConversations(b, app, college, conversations)
	chance := rand.New(rand.NewPCG(1, 1))
	for _, n := range conversationsOfBench {
		person := app.Person(college, protocol.RoleTeacher, "Personne", strconv.Itoa(n))
		for _, conversation := range chance.Perm(conversations)[:n] {
			app.Create("participants", map[string]any{"conversation": protocol.ID(conversation + 1).RecordID(), "user": person.ID.RecordID()})
		}
	}
	insertMessages(b, app, conversations, count)
	app.Stop() // what was written directly is read at the start
	app = apptest.Open(b, dir)
	return app, peopleOfBench(b, app)
}

func peopleOfBench(b *testing.B, app *apptest.App) map[int]apptest.Person {
	b.Helper()
	people := map[int]apptest.Person{}
	for _, n := range conversationsOfBench {
		record, err := app.FindFirstRecordByData("users", "last_name", strconv.Itoa(n))
		if err != nil {
			b.Fatal(err)
		}
		people[n] = app.SignIn(record)
	}
	return people
}

func insertConversations(b *testing.B, app *apptest.App, college protocol.ID, count int) {
	b.Helper()
	_, err := app.DB().NewQuery(`WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < {:count})
		INSERT INTO conversations (id, kind, title, establishment, created, updated)
		SELECT printf('%016d', i), 'group', 'Groupe ' || i, {:college}, '2026-09-01 08:00:00.000Z', '2026-09-01 08:00:00.000Z' FROM n`).
		Bind(map[string]any{"count": count, "college": college.RecordID()}).Execute()
	if err != nil {
		b.Fatal(err)
	}
}

// insertMessages writes messages past the records, with ids as they are drawn in a school year.
func insertMessages(b *testing.B, app *apptest.App, conversations, count int) {
	b.Helper()
	chance := rand.New(rand.NewPCG(2, 2))
	text := textsOfBench(chance)
	begun := time.Date(2025, 9, 1, 8, 0, 0, 0, time.UTC)
	step := 300 * 24 * time.Hour / time.Duration(count)
	for done := 0; done < count; {
		err := app.RunInTransaction(func(tx core.App) error {
			insertion := tx.DB().NewQuery(`INSERT INTO messages (id, conversation, sender, content, created, updated)
				VALUES ({:id}, {:conversation}, {:sender}, {:content}, {:created}, {:created})`).Prepare()
			defer insertion.Close()
			for end := min(count, done+50_000); done < end; done++ {
				at := begun.Add(time.Duration(done) * step)
				x := chance.Float64()
				_, err := insertion.Bind(map[string]any{
					"id":           (store.IDAt(at) + protocol.ID(done%4096)).RecordID(),
					"conversation": protocol.ID(1 + int(x*x*float64(conversations))).RecordID(),
					"sender":       protocol.ID(1 + chance.IntN(5000)).RecordID(),
					"content":      text(), "created": at.Format("2006-01-02 15:04:05.000Z"),
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
	}
}

// textsOfBench returns a source of messages of some sixty characters: words by Zipf's law, of which
// every third message has "bonjour".
func textsOfBench(chance *rand.Rand) func() string {
	vocabulary := []string{
		"de", "la", "le", "et", "à", "les", "des", "est", "pour", "que", "Merci", "demain", "Léa", "réunion", "salle", "mardi", "absente", "cantine",
		"élève", "devoir", "cahier", "classe", "parents", "rendez-vous", "214", "aujourd’hui", "contrôle", "note", "sortie", "autorisation",
	}
	syllables := []string{"ba", "ca", "dé", "fi", "go", "lu", "ma", "né", "pi", "ro", "su", "ta", "vé", "zi", "ch", "tion", "ment", "eur", "age", "ique"}
	for len(vocabulary) < 40_000 {
		word := ""
		for range 2 + chance.IntN(3) {
			word += syllables[chance.IntN(len(syllables))]
		}
		vocabulary = append(vocabulary, word)
	}
	vocabulary[15_000], vocabulary[20_000], vocabulary[30_000] = "Kerguelen", "bibliothèque", "carnet"
	zipf := rand.NewZipf(chance, 1.1, 4, uint64(len(vocabulary)-1))
	return func() string {
		text := ""
		if chance.IntN(3) == 0 {
			text = "Bonjour,"
		}
		for range 4 + chance.IntN(12) {
			text += " " + vocabulary[zipf.Uint64()]
		}
		return text
	}
}
