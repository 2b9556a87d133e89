package email

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/mails"

	"messagerie/hooks/protocol"
)

func TestHindrance_namesTheMissingSetting(t *testing.T) {
	settings := mailSettings{}
	settings.smtp.Enabled, settings.smtp.Host = true, "smtp.ecole.fr"
	settings.meta.SenderAddress, settings.meta.AppURL = "messagerie@ecole.fr", "https://messagerie.ecole.fr"
	if err := settings.linkHindrance(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change  func(*mailSettings)
		letters string // in the reason why letters wait
		links   string
	}{
		"no mail server":        {func(s *mailSettings) { s.smtp.Enabled = false }, "no mail server", "no mail server"},
		"no host":               {func(s *mailSettings) { s.smtp.Host = "" }, "no mail server", "no mail server"},
		"the sender of nobody":  {func(s *mailSettings) { s.meta.SenderAddress = "Support@Example.com" }, "smtp.sender_address", "smtp.sender_address"},
		"no sender":             {func(s *mailSettings) { s.meta.SenderAddress = "" }, "smtp.sender_address", "smtp.sender_address"},
		"no address":            {func(s *mailSettings) { s.meta.AppURL = "" }, "", "server.public_url"},
		"PocketBase's address":  {func(s *mailSettings) { s.meta.AppURL = "http://localhost:8090/" }, "", `"http://localhost:8090/"`},
		"this machine":          {func(s *mailSettings) { s.meta.AppURL = "http://127.0.0.1:8000" }, "", `"http://127.0.0.1:8000"`},
		"this machine in IPv6":  {func(s *mailSettings) { s.meta.AppURL = "http://[::1]:8000" }, "", `"http://[::1]:8000"`},
		"a word for an address": {func(s *mailSettings) { s.meta.AppURL = "messagerie" }, "", `"messagerie"`},
		"PocketBase's address, and a mail server here": {func(s *mailSettings) { s.smtp.Host, s.meta.AppURL = "localhost", defaultURL }, "", defaultURL},
		"all on one machine":                           {func(s *mailSettings) { s.smtp.Host, s.meta.AppURL = "localhost", "http://127.0.0.1:8000" }, "", ""},
	} {
		changed := settings
		c.change(&changed)
		for what, said := range map[string]struct {
			err  error
			want string
		}{"letters": {changed.hindrance(), c.letters}, "links": {changed.linkHindrance(), c.links}} {
			if (said.err == nil) != (said.want == "") || said.err != nil && !strings.Contains(said.err.Error(), said.want) {
				t.Errorf("%s: %s: %v, want %q", name, what, said.err, said.want)
			}
		}
	}
}

func TestLetters_waitForASenderAddress_withAWarning(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	var said bytes.Buffer
	s.queue.stderr = &said
	s.configure(func(settings *core.Settings) { settings.Meta.SenderAddress = "support@example.com" })
	s.serve()
	s.send("Bonjour", anne)
	record := s.until(anne, func(r *core.Record) bool { return r.GetString("error") == waiting(errNoSender) })
	if record.GetInt("attempts") != 0 || record.GetString("state") != protocol.EmailQueued {
		t.Errorf("recorded %v", record.PublicExport())
	}
	s.settle() // PocketBase's mailer reads the settings without a lock
	s.smtp.none()
	warning := said.String()
	if !strings.Contains(warning, "Letters wait") || !strings.Contains(warning, "support@example.com") {
		t.Errorf("the warning at the start is %q", warning)
	}

	s.configure(func(settings *core.Settings) { settings.Meta.SenderName = "Le secrétariat" })
	if said.String() != warning {
		t.Errorf("the same warning is repeated: %q", said.String())
	}
	s.configure(func(settings *core.Settings) { settings.Meta.SenderAddress = "messagerie@jean-moulin.fr" })
	if record := s.untilState(anne, protocol.EmailSent); record.GetString("error") != "" {
		t.Errorf("recorded %v", record.PublicExport())
	}
	s.smtp.next()

	said.Reset()
	s.settle()
	s.configure(func(settings *core.Settings) { settings.Meta.AppURL = "http://localhost:8090" })
	if !strings.Contains(said.String(), "Password resets aren't sent") || strings.Contains(said.String(), "Letters") {
		t.Errorf("the warning about a wrong address is %q", said.String())
	}
	said.Reset()
	s.configure(func(settings *core.Settings) { settings.SMTP.Enabled = false })
	if said.String() != "" {
		t.Errorf("without a mail server there is the warning %q", said.String())
	}
}

func TestMails_withALinkAreSentIfItLeadsToThisServer(t *testing.T) {
	s := newSchool(t)
	s.serve()
	record, err := s.app.FindRecordById("users", s.claire.ID.RecordID())
	if err != nil {
		t.Fatal(err)
	}
	if err := mails.SendRecordPasswordReset(s.app, record); err != nil {
		t.Fatal(err)
	}
	letter := s.smtp.next()
	if letter.to != s.claire.Email || !strings.Contains(letter.plain, "<https://messagerie.jean-moulin.fr/reset-password/") {
		t.Errorf("to %s:\n%s", letter.to, letter.plain)
	}
	if s.queue.SendsLinks() != true {
		t.Error("the log-in page offers no mail")
	}
	s.configure(func(settings *core.Settings) { settings.Meta.AppURL = "http://localhost:8090" })
	for name, send := range map[string]func() error{
		"reset":        func() error { return mails.SendRecordPasswordReset(s.app, record) },
		"verification": func() error { return mails.SendRecordVerification(s.app, record) },
		"new address":  func() error { return mails.SendRecordChangeEmail(s.app, record, "x@ecole.fr") },
	} {
		if err := send(); err == nil || !strings.Contains(err.Error(), "server.public_url") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.queue.SendsLinks() {
		t.Error("the log-in page offers a mail that would lead nowhere")
	}
	s.smtp.none()

	// Sendmail isn't used, even where there is one.
	s.configure(func(settings *core.Settings) {
		settings.SMTP.Enabled, settings.Meta.AppURL = false, "https://messagerie.jean-moulin.fr"
	})
	if err := mails.SendRecordPasswordReset(s.app, record); err == nil || !strings.Contains(err.Error(), "no mail server") {
		t.Errorf("without a mail server: %v", err)
	}
}
