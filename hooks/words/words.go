// Package words splits texts into the words that people are searched by, in Go and,
// under the name search_words, in SQL.
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

// function is how the triggers of the table people_words call Of: from a text to a
// JSON array. SQLite itself can neither fold accents nor split.
const function = "search_words"

func init() {
	sqlite.MustRegisterDeterministicScalarFunction(function, 1,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			text, ok := args[0].(string)
			if !ok {
				return nil, fmt.Errorf("%s: %T is no text", function, args[0])
			}
			words, err := json.Marshal(Of(text))
			return string(words), err
		})
}

// Of are the words of a text: in small letters, without accents, ligatures spelt
// out, split at everything else. "Anne-Sophie LE GOFF" is anne, sophie, le, goff.
func Of(text string) []string {
	words := []string{}
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r): // an accent, taken off its letter by the decomposition
		case undecomposed[unicode.ToLower(r)] != "":
			word.WriteString(undecomposed[unicode.ToLower(r)])
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			word.WriteRune(unicode.ToLower(r))
		default:
			end()
		}
	}
	end()
	return words
}

// undecomposed are the letters of European names that Unicode (NFKD) leaves whole
// and that people type otherwise.
var undecomposed = map[rune]string{
	'œ': "oe", 'æ': "ae", 'ø': "o", 'ß': "ss", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i",
}
