package email

import (
	"bytes"
	"fmt"
	stdhtml "html"
	"math/rand/v2"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
	"golang.org/x/net/html"

	"messagerie/hooks/protocol"
	"messagerie/hooks/text"
)

// plainLetters are texts in which something looks like HTML, or is hard to carry.
var plainLetters = map[string]string{
	"mathematics":     "Soit a<b et c>d.\nLigne 2",
	"an inequality":   "si x<y>z, alors |x|≤√2 & x≠½",
	"code":            "  for (i = 0; i<n && a[i]>b; i++) {\n\tif (x <y || z> w) p<q>();\n  }",
	"generics":        "List<String> l = new ArrayList<b>();",
	"addresses":       "Claire <claire@jean-moulin.fr>, Jean <jean@x.fr>",
	"smileys":         "Merci <3 <3 </3 >:-( <b:-)",
	"unclosed tags":   "La balise <b> met en gras, <i et <u> aussi",
	"a lesson":        "Écrivez <p>Bonjour</p> puis <br> et <!-- rien --> : c'est tout.",
	"tags at first":   "<b>gras</b> et <i>italique</i> sont deux balises",
	"entities":        "On écrit &lt; pour <, &amp;amp; pour &amp; et &eacute; pour é",
	"French quotes":   "« Bonjour » ! L’élève dit : “oui”, l'œuvre coûte 3 € ; 20 %…",
	"Arabic":          "السلام عليكم،\nالحصة <الأولى> تبدأ في الساعة 8:00 — القسم \u200e5e B\u200f",
	"scripts":         "Essayez <script>alert('x')</script> ici",
	"a long line":     strings.Repeat("mot<i ", 4000),
	"one long word":   strings.Repeat("é", 5000),
	"CRLF":            "un\r\ndeux\r\n\r\nquatre\rcinq",
	"dots":            ".\n..\n.trois points...",
	"trailing spaces": "a  \nb\t\nc",
	"form feed":       "page 1\fpage 2\vpage 3",
	"emoji":           "👩‍👩‍👧‍👦 famille 🇫🇷 ok 👍🏽",
	"equals":          "x=20 =3D =?utf-8?q?non?= =",
}

func TestLetters_ofPlainTextArriveAsTheyAre(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	for name, text := range plainLetters {
		s.send(text, anne)
		letter := s.smtp.next()
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\v", "\n").Replace(strings.TrimRight(text, " "))
		if letter.plain != want {
			t.Errorf("%s: the text part is\n%.300q\nwant\n%.300q", name, letter.plain, want)
		}
		if got := shown(t, letter.hyper); got != want {
			t.Errorf("%s: the HTML part shows\n%.300q\nwant\n%.300q", name, got, want)
		}
		checkLines(t, name, letter)
	}
}

// shown is the text of an HTML part that keeps spaces and breaks lines by <br> alone.
func shown(t *testing.T, part string) string {
	t.Helper()
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(part))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			out.WriteString(tokens.Token().Data)
		case html.StartTagToken:
			if name, _ := tokens.TagName(); string(name) == "br" {
				out.WriteByte('\n')
			}
		}
	}
}

// checkLines makes sure that no line is longer than the 998 octets of RFC 5322, none of a
// header than the 78 that it recommends, and that every line ends with CRLF.
func checkLines(t *testing.T, name string, letter received) {
	t.Helper()
	header, _, ok := bytes.Cut(letter.wire, []byte("\r\n\r\n"))
	if !ok {
		t.Errorf("%s: no end of the header", name)
	}
	for i, line := range strings.Split(string(letter.wire), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%s: line %d has %d octets: %.100q", name, i, len(line), line)
		}
	}
	for _, line := range strings.Split(string(header), "\r\n") {
		if len(line) > 78 || !isASCII(strings.ReplaceAll(line, "\t", " ")) || strings.TrimSpace(line) == "" {
			t.Errorf("%s: a header line of %d octets: %q", name, len(line), line)
		}
		for _, word := range strings.Fields(line) {
			if strings.HasPrefix(word, "=?") && len(word) > 75 {
				t.Errorf("%s: an encoded word of %d octets", name, len(word))
			}
		}
	}
}

