// Package text holds the rules for what people write: when a text is blank, which
// characters messages and names may contain, and how a text is cut for display. The
// client has the same rules in ui/src/lib/text.ts; testdata/text.json holds both to them.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// blankGlyphs are characters that Unicode classifies as symbols or letters but that show
// nothing: BRAILLE PATTERN BLANK, OBJECT REPLACEMENT CHARACTER (a placeholder for something
// that was lost), MUSICAL SYMBOL NULL NOTEHEAD, the Egyptian blanks.
const blankGlyphs = "\u2800\ufffc\U0001d159\U00013441\U00013442"

// invisible are the classes of characters that show nothing by themselves. Marks only show on
// another character. C without Cn, Co and Cs: an unassigned character may become an emoji.
// With Other_Default_Ignorable_Code_Point, such as the fillers of Hangul, they include all of
// Default_Ignorable_Code_Point (DerivedCoreProperties.txt).
var invisible = []*unicode.RangeTable{
	unicode.White_Space, unicode.M, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point,
}

func isVisible(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r != 0x7f
	}
	return !unicode.In(r, invisible...) && !strings.ContainsRune(blankGlyphs, r)
}

// IsBlank reports whether no character of a text is visible.
func IsBlank(s string) bool { return !strings.ContainsFunc(s, isVisible) }

// Message returns a text of several lines as it is stored, without space around it. Line
// breaks of all kinds (Unicode 5.8, Newline Guidelines) become \n; control characters
// other than the tab are removed. Characters for right-to-left text, and those that join
// emoji or separate Persian letters, stay.
func Message(s string) string {
	if hasControls(s) {
		s = strings.Map(func(r rune) rune {
			switch {
			case isLineBreak(r):
				return '\n'
			case unicode.IsControl(r) && r != '\t':
				return -1
			}
			return r
		}, strings.ReplaceAll(s, "\r\n", "\n"))
	}
	return strings.TrimSpace(s)
}

// Line returns a name or a title as it is stored: one line, without control characters
// and those that change the direction of the text around it (Bidi_Control), "" if it is
// blank.
func Line(s string) string {
	if IsBlank(s) {
		return ""
	}
	var line strings.Builder
	space := false
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || isLineBreak(r):
			space = true
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			continue
		case space:
			line.WriteByte(' ')
			space = false
		}
		line.WriteRune(r)
	}
	return strings.TrimSpace(line.String())
}

// Truncate returns at most limit characters of a text, including the ellipsis that marks
// the cut. It doesn't cut within a grapheme cluster (UAX #29), such as an emoji of several
// code points, unless that is longer than the limit.
func Truncate(s string, limit int) string {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	end, kept := 0, 0
	for rest, state := s, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if kept += utf8.RuneCountInString(cluster); kept >= limit {
			break
		}
		end += len(cluster)
	}
	if end == 0 {
		return string([]rune(s)[:limit])
	}
	return s[:end] + "…"
}

func isLineBreak(r rune) bool {
	return '\n' <= r && r <= '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// hasControls is fast for the many messages that have none: it looks for the first bytes
// of the characters that Message changes, and may be true of others with the same bytes.
func hasControls(s string) bool {
	for i := range len(s) {
		b := s[i]
		if ' ' <= b && b < 0x7f {
			continue
		}
		switch {
		case b < ' ' && b != '\n' && b != '\t', b == 0x7f:
			return true
		case b == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0: // U+0080 to U+009F
			return true
		case b == 0xe2 && i+2 < len(s) && s[i+1] == 0x80 && (s[i+2] == 0xa8 || s[i+2] == 0xa9): // U+2028, U+2029
			return true
		}
	}
	return false
}
