package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// shown writes a snippet with its matches in brackets.
func shown(content, query string) string {
	var all strings.Builder
	for _, part := range snippet(content, queryWords(query)) {
		if part.Match {
			all.WriteString("[" + part.Text + "]")
		} else {
			all.WriteString(part.Text)
		}
	}
	return all.String()
}

func TestSnippet_marksTheWordsThatWereFound(t *testing.T) {
	for _, c := range []struct{ content, query, want string }{
		{"Bonjour Élodie,\nà demain.", "elod DEMAIN", "Bonjour [Élodie],\nà [demain]."},
		{"E\u0301lodie", "elodie", "[E\u0301lodie]"},
		{"l’école", "ecole", "l’[école]"},
		{"chez O’Brien", "obrien", "chez [O’Brien]"},
		{"chez O’Brien", "o brien", "chez [O’Brien]"},
		{"CŒUR et cœurs", "coeur", "[CŒUR] et [cœurs]"},
		{"مُحَمَّد هنا", "محمد", "[مُحَمَّد] هنا"},
		{"👋 fin", "fi", "👋 [fin]"},
		{"fin ½", "1 2", "fin [½]"},
		{"un lien", "", "un lien"},
		{"", "", ""},
	} {
		if got := shown(c.content, c.query); got != c.want {
			t.Errorf("%q in %q is shown as %q, want %q", c.query, c.content, got, c.want)
		}
	}
}

func TestSnippet_ofALongTextIsAroundTheFirstMatch(t *testing.T) {
	long := strings.Repeat("lorem ipsum ", 30)
	for _, c := range []struct{ content, query, want string }{
		{long + "le mot cherché " + long, "cherche", "…ipsum lorem ipsum lorem ipsum lorem ipsum le mot [cherché]" + strings.Repeat(" lorem ipsum", 8) + " lorem…"},
		{"cherché " + long, "cherche", "[cherché]" + strings.Repeat(" lorem ipsum", 12) + " lorem…"},
		{long + "cherché", "cherche", "…ipsum " + strings.Repeat("lorem ipsum ", 12) + "[cherché]"},
	} {
		got := shown(c.content, c.query)
		if got != c.want {
			t.Errorf("%q is shown as\n%q, want\n%q", c.query, got, c.want)
		}
	}
}

// Cuts are between what people see as characters, however long it is, and a snippet is a part of the text.
func TestSnippet_isCutBetweenCharacters(t *testing.T) {
	family := "👨‍👩‍👧‍👦"
	for _, content := range []string{
		strings.Repeat(family, 100) + " mot " + strings.Repeat(family, 100),
		strings.Repeat(family, 100) + "mot" + strings.Repeat(family, 100),
		"mot" + strings.Repeat("\u0301", 500) + " fin",
		strings.Repeat("e\u0301", 300) + " mot " + strings.Repeat("e\u0301", 300),
		strings.Repeat("a", 500) + " mot",
		strings.Repeat("mot ", 200),
		"mot" + strings.Repeat("x", 300),
		strings.Repeat("\n", 300) + "mot",
	} {
		parts, text, matched := snippet(content, []string{"mot"}), "", false
		for _, part := range parts {
			text += part.Text
			matched = matched || part.Match
		}
		inner := strings.TrimSuffix(strings.TrimPrefix(text, ellipsis), ellipsis)
		if !matched || inner == "" || !strings.Contains(content, inner) || !utf8.ValidString(text) {
			t.Errorf("%.40q…: the snippet is %q", content, text)
			continue
		}
		start := strings.Index(content, inner)
		for _, at := range []int{start, start + len(inner)} {
			if !isBoundary(content, at) {
				t.Errorf("%.40q…: cut within a character at %d", content, at)
			}
		}
	}
}

func isBoundary(content string, at int) bool {
	n := 0
	for clusters := uniseg.NewGraphemes(content); n < at && clusters.Next(); {
		n += len(clusters.Str())
	}
	return n == at
}
