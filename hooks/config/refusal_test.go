package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoad_refusesInTheFile(t *testing.T) {
	for name, c := range map[string]struct{ yaml, key, says string }{
		"a word for a number":          {"smtp: {port: abc}", "smtp.port", `"abc" is text, not a whole number; allowed: a whole number from 1 to 65535`},
		"a quoted number":              {"smtp: {port: '25'}", "smtp.port", `"25" is text`},
		"a fraction":                   {"smtp: {port: 5.5}", "smtp.port", "5.5 is not a whole number"},
		"a huge number":                {"smtp: {port: 99999999999999999999}", "smtp.port", "is not a whole number"},
		"a number above the range":     {"smtp: {port: 65536}", "smtp.port", "65536 is too large; allowed: a whole number from 1 to 65535"},
		"a number below the range":     {"limits: {sockets_per_user: 0}", "limits.sockets_per_user", "0 is too small; allowed: a whole number from 1 to 1000 sockets"},
		"a number for a text":          {"server: {address: 123}", "server.address", "123 is not text"},
		"a date for a text":            {"school: {name: 2026-01-01}", "school.name", "a date is not text"},
		"a list for a text":            {"school: {name: [a, b]}", "school.name", "a list is not text"},
		"a section for a text":         {"school: {name: {fr: x}}", "school.name", "a section is not text"},
		"a text for a list":            {"limits: {email_roles: admin}", "limits.email_roles", "is not a list"},
		"a number in a list":           {"limits: {email_roles: [1]}", "limits.email_roles", "has 1, which is not text"},
		"yes":                          {"smtp: {tls: yes}", "smtp.tls", `"yes" is text, neither true nor false; allowed: true or false`},
		"1 for true":                   {"smtp: {tls: 1}", "smtp.tls", "neither true nor false"},
		"a duration without its unit":  {"limits: {typing_interval: 1}", "limits.typing_interval", "not a duration with its unit, such as 500ms, 6s or 1m; allowed: a duration from 100ms to 1m"},
		"a duration outside its range": {"limits: {typing_interval: 2m}", "limits.typing_interval", "too large"},
		"nothing":                      {"school:\n  name:\n", "school.name", "no value"},
		"an empty name":                {"school: {name: ' '}", "school.name", "is empty"},
		"an unknown key":               {"smtp: {prot: 25}", "smtp.prot", "unknown: did you mean smtp.port?"},
		"an unknown section":           {"sever:\n  address: a:1\n", "sever", "unknown: did you mean server?"},
		"a capital letter":             {"SMTP: {port: 25}", "SMTP", "unknown: did you mean smtp?"},
		"a dotted key":                 {"smtp.port: 25", "smtp.port", "unknown"},
		"a key outside its section":    {"password: abcdefghij", "password", "did you mean superuser.password or smtp.password?"},
		"a key without resemblance":    {"school: {favourite_colour: red}", "school.favourite_colour", "unknown; allowed: the keys of config.example.yaml"},
		"a number for a key":           {"smtp: {1: x}", "smtp.1", "unknown"},
		"a text for a section":         {"smtp: mail.example", "smtp", "is a section"},
		"an address without a port":    {"server: {address: localhost}", "server.address", "is not host:port"},
		"an address with a named port": {"server: {address: 'localhost:http'}", "server.address", "no port from 0 to 65535"},
		"an address with a bad host":   {"server: {address: 'my school:80'}", "server.address", "no valid host"},
		"a URL without scheme":         {"server: {public_url: ecole.example}", "server.public_url", "is not http://host or https://host; allowed: empty, or scheme://host[:port]"},
		"a URL with a path":            {"server: {public_url: 'https://ecole.example/chat'}", "server.public_url", "must end after the host and port"},
		"a URL with an impossible port": {
			"server: {public_url: 'https://ecole.example:99999'}", "server.public_url", "no port from 1 to 65535"},
		"every origin":              {"server: {allowed_origins: ['*']}", "server.allowed_origins", "pages of any web site"},
		"a pattern of origins":      {"server: {allowed_origins: ['https://*.example.fr']}", "server.allowed_origins", "pages of any web site"},
		"the null origin":           {"server: {allowed_origins: ['null']}", "server.allowed_origins", "is not http://host"},
		"a name for a network":      {"dashboard: {allowed_addresses: [ecole.example]}", "dashboard.allowed_addresses", "is neither an IP address nor a network"},
		"a header with a colon":     {"server: {trusted_proxy_headers: ['X-Real-IP:']}", "server.trusted_proxy_headers", "is not the name of a header"},
		"an unknown role":           {"limits: {email_roles: [teachers]}", "limits.email_roles", `has "teachers", which is none of admin`},
		"a mail host with a port":   {"smtp: {host: 'mail.example:25'}", "smtp.host", "neither a host name nor an IP address"},
		"another authentication":    {"smtp: {auth_method: plain}", "smtp.auth_method", "is none of PLAIN, LOGIN"},
		"a named mail address":      {"smtp: {sender_address: 'École <a@b.fr>'}", "smtp.sender_address", "is not an e-mail address"},
		"an address without domain": {"smtp: {sender_address: root@localhost}", "smtp.sender_address", "a full name"},
		"an administrator without password": {
			"superuser: {email: a@b.fr}", "superuser.password", "is missing; allowed: both keys, or neither"},
		"a password without administrator": {
			"superuser: {password: abcdefghij}", "superuser.email", "is missing"},
		"a page longer than the longest": {
			"limits: {page_default: 100, page_max: 50}", "limits.page_default", "more than limits.page_max"},
		"a frame too small for a message": {
			"limits: {content_characters: 50000}", "limits.frame_bytes", "too small for limits.content_characters"},
		"a silence shorter than the signs": {
			"limits: {typing_timeout: 5s, typing_interval: 5s}", "limits.typing_timeout", "not longer than"},
		"an account for an administrator": {
			"login: {create_role: admin, create_establishment: A, create_domains: [a.fr]}", "login.create_role", "is none of teacher, staff, parent, student"},
		"accounts for every domain": {
			"login: {create_role: student, create_establishment: A}", "login.create_domains", "is missing; allowed: all keys of the section, or none"},
		"accounts nowhere": {
			"login: {create_role: student, create_domains: [a.fr]}", "login.create_establishment", "is missing"},
		"accounts as nobody": {
			"login: {create_establishment: A, create_domains: [a.fr]}", "login.create_role", "is missing"},
		"a domain without a dot": {
			"login: {create_role: student, create_establishment: A, create_domains: [fr]}", "login.create_domains", `has "fr", which is not a domain`},
		"a provider without a secret": {
			"oidc: {client_id: m, issuer: 'https://ent.example'}", "oidc.client_secret", "is missing"},
		"a provider without a client": {
			"oidc: {issuer: 'https://ent.example', client_secret: s}", "oidc.client_id", "is missing"},
		"a provider without addresses": {
			"oidc: {client_id: m, client_secret: s, auth_url: 'https://ent.example/a'}", "oidc.issuer", "an issuer, or oidc.auth_url and oidc.token_url"},
		"an unencrypted issuer": {
			"oidc: {client_id: m, client_secret: s, issuer: 'http://ent.example'}", "oidc.issuer", "isn't encrypted"},
		"an issuer without scheme": {
			"oidc: {client_id: m, client_secret: s, issuer: ent.example}", "oidc.issuer", "is not the address of a web page"},
		"Google without a secret": {
			"google: {client_id: g}", "google.client_secret", "is missing"},
		"Microsoft without a tenant": {
			"microsoft: {client_id: m, client_secret: s}", "microsoft.tenant", "is missing"},
		"Microsoft for everybody": {
			"microsoft: {client_id: m, client_secret: s, tenant: Common}", "microsoft.tenant", "addresses can be invented"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, c.yaml)
			found := problems(t, Source{BinaryDir: dir})
			if len(found) != 1 {
				t.Fatalf("%d problems: %v", len(found), found)
			}
			p := found[0]
			if p.Key != c.key || p.Where != "file "+filepath.Join(dir, "config.yaml") || !strings.Contains(p.What, c.says) {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestLoad_refusesAFileItCannotRead(t *testing.T) {
	for name, c := range map[string]struct{ yaml, says string }{
		"malformed":              {"server:\n\taddress: x\n", "is not valid YAML: line 2"},
		"a repeated key":         {"smtp:\n  port: 1\n  port: 2\n", "line 3 repeats port of line 2"},
		"a repeated section":     {"smtp:\n  port: 1\nsmtp:\n  tls: true\n", "line 3 repeats smtp of line 1"},
		"a list":                 {"- server\n", "should be a section"},
		"another encoding":       {"school: {name: \xc9cole}\n", "is not UTF-8"},
		"a second document":      {"# first\n---\nschool: {name: A}\n---\nsmtp: {port: 1}\n", "second document on line 4"},
		"something after an end": {"school: {name: A}\n...\nsmtp: {port: 1}\n", "second document on line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, c.yaml)
			found := problems(t, Source{BinaryDir: dir})
			if len(found) != 1 || found[0].Where != "file "+filepath.Join(dir, "config.yaml") || !strings.Contains(found[0].What, c.says) {
				t.Errorf("got %v", found)
			}
		})
	}
}

func TestLoad_refusesAMissingFile(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "nowhere.yaml")
	for name, source := range map[string]Source{
		"of the flag":        {Args: []string{"serve", "--config", missing}},
		"of the environment": {Env: []string{"MESSAGERIE_CONFIG=" + missing}},
	} {
		t.Run(name, func(t *testing.T) {
			if found := problems(t, source); len(found) != 1 || found[0].String() != "file "+missing+" does not exist" {
				t.Errorf("got %v", found)
			}
		})
	}
}

func TestLoad_refusesAFileOfAnotherEnding(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.yml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if found := problems(t, Source{BinaryDir: dir}); !strings.Contains(found[0].String(), "rename it to config.yaml") {
		t.Errorf("got %v", found)
	}
}

func TestLoad_refusesInTheEnvironmentAndTheFlags(t *testing.T) {
	for name, c := range map[string]struct {
		source Source
		want   string
	}{
		"an unknown variable": {
			Source{Env: []string{"MESSAGERIE_SMTP_PROT=25"}},
			"environment variable MESSAGERIE_SMTP_PROT is unknown: did you mean MESSAGERIE_SMTP_PORT?"},
		"an unknown empty variable": {
			Source{Env: []string{"MESSAGERIE_SERVER_ADRESS="}},
			"environment variable MESSAGERIE_SERVER_ADRESS is unknown: did you mean MESSAGERIE_SERVER_ADDRESS?"},
		"a wrong variable": {
			Source{Env: []string{"MESSAGERIE_SMTP_PORT=5.5"}},
			`smtp.port (environment variable MESSAGERIE_SMTP_PORT) is refused: "5.5" is not a whole number; allowed: a whole number from 1 to 65535`},
		"a wrong flag": {
			Source{Args: []string{"serve", "--http=8000"}},
			`server.address (flag --http) is refused: "8000" is not host:port; allowed: host:port with a port`},
		"a flag without its value": {
			Source{Args: []string{"serve", "--dir"}},
			"flag --dir has no value"},
		"an empty file name": {
			Source{Args: []string{"--config="}},
			"flag --config is empty; allowed: the path of a file"},
		"a wrong value that a flag overrides": {
			Source{Env: []string{"MESSAGERIE_SERVER_ADDRESS=x"}, Args: []string{"--http=:1"}},
			"server.address (environment variable MESSAGERIE_SERVER_ADDRESS) is refused"},
	} {
		t.Run(name, func(t *testing.T) {
			if found := problems(t, c.source); len(found) != 1 || !strings.HasPrefix(found[0].String(), c.want) {
				t.Errorf("got %v", found)
			}
		})
	}
}

func TestLoad_listsEveryProblemAtOnce(t *testing.T) {
	dir := folder(t, "smtp: {port: abc, prot: 1}\nlimits: {page_max: 0}\n")
	_, err := Load(Source{BinaryDir: dir, Env: []string{"MESSAGERIE_SMTP_TLS=on"}, Args: []string{"--http", "x"}})
	if err == nil {
		t.Fatal("accepted")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 6 || lines[0] != "configuration: 5 problems" {
		t.Fatalf("got %v", err)
	}
	for i, key := range []string{"limits.page_max", "smtp.port", "smtp.prot", "smtp.tls", "server.address"} {
		if !strings.HasPrefix(lines[i+1], "  - "+key+" (") {
			t.Errorf("line %d: %s", i+1, lines[i+1])
		}
	}
}

func TestLoad_keepsSecretsOutOfItsErrors(t *testing.T) {
	const secret = "hunter2"
	for name, yaml := range map[string]string{
		"too short":                     "superuser: {email: a@b.fr, password: hunter2}",
		"a list":                        "superuser: {email: a@b.fr, password: [hunter2, hunter2]}",
		"a section":                     "superuser: {email: a@b.fr, password: {hunter2: hunter2}}",
		"an alias":                      "smtp:\n  password: *hunter2\n",
		"a tag":                         "smtp:\n  password: !!int hunter2\n",
		"another tag":                   "smtp:\n  password: !!float 'a`hunter2\n",
		"an escape":                     "smtp:\n  password: \"\\hunter2\"\n",
		"a missing colon":               "smtp:\n  password hunter2\n",
		"a missing colon, more":         "smtp:\n  password hunter2\n  port: 25\n",
		"a colon too much":              "smtp:\n  password: hunter2: x\n",
		"a wrong place":                 "password: hunter2",
		"no key":                        "hunter2",
		"a repeated text":               "hunter2: 1\nhunter2: 2\n",
		"a directive":                   "%hunter2\n---\n",
		"an unfinished quote":           "smtp:\n  password: \"hunter2\n",
		"an unfinished list":            "smtp:\n  password: [hunter2\n",
		"a percent":                     "smtp:\n  password: %hunter2\n",
		"an at sign":                    "smtp:\n  password: @hunter2\n",
		"a backtick":                    "smtp:\n  password: `hunter2\n",
		"an ampersand":                  "smtp:\n  password: &hunter2 &hunter2 x\n",
		"a bar":                         "smtp:\n  password: |hunter2\n",
		"an exclamation":                "smtp:\n  password: !hunter2! x y: z\n",
		"a password in an address":      "server: {public_url: 'https://me:hunter2@ecole.example'}",
		"a password in a listed origin": "server: {allowed_origins: ['https://me:hunter2@ecole.example']}",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(Source{BinaryDir: folder(t, yaml)})
			if err == nil {
				t.Fatal("accepted")
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("shown in: %v", err)
			}
		})
	}
	_, err := Load(Source{Env: []string{"MESSAGERIE_SUPERUSER_PASSWORD=" + secret}})
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("in the environment: %v", err)
	}
}
