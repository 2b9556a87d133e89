package email

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// link is a link as it is stored.
func link(target, text string) string {
	rel := `rel="nofollow noreferrer noopener" target="_blank"`
	if strings.HasPrefix(target, "mailto:") {
		rel = `rel="nofollow noreferrer"`
	}
	return `<a href="` + target + `" ` + rel + `>` + text + `</a>`
}

func TestLink_whoseTextNamesAnotherSite_showsWhereItLeads(t *testing.T) {
	const evil = "https://evil.example/login"
	for text, target := range map[string]string{
		"https://www.ecole.fr/":                  evil,
		"www.ecole.fr":                           evil,
		"ecole.fr":                               evil,
		"ECOLE.FR/notes":                         evil,
		"Voir ecole.fr (notes)":                  evil,
		"ecole.co.uk":                            evil,
		"éçole.fr":                               evil,
		"claire@ecole.fr":                        evil,
		"https://192.168.1.1/":                   evil,
		"https://evil.example@ecole.fr/":         evil,
		"eco\u200ble.fr":                         evil, // a space of no width
		"eco\u00adle.fr":                         evil, // a soft hyphen
		"ｅｃｏｌｅ．ｆｒ":                               evil,
		"ecole。fr":                               evil,
		"ecole\u2024fr":                          evil,
		"есоlе.fr":                               "https://ecole.fr/", // Cyrillic letters
		"<b>eco</b>le.<i>fr</i>":                 evil,
		"<u>https://ecole.fr</u>":                "https://ecole.fr.evil.example/",
		"https://ecole.fr ":                      "https://evil.example/?u=https://ecole.fr",
		"ecole.fr/evil.example":                  evil,
		"claire@ecole.fr ":                       "mailto:pirate@evil.example",
		"Claire@ecole.fr, Anne":                  "mailto:anne@ecole.fr",
		"claire@ecole.fr  ":                      "mailto:claire@ecole.fr,pirate@evil.example",
		"https://ecole.fr:443":                   "https://ecole-fr.example/",
		"ftp://ecole.fr":                         evil,
		"http:////ecole.fr":                      evil,
		"cliquez\u00a0:\u00a0https://ecole.fr/a": evil,
	} {
		got := toHTMLOrFail(t, `<p>`+`<a href="`+target+`">`+text+`</a></p>`, "")
		shownTarget := strings.TrimPrefix(target, "mailto:")
		want := ` (` + link(target, shownTarget) + `)</p>`
		if !strings.HasSuffix(got, want) || strings.Contains(strings.TrimSuffix(got, want), "<a ") {
			t.Errorf("%q to %s became\n%s\nwant the end\n%s", text, target, got, want)
		}
		if again := toHTMLOrFail(t, got, ""); again != got {
			t.Errorf("%s, saved again, became\n%s", got, again)
		}
		if plain := textOf(got); !strings.HasSuffix(plain, " ("+shownTarget+")") {
			t.Errorf("%q to %s reads %q", text, target, plain)
		}
	}
}

func TestLink_thatIsWhatItSays_staysAsItIs(t *testing.T) {
	for text, target := range map[string]string{
		"https://www.ecole.fr/":            "https://www.ecole.fr/",
		"ecole.fr":                         "https://www.ecole.fr/notes?a=1",
		"WWW.Ecole.fr/notes":               "http://ecole.fr",
		"école.fr":                         "https://xn--cole-9oa.fr/",
		"ici":                              "https://evil.example/",
		"devoirs.pdf":                      "https://nuage.example/d/1",
		"M. Dupont":                        "https://ecole.fr/",
		"5e B, 8 h 30, 3.5/20":             "https://ecole.fr/",
		"claire@ecole.fr":                  "mailto:Claire@ecole.fr?subject=a",
		"contact@ecole.fr":                 "https://ecole.fr/contact",
		"Claire":                           "mailto:claire@ecole.fr",
		"https://x.fr/?u=https://ecole.fr": "https://x.fr/",
	} {
		got := toHTMLOrFail(t, `<p><a href="`+target+`">`+text+`</a></p>`, "")
		if want := `<p>` + link(target, text) + `</p>`; got != want {
			t.Errorf("%q became\n%s\nwant\n%s", text, got, want)
		}
	}
}

