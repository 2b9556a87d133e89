package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"messagerie/hooks/messagerie"
)

// A snippet is a part of its text, in valid characters, and what it marks begins with a word of the query.
func FuzzSnippet(f *testing.F) {
	for content, query := range map[string]string{
		"Bonjour, Léa sera absente demain":                  "lea dem",
		"chez O’Brien et ailleurs":                          "obrien",
		strings.Repeat("mot ", 100) + "cible":               "cible",
		"👨‍👩‍👧‍👦" + strings.Repeat("e\u0301", 200) + " fin": "fin",
		"مُحَمَّد 김민준":                                      "محمد",
		"\xff\xfe":                                          "a",
	} {
		f.Add(content, query)
	}
	f.Fuzz(func(t *testing.T, content, query string) {
		if !utf8.ValidString(content) {
			return // JSON holds none
		}
		wanted := queryWords(query)
		shown := ""
		for _, part := range snippet(content, wanted) {
			shown += part.Text
			if part.Text == "" || part.Match && !matchesSome(part.Text, wanted) {
				t.Fatalf("%q in %q: the part %q", query, content, part.Text)
			}
		}
		if !utf8.ValidString(shown) || len(shown) > len(content)+2*len(ellipsis) ||
			!strings.Contains(content, strings.TrimPrefix(strings.TrimSuffix(shown, ellipsis), ellipsis)) {
			t.Fatalf("%q in %q is shown as %q", query, content, shown)
		}
		for _, expressed := range []string{expression([]messagerie.Activity{{Conversation: 7}}, wanted, 7, ""), tokens(messagerie.StoredMessage{Conversation: 7, Content: content})} {
			if strings.Count(expressed, `"`)%2 != 0 || strings.ContainsAny(expressed, "'\\\x00") {
				t.Fatalf("%q and %q make %s", query, content, expressed)
			}
		}
	})
}

func matchesSome(text string, wanted []string) bool {
	for _, word := range wanted {
		if matches(text, []string{word}) {
			return true
		}
	}
	return false
}
