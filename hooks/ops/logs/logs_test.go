package logs_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

type object = map[string]any

// line is a row of the log.
type line struct {
	Level   int    `db:"level"`
	Message string `db:"message"`
	Raw     string `db:"data"`
	data    object
}

// lines flushes the log and returns all lines of a type, oldest first.
func lines(t *testing.T, app *apptest.App, kind string) (found []line) {
	t.Helper()
	app.Log.Flush()
	if err := app.AuxDB().Select("level", "message", "data").From("_logs").
		OrderBy("rowid").All(&found); err != nil {
		t.Fatal(err)
	}
	kept := found[:0]
	for _, l := range found {
		if err := json.Unmarshal([]byte(l.Raw), &l.data); err != nil {
			t.Fatal(err)
		}
		if name, _ := l.data["type"].(string); name == kind {
			kept = append(kept, l)
		}
	}
	return kept
}

// request waits for the line of a request, which is written after the response.
func request(t *testing.T, app *apptest.App, of string) line {
	t.Helper()
	for range 1000 {
		for _, l := range lines(t, app, "request") {
			if strings.Contains(l.Message, of) {
				return l
			}
		}
	}
	t.Fatalf("there is no line about %s", of)
	return line{}
}

// counted adds up the summaries until the counts are reached.
func counted(t *testing.T, app *apptest.App, want map[string]int) (examples string) {
	t.Helper()
	var got map[string]int
	for range 1000 {
		got, examples = map[string]int{}, ""
		for _, l := range lines(t, app, "summary") {
			requests, _ := l.data["requests"].(object)
			for kind, of := range requests {
				got[kind] += int(of.(object)["count"].(float64))
			}
			got["dropped"] += int(l.data["dropped"].(float64))
			examples += l.Message + l.Raw
		}
		enough := true
		for kind, n := range want {
			enough = enough && got[kind] >= n
		}
		if enough {
			break
		}
	}
	for kind, n := range want {
		if got[kind] != n {
			t.Errorf("%s was counted %d times, want %d: %v", kind, got[kind], n, got)
		}
	}
	return examples
}

func newSchool(t *testing.T, changes ...func(*config.Config)) (*apptest.App, apptest.Person) {
	t.Helper()
	app := apptest.New(t, changes...)
	return app, app.Person(app.Establishment("Collège"), protocol.RoleTeacher, "Claire", "Martin")
}

func TestRefusals_areCountedWithTheStatusThatTheyHad(t *testing.T) {
	app, claire := newSchool(t)
	for n := range 30 {
		app.Do("", "GET", fmt.Sprintf("/api/messagerie/me/?n=%d", n), nil).OK(401)
		app.Do("", "GET", fmt.Sprintf("/api/nothing/%d", n), nil).OK(404)
		app.Get(claire, fmt.Sprintf("/api/messagerie/messages/%d/", n+1)).OK(403)
	}
	app.Post(claire, "/api/messagerie/conversations/create/", "{").OK(400)
	if _, _, err := app.TryDial(apptest.Person{}, "/ws/chat/1/", nil); err == nil {
		t.Fatal("let in")
	}
	app.Do("", "GET", "/api/health", nil).OK(200)
	examples := counted(t, app, map[string]int{"401 unauthorized": 31, "404 not_found": 30, "403 not_participant": 30, "400 invalid_request": 1, "200": 1})
	if !strings.Contains(examples, "/api/messagerie/me/?n=0") || !strings.Contains(examples, "/api/nothing/0") {
		t.Errorf("without an example of each: %s", examples)
	}
	for _, l := range lines(t, app, "request") {
		t.Errorf("%s has a line of its own", l.Message)
	}
}

func TestLine_holdsWhatTheDashboardShows(t *testing.T) {
	app, claire := newSchool(t)
	app.Configure(func(settings *core.Settings) { settings.Logs.LogAuthId, settings.Logs.LogIP = true, true })
	app.Get(claire, "/api/messagerie/me/?mark=é&token=secret").OK(200)
	l := request(t, app, "mark=")
	shown := object{"status": 200.0, "method": "GET", "url": "/api/messagerie/me/?mark=%C3%A9", "auth": "users",
		"authId": claire.Record.Id, "userIP": "127.0.0.1", "referer": ""}
	for key, want := range shown {
		if l.data[key] != want {
			t.Errorf("%s is %v, want %v", key, l.data[key], want)
		}
	}
	if took, ok := l.data["execTime"].(float64); !ok || took <= 0 || l.Message != "GET /api/messagerie/me/?mark=é" || l.Level != 0 {
		t.Errorf("the line is %+v", l)
	}

	app.Do("", "POST", "/api/collections/users/auth-with-password", object{"identity": claire.Email, "password": apptest.Password}).OK(200)
	if l := request(t, app, "auth-with-password"); l.data["authId"] != claire.Record.Id {
		t.Errorf("the line doesn't name the account that logged in: %s", l.Raw)
	}
}

func TestLine_keepsWhatIsSearchedForToItself(t *testing.T) {
	app := apptest.New(t)
	college := app.Establishment("Collège")
	claire := app.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	for _, path := range []string{"/api/messagerie/find/", fmt.Sprintf("/api/messagerie/search/%d/", college)} {
		app.Get(claire, path+"?q=divorce&limit=7&q=secret")
		l := request(t, app, path)
		if strings.Contains(l.Message+l.Raw, "divorce") || strings.Contains(l.Message+l.Raw, "secret") || !strings.Contains(l.Message, "limit=7") {
			t.Errorf("the line is %+v", l)
		}
	}
	app.Get(claire, "/api/messagerie/find/?q=divorce&has=nothing").OK(400)
	if examples := counted(t, app, map[string]int{"400 invalid_request": 1}); strings.Contains(examples, "divorce") {
		t.Errorf("a refusal is counted as %s", examples)
	}
}