func TestLink_thatIsLeftOpenOrNested_isTreatedLikeAnyOther(t *testing.T) {
	for content, want := range map[string]string{
		`a <a href="https://evil.example/">ecole.fr`: `<div>a ecole.fr (` + link("https://evil.example/", "https://evil.example/") + `)</div>`,
		`<a href="https://a.fr/">a<a href="https://evil.example/">ecole.fr</a>`: `<div>` + link("https://a.fr/", "a") +
			`ecole.fr (` + link("https://evil.example/", "https://evil.example/") + `)</div>`,
		`<a href="https://ecole.fr@evil.example/">ici</a>`: `<a href="https://evil.example/" rel="nofollow noreferrer noopener" target="_blank">ici</a>`,
	} {
		if got := toHTMLOrFail(t, content, "html"); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", content, got, want)
		}
	}
}

// U+202E before an address shows another one.
func TestBidi_isRemovedWhereItOnlyDeceives(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.claire = s.person("Cl\u202Eaire", "\u2066Mar\u2069tin\u200f", protocol.RoleTeacher, "c@jean-moulin.fr") // stored without
	s.configure(func(settings *core.Settings) { settings.Meta.AppName = "Coll\u202Eège\u2066 Jean Moulin\u200f" })
	s.serve()
	for content, want := range map[string]string{
		"Voir \u202Ehttps://rf.elpmaxe/ et السلام\u200f ok\u2067ici\u2069":                    "Voir https://rf.elpmaxe/ et السلام\u200f ok\u2067ici\u2069",
		"<p>Voir &#x202E;<a href='https://x.fr/'>la \u2067page&#8238;</a> \u2067ok\u2069</p>": "Voir la page <https://x.fr/> \u2067ok\u2069",
	} {
		_, err := s.queue.Send(s.claire, Letter{Recipients: []Recipient{{ID: anne.ID}}, Subject: "Sor\u202Etie\u2066 \u200fسلام", Content: content})
		if err != nil {
			t.Fatal(err)
		}
		letter := s.smtp.next()
		if letter.plain != want || strings.ContainsAny(letter.hyper, "\u202D\u202E") {
			t.Errorf("%q arrived as %q and %q", content, letter.plain, letter.hyper)
		}
		if letter.subject != "Sortie \u200fسلام" || letter.from.Name != "Claire Martin via Collège Jean Moulin\u200f" {
			t.Errorf("%q from %q", letter.subject, letter.from.Name)
		}
		if reply, err := letter.header.AddressList("Reply-To"); err != nil || reply[0].Name != "Claire Martin" {
			t.Errorf("reply to %v, %v", reply, err)
		}
	}
}

func FuzzHTML_savedAgainIsTheSame(f *testing.F) {
	for _, c := range htmlLetters {
		f.Add(c.content)
	}
	for _, content := range []string{
		`<a href="https://evil.example/">ecole.fr`, `<p><table><td>a</p>b<p>`, `<b><p>a</b>b</p>`, `<ul><a href=//x>a<li>b`,
		"<td>a", "a<br>", "<select><p>a", "<svg><a>x</svg>", `<img alt="<b>">`, "<pre>\n\na</pre>", "<title>a</title>b", `<a href="http://a.fr"><a>b</a>`,
	} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content string) {
		once, err := toHTML(content, "html")
		if err != nil {
			return
		}
		again, err := toHTML(once, "")
		if err != nil || again != once {
			t.Errorf("%q is\n%q, saved again\n%q (%v)", content, once, again, err)
		}
		textOf(once)
	})
}
