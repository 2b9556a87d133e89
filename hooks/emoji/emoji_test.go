package emoji_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"messagerie/hooks/emoji"
)

func TestQualified_takesOneEmojiInAnySpelling(t *testing.T) {
	for text, want := range map[string]string{
		"👍": "👍", "👍\uFE0F": "👍", "❤": "❤️", "❤️": "❤️", "👍🏽": "👍🏽", // with a skin tone
		"👩‍👧‍👦": "👩‍👧‍👦", "🏳‍🌈": "🏳️‍🌈", "👁‍🗨": "👁️‍🗨️", // joined, and without selectors
		"🇫🇷": "🇫🇷", "🏴󠁧󠁢󠁳󠁣󠁴󠁿": "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣": "1️⃣", "#⃣": "#️⃣", "☺": "☺️", "©": "©️",
	} {
		if got, ok := emoji.Qualified(text); !ok || got != want {
			t.Errorf("%+q is %+q, %v; want %+q", text, got, ok, want)
		}
	}
}

func TestQualified_refusesEverythingElse(t *testing.T) {
	for _, text := range []string{
		"", " ", "a", "1", "#", "*", "é", "ok", "👍👍", "👍 ", "a👍", "1\uFE0F", "\uFE0F", "\u200D", "❤\uFE0E", "🏽", "🇫", "🇫🇫",
		"🏴󠁧󠁢󠁿", "👍\u200D", "ا", "☃☃", "\U0001F3F4\U000E0067", "\xF0\x9F\x91", "👍\x00", strings.Repeat("👍", 10_000), "\n",
	} {
		if got, ok := emoji.Qualified(text); ok {
			t.Errorf("%+q is taken as %+q", text, got)
		}
	}
}

func TestList_hasSingleGraphemesOnly(t *testing.T) {
	data, err := os.ReadFile("emoji.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	longest := 0
	for _, line := range lines[1:] {
		if got, ok := emoji.Qualified(line); !ok || got != line || uniseg.GraphemeClusterCount(line) != 1 {
			t.Errorf("%+q is %+q, %d graphemes", line, got, uniseg.GraphemeClusterCount(line))
		}
		longest = max(longest, utf8.RuneCountInString(line))
	}
	if longest != emoji.MaxLength || len(lines) < 3_900 {
		t.Errorf("the longest of %d has %d characters", len(lines), longest)
	}
}
