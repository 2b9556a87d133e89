package search_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/search"
)

// find returns all messages that a person finds, page by page.
func find(t testing.TB, app *apptest.App, as apptest.Person, wanted search.Wanted) (found []protocol.ID) {
	t.Helper()
	for pages := 0; ; pages++ {
		page, err := app.Search.Find(t.Context(), school.PersonOf(as.Record), wanted)
		if err != nil {
			t.Fatalf("find %+v: %v", wanted, err)
		}
		for _, f := range page.Found {
			found = append(found, f.Message.ID)
		}
		if page.Next == "" {
			return found
		}
		if pages > 1000 {
			t.Fatal("the pages never end")
		}
		wanted.Cursor = page.Next
	}
}

// expect fails the test unless a person finds exactly these messages by a query.
func expect(t testing.TB, app *apptest.App, as apptest.Person, query string, want ...protocol.ID) {
	t.Helper()
	app.Search.CatchUp()
	if got := find(t, app, as, search.Wanted{Query: query}); !slices.Equal(got, want) {
		t.Errorf("%q finds %v, want %v", query, got, want)
	}
}

// indexed opens the index beside the server.
func indexed(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "search.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func execute(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatal(err)
	}
}

// copyIndex copies the files of the index.
func copyIndex(t testing.TB, from, to string) {
	t.Helper()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		data, err := os.ReadFile(filepath.Join(from, "search.db"+suffix))
		if os.IsNotExist(err) {
			if err := os.Remove(filepath.Join(to, "search.db"+suffix)); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, "search.db"+suffix), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// pair is two people of a school with a conversation.
type pair struct {
	*apptest.App
	college        protocol.ID
	claire, jerome apptest.Person
	conversation   protocol.ID
}

func newPair(t testing.TB) *pair {
	t.Helper()
	p := &pair{App: apptest.New(t)}
	p.college = p.Establishment("Collège")
	p.claire = p.Person(p.college, protocol.RoleTeacher, "Claire", "Martin")
	p.jerome = p.Person(p.college, protocol.RoleParent, "Jérôme", "Lefèvre")
	p.conversation = p.Conversation(p.claire, p.jerome)
	return p
}

// restart stops the server, lets something happen to its directory, and starts it again.
func (p *pair) restart(t testing.TB, meanwhile func(dir string)) {
	t.Helper()
	p.Stop()
	if meanwhile != nil {
		meanwhile(p.Dir)
	}
	p.App = apptest.Open(t, p.Dir)
}

func (p *pair) edit(t testing.TB, id protocol.ID, content string) {
	t.Helper()
	if _, err := p.Conversations.EditMessage(p.claire.ID, p.conversation, id, content); err != nil {
		t.Fatal(err)
	}
}