func TestFaults_haveALineEach(t *testing.T) {
	app := apptest.New(t)
	college := app.Establishment("Collège")
	claire, other := app.Person(college, protocol.RoleTeacher, "Claire", "Martin"), app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre")
	conversation := app.Conversation(claire, other)
	app.OnRecordCreateExecute("messages").BindFunc(func(*core.RecordEvent) error { return errors.New("the disk is broken") })
	app.Post(claire, fmt.Sprintf("/api/messagerie/messages/%d/", conversation), object{"content": "Bonjour"}).OK(500)
	l := request(t, app, "POST /api/messagerie/messages/")
	if l.data["status"] != 500.0 || !strings.Contains(l.data["error"].(string), "the disk is broken") || l.Level != 8 {
		t.Errorf("the line is %+v", l)
	}
	// An administrator wants to see what was wrong with a request of the dashboard.
	app.Do(app.Superuser(), "POST", "/api/collections/users/records", object{"email": "nobody"}).OK(400)
	l = request(t, app, "POST /api/collections/users/records")
	if l.data["status"] != 400.0 || !strings.Contains(fmt.Sprint(l.data["details"]), "password") {
		t.Errorf("the line is %+v", l)
	}
}

func TestLine_isBounded(t *testing.T) {
	app, claire := newSchool(t)
	long := strings.Repeat("é", 5000)
	req, err := http.NewRequest("GET", app.URL+"/api/messagerie/me/?mark="+long[:4000], nil) // a query has at most 4096 bytes
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", claire.Token)
	req.Header.Set("User-Agent", long)
	req.Header.Set("Referer", long)
	app.Send(req).OK(200)
	if l := request(t, app, "mark="); len(l.Message)+len(l.Raw) > 2500 {
		t.Errorf("%d bytes", len(l.Message)+len(l.Raw))
	}
	req.Header.Set("Authorization", "nonsense")
	app.Send(req).OK(401)
	if examples := counted(t, app, map[string]int{"401 unauthorized": 1}); len(examples) > 1500 {
		t.Errorf("%d bytes: %s", len(examples), examples)
	}

	app.Logger().Error(strings.Repeat("x", 1<<20), "error", errors.New(long+long), "more", []string{long, long})
	for _, l := range lines(t, app, "") {
		if len(l.Message)+len(l.Raw) > 10_000 {
			t.Errorf("%d bytes", len(l.Message)+len(l.Raw))
		}
	}
}

func TestLines_areLimited_andThoseDroppedAreCounted(t *testing.T) {
	app, _ := newSchool(t)
	app.Log.Flush()
	const written = 2000
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range written / 4 {
				app.Logger().Error("something went wrong")
			}
		})
	}
	all.Wait()
	kept := len(lines(t, app, ""))
	if kept < 500 || kept > 1500 {
		t.Errorf("%d lines of %d were kept", kept, written)
	}
	counted(t, app, map[string]int{"dropped": written - kept})
}

// While the log waits for the disk, requests are still handled.
func TestLog_thatIsStuckBlocksNoRequests(t *testing.T) {
	app, claire := newSchool(t, func(c *config.Config) { c.Limits.RequestsBurst = 5000 })
	release := make(chan struct{})
	app.OnModelCreate(core.LogsTableName).BindFunc(func(e *core.ModelEvent) error {
		<-release
		return e.Next()
	})
	const requests = 1200 // more than PocketBase's handler and the queue hold together
	for range requests {
		app.Get(claire, "/api/messagerie/me/").OK(200)
		app.Do("", "GET", "/api/nothing", nil).OK(404)
	}
	close(release)
	kept := len(lines(t, app, "request"))
	if kept == 0 || kept == requests {
		t.Errorf("%d lines were written afterwards", kept)
	}
	counted(t, app, map[string]int{"404 not_found": requests, "dropped": requests - kept})
}

func TestLog_isBoundedOnTheDisk(t *testing.T) {
	app, _ := newSchool(t, func(c *config.Config) { c.Logs.MaxMegabytes = 1 })
	text := strings.Repeat("0123456789", 380)
	for n := range 450 { // 3.6 MB
		app.Logger().Error(fmt.Sprint(n), "error", text, "again", text)
		if n%20 == 0 {
			app.Log.Flush()
		}
	}
	found := lines(t, app, "")
	if len(found) < 80 || found[len(found)-1].Message != "449" || found[0].Message == "0" {
		t.Errorf("%d lines are kept, from %s to %s", len(found), found[0].Message, found[len(found)-1].Message)
	}
	app.Stop()
	if size := fileSize(t, app.Dir); size > 2<<20 {
		t.Errorf("the file has %d bytes", size)
	}
}

// A log that has grown without bounds, under an earlier version, is shrunk.
func TestLog_isShrunkAfterAnUpdate(t *testing.T) {
	app, _ := newSchool(t)
	_, err := app.AuxNonconcurrentDB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
		INSERT INTO _logs (id, message, data) SELECT i, 'old', json_object('error', hex(zeroblob(2000))) FROM n`).Execute()
	if err != nil {
		t.Fatal(err)
	}
	app.Stop()
	before := fileSize(t, app.Dir)
	again := apptest.Open(t, app.Dir, func(c *config.Config) { c.Logs.MaxMegabytes = 1 })
	again.Log.Flush()
	if n := len(lines(t, again, "")); n < 100 {
		t.Errorf("%d lines are left", n)
	}
	again.Stop()
	if after := fileSize(t, app.Dir); before < 10<<20 || after > 2<<20 {
		t.Errorf("the file had %d bytes, and has %d", before, after)
	}
}

// fileSize is the size of a stopped server's log.
func fileSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "auxiliary.db"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
