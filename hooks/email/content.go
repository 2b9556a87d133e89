package email

import (
	"bytes"
	stdhtml "html"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"messagerie/hooks/refusal"
	"messagerie/hooks/text"
)

// The formats of a content that a caller may name; "" leaves it to isHTML.
const (
	formatText = "text"
	formatHTML = "html"
)

// Plain text is stored as HTML that gives the text back unchanged. The line breaks
// are for mail programs that don't know pre-wrap, which keeps runs of spaces. No
// other letter looks like this, because the policy allows no style.
const (
	plainStart = `<div style="white-space:pre-wrap">`
	plainEnd   = `</div>`
	plainBreak = `<br>`
)

// toHTML turns a content into what is stored and sent: HTML sanitised, plain text
// escaped. It is idempotent.
func toHTML(content, format string) (string, error) {
	content = tidy(content)
	if _, plain := plainText(content); plain && format == "" {
		return content, nil
	}
	switch {
	case format == formatText, format == "" && !isHTML(content):
		return fromPlain(content), nil
	case format != formatHTML && format != "":
		return "", refusal.Invalid("format", "format must be %q or %q, or be left out.", formatText, formatHTML)
	}
	return sanitise(content)
}

func fromPlain(text string) string {
	return plainStart + strings.ReplaceAll(stdhtml.EscapeString(text), "\n", plainBreak) + plainEnd
}

// plainText is the inverse of fromPlain; ok is false for any other HTML.
func plainText(content string) (text string, ok bool) {
	text, ok = strings.CutPrefix(content, plainStart)
	if !ok {
		return "", false
	}
	text = strings.TrimSuffix(text, plainEnd)
	text = stdhtml.UnescapeString(strings.ReplaceAll(text, plainBreak, "\n"))
	return text, fromPlain(text) == content
}

// tidy leaves one kind of line break, no control characters but tabs, no empty lines
// around, and no bidi overrides: they show an address backwards, and no language needs
// them.
func tidy(content string) string {
	content = strings.ToValidUTF8(content, "\uFFFD")
	content = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n").Replace(content)
	content = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || isOverride(r) {
			return -1
		}
		return r
	}, content)
	content = strings.TrimRightFunc(content, unicode.IsSpace)
	for {
		line, rest, more := strings.Cut(content, "\n")
		if !more || strings.TrimSpace(line) != "" {
			return content
		}
		content = rest
	}
}

// sanitise reduces HTML to what a letter may contain, until nothing more changes: links
// within tables within links take several rounds to become well-formed.
func sanitise(content string) (string, error) {
	const rounds = 5
	for range rounds {
		clean, err := sanitiseOnce(content)
		if err != nil || clean == content {
			return clean, err
		}
		content = clean
	}
	return content, nil
}

// sanitiseOnce returns HTML that isHTML recognises when the dashboard saves it, with
// links that show where they lead.
func sanitiseOnce(content string) (string, error) {
	content = strings.Map(withoutOverride, policy.Sanitize(describePictures(content)))
	content = strings.TrimSpace(showTargets(content))
	if isHTML(content) {
		return content, nil
	}
	nodes, err := parse(content)
	if err != nil {
		return "", refusal.Invalid("content", "This HTML couldn't be parsed: it is nested too deeply.")
	}
	var whole strings.Builder
	whole.WriteString("<div>")
	for _, node := range nodes {
		if err := html.Render(&whole, node); err != nil {
			return "", err
		}
	}
	whole.WriteString("</div>")
	return whole.String(), nil
}

// parse parses the content of a body.
func parse(content string) ([]*html.Node, error) {
	return html.ParseFragment(strings.NewReader(content), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
}

// policy is what may remain of a person's HTML: formatting, lists, tables and links.
// No images: fetched from outside they reveal to the sender who opened the letter,
// when and where, and mail programs hide embedded ones. No styles, which can hide a
// text or lay it over another; no forms, no scripts.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	inline := strings.Fields(`b strong i em u s strike del ins small big sub sup mark abbr acronym cite q code kbd samp
		var tt dfn time bdi nobr ruby rb rt rp font span label`)
	p.AllowElements(inline...)
	p.AllowElements(strings.Fields(`p br hr div center h1 h2 h3 h4 h5 h6 blockquote pre dl dt dd`)...)
	p.AllowNoAttrs().OnElements(inline...)
	p.AllowLists()
	p.AllowTables()
	p.AddSpaceWhenStrippingTag(true) // <option>a<option>b are two words
	p.AllowAttrs("dir").Matching(bluemonday.Direction).Globally()
	p.AllowAttrs("href").OnElements("a")
	p.RequireParseableURLs(true)
	for _, scheme := range []string{"http", "https", "mailto"} {
		p.AllowURLSchemeWithCustomPolicy(scheme, withoutUserinfo)
	}
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true) // and rel="noopener": webmails open links themselves
	return p
}

// describePictures replaces each picture, which is removed anyway, with its description:
// mail programs send smileys as pictures.
func describePictures(content string) string {
	var out bytes.Buffer
	tokens := html.NewTokenizer(strings.NewReader(content))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		raw := bytes.Clone(tokens.Raw())
		if token := tokens.Token(); token.DataAtom == atom.Img && kind != html.EndTagToken {
			raw = []byte(stdhtml.EscapeString(attribute(token.Attr, "alt")))
		}
		out.Write(raw)
	}
}

func attribute(of []html.Attribute, name string) string {
	for _, a := range of {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// hasText reports whether there is anything to read in sanitised HTML.
func hasText(content string) bool {
	tokens := html.NewTokenizer(strings.NewReader(content))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return false
		case html.TextToken:
			if !text.IsBlank(stdhtml.UnescapeString(string(tokens.Text()))) {
				return true
			}
		}
	}
}