// htmlLetters are letters in HTML, each with the text that is read without it.
var htmlLetters = map[string]struct{ content, text string }{
	"paragraphs":   {"<p>Chers parents,</p><p>rendez-vous <b>demain</b><i>!</i></p>", "Chers parents,\n\nrendez-vous demain!"},
	"line breaks":  {"<div>un<br>deux<br/><br>quatre</div><div>cinq</div><div><br></div><div>sept</div>", "un\ndeux\n\nquatre\ncinq\n\nsept"},
	"spaces":       {"<p>  a \n\t b<span> c</span> d <b> e</b>  </p>", "a b c d e"},
	"entities":     {"<p>1 &lt; 2 &amp; 3&nbsp;€&eacute;</p>", "1 < 2 & 3\u00a0€é"},
	"a list":       {"<p>Apporter :</p><ul><li>un pull</li><li><p>un <b>pique-nique</b></p></li></ul><p>Merci</p>", "Apporter :\n\n- un pull\n- un pique-nique\n\nMerci"},
	"nested lists": {"<ol><li>un<ul><li>a</li><li>b<br>c</li></ul></li><li>deux</li></ol>", "1. un\n   - a\n   - b\n     c\n2. deux"},
	"definitions":  {"<dl><dt>Pull</dt><dd>chaud</dd><dt>Bottes</dt><dd>sèches</dd></dl>", "Pull\n  chaud\nBottes\n  sèches"},
	"a table": {"<table><caption>Horaires</caption><thead><tr><th>Classe</th><th>Heure</th></tr></thead><tbody><tr><td>5e B</td><td>8 h</td></tr><tr><td></td><td>9 h</td></tr></tbody></table>",
		"Horaires\nClasse | Heure\n5e B | 8 h\n| 9 h"},
	"cells of lines":  {"<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\n\nb\nc"},
	"one cell":        {"<table><tr><td><table><tr><td><p>a</p><p>b</p></td></tr></table></td></tr></table>", "a\n\nb"},
	"a quotation":     {"<p>Il dit :</p><blockquote><p>un</p><p>deux</p></blockquote><p>fin</p>", "Il dit :\n\n> un\n>\n> deux\n\nfin"},
	"code":            {"<pre>if a:\n    b &lt; c\n\nfin</pre>", "if a:\n    b < c\n\nfin"},
	"headings":        {"<h1>Sortie</h1><p>au musée</p><hr><p>Claire</p>", "Sortie\n\nau musée\n\n---\n\nClaire"},
	"exponents":       {"<p>10<sup>3</sup> m<sup>2</sup>, H<sub>2</sub>O, 1<sup>er</sup>, x<sup><b>a</b></sup></p>", "10³ m², H₂O, 1er, xa"},
	"struck out":      {"<p><del>8 h</del> 9 h, <q>oui</q></p>", "~8 h~ 9 h, \"oui\""},
	"a link":          {`<p>Voir <a href="https://x.fr/a?b=1&amp;c=2">la page</a>.</p>`, "Voir la page <https://x.fr/a?b=1&c=2>."},
	"a bare link":     {`<p><a href="https://x.fr/">x.fr</a>, <a href="mailto:a@x.fr">a@x.fr</a>, <a href="mailto:a@x.fr">Anne</a></p>`, "x.fr, a@x.fr, Anne <a@x.fr>"},
	"Arabic":          {`<p dir="rtl">السلام <b>عليكم</b></p><ul><li>واحد</li></ul>`, "السلام عليكم\n\n- واحد"},
	"pictures":        {`<p>Bravo <img src="x" alt="👏"> !</p>`, "Bravo 👏 !"},
	"inner words":     {"<p>mo<span>t</span><font>s</font> <label>un</label><kbd>2</kbd></p>", "mots un2"},
	"sections":        {"<section><h2>un</h2>a</section><section>b</section>", "un\n\na b"},
	"a word's export": {`<!--[if mso]>x<![endif]--><p class=MsoNormal>Bonjour<o:p></o:p></p>`, "Bonjour"},
	"a document":      {"<!DOCTYPE html><html><head><meta charset=utf-8><style>p{}</style></head><body><p>a</p></body></html>", "a"},
	"a long line":     {"<p>" + strings.Repeat("mot ", 3000) + "</p>", strings.TrimSpace(strings.Repeat("mot ", 3000))},
}

