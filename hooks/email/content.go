package email

import (
	stdhtml "html"
	"slices"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// Plain text is stored as HTML that gives the text back unchanged. The line breaks
// are for mail programs that don't know pre-wrap, which keeps rows of spaces. No
// other letter looks like this, because the policy allows no style.
const (
	plainStart = `<div style="white-space:pre-wrap">`
	plainEnd   = `</div>`
	plainBreak = `<br>`
)

// toHTML makes a content what is stored and sent: HTML sanitised, plain text
// escaped. Applied again, it changes nothing.
func toHTML(content string) string {
	content = tidy(content)
	if _, plain := plainText(content); plain {
		return content
	}
	if isHTML(content) {
		return strings.TrimSpace(policy.Sanitize(content))
	}
	return fromPlain(content)
}

func fromPlain(text string) string {
	return plainStart + strings.ReplaceAll(stdhtml.EscapeString(text), "\n", plainBreak) + plainEnd
}

// plainText gives back the text that fromPlain was given; ok is false for any
// other HTML.
func plainText(content string) (text string, ok bool) {
	text, ok = strings.CutPrefix(content, plainStart)
	if !ok {
		return "", false
	}
	text = strings.TrimSuffix(text, plainEnd)
	text = stdhtml.UnescapeString(strings.ReplaceAll(text, plainBreak, "\n"))
	return text, fromPlain(text) == content
}

// tidy leaves one kind of line break and no other control characters than tabs.
func tidy(content string) string {
	content = strings.ToValidUTF8(content, "\uFFFD")
	content = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(content)
	content = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, content)
	return strings.TrimSpace(content)
}

// letterElements are what a letter may be made of.
var letterElements = strings.Fields(`p br hr div h1 h2 h3 h4 h5 h6 blockquote pre code
	b strong i em u s strike del ins small sub sup mark abbr cite q
	ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td`)

// htmlElements tell HTML from plain text: what a letter is made of, and what
// editors put around it.
var htmlElements = append(strings.Fields(`html head body meta a span font center img`), letterElements...)

// isHTML says whether a content is HTML: it holds a tag of htmlElements. So
// "a < b", "<claire@school.fr>", "<name>" and a <script> that stands alone in a
// text are plain text, and arrive as they were written.
func isHTML(content string) bool {
	tokens := html.NewTokenizer(strings.NewReader(content))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if name, _ := tokens.TagName(); slices.Contains(htmlElements, string(name)) {
				return true
			}
		}
	}
}

// policy is what remains of HTML that was written by a person: formatting, lists,
// tables and links. There are no images: fetched from outside they tell the sender
// who opened the letter, when and where, and mail programs hide embedded ones. No
// styles, which can hide a text or lay it over another; no forms, no scripts.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(letterElements...)
	p.AllowLists()
	p.AllowTables()
	p.AllowAttrs("dir").Matching(bluemonday.Direction).Globally()
	p.AllowAttrs("href").OnElements("a")
	p.RequireParseableURLs(true)
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true) // and rel="noopener": webmails open links themselves
	return p
}

// hasText says whether there is anything to read in sanitised HTML.
func hasText(content string) bool {
	tokens := html.NewTokenizer(strings.NewReader(content))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return false
		case html.TextToken:
			if strings.TrimSpace(stdhtml.UnescapeString(string(tokens.Text()))) != "" {
				return true
			}
		}
	}
}
