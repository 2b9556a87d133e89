package demo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/demo"
	"messagerie/hooks/school"
)

// kept is the data of a school that is filled once for all tests.
type kept struct {
	once sync.Once
	data []byte
}

// start starts a server on a copy of its own.
func (k *kept) start(t *testing.T, fill func(core.App) error) *apptest.App {
	t.Helper()
	k.once.Do(func() {
		app := apptest.New(t)
		if err := fill(app.App); err != nil {
			t.Fatal("fill:", err)
		}
		app.Stop()
		data, err := os.ReadFile(filepath.Join(app.Dir, "data.db"))
		if err != nil {
			t.Fatal(err)
		}
		k.data = data
	})
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "data.db"), k.data, 0o600); err != nil {
		t.Fatal(err)
	}
	return apptest.Open(t, dir)
}

var demoSchool, largeSchool kept

// filled starts a server on the demo school.
func filled(t *testing.T) *apptest.App {
	t.Helper()
	return demoSchool.start(t, func(app core.App) error { return demo.Prepare(app, time.Now()) })
}

// all is every record.
var all = dbx.NewExp("TRUE")

func find(t *testing.T, app core.App, collection string, where dbx.Expression) []*core.Record {
	t.Helper()
	var records []*core.Record
	if err := app.RecordQuery(collection).AndWhere(where).OrderBy("id").All(&records); err != nil {
		t.Fatal(err)
	}
	return records
}

func personOf(t *testing.T, app core.App, email string) school.Person {
	t.Helper()
	record, err := app.FindAuthRecordByEmail("users", email)
	if err != nil {
		t.Fatal(email, err)
	}
	return school.PersonOf(record)
}

// contents is everything in the database, as text.
func contents(t *testing.T, app core.App) string {
	t.Helper()
	var tables []string
	err := app.DB().NewQuery("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").Column(&tables)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, table := range tables {
		var rows []dbx.NullStringMap
		if err := app.DB().Select().From(table).OrderBy("rowid").All(&rows); err != nil {
			if err := app.DB().Select().From(table).All(&rows); err != nil { // some have no rowid
				t.Fatal(table, err)
			}
		}
		fmt.Fprintln(&all, table, rows)
	}
	return all.String()
}
