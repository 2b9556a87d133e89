// Package words splits texts into the words that people and messages are searched by, in Go and,
// as the function search_words, in SQL. The client's search does the same
// (ui/src/lib/searchText.ts); both are tested with testdata/words.json.
package words

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

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
		for _, part := range parts {
			words = append(words, part.Word)
		}
	}
	return words
}

// Index returns the words that a text can be found by: those of Of, and names of several
// words joined into one. "O'Brien" is o, brien and obrien.
func Index(text string) []string {
	words := []string{}
	for _, place := range Places(text) {
		words = append(words, place.Word)
	}
	return words
}

// Place is where a word of Index is in its text: text[Start:End], with the marks on its letters.
type Place struct {
	Word       string
	Start, End int
}

// Places returns the words of Index with their places, in the same order.
func Places(text string) []Place {
	places := []Place{}
	for _, parts := range split(text) {
		places = append(places, parts...)
		if len(parts) > 1 {
			joined := Place{Start: parts[0].Start, End: parts[len(parts)-1].End}
			for _, part := range parts {
				joined.Word += part.Word
			}
			places = append(places, joined)
		}
	}
	return places
}

// split returns the words of a text; words with a single apostrophe or dash between them
// are in one element.
func split(text string) (compounds [][]Place) {
	var s splitter
	var segments norm.Iter // of the text as it is, decomposed one by one
	segments.InitString(norm.NFKD, text)
	var segment []byte // of one character
	for !segments.Done() {
		start := segments.Pos()
		segment = append(segment[:0], segments.Next()...)
		for segments.Pos() == start && !segments.Done() { // "㏇" is "Co.", which comes in parts
			segment = append(segment, segments.Next()...)
		}
		for segment := segment; len(segment) > 0; {
			r, size := utf8.DecodeRune(segment)
			segment = segment[size:]
			s.add(unicode.ToLower(r), start, segments.Pos())
		}
	}
	s.endCompound()
	return s.compounds
}

// splitter collects the words of a text, character by character.
type splitter struct {
	compounds  [][]Place
	parts      []Place // of the compound that hasn't ended
	word       strings.Builder
	start, end int // of word
}

// add adds a decomposed character in lower case, which is in text[start:end].
func (s *splitter) add(r rune, start, end int) {
	switch {
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
		s.extend(start, end)
		s.word.WriteByte(byte(r))
	case spelling[r] != "":
		s.extend(start, end)
		s.word.WriteString(spelling[r])
	case isIgnored(r):
		if s.word.Len() > 0 {
			s.end = end
		}
	case isJoiner(r):
		if !s.endWord() {
			s.endCompound()
		}
	case isLetter(r):
		s.extend(start, end)
		s.word.WriteRune(r)
	default:
		s.endCompound()
	}
}

// extend makes the word reach to end. It begins at start if it is empty.
func (s *splitter) extend(start, end int) {
	if s.word.Len() == 0 {
		s.start = start
	}
	s.end = end
}

// endWord returns false if there was no word.
func (s *splitter) endWord() bool {
	if s.word.Len() == 0 {
		return false
	}
	s.parts = append(s.parts, Place{Word: s.word.String(), Start: s.start, End: s.end})
	s.word.Reset()
	return true
}

func (s *splitter) endCompound() {
	s.endWord()
	if len(s.parts) > 0 {
		s.compounds = append(s.compounds, s.parts)
		s.parts = nil
	}
}
