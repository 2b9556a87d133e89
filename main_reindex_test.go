package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/search"
)

func TestReindex_makesTheIndexAnew(t *testing.T) {
	app := apptest.New(t)
	college := app.Establishment("Collège")
	claire, jerome := app.Person(college, protocol.RoleTeacher, "Claire", "Martin"), app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre")
	conversation := app.Conversation(claire, jerome)
	sent := app.Says(claire, conversation, "réunion")
	if err := app.Conversations.DeleteMessage(claire.ID, conversation, app.Says(claire, conversation, "réunion").ID); err != nil {
		t.Fatal(err)
	}
	app.Stop()
	if err := os.WriteFile(filepath.Join(app.Dir, "search.db"), []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := runToEnd(t, "reindex", "--dir", app.Dir)
	if status(err) != 0 || !strings.Contains(said, "2 messages lus ; search.db occupe 0.") {
		t.Fatalf("%v: %s", err, said)
	}
	again := apptest.Open(t, app.Dir)
	page, err := again.Search.Find(t.Context(), school.PersonOf(jerome.Record), search.Wanted{Query: "reun"}) // without catching up
	if err != nil || len(page.Found) != 1 || page.Found[0].Message.ID != sent.ID {
		t.Errorf("found %+v (%v)", page, err)
	}
}

func TestReindex_isRefusedBesideAServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	serve(t, dir)
	if said, err := runToEnd(t, "reindex", "--dir", dir); status(err) != 1 || !strings.Contains(said, "another server") {
		t.Errorf("%v: %s", err, said)
	}
}
