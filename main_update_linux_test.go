package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// The line with which the README updates a server, on one that runs.
func TestUpdate_replacesTheProgramThatRuns(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile("`([^`&]*) (/usr/local/bin/messagerie) && systemctl restart messagerie`").FindSubmatch(readme)
	if line == nil {
		t.Fatal("the README has no line for updates")
	}
	dir := t.TempDir()
	installed, data := filepath.Join(dir, "messagerie"), filepath.Join(dir, "data")
	for _, name := range []string{installed, filepath.Join(dir, "messagerie-linux-amd64")} {
		copyFile(t, os.Args[0], name, 0o755)
	}
	serves := func(url string) {
		t.Helper()
		resp, err := http.Get(url + "/api/ready/")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("it responds with %d", resp.StatusCode)
		}
	}
	server, url := serveBy(t, installed, data)
	before, err := os.Stat(installed)
	if err != nil {
		t.Fatal(err)
	}
	args := strings.Fields(string(line[1]))
	install := exec.CommandContext(t.Context(), args[0], append(args[1:], installed)...)
	install.Dir = dir
	if said, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", line[1], err, said)
	}
	if after, err := os.Stat(installed); err != nil || os.SameFile(before, after) || after.Mode().Perm() != 0o755 {
		t.Errorf("%v, %v was installed", after.Mode(), err)
	}
	serves(url) // until it is restarted
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		t.Error("the old one ended with", err)
	}
	_, url = serveBy(t, installed, data)
	serves(url)
}
