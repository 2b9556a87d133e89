package roster

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"messagerie/hooks/text"
	"messagerie/hooks/words"
)

// clean returns a cell or an element as it is stored: one line, accents composed.
func clean(s string) string {
	return norm.NFC.String(text.Line(s))
}

// fold is what names are compared by: "Le Goff" and "LE GOFF" are one.
func fold(s string) string { return strings.Join(words.Of(s), " ") }

// addressed spells a name as its bearer is addressed: "LE GOFF" is "Le Goff", "D'ANGELO"
// "D'Angelo". A name of small and capital letters stays as it is.
func addressed(name string) string {
	name = clean(name)
	if !isCapitals(name) && strings.ToLower(name) != name {
		return name
	}
	start := true
	return strings.Map(func(r rune) rune {
		first := start
		start = !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
		if first {
			return unicode.ToTitle(r)
		}
		return unicode.ToLower(r)
	}, name)
}

// isCapitals reports whether a text has letters, all of them capitals.
func isCapitals(s string) bool {
	capitals := false
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		capitals = capitals || unicode.IsUpper(r)
	}
	return capitals
}

// particles are written small before a last name in capitals.
var particles = map[string]bool{
	"de": true, "du": true, "des": true, "la": true, "le": true, "van": true, "von": true, "der": true,
	"den": true, "da": true, "dos": true, "el": true, "al": true, "ben": true, "di": true,
}

// splitName splits "LE GOFF Anne-Sophie", a last name in capitals before the first name, or
// "Le Goff, Anne-Sophie". It reports false where nothing tells the two apart.
func splitName(full string) (last, first string, ok bool) {
	full = clean(full)
	if last, first, ok = strings.Cut(full, ","); ok {
		last, first = strings.TrimSpace(last), strings.TrimSpace(first)
		return last, first, last != "" && first != "" && !strings.Contains(first, ",")
	}
	parts := strings.Fields(full)
	end := 0
	for i, part := range parts {
		if isCapitals(part) {
			end = i + 1
		} else if !particles[part] {
			break
		}
	}
	if end == 0 || end == len(parts) {
		return "", "", false
	}
	for i := range end {
		if isCapitals(parts[i]) {
			parts[i] = addressed(parts[i])
		}
	}
	return strings.Join(parts[:end], " "), strings.Join(parts[end:], " "), true
}
