package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// tool is a program that the Makefile installs for tests.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(".cache", "bin", name))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("%v: make %s installs it", err, name)
	}
	return path
}

// document is a file of the documentation.
func document(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// replaced is a text of a document with other names in the place of its own, each of which it must have.
func replaced(t *testing.T, text string, names ...string) string {
	t.Helper()
	for i := 0; i < len(names); i += 2 {
		if !strings.Contains(text, names[i]) {
			t.Fatalf("%q isn't in\n%s", names[i], text)
		}
	}
	return strings.NewReplacer(names...).Replace(text)
}

// Litestream runs as the documents configure it, beside a server that is written to. Both are killed. A server that starts
// with the restored database has every message that was acknowledged before the last copy began.
func TestLitestream_restoresWhatWasAcknowledged(t *testing.T) {
	litestream := tool(t, "litestream")
	manual, readme := document(t, "hooks/manual/pages/sauvegardes.md"), document(t, "README.md")
	block := regexp.MustCompile("(?s)```yml\n(# /etc/litestream.yml\n.*?)```").FindStringSubmatch(manual)
	restore := regexp.MustCompile(`(?m)^ *(?:runuser -u messagerie -- )?litestream (restore .*)$`).FindStringSubmatch(manual)
	if block == nil || restore == nil {
		t.Fatal("the manual has no configuration of litestream, or no command to restore")
	}
	for line := range strings.Lines(block[1]) {
		if !strings.Contains(readme, strings.TrimSpace(line)) {
			t.Errorf("the README's configuration has no line %q", line)
		}
	}

	app := apptest.New(t)
	college := app.Establishment("Collège")
	claire, jerome := app.Person(college, protocol.RoleTeacher, "Claire", "Martin"), app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre")
	conversation := app.Conversation(claire, jerome)
	app.Stop()
	t.Setenv("MESSAGERIE_LIMITS_REQUESTS_PER_SECOND", "10000")
	server, url := serveAt(t, app.Dir)
	app.URL = url
	messages := fmt.Sprintf("/api/messagerie/messages/%d/", conversation)

	dir := t.TempDir()
	names := []string{"/etc/litestream.yml", filepath.Join(dir, "litestream.yml"), "/var/lib/messagerie", app.Dir}
	configuration := replaced(t, block[1], append(slices.Clone(names), "/mnt/sauvegardes/litestream", filepath.Join(dir, "replica"))...)
	if err := os.WriteFile(names[1], []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	replicates := exec.CommandContext(t.Context(), litestream, "replicate", "-config", names[1])
	replicates.Stdout, replicates.Stderr = os.Stderr, os.Stderr
	if err := replicates.Start(); err != nil {
		t.Fatal(err)
	}

	// A file for each copy: it holds all that was acknowledged before the one before it was seen.
	const enough = 30 << 20 // bytes: the server would have moved its log into the database, and begun it anew
	var acknowledged []string
	seen := 0 // how many were acknowledged before the last file was seen
	files := func() []string {
		found, err := filepath.Glob(filepath.Join(app.Dir, ".data.db-litestream", "ltx", "0", "*.ltx"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	copied := map[string]int{} // the messages that are in each file at least
	for until := time.Now().Add(time.Minute); len(copied) < 5 || len(acknowledged)*9000 < enough; {
		if time.Now().After(until) {
			t.Fatalf("%d copies within a minute", len(copied))
		}
		text := fmt.Sprintf("%d %s", len(acknowledged), strings.Repeat("é", 4500))
		app.Post(claire, messages, map[string]any{"content": text, "client_id": fmt.Sprint(len(acknowledged))}).OK(http.StatusCreated)
		acknowledged = append(acknowledged, text)
		for _, file := range files() {
			if _, known := copied[filepath.Base(file)]; !known {
				copied[filepath.Base(file)] = seen
				seen = len(acknowledged) - 1
			}
		}
	}
	for _, process := range []*exec.Cmd{server, replicates} {
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait()
	}
	sent, err := filepath.Glob(filepath.Join(dir, "replica", "ltx", "0", "*.ltx"))
	if err != nil || len(sent) == 0 {
		t.Fatal(sent, err)
	}
	expected := copied[filepath.Base(sent[len(sent)-1])]
	if expected == 0 {
		t.Fatalf("the last copy, %s, isn't known: %v", sent[len(sent)-1], copied)
	}
	t.Logf("%d messages were acknowledged, %d of them before the last of %d copies", len(acknowledged), expected, len(sent))

	restored := filepath.Join(dir, "data.db")
	args := strings.Fields(replaced(t, restore[1], append(names, "/tmp/data.db", restored)...))
	if said, err := exec.CommandContext(t.Context(), litestream, args...).CombinedOutput(); err != nil {
		t.Fatal(err, string(said))
	}
	another := filepath.Join(t.TempDir(), "data") // another machine, and the same one
	if err := os.Mkdir(another, 0o700); err != nil {
		t.Fatal(err)
	}
	copyFile(t, restored, filepath.Join(another, "data.db"), 0o600)
	for _, name := range []string{"data.db", "data.db-wal", "data.db-shm", ".data.db-litestream"} {
		if !strings.Contains(manual, "`"+name+"`") {
			t.Errorf("the manual doesn't say what becomes of %s", name)
		}
		if err := os.RemoveAll(filepath.Join(app.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	copyFile(t, restored, filepath.Join(app.Dir, "data.db"), 0o600)
	for _, dir := range []string{another, app.Dir} {
		_, app.URL = serveAt(t, dir)
		var found []string
		for after := "0"; ; {
			var page []protocol.Message
			app.Get(claire, messages+"?limit=200&after="+after).OK(http.StatusOK).Into(&page)
			if len(page) == 0 {
				break
			}
			for _, message := range page {
				found = append(found, message.Content)
				after = message.ID.String()
			}
		}
		if len(found) < expected || !slices.Equal(found, acknowledged[:min(len(found), len(acknowledged))]) {
			t.Errorf("%s has %d messages; %d were acknowledged before the last copy, %d in all", dir, len(found), expected, len(acknowledged))
		}
	}
}
