package doctor_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks"
	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/config"
	"messagerie/hooks/ops"
	"messagerie/hooks/ops/doctor"
	"messagerie/hooks/store"
)

// names is DNS.
type names map[string]string

func (n names) LookupTXT(_ context.Context, name string) ([]string, error) {
	if text, ok := n[name]; ok {
		return []string{text}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// smtpServer replies to each verb; it records the verbs.
func smtpServer(t *testing.T, replies map[string]string) (port int, verbs func() string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	said := &apptest.Lines{}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "220 mail.test\r\n")
			for lines := bufio.NewScanner(conn); lines.Scan(); {
				verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
				_, _ = io.WriteString(said, verb+" ")
				reply, ok := replies[verb]
				if !ok {
					reply = "250 ok"
				}
				_, _ = io.WriteString(conn, reply+"\r\n")
			}
			conn.Close()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port, said.String
}

// newDoctor examines a data directory.
func newDoctor(dir string, change func(*config.Config)) *doctor.Doctor {
	cfg := config.Default()
	cfg.Server.Address = "127.0.0.1:0"
	if change != nil {
		change(&cfg)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	hooks.Register(app, cfg)
	return &doctor.Doctor{App: app, Config: cfg, Resolver: names{}, Client: &http.Client{}, Now: time.Now}
}

func examine(t *testing.T, d *doctor.Doctor) map[string]doctor.Finding {
	t.Helper()
	found := map[string]doctor.Finding{}
	for _, f := range d.Run(t.Context()) {
		found[f.Check] = f
	}
	if d.App.IsBootstrapped() {
		if err := plainapp.Terminate(d.App); err != nil {
			t.Error(err)
		}
	}
	return found
}

func expect(t *testing.T, found map[string]doctor.Finding, want map[string]doctor.State) {
	t.Helper()
	for check, state := range want {
		if found[check].State != state {
			t.Errorf("%s is %+v, want %s", check, found[check], state)
		}
	}
}

func TestDoctor_besideARunningServer(t *testing.T) {
	port, verbs := smtpServer(t, nil)
	app := apptest.New(t)
	app.Configure(func(s *core.Settings) {
		s.SMTP.Enabled, s.SMTP.Host, s.SMTP.Port = true, "127.0.0.1", port
		s.Meta.SenderAddress, s.Meta.AppURL = "messagerie@ecole.example", app.URL
	})
	if err := os.Chmod(app.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	backup := fmt.Sprintf(`{"finished":%q,"bytes":5000000}`, time.Now().Format(time.RFC3339))
	if err := os.WriteFile(filepath.Join(app.Dir, "backup.json"), []byte(backup), 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDoctor(app.Dir, func(c *config.Config) {
		c.Server.Address = strings.TrimPrefix(app.URL, "http://")
		c.Storage.Reserve = 0
	})
	d.Resolver = names{"ecole.example": "v=spf1 mx -all", "_dmarc.ecole.example": "v=DMARC1; p=none", "mail._domainkey.ecole.example": "v=DKIM1; p=abc"}
	found := examine(t, d)
	expect(t, found, map[string]doctor.State{"configuration": doctor.OK, "data directory": doctor.OK, "lock": doctor.OK, "free space": doctor.OK,
		"database": doctor.OK, "backup": doctor.OK, "address": doctor.OK, "ready": doctor.OK, "public URL": doctor.OK, "clock": doctor.OK,
		"certificate": doctor.Warning, "mail": doctor.Warning, "SPF": doctor.OK, "DMARC": doctor.OK, "DKIM": doctor.OK})
	if got := verbs(); !strings.Contains(got, "MAIL RSET") || strings.Contains(got, "RCPT") || strings.Contains(got, "DATA") {
		t.Errorf("the mail server was told %s", got)
	}
	app.Get(app.Person(app.Establishment("Collège"), "teacher", "Claire", "Martin"), "/api/messagerie/me/").OK(200)
}

func TestDoctor_namesWhatIsWrong(t *testing.T) {
	port, _ := smtpServer(t, map[string]string{"MAIL": "553 not allowed to send as this address"})
	dir := plainapp.DataDir(t)
	public := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer public.Close()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := taken.Addr().String()
	go func() { // it isn't HTTP
		for {
			conn, err := taken.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	defer taken.Close()
	if err := os.WriteFile(filepath.Join(dir, "backup.json"), []byte(`{"finished":"2026-01-02T03:04:05Z","error":"disk quota exceeded"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDoctor(dir, func(c *config.Config) {
		c.Server.Address, c.Storage.Reserve, c.Backup.To = address, 1<<30, t.TempDir()
	})
	if err := d.App.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	settings := d.App.Settings()
	settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, "127.0.0.1", port
	settings.Meta.SenderAddress, settings.Meta.AppURL = "messagerie@ecole.example", public.URL
	if err := d.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	if _, err := d.App.DB().NewQuery("DROP INDEX idx_participants_user").Execute(); err != nil {
		t.Log(err) // named otherwise: the trigger below is enough
	}
	var trigger string
	if err := d.App.DB().NewQuery("SELECT name FROM sqlite_schema WHERE type = 'trigger' LIMIT 1").Row(&trigger); err != nil {
		t.Fatal(err)
	}
	if _, err := d.App.DB().NewQuery("DROP TRIGGER " + trigger).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Client = public.Client()
	d.Now = func() time.Time { return public.Certificate().NotAfter.Add(-time.Hour) }
	found := examine(t, d)
	expect(t, found, map[string]doctor.State{"free space": doctor.Warning, "database": doctor.Fault, "backup": doctor.Fault, "place of backups": doctor.Warning,
		"address": doctor.Fault, "public URL": doctor.Fault, "certificate": doctor.Warning, "clock": doctor.Fault,
		"mail": doctor.Fault, "SPF": doctor.Warning, "DMARC": doctor.Warning, "DKIM": doctor.Warning})
	for check, part := range map[string]string{"database": trigger, "backup": "quota", "mail": "553"} {
		if !strings.Contains(found[check].Text, part) {
			t.Errorf("%s doesn't say %q: %s", check, part, found[check].Text)
		}
	}
}

func TestDoctor_beforeTheFirstStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	d := newDoctor(dir, nil)
	d.Offline = true
	found := examine(t, d)
	expect(t, found, map[string]doctor.State{"data directory": doctor.Warning, "database": doctor.Warning, "address": doctor.Warning, "mail": doctor.Skipped})
	if _, err := os.Stat(dir); err == nil {
		t.Error("it has made the data directory")
	}
}

func TestDoctor_writesNothing(t *testing.T) {
	dir := plainapp.DataDir(t)
	if err := os.Remove(filepath.Join(dir, "auxiliary.db")); err != nil {
		t.Fatal(err)
	}
	content := func() (all string) {
		t.Helper()
		entries, err := os.ReadDir(dir)
		for _, entry := range entries {
			data, failed := os.ReadFile(filepath.Join(dir, entry.Name()))
			err = errors.Join(err, failed)
			all += fmt.Sprintf("%s %x\n", entry.Name(), sha256.Sum256(data))
		}
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := content()
	d := newDoctor(dir, nil)
	d.Offline = true
	expect(t, examine(t, d), map[string]doctor.State{"database": doctor.OK, "mail": doctor.Warning, "public URL": doctor.Warning})
	if after := content(); after != before {
		t.Errorf("there was\n%sand is\n%s", before, after)
	}
}

func TestDoctor_saysOnceThatMigrationsArePending(t *testing.T) {
	dir := plainapp.DataDir(t)
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	err := app.Bootstrap()
	if err == nil {
		_, err = app.DB().NewQuery("DROP TABLE devices; DROP TABLE second_factors; DELETE FROM _collections WHERE name IN ('devices', 'second_factors'); DELETE FROM _migrations WHERE file >= '1790000145'").Execute()
	}
	if err := errors.Join(err, plainapp.Terminate(app)); err != nil {
		t.Fatal(err)
	}
	d := newDoctor(dir, nil)
	d.Offline = true
	found := examine(t, d)["database"]
	if found.State != doctor.Warning || !strings.Contains(found.Text, "1790000145_devices.go") || strings.Contains(found.Text, "\n") {
		t.Errorf("it says %+v", found)
	}
}

func TestDoctor_namesAServerThatRunsSomewhereElse(t *testing.T) {
	dir := plainapp.DataDir(t)
	unlock, err := ops.LockDataDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	d := newDoctor(dir, nil)
	d.Offline = true
	found := examine(t, d)["address"]
	if found.State != doctor.Warning || !strings.Contains(found.Text, "a server is running, but not at 127.0.0.1") {
		t.Errorf("it says %+v", found)
	}
}

func TestCommand_endsWithAFaultAndWritesJSON(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDoctor(file, nil)
	command := doctor.Command(d.App, d.Config)
	var out bytes.Buffer
	command.SetOut(&out)
	command.SetArgs([]string{"--offline", "--json"})
	if err := command.ExecuteContext(t.Context()); !errors.Is(err, doctor.ErrFaults) {
		t.Errorf("it ended with %v", err)
	}
	var found []doctor.Finding
	if err := json.Unmarshal(out.Bytes(), &found); err != nil || len(found) < 4 {
		t.Errorf("%v: %s", err, out.String())
	}
}