func TestLetters_ofHTMLAreReadableWithoutIt(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	for name, c := range htmlLetters {
		s.send(c.content, anne)
		letter := s.smtp.next()
		if letter.plain != c.text {
			t.Errorf("%s: the text part is\n%.500q\nwant\n%.500q", name, letter.plain, c.text)
		}
		if strings.HasPrefix(letter.hyper, plainStart) {
			t.Errorf("%s: it was taken for plain text", name)
		}
		// Every word of one part is in the other, except for the marks of lists and the like.
		if got, want := words(shown(t, letter.hyper)), words(stdhtml.UnescapeString(c.content)); !containsAll(want, got) {
			t.Errorf("%s: the HTML part says %.300q, which isn't all in %.300q", name, got, want)
		}
		checkLines(t, name, letter)
	}
}

func TestText_ofHTMLThatIsNestedTooDeeply_hasItsWords(t *testing.T) {
	deep := "<p>un " + strings.Repeat("<b>", 1000) + "deux <i>trois</i>" + strings.Repeat("</b>", 1000) + "</p>"
	if got := textOf(toHTMLOrFail(t, deep, "")); got != "un deux trois" {
		t.Errorf("the text is %.100q", got)
	}
}

func words(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r) {
			return r
		}
		return -1
	}, text)
}

func containsAll(all, some string) bool {
	for _, r := range some {
		i := strings.IndexRune(all, r)
		if i < 0 {
			return false
		}
		all = all[i:]
	}
	return some != ""
}

// randomLine is a line of text in any script, which a subject or a name may be.
func randomLine(random *rand.Rand, most int) string {
	alphabets := [][]rune{
		[]rune("abcdefghijklmnopqrstuvwxyz     ABC0123456789"), []rune("éàçœŒÉ’« »…—"), []rune("ابتثجحخدذرزسشصضطظعغفقكلمنهوي  "),
		[]rune("日本語学校"), []rune("👩‍👧🇫🇷👍🏽😀"), []rune(`=?_<>()@,;:"\.[]&#%$!`), []rune("e\u0301\u0302a\u0308"), []rune("\u00a0\u200e\u200f\ufeff"),
	}
	var out []rune
	for range 1 + random.IntN(4) {
		alphabet := alphabets[random.IntN(len(alphabets))]
		for range 1 + random.IntN(most/4) {
			out = append(out, alphabet[random.IntN(len(alphabet))])
		}
	}
	return string(out)
}

func TestSubject_arrivesWhateverItSays(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	random := rand.New(rand.NewPCG(1, 2))
	subjects := []string{
		strings.Repeat("الحصة ", 26), strings.Repeat("م", 255), strings.Repeat("a", 255), strings.Repeat("é", 255),
		strings.Repeat("😀", 255), strings.Repeat("a ", 127), strings.Repeat("日", 255), "=?utf-8?q?Bcc=3A?=", "a  b   c", "=?", `"`,
		strings.Repeat("=?utf-8?b?w6k=?= ", 15), "Sortie à Orléans", "fin.",
	}
	for range 200 {
		subjects = append(subjects, randomLine(random, protocol.MaxSubject))
	}
	for _, subject := range subjects {
		subject = strings.TrimSpace(subject)
		if text.IsBlank(subject) {
			continue // refused
		}
		_, err := s.queue.Send(s.claire, Letter{Recipients: []Recipient{{ID: anne.ID}}, Subject: subject, Content: "a"})
		if err != nil {
			t.Fatalf("%q: %v", subject, err)
		}
		letter := s.smtp.next()
		if letter.subject != subject {
			t.Errorf("%q arrived as\n%q", subject, letter.subject)
		}
		checkLines(t, subject, letter)
	}
}

