package roster

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings, as Roster.Encoding has them.
const (
	utf8Encoding    = "utf-8"
	windows1252     = "windows-1252"
	iso885915       = "iso-8859-15"
	utf16Encoding   = "utf-16" // "Unicode text" of a spreadsheet, with its byte order mark
	maxHead         = 8 << 10
	byteOrderMarkLE = "\xff\xfe"
	byteOrderMarkBE = "\xfe\xff"
)

// Decoders of broken text write U+FFFD, by which rows are then found.
var encodings = map[string]encoding.Encoding{
	utf8Encoding:  unicode.UTF8BOM, // with or without the mark
	windows1252:   charmap.Windows1252,
	iso885915:     charmap.ISO8859_15,
	utf16Encoding: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
}

func decode(r io.Reader, name string) io.Reader {
	return transform.NewReader(r, encodings[name].NewDecoder())
}

// survey is what the bytes of a file say about it. Write it all of them.
type survey struct {
	head   []byte // the first bytes, at most maxHead
	size   int64
	binary bool

	sequences, invalid int // of UTF-8, beyond ASCII
	controls, letters  int // bytes that tell the two encodings of one byte apart, see single
	previous           byte
	pending            []byte // an unfinished sequence at the end of what was written
}

func (s *survey) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	if room := maxHead - len(s.head); room > 0 {
		s.head = append(s.head, p[:min(room, len(p))]...)
	}
	rest := p
	if len(s.pending) > 0 {
		rest = append(s.pending, p...)
		s.pending = nil
	}
	for i := 0; i < len(rest); {
		if rest[i] < utf8.RuneSelf {
			s.binary = s.binary || rest[i] == 0
			s.previous = rest[i]
			i++
			continue
		}
		if !utf8.FullRune(rest[i:]) {
			s.pending = bytes.Clone(rest[i:])
			break
		}
		character, length := utf8.DecodeRune(rest[i:])
		if character == utf8.RuneError && length == 1 {
			s.invalid++
		} else {
			s.sequences++
		}
		for _, b := range rest[i : i+length] {
			s.single(b)
		}
		i += length
	}
	return len(p), nil
}

// single notes a byte beyond ASCII as one character. Windows-1252 and ISO-8859-15 differ in
// 0x80 to 0x9F, where only the first has characters (’, œ, €), and in eight others, which are
// letters (Š š Ž ž Œ œ Ÿ) and € in the second but signs (¦ ¨ ´ ¸ ¼ ½ ¾ ¤) in the first. Signs don't
// stand between letters, but for an acute accent as an apostrophe (D´Angelo).
func (s *survey) single(b byte) {
	switch {
	case b < 0xA0:
		s.controls++
	case b == 0xB4 && isLatinLetter(s.previous):
	case b == 0xBC || b == 0xBD || b == 0xBE:
		if s.previous < '0' || s.previous > '9' {
			s.letters++
		}
	case b == 0xA4 || b == 0xA6 || b == 0xA8 || b == 0xB4 || b == 0xB8:
		s.letters++
	}
	s.previous = b
}

func isLatinLetter(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b >= 0xC0
}

// encoding is what the text is most probably written in. Text of one byte per character is valid
// UTF-8 only by chance; UTF-8 with a few broken characters is still UTF-8. Where the two others read
// the same, it is the one that an XML document declares, or the usual one.
func (s *survey) encoding() string {
	invalid := s.invalid + len(s.pending)
	switch {
	case bytes.HasPrefix(s.head, []byte(byteOrderMarkLE)), bytes.HasPrefix(s.head, []byte(byteOrderMarkBE)):
		return utf16Encoding
	case invalid == 0 || s.sequences > invalid || bytes.HasPrefix(s.head, []byte("\xef\xbb\xbf")):
		return utf8Encoding
	case s.controls == 0 && (s.letters > 0 || bytes.Contains(s.head, []byte("ISO-8859-15"))):
		return iso885915
	}
	return windows1252
}
