// Package words splits texts into the words that people are searched by, in Go and,
// as the function search_words, in SQL. The client's search does the same
// (ui/src/lib/searchText.ts); both are tested with testdata/words.json.
package words

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"modernc.org/sqlite"
)

// function is the SQL function with which the triggers of the table people_words call
// Index: it takes a text and returns a JSON array. SQLite itself can neither fold accents
// nor split.
const function = "search_words"

func init() {
	sqlite.MustRegisterDeterministicScalarFunction(function, 1,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			text, ok := args[0].(string)
			if !ok {
				return nil, fmt.Errorf("%s: %T is no text", function, args[0])
			}
			words, err := json.Marshal(Index(text))
			return string(words), err
		})
}

// Of returns the words of a text: case folded, without accents, ligatures spelt out,
// split at everything that isn't a letter or a digit. "Anne-Sophie LE GOFF" is anne,
// sophie, le, goff.
func Of(text string) []string {
	words := []string{}
	for _, parts := range split(text) {
		words = append(words, parts...)
	}
	return words
}

// Index returns the words that a text can be found by: those of Of, and names of several
// words joined into one. "O'Brien" is o, brien and obrien.
func Index(text string) []string {
	words := []string{}
	for _, parts := range split(text) {
		words = append(words, parts...)
		if len(parts) > 1 {
			words = append(words, strings.Join(parts, ""))
		}
	}
	return words
}

// split returns the words of a text; words with a single apostrophe or dash between them
// are in one element.
func split(text string) (compounds [][]string) {
	var parts []string
	var word strings.Builder
	endWord := func() bool {
		if word.Len() == 0 {
			return false
		}
		parts = append(parts, word.String())
		word.Reset()
		return true
	}
	end := func() {
		endWord()
		if len(parts) > 0 {
			compounds = append(compounds, parts)
			parts = nil
		}
	}
	for _, r := range norm.NFKD.String(text) {
		r = unicode.ToLower(r)
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			word.WriteByte(byte(r))
		case spelling[r] != "":
			word.WriteString(spelling[r])
		case isIgnored(r):
		case isJoiner(r):
			if !endWord() {
				end()
			}
		case isLetter(r):
			word.WriteRune(r)
		default:
			end()
		}
	}
	end()
	return compounds
}
