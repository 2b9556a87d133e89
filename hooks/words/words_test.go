package words

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// The client's test reads the same cases.
func TestWords_matchTheCases(t *testing.T) {
	data, err := os.ReadFile("testdata/words.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text, Words string
		Index       *string
	}
	if err := json.Unmarshal(data, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, c := range cases {
		// Hangul is decomposed; the cases are written as it is typed.
		want := strings.Fields(norm.NFKD.String(c.Words))
		if got := Of(c.Text); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", c.Text, got, want)
		}
		if c.Index != nil {
			want = strings.Fields(norm.NFKD.String(*c.Index))
		}
		if got := Index(c.Text); !slices.Equal(got, want) {
			t.Errorf("%q is found by %q, want %q", c.Text, got, want)
		}
	}
}

func TestPlaces_areWhereTheWordsAre(t *testing.T) {
	for text, want := range map[string][]string{
		"Élodie, ﬁn CŒUR":         {"elodie=Élodie", "fin=ﬁn", "coeur=CŒUR"},
		"e\u0301lodie\u0301 x":    {"elodie=e\u0301lodie\u0301", "x=x"},
		"chez O’Brien !":          {"chez=chez", "o=O", "brien=Brien", "obrien=O’Brien"},
		"👋 مُحَمَّد":              {"محمد=مُحَمَّد"},
		"Mar\u200btin\u200b Weiß": {"martin=Mar\u200btin\u200b", "weiss=Weiß"},
		"":                        {},
		"㏇ ㎏":                     {"co=㏇", "kg=㎏"},
	} {
		got := []string{}
		for _, place := range Places(text) {
			got = append(got, place.Word+"="+text[place.Start:place.End])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q has %q, want %q", text, got, want)
		}
	}
}

func TestOf_acceptsInvalidUTF8(t *testing.T) {
	if got := Of("\xff jean"); !slices.Equal(got, []string{"jean"}) {
		t.Errorf("found %q", got)
	}
}

func TestOf_foldsCaseAsUnicodeDoes(t *testing.T) {
	fold, upper, lower := cases.Fold(), cases.Upper(language.Und), cases.Lower(language.Und)
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if unicode.In(r, unicode.Han, unicode.Hangul) || unicode.SimpleFold(r) == r && norm.NFKD.IsNormalString(string(r)) {
			continue // neither a case nor a decomposition
		}
		text := "a" + string(r) + "b"
		for name, folded := range map[string]string{
			"case folded": fold.String(text), "in capitals": upper.String(text), "in small letters": lower.String(text),
			"composed": norm.NFC.String(text), "decomposed": norm.NFKD.String(text),
		} {
			if folded == text {
				continue
			}
			if got, want := Of(folded), Of(text); !slices.Equal(got, want) {
				t.Errorf("%U %c is %q and, %s, %q", r, r, want, name, got)
			}
		}
	}
}

// Letters after it are for the phonetics of dialects.
const lastLatinOfNames = '\ua7ff'

func TestFolding_hasEveryLatinLetterWithASign(t *testing.T) {
	for r := 'a'; r <= lastLatinOfNames; r++ {
		name, isSmall := strings.CutPrefix(runenames.Name(r), "LATIN SMALL LETTER ")
		base, _, isSigned := strings.Cut(name, " WITH ")
		if !isSmall || !isSigned || len(base) != 1 {
			continue
		}
		if got := Of(string(r)); !slices.Equal(got, []string{strings.ToLower(base)}) {
			t.Errorf("%U %s is %q", r, runenames.Name(r), got)
		}
	}
}

func TestFolding_hasEachLetterOnce(t *testing.T) {
	seen := map[rune]string{}
	for to, letters := range folding.Letters {
		if got := strings.Join(Of(to), ""); got != to {
			t.Errorf("%s is spelt %s itself", to, got)
		}
		for _, letter := range letters {
			if before, again := seen[letter]; again {
				t.Errorf("%c is spelt %s and %s", letter, before, to)
			}
			seen[letter] = to
			if norm.NFKD.String(string(letter)) != string(letter) || unicode.ToLower(letter) != letter {
				t.Errorf("%c is never looked up", letter)
			}
		}
	}
}

// clientTable is what the client's bundle contains.
const clientTable = "../../ui/src/lib/folding.json"

func TestFolding_isTheSameInTheClient(t *testing.T) {
	want, err := json.MarshalIndent(folding, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if os.Getenv("UPDATE_FOLDING") != "" {
		if err := os.WriteFile(clientTable, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(clientTable)
	if err != nil || string(got) != string(want) {
		t.Errorf("%s isn't the server's table; run make folding (%v)", clientTable, err)
	}
}
