package email

import (
	"encoding/base64"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// A line has at most 78 octets (RFC 5322 2.1.1), one with an encoded word 76 (RFC 2047
// 2). Encoded words are shorter than the 75 octets allowed there, so that the first one
// still fits behind the name of its field: some relays dislike a first line without text.
const (
	lineOctets = 76
	wordOctets = 60

	// mostOctets is what relays accept of a line at most (RFC 5322 2.1.1), with some room for the field's name.
	mostOctets = 900
)

// headerField formats one field of a header, folded at its spaces. Control characters
// become spaces: a line break would begin another field.
func headerField(name, value string) string {
	var b strings.Builder
	b.WriteString(name + ":")
	length := b.Len()
	for _, piece := range pieces(" " + strings.Map(spaceForControl, value)) {
		if length+len(piece) > lineOctets && length > len(name)+1 {
			b.WriteString("\r\n")
			length = 0
		}
		b.WriteString(piece)
		length += len(piece)
	}
	b.WriteString("\r\n")
	return b.String()
}

// pieces cuts a text into words, each with the spaces before it: a line that begins with
// a space continues the one before, and unfolding gives back the same text.
func pieces(text string) (list []string) {
	for text != "" {
		word := strings.TrimLeft(text, " ")
		end := strings.IndexByte(word, ' ')
		if end < 0 {
			return append(list, text)
		}
		end += len(text) - len(word)
		list, text = append(list, text[:end]), text[end:]
	}
	return list
}

func spaceForControl(r rune) rune {
	if r < ' ' || r == 0x7f {
		return ' '
	}
	return r
}

// headerText encodes an unstructured text, such as a subject: as it is where that is safe,
// otherwise as encoded words.
func headerText(text string) string {
	if isFoldable(text) && !strings.Contains(text, "=?") && strings.Join(strings.Fields(text), " ") == text {
		return text
	}
	return encodedWords(text)
}

// isFoldable reports whether a text is ASCII with enough spaces to fold it at.
func isFoldable(text string) bool { return isFoldableAt(text, wordOctets) }

// isFoldableAt reports whether a text is ASCII without words longer than octets.
func isFoldableAt(text string, octets int) bool {
	tooLong := func(word string) bool { return len(word) > octets }
	return isASCII(text) && !slices.ContainsFunc(strings.Fields(text), tooLong)
}

// headerAddress formats an address with its name, if there is one.
func headerAddress(a mail.Address) string {
	address := asciiDomain(a.Address)
	switch {
	case a.Name == "":
		return address
	case isFoldable(a.Name) && !strings.Contains(a.Name, "=?"): // some programs decode what looks encoded in quotes, too
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(a.Name) + `" <` + address + `>`
	}
	return encodedWords(a.Name) + " <" + address + ">"
}

// asciiDomain converts an address for servers without SMTPUTF8: école.fr becomes
// xn--cole-9oa.fr.
func asciiDomain(address string) string {
	local, domain, ok := cutLast(address, "@")
	if !ok {
		return address
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return address
	}
	return local + "@" + ascii
}

func cutLast(s, separator string) (before, after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}

// encodedWords encodes any text as RFC 2047's base64 words, none of which ends within a
// character.
func encodedWords(text string) string {
	const start, end = "=?UTF-8?B?", "?="
	const room = (wordOctets - len(start) - len(end)) / 4 * 3
	var words []string
	for text != "" {
		length := 0
		for length < len(text) {
			_, size := utf8.DecodeRuneInString(text[length:])
			if length+size > room {
				break
			}
			length += size
		}
		words = append(words, start+base64.StdEncoding.EncodeToString([]byte(text[:length]))+end)
		text = text[length:]
	}
	return strings.Join(words, " ")
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}
