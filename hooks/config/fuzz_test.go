package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever a file holds, it is a configuration or a list of problems, in which no secret stands.
func FuzzLoad(f *testing.F) {
	example, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example, "")
	for _, text := range []string{"smtp: {port: 25}", "smtp:\n  port: 99999999999999999999\n", "limits: {typing_interval: 1}", "smtp: {1: x}", "a: &a [*a]",
		"a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]", "---\nsmtp: {}\n---\n", "\xff\xfes\x00", "server: !!binary aGk=", "? [a]\n: b", "smtp: {<<: {port: 25}}"} {
		f.Add([]byte(text), "5")
	}
	const secret = "Pa55-w0rd-of-the-school"
	f.Fuzz(func(t *testing.T, content []byte, value string) {
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, env := range [][]string{nil, {"MESSAGERIE_SMTP_PASSWORD=" + secret, "MESSAGERIE_SMTP_PORT=" + value, "MESSAGERIE_SERVER_ADDRESS=" + value}} {
			_, err := Load(Source{Args: []string{"--config", path}, Env: env})
			var problems *Error
			if err != nil && (!errors.As(err, &problems) || len(problems.Problems) == 0) {
				t.Fatalf("an error that names no problem: %v", err)
			}
			if err != nil && strings.Contains(err.Error(), secret) && !strings.Contains(string(content)+value, secret) {
				t.Fatalf("the password is shown: %v", err)
			}
		}
	})
}
