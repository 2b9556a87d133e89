package demo_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/demo"
	"messagerie/hooks/protocol"
)

type dataset struct {
	Users []struct {
		ID    protocol.ID
		Token string
	}
	Conversations []struct {
		ID           protocol.ID
		Participants []protocol.ID
	}
}

func datasetOf(t *testing.T, app *apptest.App) dataset {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dataset.json")
	if err := demo.WriteDataset(app.App, path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file with everybody's token: %v, %v", info.Mode(), err)
	}
	return readDataset(t, path)
}

func readDataset(t *testing.T, path string) dataset {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var d dataset
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWriteDataset_namesEverybodyWithATokenAndAllConversations(t *testing.T) {
	app := generated(t)
	d := datasetOf(t, app)
	if len(d.Users) != largeSize.People || len(d.Conversations) != app.Count("conversations") {
		t.Fatalf("%d people and %d conversations", len(d.Users), len(d.Conversations))
	}
	of := map[protocol.ID][]protocol.ID{}
	for _, c := range d.Conversations {
		for _, p := range c.Participants {
			of[p] = append(of[p], c.ID)
		}
	}
	for _, u := range d.Users {
		var list []protocol.Conversation
		app.Get(apptest.Person{Token: u.Token}, "/api/messagerie/conversations/"+u.ID.String()+"/").OK(200).Into(&list)
		var listed []protocol.ID
		for _, c := range list {
			listed = append(listed, c.ConversationID)
		}
		slices.Sort(listed)
		if !slices.Equal(listed, of[u.ID]) {
			t.Errorf("person %d has the conversations %v, the dataset says %v", u.ID, listed, of[u.ID])
		}
	}
}

func TestWriteDataset_leavesOutPeopleWhoMayNotLogIn(t *testing.T) {
	app := filled(t)
	gone := personOf(t, app, "gisele.huet@"+demo.Domain)
	d := datasetOf(t, app)
	if len(d.Users) != app.Count("users")-1 {
		t.Errorf("%d of %d people", len(d.Users), app.Count("users"))
	}
	for _, c := range d.Conversations {
		if slices.Contains(c.Participants, gone.ID) {
			t.Errorf("conversation %d names somebody without a token", c.ID)
		}
	}
}

func TestCommand_fillsAGeneratedSchoolAndEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dataset.json")
	r := start(t, migrated(t), "--people", "40", "--messages", "100", "--fill-only", "--dataset", path)
	<-r.ended
	if r.err != nil {
		t.Fatal(r.err)
	}
	if d := readDataset(t, path); len(d.Users) != 40 {
		t.Errorf("%d people in the dataset", len(d.Users))
	}
	if err := r.terminate(); err != nil {
		t.Error(err)
	}
}

func TestCommand_introducesPeopleOfAGeneratedSchool(t *testing.T) {
	dir := migrated(t)
	r := start(t, dir, "--http", "127.0.0.1:0", "--people", "60", "--messages", "100")
	printed := r.waitFor(t, demo.Superuser)
	r.stop(t)
	if strings.Contains(printed, "claire.martin@") || strings.Count(printed, "@"+demo.Domain) != 5 {
		t.Errorf("want four of the school's people and the superuser: %s", printed)
	}
	if strings.Contains(printed, "is gone") || strings.Contains(printed, "another password") {
		t.Errorf("somebody can't log in: %s", printed)
	}
}

func TestCommand_saysWhatIsWrongWithASize(t *testing.T) {
	for _, c := range []struct{ flags, want string }{
		{"--people 2", "--people is 2, and can be 3 to 1000000"},
		{"--people 10 --conversations-each 10", "--conversations-each is 10, and can be 1 to 9 for 10 people"},
		{"--messages -1", "--messages is -1, and can be 0 to"},
		{"--people many", "--people"},
	} {
		r := start(t, migrated(t), strings.Fields(c.flags)...)
		<-r.ended
		if r.err == nil || !strings.Contains(r.err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.flags, r.err, c.want)
		}
		if r.app.HasTable("users") {
			if n, err := r.app.CountRecords("users"); err != nil || n != 0 {
				t.Errorf("%s: %d people were written, %v", c.flags, n, err)
			}
		}
		if err := r.terminate(); err != nil {
			t.Error(err)
		}
	}
}
