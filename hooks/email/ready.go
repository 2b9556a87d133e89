package email

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/text"
)

// The defaults of PocketBase's settings (v0.39.11, core/settings_model.go).
const (
	defaultSender = "support@example.com"
	defaultURL    = "http://localhost:8090"
)

// The reasons why mail can't be sent, for administrators.
var (
	errNoServer = errors.New("no mail server is configured (Settings, Mail settings, or smtp.host)")
	errNoSender = errors.New("the sender's address is still " + defaultSender + " (Settings, Mail settings, or smtp.sender_address)")
)

// mailSettings are the parts of PocketBase's settings that the queue uses, copied at each
// reload because a save in the dashboard writes them from another goroutine.
type mailSettings struct {
	smtp core.SMTPConfig
	meta core.MetaConfig
}

// hindrance returns why no mail can be sent; nil if it can. Without a mail server PocketBase
// would fall back on the machine's sendmail. We don't: it takes no text part, no Reply-To
// and no Message-ID, and can't distinguish permanent from temporary errors.
func (s mailSettings) hindrance() error {
	switch {
	case !s.smtp.Enabled || s.smtp.Host == "":
		return errNoServer
	case s.meta.SenderAddress == "" || strings.EqualFold(s.meta.SenderAddress, defaultSender):
		return errNoSender
	}
	return nil
}

// linkHindrance returns why no mail with a link to this server can be sent, such as the one
// for a forgotten password.
func (s mailSettings) linkHindrance() error {
	if err := s.hindrance(); err != nil {
		return err
	}
	address := s.meta.AppURL
	u, err := url.Parse(address)
	// On one machine with its own mail server, for a trial, links may lead to the machine itself.
	nowhere := err != nil || u.Host == "" || strings.TrimSuffix(address, "/") == defaultURL ||
		isThisMachine(u.Hostname()) && !isThisMachine(s.smtp.Host)
	if nowhere {
		return fmt.Errorf("links in mails would lead to %q (Settings, Application, Application URL, or server.public_url)", address)
	}
	return nil
}

// waiting is the error recorded for letters that wait for settings.
func waiting(err error) string {
	return text.Truncate("This letter is waiting: "+err.Error()+".", maxError)
}

// SendsLinks reports whether a forgotten password can be reset by mail.
func (q *Queue) SendsLinks() bool { return q.current().linkHindrance() == nil }

func (q *Queue) current() mailSettings {
	if known := q.settings.Load(); known != nil {
		return *known
	}
	return q.readSettings(q.app)
}

func (q *Queue) readSettings(app core.App) mailSettings {
	read := mailSettings{smtp: app.Settings().SMTP, meta: app.Settings().Meta}
	q.settings.Store(&read)
	return read
}

// warn logs, and prints on standard error, what can't be sent because of incomplete
// settings. Without any mail server there is no warning: the log-in page then sends people
// to the school's office.
func (q *Queue) warn() {
	settings := q.current()
	complaint := ""
	if err := settings.linkHindrance(); err != nil && settings.smtp.Enabled {
		what := "Password resets aren't sent"
		if settings.hindrance() != nil {
			what = "Letters wait, and password resets aren't sent"
		}
		complaint = what + ": " + err.Error() + "."
	}
	if before := q.complaint.Swap(&complaint); complaint == "" || before != nil && *before == complaint {
		return
	}
	q.app.Logger().Warn(complaint)
	fmt.Fprintln(q.stderr, "Warning:", complaint)
}
