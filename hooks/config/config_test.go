package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLoad_ofNothingIsTheDefaults(t *testing.T) {
	cfg, err := Load(Source{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(settings(cfg), Default()) {
		t.Errorf("got %+v\nwant %+v", cfg, Default())
	}
	if cfg.File() != "" || cfg.Named("server") || cfg.Named("limits.page_max") {
		t.Error("something counts as named")
	}
}

func TestDefault_isThatOfTheContract(t *testing.T) {
	want := Limits{
		ContentCharacters: 10_000, FrameBytes: 65_536, FramesPerSecond: 20, FramesBurst: 60,
		SocketsPerUser: 10, GroupParticipants: 250, TypingInterval: time.Second, TypingTimeout: 6 * time.Second,
		PageDefault: 50, PageMax: 200, ListConversations: 50, SearchResults: 20,
		RequestsPerSecond: 50, RequestsBurst: 500, VisitorRequestsPerMinute: 1200, LoginFailures: 10, LoginFailuresPerAddress: 600,
		AccessCodeDays:  60,
		EmailRecipients: 500, EmailRoles: []string{"admin", "teacher", "staff"}, EmailContentBytes: 1_048_576,
	}
	if got := Default().Limits; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if got := Default().Server; got.Address != "127.0.0.1:8000" || got.DataDir != "pb_data" || got.AllowedOrigins != nil {
		t.Errorf("got %+v", got)
	}
}

func TestKeys_coverEveryFieldOnce(t *testing.T) {
	var c Config
	bound := map[any]string{}
	for _, k := range c.keys() {
		field := reflect.ValueOf(k.value).FieldByName("field").Pointer()
		if earlier := bound[field]; earlier != "" {
			t.Errorf("%s and %s share a field", earlier, k.name)
		}
		bound[field] = k.name
		if !isSection(k.section()) || k.meaning == "" {
			t.Errorf("%s has no section or no meaning", k.name)
		}
	}
	fields := 0
	for _, section := range []any{c.Server, c.School, c.Superuser, c.Auth, c.Dashboard, c.SMTP, c.Login, c.OIDC, c.Google, c.Microsoft, c.Limits, c.Attachments, c.Storage, c.Backup, c.Logs, c.Metrics, c.Cluster, c.Ops, c.Retention} {
		fields += reflect.TypeOf(section).NumField()
	}
	if len(bound) != fields {
		t.Errorf("%d keys for %d fields", len(bound), fields)
	}
}

func TestKeys_haveDifferentEnvironmentNames(t *testing.T) {
	seen := map[string]string{fileVariable: "the file"}
	var c Config
	for _, k := range c.keys() {
		name := EnvironmentName(k.name)
		if seen[name] != "" {
			t.Errorf("%s is %s and %s", name, seen[name], k.name)
		}
		seen[name] = k.name
	}
}

func TestKeys_acceptTheirDefaultsAgain(t *testing.T) {
	var c Config
	for _, k := range c.keys() {
		standard := strings.Trim(k.value.standard(), `"[]`)
		if standard == "" {
			continue // an empty variable counts as not given
		}
		if _, err := k.value.fromText(standard); err != nil {
			t.Errorf("%s refuses its default: %v", k.name, err)
		}
	}
}

func TestLoad_prefersFlagToEnvironmentToFileToDefault(t *testing.T) {
	dir := folder(t, "server:\n  address: 1.1.1.1:1\nsmtp:\n  host: file.example\n  port: 1\nschool:\n  name: File\n")
	cfg, err := Load(Source{
		Args:      []string{"serve", "--http", "3.3.3.3:3"},
		Env:       []string{"MESSAGERIE_SERVER_ADDRESS=2.2.2.2:2", "MESSAGERIE_SMTP_HOST=env.example", "HOME=/root"},
		BinaryDir: dir,
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]string{
		"server.address":   {cfg.Server.Address, "3.3.3.3:3"},
		"smtp.host":        {cfg.SMTP.Host, "env.example"},
		"school.name":      {cfg.School.Name, "File"},
		"smtp.auth_method": {cfg.SMTP.AuthMethod, "PLAIN"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %s, want %s", name, pair[0], pair[1])
		}
	}
	for name, want := range map[string]string{
		"server.address":   "flag --http",
		"smtp.host":        "environment variable MESSAGERIE_SMTP_HOST",
		"smtp.port":        "file " + filepath.Join(dir, "config.yaml"),
		"smtp.auth_method": "",
	} {
		if got := cfg.Origin(name); got != want || cfg.Named(name) != (want != "") {
			t.Errorf("%s: origin %q, named %t, want %q", name, got, cfg.Named(name), want)
		}
	}
	if !cfg.Named("smtp") || cfg.Named("limits") {
		t.Error("a section is named when one of its keys is")
	}
}

func TestLoad_warnsOfAKeyOfAnEarlierVersion(t *testing.T) {
	for name, source := range map[string]Source{
		"in the file":        {BinaryDir: folder(t, "limits: {logins_per_minute: 300, page_max: 100}")},
		"in the environment": {Env: []string{"MESSAGERIE_LIMITS_LOGINS_PER_MINUTE=300", "MESSAGERIE_LIMITS_PAGE_MAX=100"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Load(source)
			if err != nil {
				t.Fatal(err)
			}
			warnings := strings.Join(cfg.Warnings(), "\n")
			if !strings.Contains(warnings, "limits.logins_per_minute (") || !strings.Contains(warnings, "limits.login_failures") {
				t.Errorf("the warnings are %q", warnings)
			}
			if cfg.Limits.PageMax != 100 {
				t.Errorf("the other key is %d", cfg.Limits.PageMax)
			}
		})
	}
	if cfg, err := Load(Source{}); err != nil || len(cfg.Warnings()) > 0 {
		t.Errorf("without it: %v, %v", cfg.Warnings(), err)
	}
}

func TestLoad_findsItsFlagsAnywhere(t *testing.T) {
	file := filepath.Join(folder(t, "school: {name: Chosen}"), "config.yaml")
	for name, args := range map[string][]string{
		"apart":            {"serve", "--http", ":9", "--dir", "d", "--config", file},
		"joined":           {"--config=" + file, "--dir=d", "serve", "--http=:9"},
		"among others":     {"--dev", "--config", file, "serve", "example.org", "--dir", "d", "--origins=*", "--http", ":9"},
		"the last wins":    {"--http=:8", "--http", ":9", "--dir=d", "--config=no", "--config", file},
		"ended by --":      {"--http", ":9", "--dir", "d", "--config", file, "--", "--http", ":7"},
		"dashes in values": {"--http", ":9", "--config", file, "--dir", "--config", "--dir", "d"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Load(Source{Args: args})
			if err != nil {
				t.Fatal(err)
			}
			if cfg.Server.Address != ":9" || cfg.Server.DataDir != "d" || cfg.School.Name != "Chosen" || cfg.File() != file {
				t.Errorf("got %+v from %s", cfg, cfg.File())
			}
		})
	}
}

func TestLoad_choosesTheFile(t *testing.T) {
	dir := folder(t, "school: {name: Beside}")
	other := filepath.Join(folder(t, "school: {name: Other}"), "config.yaml")
	third := filepath.Join(folder(t, "school: {name: Third}"), "config.yaml")
	for name, c := range map[string]struct {
		source Source
		want   string
	}{
		"beside the binary":               {Source{BinaryDir: dir}, "Beside"},
		"none":                            {Source{BinaryDir: t.TempDir()}, "Messagerie"},
		"the environment before":          {Source{BinaryDir: dir, Env: []string{"MESSAGERIE_CONFIG=" + other}}, "Other"},
		"an empty variable is none":       {Source{BinaryDir: dir, Env: []string{"MESSAGERIE_CONFIG="}}, "Beside"},
		"the flag before the environment": {Source{BinaryDir: dir, Env: []string{"MESSAGERIE_CONFIG=" + other}, Args: []string{"--config", third}}, "Third"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Load(c.source)
			if err != nil {
				t.Fatal(err)
			}
			if cfg.School.Name != c.want {
				t.Errorf("got %s, want %s", cfg.School.Name, c.want)
			}
		})
	}
}

func TestLoad_placesTheDataDirectory(t *testing.T) {
	dir := folder(t, "server: {data_dir: data}")
	for name, c := range map[string]struct {
		source Source
		want   string
	}{
		"beside the binary":              {Source{BinaryDir: "/opt/school"}, "/opt/school/pb_data"},
		"relative to the file":           {Source{BinaryDir: "/opt", Args: []string{"--config", dir + "/config.yaml"}}, dir + "/data"},
		"as the environment has it":      {Source{BinaryDir: dir, Env: []string{"MESSAGERIE_SERVER_DATA_DIR=here"}}, "here"},
		"as the flag has it":             {Source{BinaryDir: dir, Args: []string{"--dir=there"}}, "there"},
		"absolute from anywhere, a file": {Source{BinaryDir: folder(t, "server: {data_dir: /srv/x}")}, "/srv/x"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Load(c.source)
			if err != nil {
				t.Fatal(err)
			}
			if cfg.Server.DataDir != c.want {
				t.Errorf("got %s, want %s", cfg.Server.DataDir, c.want)
			}
		})
	}
}

