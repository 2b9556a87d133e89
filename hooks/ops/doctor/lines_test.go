package doctor_test

import (
	"context"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/config"
	"messagerie/hooks/ops/doctor"
	"messagerie/hooks/store"
)

// brokenDNS is a resolver that can't be reached.
type brokenDNS struct{}

func (brokenDNS) LookupTXT(context.Context, string) ([]string, error) {
	return nil, &net.DNSError{Err: "server misbehaving", IsTemporary: true}
}

type settings map[string]string

// with is the settings and some more.
func with(s, more settings) settings {
	all := maps.Clone(more)
	maps.Copy(all, s)
	return all
}

// at sets the doctor's clock.
func at(now time.Time) func(*doctor.Doctor) {
	return func(d *doctor.Doctor) { d.Now = func() time.Time { return now } }
}

// newer marks a database as one of a later version.
func newer(t *testing.T, dir string) {
	t.Helper()
	db, err := store.Connect(filepath.Join(dir, "data.db"))
	if err == nil {
		_, err = db.NewQuery("INSERT INTO _migrations (file, applied) VALUES ('1990000000_later.go', 1)").Execute()
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// Each line that the other tests don't show: what is wrong, how grave it is, and what to do.
func TestDoctor_saysOfEachThingHowItIs(t *testing.T) {
	write := func(dir, name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	serves := func(handler http.HandlerFunc) (url, address string) {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return server.URL, strings.TrimPrefix(server.URL, "http://")
	}
	_, other := serves(func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) })
	_, full := serves(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/ready" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	dated := func(ago time.Duration) string {
		url, _ := serves(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"] = nil
			if ago >= 0 {
				w.Header().Set("Date", time.Now().Add(-ago).UTC().Format(http.TimeFormat))
			}
		})
		return url
	}
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(secure.Close)
	expires := secure.Certificate().NotAfter
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nothing := closed.Addr().String()
	closed.Close()
	port, _ := smtpServer(t, map[string]string{"EHLO": "250-mail.test\r\n250 AUTH PLAIN", "AUTH": "535 wrong password"})

	mail := settings{"smtp.host": "127.0.0.1", "smtp.port": strconv.Itoa(port), "smtp.sender_address": "messagerie@ecole.example"}
	for _, c := range []struct {
		about    string
		dir      func(dir string) // changes it
		settings settings         // of the configuration
		doctor   func(d *doctor.Doctor)
		check    string
		state    doctor.State
		says     string // in the text or the advice
	}{
		{about: "a directory for all", dir: func(dir string) { _ = os.Chmod(dir, 0o755) }, check: "data directory", state: doctor.Warning, says: "chmod 700"},
		{about: "a closed directory", check: "data directory", state: doctor.OK, says: "closed to other users"},
		{about: "nobody uses it", check: "lock", state: doctor.OK, says: "no server"},
		{about: "room", settings: settings{"storage.reserve": "0"}, check: "free space", state: doctor.OK, says: "MB"},
		{about: "little room", settings: settings{"storage.reserve": "1000000000"}, check: "free space", state: doctor.Warning, says: "storage.reserve"},
		{about: "an interrupted restore", dir: func(dir string) { write(dir, ".restore.json", "{}") }, check: "database", state: doctor.Fault, says: "Start the server"},
		{about: "no database", dir: func(dir string) { _ = os.Remove(filepath.Join(dir, "data.db")) }, check: "database", state: doctor.Warning, says: "none yet"},
		{about: "a damaged database", dir: func(dir string) { write(dir, "data.db", strings.Repeat("x", 8192)) }, check: "database", state: doctor.Fault, says: "Restore a backup"},
		{about: "a newer database", dir: func(dir string) { newer(t, dir) }, check: "database", state: doctor.Fault, says: "newer version"},
		{about: "no backup", check: "backup", state: doctor.Warning, says: "backup.to"},
		{about: "an old backup", dir: func(dir string) { write(dir, "backup.json", `{"finished":"2026-01-02T03:04:05Z","bytes":5}`) }, check: "backup", state: doctor.Warning, says: "schedule"},
		{about: "an illegible note of a backup", dir: func(dir string) { write(dir, "backup.json", `{`) }, check: "backup", state: doctor.Warning, says: "can't be read"},
		{about: "a bucket", settings: settings{"backup.to": "s3"}, check: "place of backups", state: doctor.OK, says: "s3"},
		{about: "no server", settings: settings{"server.address": nothing}, check: "address", state: doctor.Warning, says: "messagerie serve"},
		{about: "another server", settings: settings{"server.address": other}, check: "address", state: doctor.Fault, says: "404"},
		{about: "a server on a full disk", settings: settings{"server.address": full}, check: "ready", state: doctor.Fault, says: "503"},
		{about: "no public URL", check: "public URL", state: doctor.Warning, says: "server.public_url"},
		{about: "a URL that isn't asked", settings: settings{"server.public_url": "http://" + nothing}, doctor: func(d *doctor.Doctor) { d.Offline = true }, check: "public URL", state: doctor.Skipped, says: "--offline"},
		{about: "a URL that leads nowhere", settings: settings{"server.public_url": "http://" + nothing}, check: "public URL", state: doctor.Fault, says: "firewall"},
		{about: "a URL that leads elsewhere", settings: settings{"server.public_url": "http://" + other}, check: "public URL", state: doctor.Fault, says: "pass all paths on"},
		{about: "a URL without TLS", settings: settings{"server.public_url": "http://" + other}, check: "certificate", state: doctor.Warning, says: "HTTPS"},
		{about: "a good certificate", settings: settings{"server.public_url": secure.URL}, check: "certificate", state: doctor.OK, says: expires.Format(time.DateOnly)},
		{about: "a certificate that expires", settings: settings{"server.public_url": secure.URL}, doctor: at(expires.AddDate(0, 0, -13)), check: "certificate", state: doctor.Warning, says: "renewed"},
		{about: "one that has expired", settings: settings{"server.public_url": secure.URL}, doctor: at(expires.Add(time.Hour)), check: "certificate", state: doctor.Fault, says: "Renew it"},
		{about: "an unknown authority", settings: settings{"server.public_url": secure.URL}, doctor: func(d *doctor.Doctor) { d.Client = &http.Client{} }, check: "public URL", state: doctor.Fault, says: "certificate"},
		{about: "a good clock", settings: settings{"server.public_url": dated(0)}, check: "clock", state: doctor.OK, says: "agrees"},
		{about: "a slow clock", settings: settings{"server.public_url": dated(time.Minute)}, check: "clock", state: doctor.Warning, says: "timedatectl"},
		{about: "a wrong clock", settings: settings{"server.public_url": dated(10 * time.Minute)}, check: "clock", state: doctor.Fault, says: "timedatectl"},
		{about: "no clock to compare with", settings: settings{"server.public_url": dated(-1)}, check: "clock", state: doctor.Skipped, says: "time"},
		{about: "no mail", check: "mail", state: doctor.Warning, says: "smtp.host"},
		{about: "mail that isn't asked", settings: mail, doctor: func(d *doctor.Doctor) { d.Offline = true }, check: "mail", state: doctor.Skipped, says: "--offline"},
		{about: "no mail server", settings: settings{"smtp.host": "127.0.0.1", "smtp.port": nothing[strings.LastIndex(nothing, ":")+1:], "smtp.sender_address": "messagerie@ecole.example"}, check: "mail", state: doctor.Fault, says: "connect"},
		{about: "a wrong password for mail", settings: with(mail, settings{"smtp.username": "messagerie", "smtp.password": "guessed"}), check: "mail", state: doctor.Fault, says: "535"},
		{about: "no DNS", settings: mail, doctor: func(d *doctor.Doctor) { d.Resolver = brokenDNS{} }, check: "SPF", state: doctor.Warning, says: "ask DNS"},
		{about: "no DMARC", settings: mail, check: "DMARC", state: doctor.Warning, says: "add a DMARC record"},
		{about: "a DKIM key by its selector", settings: mail, doctor: func(d *doctor.Doctor) {
			d.Selector, d.Resolver = "ecole2026", names{"ecole2026._domainkey.ecole.example": "v=DKIM1; p=abc"}
		}, check: "DKIM", state: doctor.OK, says: "ecole2026"},
		{about: "a key that is gone", settings: settings{"limits.logins_per_minute": "5"}, check: "configuration", state: doctor.Warning, says: "no longer exists"},
		{about: "good keys", check: "configuration", state: doctor.OK, says: "every key is known"},
	} {
		dir := plainapp.DataDir(t)
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if c.dir != nil {
			c.dir(dir)
		}
		var environment []string
		if c.settings["server.address"] == "" {
			c.settings = with(c.settings, settings{"server.address": nothing})
		}
		for key, value := range c.settings {
			environment = append(environment, config.EnvironmentName(key)+"="+value)
		}
		cfg, err := config.Load(config.Source{Env: environment})
		if err != nil {
			t.Fatal(c.about, err)
		}
		app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
		hooks.Register(app, cfg)
		d := &doctor.Doctor{App: app, Config: cfg, Resolver: names{}, Client: secure.Client(), Now: time.Now}
		if c.doctor != nil {
			c.doctor(d)
		}
		if found := examine(t, d)[c.check]; found.State != c.state || !strings.Contains(found.Text+" "+found.Advice, c.says) {
			t.Errorf("%s: %s is %+v, want %s with %q", c.about, c.check, found, c.state, c.says)
		}
	}
}
