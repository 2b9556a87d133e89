package metrics_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

const token = "a-token-of-the-scraper"

func withToken(c *config.Config) { c.Metrics.Token = token }

func scrape(t *testing.T, app *apptest.App) string {
	t.Helper()
	resp := app.Do(token, "GET", "/metrics", nil).OK(200)
	if got := resp.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain; version=0.0.4") {
		t.Errorf("the type is %q", got)
	}
	return string(resp.Body)
}

// value returns a metric, and fails the test without it.
func value(t *testing.T, text, name string) float64 {
	t.Helper()
	for line := range strings.Lines(text) {
		if number, ok := strings.CutPrefix(line, name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("there is no %s in\n%s", name, text)
	return 0
}

// sample is a line of the text format (prometheus.io/docs/instrumenting/exposition_formats).
var sample = regexp.MustCompile(`^([a-z_:][a-z0-9_:]*)(\{[a-z_]+="[^"]*"(, ?[a-zA-Z_]+="[^"]*")*\})? -?([0-9.e+-]+|NaN|[+-]Inf)$`)

func TestMetrics_countWhatHappens(t *testing.T) {
	app := apptest.New(t, withToken)
	college := app.Establishment("Collège")
	claire := app.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	jerome := app.Person(college, protocol.RoleParent, "Jérôme", "Dupont")
	conversation := app.Conversation(claire, jerome)
	one, _ := app.Dial(claire)
	other, _ := app.Dial(jerome)
	one.Says(conversation, "Bonjour")
	other.Expect(protocol.TypeNewMessage, nil)
	one.Send(`{"type":"nonsense"}`)
	one.ExpectRefusal(protocol.CodeUnknownType)
	app.Get(claire, "/api/messagerie/messages/77/").OK(403)
	backup := `{"finished":"2026-01-02T03:04:05Z","error":"","bytes":77,"file":"x"}`
	if err := os.WriteFile(filepath.Join(app.Dir, "backup.json"), []byte(backup), 0o600); err != nil {
		t.Fatal(err)
	}
	text := scrape(t, app)
	for name, want := range map[string]float64{
		"messagerie_sockets_open": 2, "messagerie_messages_total": 1, "messagerie_writer_queue_length": 0,
		`messagerie_frames_received_total{type="chat_message"}`:                                              1,
		`messagerie_frames_received_total{type="other"}`:                                                     1,
		`messagerie_frames_sent_total{type="conversations_list"}`:                                            2,
		`messagerie_frames_sent_total{type="error"}`:                                                         1,
		`messagerie_mail_recipients{state="queued"}`:                                                         0,
		"messagerie_storage_writable":                                                                        1,
		"messagerie_backup_last_success":                                                                     1,
		"messagerie_backup_last_bytes":                                                                       77,
		"messagerie_backup_last_timestamp_seconds":                                                           1767323045,
		`messagerie_http_requests_total{route="GET /api/messagerie/messages/{conversationId}",status="4xx"}`: 1,
	} {
		if got := value(t, text, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	for _, name := range []string{"messagerie_commit_seconds_count", "messagerie_commit_seconds_sum", "messagerie_disk_free_bytes", "go_goroutines"} {
		if value(t, text, name) <= 0 {
			t.Errorf("%s isn't above 0", name)
		}
	}
	if value(t, text, `messagerie_commit_seconds_bucket{le="+Inf"}`) != value(t, text, "messagerie_commit_seconds_count") {
		t.Error("the last bucket doesn't have all commits")
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && !sample.MatchString(line) {
			t.Errorf("not in the text format: %s", line)
		}
	}
}

func TestMetrics_areForTheTokenOnly(t *testing.T) {
	app := apptest.New(t, withToken)
	claire := app.Person(app.Establishment("Collège"), protocol.RoleAdmin, "Claire", "Martin")
	for _, other := range []string{"", "another-token-of-16", claire.Token, app.Superuser()} {
		if resp := app.Do(other, "GET", "/metrics", nil); resp.StatusCode != 401 || strings.Contains(string(resp.Body), "messagerie_") {
			t.Errorf("with another token: %d %s", resp.StatusCode, resp.Body)
		}
	}
	off := apptest.New(t)
	if body := string(off.Do("", "GET", "/metrics", nil).Body); strings.Contains(body, "messagerie_sockets_open") {
		t.Error("they can be read although nothing is configured")
	}
}

func TestMetrics_onAnAddressOfTheirOwn(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	app := apptest.New(t, func(c *config.Config) { c.Metrics.Address = address })
	resp, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || value(t, string(text), "messagerie_sockets_open") != 0 {
		t.Errorf("%v %s", err, text)
	}
	if body := string(app.Do("", "GET", "/metrics", nil).Body); strings.Contains(body, "messagerie_sockets_open") {
		t.Error("the server's own address has them as well")
	}
	app.Stop()
	if _, err := http.Get("http://" + address + "/metrics"); err == nil {
		t.Error("they are served although the server has stopped")
	}
}