func TestLoad_convertsTheEnvironment(t *testing.T) {
	cfg, err := Load(Source{Env: []string{
		"MESSAGERIE_SERVER_ALLOWED_ORIGINS=https://ent.example.fr, HTTPS://Vie.Example.fr:443/,http://[::1]:3000",
		"MESSAGERIE_SERVER_PUBLIC_URL=https://messagerie.example/",
		"MESSAGERIE_SERVER_USE_LEFTMOST_IP=true",
		"MESSAGERIE_LIMITS_TYPING_INTERVAL=500ms",
		"MESSAGERIE_LIMITS_PAGE_MAX=300",
		"MESSAGERIE_SMTP_PASSWORD=a=b,c",
		"MESSAGERIE_SMTP_HOST=",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"https://ent.example.fr", "https://vie.example.fr", "http://[::1]:3000"}; !slices.Equal(cfg.Server.AllowedOrigins, want) {
		t.Errorf("origins %v", cfg.Server.AllowedOrigins)
	}
	if cfg.Server.PublicURL != "https://messagerie.example" || !cfg.Server.UseLeftmostIP ||
		cfg.Limits.TypingInterval != 500*time.Millisecond || cfg.Limits.PageMax != 300 || string(cfg.SMTP.Password) != "a=b,c" {
		t.Errorf("got %+v", cfg)
	}
	if cfg.Named("smtp.host") {
		t.Error("an empty variable names its key")
	}
}

func TestNamed_leavesEmptyValuesToTheDashboard(t *testing.T) {
	cfg, err := Load(Source{BinaryDir: folder(t, "server:\n  public_url: ''\n  trusted_proxy_headers: []\nsmtp:\n  host: ''\n  username: ''\n")})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"server.public_url": false, "smtp.host": false, "smtp.username": true, "server.trusted_proxy_headers": true,
	} {
		if cfg.Named(name) != want {
			t.Errorf("%s: named is %t", name, !want)
		}
	}
}

func TestNamed_panicsOnAMisspelling(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Default().Named("smtp.hsot")
}

func TestSecret_isInNoFormat(t *testing.T) {
	cfg := Default()
	cfg.SMTP.Password, cfg.Superuser.Password = "hunter2hunter2", "hunter2hunter2"
	encoded, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", cfg, "password", cfg.SMTP.Password)
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v %q", cfg, cfg, cfg, cfg.SMTP.Password), string(encoded), log.String()} {
		if strings.Contains(shown, "hunter2") {
			t.Errorf("shown in %s", shown)
		}
	}
}