func TestNames_arriveWhateverTheySay(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	random := rand.New(rand.NewPCG(3, 4))
	people := []string{strings.Repeat("م", 100), strings.Repeat("x", 100), strings.Repeat("😀", 100), `O'Neill "CPE"`, "Zoé, Max <zoe@evil.fr>", `back\slash`}
	for range 40 {
		people = append(people, randomLine(random, 100))
	}
	for i, last := range people {
		last = text.Line(last) // as names are stored
		if last == "" {
			continue // refused
		}
		first := []string{"Ève", "Eve"}[i%2]
		s.claire = s.person(first, last, protocol.RoleStaff, fmt.Sprintf("p%d@jean-moulin.fr", i))
		s.settle()
		s.configure(func(settings *core.Settings) {
			settings.Meta.AppName = "Collège " + string([]rune(last)[:min(len([]rune(last)), 50)])
		})
		s.send("a", anne)
		letter := s.smtp.next()
		checkLines(t, last, letter)
		reply, err := letter.header.AddressList("Reply-To")
		name := first + " " + last
		if err != nil || len(reply) != 1 || reply[0].Name != name || reply[0].Address != s.claire.Email {
			t.Errorf("%q: reply to %v, %v", name, reply, err)
		}
		if letter.from.Address != "messagerie@jean-moulin.fr" || !strings.Contains(letter.from.Name, " via Collège") {
			t.Errorf("%q: from %+v", last, letter.from)
		}
	}
}

// Mails that PocketBase writes are sent in the same way.
func TestMails_ofPocketBaseAreFoldedAndHaveATextPart(t *testing.T) {
	s := newSchool(t)
	s.serve()
	long := strings.Repeat("مدرسة ", 40)
	err := s.app.NewMailClient().Send(&mailer.Message{
		From:    mail.Address{Name: long, Address: "messagerie@jean-moulin.fr"},
		To:      []mail.Address{{Name: long, Address: "anne@école.fr"}, {Address: "bruno@famille.fr"}},
		Cc:      []mail.Address{{Name: "Carla", Address: "carla@famille.fr"}},
		Bcc:     []mail.Address{{Address: "secret@famille.fr"}},
		Subject: long, HTML: `<html><head><style>a{}</style></head><body><p>Bonjour</p><a href="https://x.fr/reset/T">Choisir</a></body></html>`,
		Headers: map[string]string{"List-Unsubscribe": "<https://x.fr/" + strings.Repeat("a", 200) + ">, <mailto:a@x.fr>", "X-Name": long, "X-Two": "a\r\nBcc: b@x.fr"},
	})
	if err != nil {
		t.Fatal(err)
	}
	letter := s.smtp.next()
	if letter.subject != strings.TrimSpace(long) && letter.subject != long {
		t.Errorf("subject %q", letter.subject)
	}
	if letter.plain != "Bonjour\n\nChoisir <https://x.fr/reset/T>" {
		t.Errorf("the text part is %q", letter.plain)
	}
	to, err := letter.header.AddressList("To")
	if err != nil || len(to) != 2 || to[0].Address != "anne@xn--cole-9oa.fr" || to[0].Name != long {
		t.Errorf("to %v, %v", to, err)
	}
	if letter.header.Get("Bcc") != "" || bytes.Contains(letter.wire, []byte("secret")) || len(letter.header["Message-Id"]) != 1 {
		t.Errorf("the header is %v", letter.header)
	}
	for _, line := range strings.Split(string(letter.wire), "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d octets", len(line))
		}
	}
	if !slices.Contains(letter.envelope, "secret@famille.fr") {
		t.Errorf("it went to %v", letter.envelope)
	}
}
