package words

import (
	"slices"
	"strings"
	"testing"
)

func TestOf_foldsAndSplits(t *testing.T) {
	for text, want := range map[string]string{
		"Anne-Sophie LE GOFF":      "anne sophie le goff",
		"Élodie Garçon":            "elodie garcon",
		"e\u0301lodie":             "elodie", // the accent as a character of its own
		"Lætitia CŒUR":             "laetitia coeur",
		"D’Arc d'Arc":              "d arc d arc",
		"Łukasz Wójcik":            "lukasz wojcik",
		"Øster Weiß Đorđe":         "oster weiss dorde",
		"marie.dupont+5b@ecole.fr": "marie dupont 5b ecole fr",
		"ﬁn ２":                     "fin 2",
		"İpek Işık":                "ipek isik",
		"فاطمة 李":                  "فاطمة 李",
		" \x00 -- \t👋":             "",
		"\xff jean":                "jean",
	} {
		if got := Of(text); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
