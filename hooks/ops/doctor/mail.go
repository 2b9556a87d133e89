package doctor

import (
	"context"
	"errors"
	"net"
	"strings"

	"messagerie/hooks/email"
)

// usualSelectors are those under which widespread mail servers publish their DKIM keys: which one is used can't be
// looked up.
var usualSelectors = []string{"default", "dkim", "mail", "google", "selector1", "selector2", "s1", "k1", "ovhmo1"}

func (d *Doctor) mail() {
	const check = "mail"
	switch {
	case d.settings == nil:
		d.note(check, Skipped, "", "its settings can't be read without a database")
		return
	case d.settings.SMTP.Host == "" || !d.settings.SMTP.Enabled:
		d.note(check, Warning, "Set smtp.host: forgotten passwords are reset at the office until then", "no mail server is configured")
		return
	case d.Offline:
		d.note(check, Skipped, "", "%s wasn't asked (--offline)", d.settings.SMTP.Host)
		return
	}
	encrypted, err := email.Check(d.settings.SMTP, d.settings.Meta)
	switch {
	case err != nil:
		d.note(check, Fault, "Check the keys of smtp, or Mail settings in the dashboard", "%v", err)
	case !encrypted:
		d.note(check, Warning, "Set smtp.tls, or use a server that offers STARTTLS", "%s takes mails of %s, but unencrypted", d.settings.SMTP.Host, d.settings.Meta.SenderAddress)
	default:
		d.note(check, OK, "", "%s takes mails of %s", d.settings.SMTP.Host, d.settings.Meta.SenderAddress)
	}
}

// dns looks up what other mail servers ask about the sender's domain.
func (d *Doctor) dns(ctx context.Context) {
	if d.settings == nil || !d.settings.SMTP.Enabled || d.Offline {
		return
	}
	_, domain, _ := strings.Cut(d.settings.Meta.SenderAddress, "@")
	if domain == "" {
		return
	}
	d.record(ctx, "SPF", domain, "v=spf1", "Ask whoever looks after the domain to add an SPF record that names the mail server: mails may be taken for spam")
	d.record(ctx, "DMARC", "_dmarc."+domain, "v=DMARC1", "Ask whoever looks after the domain to add a DMARC record: large providers ask for one")
	d.dkim(ctx, domain)
}

// record reports whether a name has a TXT record with a beginning.
func (d *Doctor) record(ctx context.Context, check, name, begins, advice string) {
	text, err := d.lookUp(ctx, name, begins)
	switch {
	case err != nil:
		d.note(check, Warning, "Check whether this machine can ask DNS", "%s can't be looked up: %v", name, err)
	case text == "":
		d.note(check, Warning, advice, "%s has none", name)
	default:
		d.note(check, OK, "", "%s has %q", name, text)
	}
}

func (d *Doctor) dkim(ctx context.Context, domain string) {
	const check = "DKIM"
	selectors := usualSelectors
	if d.Selector != "" {
		selectors = []string{d.Selector}
	}
	for _, selector := range selectors {
		name := selector + "._domainkey." + domain
		switch text, err := d.lookUp(ctx, name, ""); {
		case err != nil:
			d.note(check, Warning, "Check whether this machine can ask DNS", "%s can't be looked up: %v", name, err)
			return
		case strings.Contains(text, "p="):
			d.note(check, OK, "", "%s has a key", name)
			return
		}
	}
	d.note(check, Warning, "Name the mail provider's selector with --dkim-selector, or ask the provider to sign",
		"no key was found for %s under the selectors %s", domain, strings.Join(selectors, ", "))
}

// lookUp returns the first TXT record that begins as wanted, "" if there is none.
func (d *Doctor) lookUp(ctx context.Context, name, begins string) (string, error) {
	texts, err := d.Resolver.LookupTXT(ctx, name)
	var failed *net.DNSError
	if errors.As(err, &failed) && failed.IsNotFound {
		return "", nil
	}
	for _, text := range texts {
		if strings.HasPrefix(strings.ToLower(text), strings.ToLower(begins)) {
			return text, nil
		}
	}
	return "", err
}
