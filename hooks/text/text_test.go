package text

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode"
)

// The client's test reads the same cases.
func TestRules_matchTheCases(t *testing.T) {
	data, err := os.ReadFile("testdata/text.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases struct {
		Blank, Seen []string
		Lines       [][2]string
	}
	if err := json.Unmarshal(data, &cases); err != nil || len(cases.Blank) == 0 || len(cases.Seen) == 0 || len(cases.Lines) == 0 {
		t.Fatalf("cases are missing: %v", err)
	}
	for _, s := range cases.Blank {
		if !IsBlank(s) {
			t.Errorf("%+q isn't blank", s)
		}
	}
	for _, s := range cases.Seen {
		if IsBlank(s) {
			t.Errorf("%+q is blank", s)
		}
	}
	for _, line := range cases.Lines {
		if got := Line(line[0]); got != line[1] {
			t.Errorf("%+q becomes %+q, want %+q", line[0], got, line[1])
		}
	}
}

func TestMessage_keepsWhatIsWritten(t *testing.T) {
	for given, want := range map[string]string{
		"Bonjour":                      "Bonjour",
		"  Bonjour \n":                 "Bonjour",
		"a\n\n\tb":                     "a\n\n\tb",
		"a\r\nb\rc":                    "a\nb\nc",
		"a\u2028b\u2029c\u0085d\ve\ff": "a\nb\nc\nd\ne\nf",
		"a\x00b\x01c\x1bd\x7fe\u009bf": "abcdef",
		"\x01":                         "",
		"à l’école, Âge, «\u00a0oui\u00a0»":                 "à l’école, Âge, «\u00a0oui\u00a0»",
		"می\u200cخواهم 👩‍🏫 ❤️ \u202eabc\u202c\u2067d\u2069": "می\u200cخواهم 👩‍🏫 ❤️ \u202eabc\u202c\u2067d\u2069",
	} {
		if got := Message(given); got != want {
			t.Errorf("%+q becomes %+q, want %+q", given, got, want)
		}
	}
}

// hasControls looks at bytes: it must find every character that Message changes.
func TestMessage_removesEveryControlCharacter(t *testing.T) {
	for r := rune(0); r <= '\u3000'; r++ {
		got := Message("a" + string(r) + "b")
		if (unicode.IsControl(r) || isLineBreak(r)) && r != '\n' && r != '\t' && strings.ContainsRune(got, r) {
			t.Errorf("%U stays in %q", r, got)
		}
	}
}

func TestTruncate_cutsBetweenGraphemeClusters(t *testing.T) {
	family := "👨‍👩‍👧"
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"Bonjour", 7, "Bonjour"},
		{"Bonjour", 6, "Bonjo…"},
		{"éé", 2, "éé"},
		{"ab" + family, 7, "ab" + family},
		{"ab" + family, 6, "ab…"},
		{"abe\u0301d", 4, "ab…"},
		{"a🇫🇷🇧🇪b", 4, "a🇫🇷…"},
		{"a\r\nb", 3, "a…"},
		{family, 3, "👨‍👩"}, // longer than the limit
	} {
		if got := Truncate(c.text, c.limit); got != c.want {
			t.Errorf("%q in %d characters is %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

func BenchmarkMessage(b *testing.B) {
	for b.Loop() {
		Message("Bonjour, la réunion de demain est déplacée à 18 h, en salle 12. Merci de prévenir les autres parents !")
	}
}
