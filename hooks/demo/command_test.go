package demo_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/spf13/cobra"

	"messagerie/hooks"
	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/config"
	"messagerie/hooks/demo"
	"messagerie/hooks/store"
)

// output is what a command printed. It grows while it is read.
type output struct {
	mu    sync.Mutex
	text  bytes.Buffer
	grown chan struct{}
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer func() {
		select {
		case o.grown <- struct{}{}:
		default:
		}
	}()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// running is a running command, started as main does.
type running struct {
	app     *pocketbase.PocketBase
	command *cobra.Command
	out     *output
	ended   chan struct{} // closed when the command has returned
	err     error         // with what
}

func start(t *testing.T, dir string, args ...string) *running {
	t.Helper()
	// PocketBase reads --dir from the program's arguments, which are the test's here.
	defer func(args []string) { os.Args = args }(os.Args)
	os.Args = []string{"messagerie"}
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dir, DBConnect: store.Connect})
	cfg := config.Default()
	hooks.Register(app, cfg)
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	r := &running{
		app: app, command: demo.Command(app, cfg),
		out: &output{grown: make(chan struct{}, 1)}, ended: make(chan struct{}),
	}
	r.command.SetOut(r.out)
	r.command.SetErr(io.Discard)
	r.command.SilenceErrors = true
	r.command.SetArgs(args)
	go func() {
		defer close(r.ended)
		r.err = r.command.Execute()
	}()
	return r
}

// migrated is a directory that has everything except the school. Its passwords are
// hashed cheaply.
func migrated(t *testing.T) string {
	t.Helper()
	app := apptest.New(t)
	app.Stop()
	return app.Dir
}

// waitFor waits until a text was printed and returns everything printed so far.
func (r *running) waitFor(t *testing.T, text string) string {
	t.Helper()
	patience := time.After(30 * time.Second)
	for {
		if all := r.out.String(); strings.Contains(all, text) {
			return all
		}
		select {
		case <-r.out.grown:
		case <-r.ended:
			t.Fatalf("the command ended with %v after %s", r.err, r.out)
		case <-patience:
			t.Fatalf("%q wasn't printed: %s", text, r.out)
		}
	}
}

func (r *running) stop(t *testing.T) {
	t.Helper()
	if err := r.terminate(); err != nil {
		t.Error("stop:", err)
	}
	<-r.ended
	if r.err != nil {
		t.Error("the command ended with", r.err)
	}
}

func (r *running) terminate() error {
	return plainapp.Terminate(r.app)
}

var lastLine = regexp.MustCompile(regexp.QuoteMeta(demo.Superuser) + ` +(\S.*)\n`)

func TestCommand_printsTheAddressesAndLogins(t *testing.T) {
	r := start(t, t.TempDir(), "--http", "127.0.0.1:0")
	defer r.stop(t)
	printed := r.waitFor(t, demo.Superuser)

	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(printed)
	if !strings.Contains(printed, url+"/_/") {
		t.Errorf("the dashboard's address isn't printed: %s", printed)
	}
	for _, path := range []string{"/api/health", "/_/"} {
		resp, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s returns %d", path, resp.StatusCode)
		}
	}
	for _, login := range demo.Logins() {
		if !regexp.MustCompile(regexp.QuoteMeta(login.Email) + ` +` + regexp.QuoteMeta(login.Who) + `\n`).MatchString(printed) {
			t.Errorf("%s isn't printed: %s", login.Email, printed)
		}
	}
	if got := lastLine.FindStringSubmatch(printed); got == nil || got[1] != demo.Password {
		t.Errorf("the superuser's password isn't printed: %s", printed)
	}
	if strings.Contains(printed, "WARNING") {
		t.Errorf("a warning for a server that only this machine reaches: %s", printed)
	}
}

func TestCommand_warnsWhenOthersCanReachIt(t *testing.T) {
	r := start(t, migrated(t), "--http", "0.0.0.0:0")
	defer r.stop(t)
	r.waitFor(t, "WARNING")
}

func TestCommand_printsAtTheSecondStartWhatHasChanged(t *testing.T) {
	dir := migrated(t)
	r := start(t, dir, "--http", "127.0.0.1:0")
	r.waitFor(t, demo.Superuser)
	claire, err := r.app.FindAuthRecordByEmail("users", demo.Logins()[0].Email)
	if err != nil {
		t.Fatal(err)
	}
	claire.SetPassword("un autre mot de passe")
	if err := r.app.Save(claire); err != nil {
		t.Fatal(err)
	}
	r.stop(t)

	r = start(t, dir, "--http", "127.0.0.1:0")
	defer r.stop(t)
	if printed := r.waitFor(t, demo.Superuser); strings.Count(printed, "another password") != 1 {
		t.Errorf("want another password for one person: %s", printed)
	}
}

func TestCommand_refusesARealSchool(t *testing.T) {
	dir := migrated(t)
	r := start(t, dir, "--http", "127.0.0.1:0")
	r.waitFor(t, demo.Superuser)
	if _, err := r.app.DB().NewQuery("DELETE FROM _params WHERE id = 'messagerie_demo'").Execute(); err != nil {
		t.Fatal(err)
	}
	r.stop(t)

	r = start(t, dir, "--http", "127.0.0.1:0")
	<-r.ended
	if !errors.Is(r.err, demo.ErrRealSchool) {
		t.Errorf("the command ended with %v, want a refusal", r.err)
	}
	if strings.Contains(r.out.String(), demo.Password) {
		t.Error("demo passwords were printed for a real school")
	}
	if err := r.terminate(); err != nil {
		t.Error(err)
	}
}
