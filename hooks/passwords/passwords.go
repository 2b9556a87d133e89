// Package passwords recognises passwords that are easily guessed: those that many people
// have, and those made of what others know about a person.
package passwords

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"messagerie/hooks/words"
)

// commonFile begins with its sources and licences.
//
//go:embed common.txt
var commonFile string

// common are the passwords, each between line breaks: searching the text takes some
// microseconds of the tens of milliseconds that storing a password takes anyway.
var common = func() string {
	_, list, _ := strings.Cut(commonFile, "\n====")
	return list
}()

// IsCommon reports whether a password is one of the 10 000 most common ones, or of the 5 000
// most common ones in France, ignoring case.
func IsCommon(password string) bool {
	folded := strings.ToLower(strings.TrimSpace(norm.NFKC.String(password)))
	return !strings.Contains(folded, "\n") && strings.Contains(common, "\n"+folded+"\n")
}

// Bounds of IsPersonal, in characters.
const (
	leastWord = 3 // shorter names are part of too many other words
	leastRest = 4 // letters that aren't the person's
)

// IsPersonal reports whether a password is made of what others know about a person (names,
// an address) and little else, ignoring case, accents, digits and signs: "Martin-Claire1998!"
// for Claire Martin.
func IsPersonal(password string, known ...string) bool {
	var own []string
	for _, text := range known {
		parts := words.Of(text)
		own = append(append(own, parts...), strings.Join(parts, ""))
	}
	// The longest first: "Anneanne" is Anne twice, but Anne-Marie isn't Anne with a rest.
	slices.SortFunc(own, func(a, b string) int { return len(b) - len(a) })

	spelt := strings.Join(words.Of(password), "")
	rest := spelt
	for _, word := range own {
		if utf8.RuneCountInString(word) >= leastWord {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	return rest != spelt && letters(rest) < leastRest
}

func letters(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