func TestExample_isTheFile(t *testing.T) {
	const path = "../../config.example.yaml"
	if os.Getenv("UPDATE_EXAMPLE") != "" {
		if err := os.WriteFile(path, []byte(Example()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(content) != Example() {
		t.Error("config.example.yaml isn't what keys.go says: run make example")
	}
}

func TestExample_withItsCommentsRemovedIsTheDefaults(t *testing.T) {
	content, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	uncommented := 0
	for i, line := range lines {
		if indented, key, ok := strings.Cut(line, "#"); ok && key != "" && key[0] != ' ' {
			lines[i] = indented + key
			uncommented++
		}
	}
	if uncommented != len(new(loader).keyNames()) {
		t.Errorf("%d keys in the file", uncommented)
	}
	dir := folder(t, strings.Join(lines, "\n"))
	cfg, err := Load(Source{BinaryDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Server.DataDir = filepath.Join(dir, want.Server.DataDir)
	if !reflect.DeepEqual(settings(cfg), want) {
		t.Errorf("got %+v\nwant %+v", cfg, want)
	}
}

func TestExample_asItIsChangesNothing(t *testing.T) {
	dir := folder(t, Example())
	cfg, err := Load(Source{BinaryDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sections {
		if cfg.Named(s.name) {
			t.Errorf("%s is named", s.name)
		}
	}
}

// folder creates a directory with a config.yaml.
func folder(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// settings removes from a configuration where its values came from.
func settings(c Config) Config {
	c.file, c.named = "", nil
	return c
}

// problems returns those of a configuration that must be refused.
func problems(t *testing.T, source Source) []Problem {
	t.Helper()
	cfg, err := Load(source)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, configuration %+v", err, cfg)
	}
	return e.Problems
}

func TestBackup_placeTimeAndKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	load := func(content string) (Config, error) {
		if err := os.WriteFile(path, []byte("backup:\n"+content), 0o600); err != nil {
			t.Fatal(err)
		}
		return Load(Source{Args: []string{"--config", path}})
	}
	for content, want := range map[string]string{"  to: backups\n": filepath.Join(dir, "backups"), "  to: s3\n": BackupS3, "  to: ''\n": ""} {
		if cfg, err := load(content); err != nil || cfg.Backup.To != want {
			t.Errorf("%s: %q, %v", content, cfg.Backup.To, err)
		}
	}
	for at, want := range map[string]string{"01:40": "40 1 * * *", "00:00": "0 0 * * *", "23:05": "5 23 * * *"} {
		if cfg, err := load("  at: '" + at + "'\n"); err != nil || cfg.Backup.Cron() != want {
			t.Errorf("%s: %q, %v", at, cfg.Backup.Cron(), err)
		}
	}
	for _, content := range []string{"  at: '24:00'\n", "  at: '1:40'\n", "  at: nachts\n", "  age_recipient: age1abc\n", "  keep: 0\n"} {
		if _, err := load(content); err == nil {
			t.Errorf("%s is accepted", content)
		}
	}
}
