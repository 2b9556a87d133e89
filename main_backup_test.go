package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// releases are databases of the small demo school, each filled by the program of a release
// (messagerie demo --fill-only), so with its migrations alone.
const releases = "hooks/backup/testdata/releases"

func TestUpgrade_startsOnTheDataOfEachRelease(t *testing.T) {
	found, err := filepath.Glob(filepath.Join(releases, "*.db.gz"))
	if err != nil || len(found) == 0 {
		t.Fatal(found, err)
	}
	for _, release := range found {
		t.Run(filepath.Base(release), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			unpack(t, release, dir)
			server, url := serveAt(t, dir)
			readsDemo(t, url)
			points, err := filepath.Glob(filepath.Join(dir, "restore_points", "*_before_update.zip"))
			if err != nil || len(points) != 1 {
				t.Fatalf("restore points: %q, %v", points, err)
			}
			stop(t, server)
			if said, err := runToEnd(t, "restore", points[0], "--dir", dir); err != nil {
				t.Fatal(said, err)
			}
			_, url = serveAt(t, dir) // from the restore point, once more
			readsDemo(t, url)
		})
	}
}

// unpack makes a data directory of a compressed database.
func unpack(t *testing.T, from, dir string) {
	t.Helper()
	packed, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(unpacked)
	if err == nil {
		err = os.Mkdir(dir, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "data.db"), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// readsDemo logs in as somebody of the demo school, and reads their conversations.
func readsDemo(t *testing.T, url string) {
	t.Helper()
	app := apptest.At(t, url)
	var login struct {
		Token  string
		Record struct{ ID string }
	}
	app.Do("", "POST", "/api/collections/users/auth-with-password",
		map[string]any{"identity": "claire.martin@demo.example", "password": "messagerie-demo"}).OK(http.StatusOK).Into(&login)
	var list []protocol.Conversation
	app.Do(login.Token, "GET", "/api/messagerie/conversations/"+strings.TrimLeft(login.Record.ID, "0")+"/", nil).OK(http.StatusOK).Into(&list)
	if len(list) == 0 {
		t.Error("there are no conversations")
	}
	for _, conversation := range list {
		var messages []protocol.Message
		app.Do(login.Token, "GET", "/api/messagerie/messages/"+conversation.ConversationID.String()+"/", nil).OK(http.StatusOK).Into(&messages)
		if len(messages) == 0 {
			t.Errorf("conversation %d has no messages", conversation.ConversationID)
		}
	}
}

// stop ends a server as a signal does.
func stop(t *testing.T, server *exec.Cmd) {
	t.Helper()
	if err := server.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
}

func TestBackup_atOnceWithAServerIsRestoredWithoutOne(t *testing.T) {
	dir, to := filepath.Join(t.TempDir(), "data"), t.TempDir()
	server := serve(t, dir)
	said, err := runToEnd(t, "backup", "--to", to, "--dir", dir)
	if err != nil {
		t.Fatal(said, err)
	}
	name, _, _ := strings.Cut(said, ":")
	path := filepath.Join(to, name)
	for _, args := range [][]string{{"backup", "verify", path}, {"backup", "list", "--to", to}} {
		if said, err := runToEnd(t, append(args, "--dir", dir)...); err != nil || !strings.Contains(said, name) {
			t.Errorf("%q: %v: %s", args, err, said)
		}
	}
	if said, err := runToEnd(t, "restore", path, "--dir", dir); status(err) != 1 || !strings.Contains(said, "another server is using") {
		t.Errorf("beside a server: %v: %s", err, said)
	}
	stop(t, server)
	link := filepath.Join(t.TempDir(), "link") // as behind /var/lib/messagerie
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	said, err = runToEnd(t, "restore", path, "--dir", link)
	_, back, _ := strings.Cut(said, "To go back: messagerie restore '")
	aside, rest, _ := strings.Cut(back, "'")
	if err != nil || !strings.HasPrefix(aside, dir) || !strings.HasPrefix(rest, " --dir '"+dir+"'\n") {
		t.Fatalf("%v: %s", err, said)
	}
	if said, err = runToEnd(t, "restore", aside, "--dir", link); err != nil {
		t.Fatalf("going back: %v: %s", err, said)
	}
	if said, err = runToEnd(t, "restore", path, "--dir", filepath.Join(t.TempDir(), "new")); err != nil || strings.Contains(said, "To go back") {
		t.Errorf("where nothing was: %v: %s", err, said)
	}
	serve(t, dir)
	if said, err := runToEnd(t, "backup", "--dir", dir); status(err) != 1 || !strings.Contains(said, "--to") {
		t.Errorf("without a place: %v: %s", err, said)
	}
	if said, err := runToEnd(t, "restore", os.Args[0], "--dir", filepath.Join(t.TempDir(), "new")); status(err) != 1 || !strings.Contains(said, "isn't a backup") {
		t.Errorf("another file: %v: %s", err, said)
	}
}

func TestBackup_thatIsInterruptedFailsAndLeavesNothing(t *testing.T) {
	app := apptest.New(t)
	app.Stop()
	to := t.TempDir()
	film := filepath.Join(app.Dir, "storage", "film.mp4")
	killed := filepath.Join(to, "messagerie_20261201T014000Z.zip.partial") // what an earlier one has left
	if err := errors.Join(os.MkdirAll(filepath.Dir(film), 0o700), os.WriteFile(film, nil, 0o600), os.Truncate(film, 256<<20),
		os.WriteFile(killed, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	command := program(ctx, "backup", "--to", to, "--dir", app.Dir)
	command.Stderr = &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for begun := killed; begun == killed && ctx.Err() == nil; { // until the archive is being written
		if names, err := filepath.Glob(filepath.Join(to, "*")); err == nil && len(names) == 1 {
			begun = names[0]
		}
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); status(err) != 1 || !strings.Contains(said.String(), "interrupted") {
		t.Errorf("%v: %s", err, said.String())
	}
	for _, pattern := range []string{filepath.Join(to, "*"), filepath.Join(app.Dir, ".backup*")} {
		if left, err := filepath.Glob(pattern); err != nil || len(left) != 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	}
}

func TestCommands_refuseADirectoryWithoutData(t *testing.T) {
	for _, args := range [][]string{{"backup", "--to", t.TempDir()}, {"backup", "list", "--to", t.TempDir()}, {"export", "person", "1"},
		{"year-end", "--establishment", "Collège"}, {"reindex"}} {
		for _, journal := range []bool{false, true} {
			dir := t.TempDir()
			want := "there are no data in " + dir
			if journal {
				want = "a restore was interrupted"
				if err := os.WriteFile(filepath.Join(dir, ".restore.json"), []byte("{}"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if said, err := runToEnd(t, append(args, "--dir", dir)...); status(err) != 1 || !strings.Contains(said, want) {
				t.Errorf("%q: %v: %s", args, err, said)
			}
			if made, err := filepath.Glob(filepath.Join(dir, "[^.]*")); err != nil || len(made) != 0 {
				t.Errorf("%q has made %q, %v", args, made, err)
			}
		}
	}
}

func TestRoot_isRefusedOnTheDataOfSomebodyElse(t *testing.T) {
	dir := t.TempDir()
	if os.Geteuid() != 0 || os.Chown(dir, 65534, 65534) != nil {
		t.Skip("only root can give a directory away")
	}
	if said, err := runToEnd(t, "serve", "--dir", dir, "--http", freeAddress(t)); status(err) != 1 || !strings.Contains(said, "runuser -u ") {
		t.Errorf("%v: %s", err, said)
	}
	if made, err := os.ReadDir(dir); err != nil || len(made) != 0 {
		t.Errorf("made: %v, %v", made, err)
	}
}
