package main

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/backup"
	"messagerie/hooks/protocol"
)

// smallDisk is the data directory of a test on a file system of its own.
func smallDisk(t *testing.T, megabytes int, from string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		t.Skipf("needs a small file system, which only root may mount: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	data := filepath.Join(dir, "data")
	if err := os.CopyFS(data, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return data
}

// fill takes all the room that is left, in a file that it returns.
func fill(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(filepath.Dir(dir), "ballast")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for size := 1 << 20; size > 0; {
		if _, err := file.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestFullDisk_isReadAndReportedAndGoesOnByItself(t *testing.T) {
	app := apptest.New(t)
	college := app.Establishment("Collège")
	claire, jerome := app.Person(college, protocol.RoleTeacher, "Claire", "Martin"), app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre")
	head := app.Person(college, protocol.RoleAdmin, "Hélène", "Vasseur")
	conversation := app.Conversation(claire, jerome)
	app.Says(jerome, conversation, "avant")
	app.Stop()
	dir := smallDisk(t, 40, app.Dir)

	said := &apptest.Lines{}
	t.Setenv("MESSAGERIE_STORAGE_RESERVE", "1")
	server, url := serveAt(t, dir, said)
	app.URL = url
	path := fmt.Sprintf("/api/messagerie/messages/%d/", conversation)
	sent := 0
	send := func(length int) *apptest.Response {
		sent++
		return app.Post(claire, path, map[string]any{"content": strings.Repeat("x", length), "client_id": fmt.Sprint("m", sent)})
	}
	send(10).OK(http.StatusCreated)
	app.Do("", "GET", "/api/ready/", nil).OK(http.StatusOK)

	ballast := fill(t, dir)
	// The log of the database has some room of its own; then, with nothing stored, the code says why.
	refused := send(9000)
	for refused.StatusCode == http.StatusCreated {
		refused = send(9000)
	}
	refused.Refused(http.StatusServiceUnavailable, protocol.CodeStorageFull)
	socket, _ := app.Dial(claire)
	if err := socket.Conn.WriteJSON(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: conversation,
		Message: strings.Repeat("x", 9000), ClientID: "socket"}); err != nil {
		t.Fatal(err)
	}
	var frame []byte
	for !bytes.Contains(frame, []byte(`"client_id":"socket"`)) {
		if frame = socket.Frame(); frame == nil {
			t.Fatal("the socket was closed")
		}
	}
	if !bytes.Contains(frame, []byte(`"storage_full"`)) {
		t.Errorf("over the socket: %s", frame)
	}
	login := map[string]any{"identity": claire.Email, "password": apptest.Password}
	reads := func() {
		t.Helper()
		app.Get(claire, path+"?limit=200").OK(http.StatusOK)
		app.Get(claire, fmt.Sprintf("/api/messagerie/conversations/%d/", claire.ID)).OK(http.StatusOK)
		app.Do("", "POST", "/api/collections/users/auth-with-password", login).OK(http.StatusOK)
		app.Do("", "GET", "/api/health", nil).OK(http.StatusOK)
		ready := app.Do("", "GET", "/api/ready/", nil).Refused(http.StatusServiceUnavailable, protocol.CodeStorageFull)
		if ready.Data["cause"] != "full" {
			t.Errorf("the cause is %v", ready.Data)
		}
		seesProblem(t, app, head, "full")
	}
	reads()
	upload(t, app, claire.Token, conversation, []byte("Bonjour")).Refused(http.StatusInsufficientStorage, protocol.CodeQuotaExceeded)
	if count := strings.Count(said.String(), "Nothing can be stored in "+dir); count != 1 {
		t.Errorf("reported %d times: %s", count, said)
	}

	for _, end := range []os.Signal{os.Kill, os.Interrupt} { // a start, however the server has ended
		if err := server.Process.Signal(end); err != nil {
			t.Fatal(err)
		}
		_ = server.Wait()
		fill(t, dir)
		server, app.URL = serveAt(t, dir, said)
		fill(t, dir) // what made way for the start
		for refused = send(9000); refused.StatusCode == http.StatusCreated; {
			refused = send(9000)
		}
		refused.Refused(http.StatusServiceUnavailable, protocol.CodeStorageFull)
		reads()
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	send(10).OK(http.StatusCreated)
	upload(t, app, claire.Token, conversation, []byte("Bonjour")).OK(http.StatusCreated)
	var messages []protocol.Message
	app.Get(claire, path+"?limit=200&after=0").OK(http.StatusOK).Into(&messages)
	if last := messages[len(messages)-1]; last.ClientID != fmt.Sprint("m", sent) {
		t.Errorf("the last message is %+v", last)
	}
}

// seesProblem makes sure that the client of the administration is told about the disk.
func seesProblem(t *testing.T, app *apptest.App, head apptest.Person, code string) {
	t.Helper()
	var problems []protocol.ServerProblem
	app.Get(head, "/api/messagerie/server-problems/").OK(http.StatusOK).Into(&problems)
	if !slices.Contains(problems, protocol.ServerProblem{Cause: protocol.CauseDisk, Code: code}) {
		t.Errorf("the administration is told %+v", problems)
	}
}

func upload(t *testing.T, app *apptest.App, token string, conversation protocol.ID, content []byte) *apptest.Response {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "notes.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, err = part.Write(content)
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("POST", fmt.Sprintf("%s/api/messagerie/attachments/%d/", app.URL, conversation), &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return app.Send(req)
}

func TestBackup_onAFullDiskLeavesNothingHalf(t *testing.T) {
	app := apptest.New(t)
	college := app.Establishment("Collège")
	app.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	app.Stop()
	small := smallDisk(t, 8, t.TempDir()) // the place of backups
	if err := errors.Join(os.MkdirAll(filepath.Join(app.Dir, "storage", "files"), 0o700),
		os.WriteFile(filepath.Join(app.Dir, "storage", "files", "film.mp4"), make([]byte, 12<<20), 0o600)); err != nil {
		t.Fatal(err)
	}
	said, err := runToEnd(t, "backup", "--to", small, "--dir", app.Dir)
	if status(err) != 1 || !strings.Contains(said, "enough room") {
		t.Errorf("%v: %s", err, said)
	}
	if left, err := os.ReadDir(small); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	last, err := backup.Last(app.Dir)
	if err != nil || last.Good() || !strings.Contains(last.Error, "enough room") {
		t.Errorf("the status is %+v, %v", last, err)
	}
	app = apptest.Open(t, app.Dir)
	if app.Count("users") != 1 {
		t.Error("people are missing")
	}
}

// The directory for temporary files is often small, and in memory.
func TestVerify_unpacksWhereThereIsRoom(t *testing.T) {
	app := apptest.New(t)
	app.Stop()
	to := t.TempDir()
	said, err := runToEnd(t, "backup", "--to", to, "--dir", app.Dir)
	if err != nil {
		t.Fatal(said, err)
	}
	name, _, _ := strings.Cut(said, ":")
	small := smallDisk(t, 1, t.TempDir())
	fill(t, small)
	t.Setenv("TMPDIR", small)
	if said, err := runToEnd(t, "backup", "verify", filepath.Join(to, name), "--dir", app.Dir); err != nil || !strings.Contains(said, "is good") {
		t.Errorf("%v: %s", err, said)
	}
	if left, err := os.ReadDir(to); err != nil || len(left) != 1 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestReadOnlyDisk_isReadAndReported(t *testing.T) {
	app := apptest.New(t)
	college := app.Establishment("Collège")
	claire, jerome := app.Person(college, protocol.RoleTeacher, "Claire", "Martin"), app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre")
	head := app.Person(college, protocol.RoleAdmin, "Hélène", "Vasseur")
	conversation := app.Conversation(claire, jerome)
	app.Says(jerome, conversation, "avant")
	app.Stop()
	dir := smallDisk(t, 40, app.Dir)
	said := &apptest.Lines{}
	server, url := serveAt(t, dir, said)
	for _, end := range []os.Signal{os.Interrupt, os.Kill} {
		app.URL = url
		if err := server.Process.Signal(end); err != nil {
			t.Fatal(err)
		}
		_ = server.Wait()
		mount := filepath.Dir(dir)
		if err := syscall.Mount("", mount, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
		readOnly, at := serveAt(t, dir, said)
		app.URL = at
		var messages []protocol.Message
		app.Get(claire, fmt.Sprintf("/api/messagerie/messages/%d/", conversation)).OK(http.StatusOK).Into(&messages)
		if len(messages) != 1 || messages[0].Content != "avant" {
			t.Errorf("the messages are %+v", messages)
		}
		app.Get(claire, fmt.Sprintf("/api/messagerie/conversations/%d/", claire.ID)).OK(http.StatusOK)
		app.Dial(claire)
		app.Post(claire, fmt.Sprintf("/api/messagerie/messages/%d/", conversation), map[string]any{"content": "après"}).
			Refused(http.StatusServiceUnavailable, protocol.CodeStorageFull)
		ready := app.Do("", "GET", "/api/ready/", nil).Refused(http.StatusServiceUnavailable, protocol.CodeStorageFull)
		if ready.Data["cause"] != "read_only" {
			t.Errorf("the cause is %v", ready.Data)
		}
		seesProblem(t, app, head, "read_only")
		if err := readOnly.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = readOnly.Wait()
		if err := syscall.Mount("", mount, "", syscall.MS_REMOUNT, "size=40m"); err != nil {
			t.Fatal(err)
		}
		server, url = serveAt(t, dir, said)
	}
	app.URL = url
	app.Post(claire, fmt.Sprintf("/api/messagerie/messages/%d/", conversation), map[string]any{"content": "après"}).OK(http.StatusCreated)
}
