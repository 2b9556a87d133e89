package email

import (
	stdhtml "html"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// showTargets makes the links of sanitised HTML honest: where the text names another site
// than the target, the text is no longer a link, and the target follows it, written out.
// It is idempotent.
func showTargets(content string) string {
	var out strings.Builder
	var link *shownLink
	tokens := html.NewTokenizer(strings.NewReader(content))
	for {
		kind := tokens.Next()
		raw := string(tokens.Raw())
		token := tokens.Token()
		isEnd := kind == html.ErrorToken || token.DataAtom == atom.A // a link within a link ends it
		if isEnd && link != nil {
			out.WriteString(link.html())
			link = nil
		}
		switch {
		case kind == html.ErrorToken:
			return out.String()
		case isEnd && kind != html.EndTagToken:
			link = &shownLink{start: raw, target: attribute(token.Attr, "href")}
		case isEnd: // written with its link
		case link != nil:
			link.add(token, raw)
		default:
			out.WriteString(raw)
		}
	}
}

// shownLink is a link as it appears in a letter.
type shownLink struct {
	start        string // its tag
	target       string
	inside, text strings.Builder
}

func (l *shownLink) add(token html.Token, raw string) {
	if token.Type == html.TextToken {
		raw = strings.Map(withoutBidi, raw)
		l.text.WriteString(strings.Map(withoutBidi, token.Data))
	} else if isBlock(token.Data) {
		l.text.WriteByte(' ')
	}
	l.inside.WriteString(raw)
}

func (l *shownLink) html() string {
	if !misleads(l.text.String(), l.target) {
		return l.start + l.inside.String() + "</a>"
	}
	return l.inside.String() + " (" + l.start + stdhtml.EscapeString(written(l.target)) + "</a>)"
}

// written is a target as people write it.
func written(target string) string {
	if u, err := url.Parse(target); err == nil && strings.EqualFold(u.Scheme, "mailto") {
		return mailAddress(u)
	}
	return target
}

func mailAddress(u *url.URL) string {
	address, err := url.PathUnescape(u.Opaque)
	if err != nil {
		return u.Opaque
	}
	return address
}

// misleads reports whether a text reads like the address of one site, or of one person,
// and the target is another's.
func misleads(text, target string) bool {
	u, err := url.Parse(target)
	if err != nil || strings.TrimSpace(text) == written(target) {
		return false
	}
	leadsTo, mailsTo := site(u.Hostname()), ""
	if strings.EqualFold(u.Scheme, "mailto") {
		mailsTo = strings.ToLower(mailAddress(u))
		leadsTo = site(domain(mailsTo))
	}
	for _, named := range addressesIn(text) {
		if site(named.host) != leadsTo || mailsTo != "" && named.person != "" && !strings.EqualFold(named.person+"@"+named.host, mailsTo) {
			return true
		}
	}
	return false
}

// namedAddress is what a word of a text names.
type namedAddress struct{ person, host string }

var (
	// scheme://host, as far as the host goes.
	urlPattern = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://+([^\s/?#\\]+)`)
	// A name of a site, or an address of a person there.
	namePattern = regexp.MustCompile(`(?:([\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+)@)?((?:[\p{L}\p{N}][\p{L}\p{N}_-]*\.)+\p{L}[\p{L}\p{N}-]*)`)
)

// addressesIn finds the addresses in a text, at most one per word: what follows the first
// is its path.
func addressesIn(text string) (found []namedAddress) {
	for _, word := range strings.Fields(legible(text)) {
		if match := urlPattern.FindStringSubmatch(word); match != nil {
			for _, part := range strings.Split(match[1], "@") { // site@site2 names both to the eye
				if host, _, _ := strings.Cut(part, ":"); host != "" && strings.Contains(host, ".") {
					found = append(found, namedAddress{host: host})
				}
			}
			continue
		}
		match := namePattern.FindStringSubmatch(word)
		if match != nil && (match[1] != "" || isDomain(match[2])) {
			found = append(found, namedAddress{person: match[1], host: match[2]})
		}
	}
	return found
}

// isDomain distinguishes the name of a site from that of a file, such as devoirs.pdf.
func isDomain(name string) bool {
	name = site(name)
	suffix, listed := publicsuffix.PublicSuffix(name)
	return (listed || strings.Contains(suffix, ".")) && suffix != name
}

// site normalises a host name: without www, in lower case and ASCII.
func site(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	return strings.TrimPrefix(host, "www.")
}

// legible normalises a text to what the eye reads: without invisible characters, its
// letters and dots in their usual form.
func legible(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return r
	}, text)
	return strings.ReplaceAll(norm.NFKC.String(text), "。", ".")
}

// withoutUserinfo removes the part of an address that precedes its host and looks like one.
func withoutUserinfo(u *url.URL) bool {
	u.User = nil
	return true
}

// isOverride reports whether a character changes the direction of the letters after it.
func isOverride(r rune) bool { return r == '\u202D' || r == '\u202E' }

func withoutOverride(r rune) rune {
	if isOverride(r) {
		return -1
	}
	return r
}

// withoutBidi removes the characters that set the direction of a part of a text: a line of
// its own, such as a subject or a name, needs none. The marks that a word of Arabic may
// need (U+200E, U+200F, U+061C) stay.
func withoutBidi(r rune) rune {
	if r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' {
		return -1
	}
	return r
}
