package words

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Words are in the text, in order, and splitting them again changes nothing.
func FuzzWords(f *testing.F) {
	for _, text := range []string{"Anne-Sophie LE GOFF", "chez O’Brien !", "e\u0301lodie\u0301 x", "ﬁn ２ CŒUR Weiß", "👋 مُحَمَّد", "김민준", "\xff\xfea",
		"Mar\u200btin\u200b", "a" + strings.Repeat("\u0301", 40) + "b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := Of(text)
		for _, word := range found {
			if word == "" || !utf8.ValidString(word) {
				t.Fatalf("%q has the word %q", text, word)
			}
		}
		if again := Of(strings.Join(found, " ")); !slices.Equal(again, found) {
			t.Fatalf("%q has the words %q, which have the words %q", text, found, again)
		}
		end := 0
		for _, place := range Places(text) {
			if place.Start < 0 || place.Start >= place.End || place.End > len(text) || place.End < end {
				t.Fatalf("%q: %+v", text, place)
			}
			end = place.End
		}
	})
}
