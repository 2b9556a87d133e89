package email

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/text"
)

// What PocketBase's settings hold until somebody changes them (v0.39.11, core/settings_model.go).
const (
	defaultSender = "support@example.com"
	defaultURL    = "http://localhost:8090"
)

// What keeps mail from leaving, for the administrators who read it.
var (
	errNoServer = errors.New("no mail server is configured (Settings, Mail settings, or smtp.host)")
	errNoSender = errors.New("the sender's address is still " + defaultSender + " (Settings, Mail settings, or smtp.sender_address)")
)

// mailSettings is what the outbox reads of PocketBase's settings, copied at each
// reload because a save in the dashboard writes them from another goroutine.
type mailSettings struct {
	smtp core.SMTPConfig
	meta core.MetaConfig
}

// hindrance is why no mail can leave; nil when it can. Without a mail server PocketBase
// would fall back on the machine's sendmail. We don't: it takes no text part, no Reply-To
// and no Message-ID, and can't tell a refusal from a pause.
func (s mailSettings) hindrance() error {
	switch {
	case !s.smtp.Enabled || s.smtp.Host == "":
		return errNoServer
	case s.meta.SenderAddress == "" || strings.EqualFold(s.meta.SenderAddress, defaultSender):
		return errNoSender
	}
	return nil
}

// linkHindrance is why no mail with a link into this server can leave, such as the one for
// a forgotten password.
func (s mailSettings) linkHindrance() error {
	if err := s.hindrance(); err != nil {
		return err
	}
	address := s.meta.AppURL
	u, err := url.Parse(address)
	// Where somebody tries it out, on one machine with its own mail server, links may lead there.
	nowhere := err != nil || u.Host == "" || strings.TrimSuffix(address, "/") == defaultURL ||
		isThisMachine(u.Hostname()) && !isThisMachine(s.smtp.Host)
	if nowhere {
		return fmt.Errorf("links in mails would lead to %q (Settings, Application, Application URL, or server.public_url)", address)
	}
	return nil
}

// waiting is the error of letters that wait for settings.
func waiting(err error) string {
	return text.Truncate("This letter is waiting: "+err.Error()+".", maxError)
}

// SendsLinks says whether a forgotten password can be replaced by mail.
func (o *Outbox) SendsLinks() bool { return o.current().linkHindrance() == nil }

func (o *Outbox) current() mailSettings {
	if known := o.settings.Load(); known != nil {
		return *known
	}
	return o.readSettings(o.app)
}

func (o *Outbox) readSettings(app core.App) mailSettings {
	read := mailSettings{smtp: app.Settings().SMTP, meta: app.Settings().Meta}
	o.settings.Store(&read)
	return read
}

// warn tells administrators, in the log and where the program was started, what half-made
// settings keep from being sent. Without a mail server at all there is nothing to warn of:
// the log-in page then sends people to the school's office.
func (o *Outbox) warn() {
	settings := o.current()
	complaint := ""
	if err := settings.linkHindrance(); err != nil && settings.smtp.Enabled {
		what := "Password resets aren't sent"
		if settings.hindrance() != nil {
			what = "Letters wait, and password resets aren't sent"
		}
		complaint = what + ": " + err.Error() + "."
	}
	if before := o.complaint.Swap(&complaint); complaint == "" || before != nil && *before == complaint {
		return
	}
	o.app.Logger().Warn(complaint)
	fmt.Fprintln(o.stderr, "Warning:", complaint)
}
