package store_test

import (
	"path/filepath"
	"testing"

	"messagerie/hooks/store"
)

func TestConnect_isDurableWhereMessagesAre(t *testing.T) {
	for name, want := range map[string]map[string]string{
		"data.db":      {"synchronous": "2", "wal_autocheckpoint": "4000"},
		"auxiliary.db": {"synchronous": "1"},
	} {
		want["journal_mode"], want["foreign_keys"], want["busy_timeout"] = "wal", "1", "10000"
		want["cache_size"] = "-2000" // with PocketBase's, the first look at the logs took 32 MB of a small server's memory
		db, err := store.Connect(filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		for pragma, want := range want {
			var got string
			if err := db.NewQuery("PRAGMA " + pragma).Row(&got); err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("%s: %s is %s, not %s", name, pragma, got, want)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
