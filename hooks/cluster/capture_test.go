package cluster_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/cluster"
	"messagerie/hooks/protocol"
)

// pair is a database whose transactions are recorded, and a copy of it that they are applied to.
type pair struct {
	log         *cluster.Recorder
	db          *dbx.DB
	first, copy *cluster.File
	applied     int
}

func newPair(t *testing.T, schema ...string) *pair {
	t.Helper()
	dir := t.TempDir()
	p := &pair{log: &cluster.Recorder{}, first: cluster.Found(t, filepath.Join(dir, "data.db"))}
	for _, text := range schema {
		p.first.Exec(t, text)
	}
	p.first.CopyTo(t, filepath.Join(dir, "copy.db"))
	p.copy = cluster.Found(t, filepath.Join(dir, "copy.db"))
	p.db = p.log.Connect(filepath.Join(dir, "data.db"))
	p.db.DB().SetMaxOpenConns(1)
	t.Cleanup(func() { _ = p.db.Close() })
	return p
}

func (p *pair) exec(t *testing.T, text string, args ...any) {
	t.Helper()
	if _, err := p.db.DB().Exec(text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func (p *pair) expectEqual(t *testing.T) {
	t.Helper()
	if err := p.copy.Apply(p.log, p.applied); err != nil {
		t.Fatal(err)
	}
	p.applied = p.log.Len()
	if different := p.first.Differences(t, p.copy); len(different) > 0 {
		t.Fatalf("these tables differ: %q", different)
	}
}

func TestCapture_readsEveryKindOfValue(t *testing.T) {
	p := newPair(t, "CREATE TABLE kinds (id TEXT PRIMARY KEY, value, number REAL, whole INTEGER)")
	for i, value := range []any{nil, int64(1<<53 + 1), int64(math.MinInt64), 0.1, math.Inf(-1), 1.0, "", "a\x00b", "été", "\xff", []byte{}, []byte{0, 1}} {
		p.exec(t, "INSERT INTO kinds VALUES (?, ?, ?, ?)", fmt.Sprint(i), value, value, value)
	}
	p.expectEqual(t)
	p.exec(t, "UPDATE kinds SET value = 'x' || char(0) || id")
	p.exec(t, "DELETE FROM kinds WHERE id = '3'")
	p.expectEqual(t)
	if p.log.Len() != 14 {
		t.Errorf("%d transactions for 14 statements", p.log.Len())
	}
}

func TestCapture_followsWhatSQLiteDoesByItself(t *testing.T) {
	p := newPair(t,
		"CREATE TABLE a (id TEXT PRIMARY KEY, n INTEGER UNIQUE)",
		"CREATE TABLE b (a TEXT, n INTEGER, PRIMARY KEY (n, a)) WITHOUT ROWID",
		"CREATE TABLE loose (x)",
		"CREATE TRIGGER a_insert AFTER INSERT ON a BEGIN INSERT INTO b VALUES (new.id, abs(random())); END",
		"CREATE TRIGGER a_delete AFTER DELETE ON a BEGIN DELETE FROM b WHERE a = old.id; END",
	)
	p.exec(t, "INSERT INTO a VALUES ('x', 1), ('y', 2), ('z', 3)")
	p.exec(t, "INSERT OR REPLACE INTO a VALUES ('x', 2)") // removes two rows
	p.exec(t, "INSERT INTO a VALUES ('x', 9) ON CONFLICT DO UPDATE SET n = 7")
	p.exec(t, "UPDATE a SET id = id || '!', n = n + 1")
	p.exec(t, "INSERT INTO loose VALUES (1), (1), (1)")
	p.exec(t, "DELETE FROM loose WHERE rowid = 2")
	p.exec(t, "UPDATE loose SET rowid = 20, x = 5 WHERE rowid = 3")
	p.expectEqual(t)
	p.exec(t, "DELETE FROM a")
	p.expectEqual(t)
}

func TestCapture_forgetsWhatWasUndone(t *testing.T) {
	p := newPair(t, "CREATE TABLE a (id TEXT PRIMARY KEY, n INTEGER UNIQUE)",
		"CREATE TRIGGER seven AFTER INSERT ON a WHEN new.n = 7 BEGIN SELECT RAISE(ABORT, 'seven'); END")
	tx, err := p.db.DB().Begin()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = tx.Exec("INSERT INTO a VALUES ('1', 1)")
	if _, err := tx.Exec("INSERT INTO a VALUES ('7', 7)"); err == nil {
		t.Fatal("the trigger didn't fail")
	}
	if _, err := tx.Exec("INSERT INTO a VALUES ('2', 2), ('3', 1)"); err == nil {
		t.Fatal("the constraint wasn't checked")
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	tx, _ = p.db.DB().Begin()
	_, _ = tx.Exec("INSERT INTO a VALUES ('8', 8)")
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	p.expectEqual(t)
	if p.log.Len() != 1 {
		t.Errorf("%d transactions instead of one", p.log.Len())
	}
}

func TestCapture_copiesChangesOfTheSchema(t *testing.T) {
	p := newPair(t, "CREATE TABLE a (id TEXT PRIMARY KEY, old TEXT, n INTEGER)")
	p.exec(t, "INSERT INTO a VALUES ('1', 'x', 1)")
	tx, err := p.db.DB().Begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"UPDATE a SET n = 2",
		"ALTER TABLE a ADD COLUMN added TEXT DEFAULT 'd'",
		"UPDATE a SET added = 'e', n = 3",
		"ALTER TABLE a DROP COLUMN old",
		"-- a comment\nCREATE TABLE IF NOT EXISTS b (id TEXT PRIMARY KEY); CREATE INDEX b_id ON b (id);",
		"CREATE TABLE IF NOT EXISTS b (id TEXT PRIMARY KEY)",
		"INSERT INTO a VALUES ('2', 4, 'f')",
		"INSERT INTO b VALUES ('1')",
		"CREATE VIEW v AS SELECT * FROM a",
	} {
		if _, err := tx.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	p.exec(t, "INSERT INTO b VALUES ('2')")
	p.expectEqual(t)
	p.exec(t, "DROP TABLE b")
	p.expectEqual(t)
}

func TestCapture_refusesWhatItCouldNotCopy(t *testing.T) {
	p := newPair(t, "CREATE TABLE a (id TEXT PRIMARY KEY)")
	for _, text := range []string{
		"SAVEPOINT s",
		"CREATE TABLE c (id); INSERT INTO a VALUES ('1')",
		"INSERT INTO a VALUES ('2'); CREATE TABLE d (id)",
		"PRAGMA user_version; CREATE TABLE e (id)",
	} {
		if _, err := p.db.DB().Exec(text); err == nil {
			t.Errorf("%s was committed", text)
		}
	}
	var id string // whatever the driver says: below it isn't stored
	_ = p.db.DB().QueryRow("INSERT INTO a VALUES ('3') RETURNING id").Scan(&id)
	p.log.Refuse = errors.New("not the leader")
	if _, err := p.db.DB().Exec("INSERT INTO a VALUES ('4')"); !errors.Is(err, p.log.Refuse) {
		t.Error("a node that doesn't lead has stored something:", err)
	}
	p.log.Refuse = nil
	p.expectEqual(t)
	if p.log.Len() != 0 {
		t.Errorf("%d transactions", p.log.Len())
	}
	var n int
	if err := p.db.NewQuery("SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM sqlite_schema WHERE name IN ('c','d','e'))").Row(&n); err != nil || n != 0 {
		t.Errorf("%d things are stored, %v", n, err)
	}
}

// Everything that happens in a school, by the record writer, the fast path and PocketBase's own saves.
func TestCluster_copiesASchool(t *testing.T) {
	t.Parallel()
	c := newNodes(t, 2)
	app := c.apps[c.leader()]
	begun := app.Node.Position()
	random := rand.New(rand.NewPCG(1, 2))
	school := app.EstablishmentWithRules("Collège")
	var people []apptest.Person
	for i := range 8 {
		people = append(people, app.Person(school, []string{"teacher", "admin"}[i%2], fmt.Sprint("Prénom", i), "Nom"))
	}
	var conversations []protocol.ID
	for i := range 4 {
		conversations = append(conversations, app.Conversation(people[i], people[i+1], people[i+2]))
	}
	for i := range 80 {
		at := random.IntN(len(conversations))
		message := app.Says(people[at], conversations[at], fmt.Sprintf("Message %d à %s", i, strings.Repeat("é", random.IntN(50))))
		switch random.IntN(6) {
		case 0:
			record := app.Find("messages", message.ID)
			record.Set("content", "changé par l'administration")
			must(t, app.Save(record))
		case 1:
			must(t, app.Delete(app.Find("messages", message.ID)))
		case 2:
			app.Do(people[at+1].Token, "PUT", fmt.Sprintf("/api/messagerie/messages/%d/%d/reactions/👍/", conversations[at], message.ID), nil).OK(204)
		case 3:
			app.Post(people[at+1], fmt.Sprintf("/api/messagerie/conversations/%d/read/", conversations[at]), map[string]any{}).OK(204)
		}
	}
	must(t, app.Delete(app.Find("conversations", conversations[3]))) // cascades
	must(t, app.Delete(app.Find("users", people[7].ID)))
	app.Configure(func(settings *core.Settings) { settings.Meta.AppName = "Autre nom" })
	superuser := app.Superuser()
	if superuser == "" {
		t.Fatal("no superuser")
	}
	users, err := app.FindCollectionByNameOrId("users")
	must(t, err)
	users.Fields.Add(&core.TextField{Name: "room"})
	must(t, app.Save(users))
	extra := core.NewBaseCollection("extra")
	extra.Fields.Add(&core.NumberField{Name: "n"})
	extra.AddIndex("extra_n", false, "n", "")
	must(t, app.Save(extra))
	app.Create("extra", map[string]any{"n": 1.5})
	c.expectEqual()
	if n := app.Node.Position() - begun; n < 80 {
		t.Errorf("only %d transactions", n)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.Fatal(err)
	}
}
