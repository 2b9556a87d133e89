package email

import (
	"strings"
	"testing"
)

func TestIsHTML_judgesTheWholeContent(t *testing.T) {
	for content, want := range map[string]bool{
		"Bonjour":                              false,
		"Soit a<b et c>d.\nLigne 2":            false,
		"si a < b et b > c":                    false,
		"<3 <3 <3":                             false,
		"</3 c'est fini":                       false,
		"écrire à <claire@school.fr>":          false,
		"<claire@school.fr>":                   false,
		"Cher <name>, voir <https://x.fr/>":    false,
		"<name></name>":                        false,
		"l'élément <script> de la leçon":       false,
		"<!-- rien -->":                        false,
		"fin <p":                               false,
		"&eacute;":                             false,
		"la balise <br> va à la ligne":         false,
		"En HTML, <b>gras</b> se met en gras.": false,
		"<b>gras</b> se met en gras.":          false,
		"<p>a":                                 true, // </p> is optional in HTML
		"<b>a":                                 false,
		"<p>x<y et z>w</p>":                    false,
		"<p>a <!b et c> d</p>":                 false,
		"<i>a</b>":                             false,
		"<p>a</p></div>":                       false,
		"<p>a</p> b":                           false,
		"<p>Bonjour</p>":                       true,
		" <P CLASS=x>a<BR>b</P>\n":             true,
		"<p>a < b</p>":                         true,
		"<ul><li>a<li>b</ul>":                  true,
		"<table><tr><td>a<td>b</table>":        true,
		"<font color=red>Bonjour</font>":       true,
		"<!DOCTYPE html><html><head><title>t</title></head><body>a</body></html>": true,
		`<a href="https://x.fr">ici</a>`:                                          true,
		"<!--StartFragment--><p>a<o:p></o:p></p>":                                 true,
		"<p><![if !supportLists]>1.<![endif]> a</p>":                              true,
		"<div><svg><path d=\"x\"/><g><x></x></g></svg> a</div>":                   true,
		strings.Repeat("<b>", 100_000):                                            false,
		strings.Repeat("<p>", 100_000) + "a":                                      true,
		strings.Repeat("<b>", 9) + strings.Repeat("</b>", 9):                      true,
	} {
		if got := isHTML(content); got != want {
			t.Errorf("%.80q: %t", content, got)
		}
	}
}

func toHTMLOrFail(t *testing.T, content, format string) string {
	t.Helper()
	got, err := toHTML(content, format)
	if err != nil {
		t.Fatalf("%.80q: %v", content, err)
	}
	return got
}

func TestToHTML_keepsOnlyWhatALetterMayHold(t *testing.T) {
	rel := ` rel="nofollow noreferrer noopener"`
	for content, want := range map[string]string{
		`<p onclick="x()" style="color:red" class="c" id="i">a</p>`: `<p>a</p>`,
		`<p>a</p><script>alert(1)</script>`:                         `<p>a</p>`,
		`<p>a</p><style>p{display:none}</style>`:                    `<p>a</p>`,
		`<p>a</p><img src="https://x.fr/p.gif">`:                    `<p>a</p>`,
		`<p>a <img src="https://x.fr/p.gif" alt="😀 &lt;b&gt;"></p>`: `<p>a 😀 &lt;b&gt;</p>`,
		`<p>a</p><iframe src="https://x.fr">b</iframe>`:             `<p>a</p>`,
		`<form action="/x"><p>a</p><input name="q"></form>`:         `<p>a</p>`,
		`<p><a href="javascript:x()">a</a></p>`:                     `<p> a </p>`,
		`<p><a href="data:text/html,x">a</a></p>`:                   `<p> a </p>`,
		`<p><a href="/relative">a</a></p>`:                          `<p> a </p>`,
		`<p><a href="https://x.fr/">a</a></p>`:                      `<p><a href="https://x.fr/"` + rel + ` target="_blank">a</a></p>`,
		`<p><a href="mailto:a@b.fr">a</a></p>`:                      `<p><a href="mailto:a@b.fr" rel="nofollow noreferrer">a</a></p>`,
		`<ul><li><b>a</b></li></ul>`:                                `<ul><li><b>a</b></li></ul>`,
		`<table><tr><td colspan="2">a</td></tr></table>`:            `<table><tr><td colspan="2">a</td></tr></table>`,
		`<font color="red">a</font>`:                                `<font>a</font>`,
		`<html><head></head><body>a</body></html>`:                  `<div>a</div>`,
		`<select><option>a<option>b</select>`:                       `<div>a b</div>`,
		`<section>a</section><section>b</section>`:                  `<div>a  b</div>`,
		`<p>1 &lt; 2</p>`:                                           `<p>1 &lt; 2</p>`,
		`<div style="white-space:pre-wrap"><b>a</b></div>`:          `<div><b>a</b></div>`,
	} {
		if got := toHTMLOrFail(t, content, ""); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", content, got, want)
		}
	}
}

func TestFormat_overridesDetection(t *testing.T) {
	for _, c := range []struct{ format, content, want string }{
		{"text", "<p>a</p>", fromPlain("<p>a</p>")},
		{"text", fromPlain("a"), fromPlain(fromPlain("a"))},
		{"html", "Bonjour,<br>à demain", "<div>Bonjour,<br/>à demain</div>"},
		{"html", "<b>a", "<div><b>a</b></div>"},
		{"html", "a<script>b</script>", "<div>a</div>"},
	} {
		got := toHTMLOrFail(t, c.content, c.format)
		if got != c.want {
			t.Errorf("%s as %s is %s, want %s", c.content, c.format, got, c.want)
		}
		if again := toHTMLOrFail(t, got, ""); again != got {
			t.Errorf("%s, saved again, became %s", got, again)
		}
	}
	for content, format := range map[string]string{"a": "markdown", "b": "HTML", strings.Repeat("<b>", 1000) + "c": "html"} {
		if got, err := toHTML(content, format); err == nil {
			t.Errorf("%.20s as %s is %.80s", content, format, got)
		}
	}
}

func TestToHTML_changesNothingTheSecondTime(t *testing.T) {
	for _, content := range []string{
		"a", "a <script>b</script>", "a\n\n  b", `<p>a &amp; b <a href="https://x.fr/?a=1&b=2">c</a></p>`, "",
		`<div style="white-space:pre-wrap">x<img src=x onerror=y></div>`,
	} {
		once := toHTMLOrFail(t, content, "")
		if twice := toHTMLOrFail(t, once, ""); twice != once {
			t.Errorf("%q became\n%s then\n%s", content, once, twice)
		}
	}
}

func TestToHTML_showsPlainTextAsItWasWritten(t *testing.T) {
	got := toHTMLOrFail(t, "Bonjour,\r\n\r\n1 < 2 & <script>x</script>\nhttps://x.fr", "")
	want := `<div style="white-space:pre-wrap">Bonjour,<br><br>` +
		`1 &lt; 2 &amp; &lt;script&gt;x&lt;/script&gt;<br>https://x.fr</div>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzPlainText_comesBackUnchanged(f *testing.F) {
	for _, seed := range []string{
		"a", "a\n\nb", "&lt;br&gt;", "  <br> ", "&amp;amp;", "\t1 < 2", "</div>", "<script>", "\x00\x07", "\xff", plainStart,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = tidy(text)
		html := fromPlain(text)
		got, ok := plainText(html)
		if !ok || got != text {
			t.Errorf("%q came back as %q", text, got)
		}
		if again, err := toHTML(html, ""); again != html || err != nil {
			t.Errorf("%q was sanitised to %q, %v", html, again, err)
		}
		inner := strings.TrimSuffix(strings.TrimPrefix(html, plainStart), plainEnd)
		if strings.ContainsAny(strings.ReplaceAll(inner, plainBreak, ""), `<>"'`) {
			t.Errorf("%q holds markup", html)
		}
	})
}

func TestLetter_ofPlainTextArrivesAsItWasWritten(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	text := "Chers parents,\n\n  1) l'élève < 12 ans & \"sage\"\n  2) https://x.fr/?a=1&b=2\n.\nfin " + strings.Repeat("é", 600)
	s.send(text, anne)

	letter := s.smtp.next()
	if letter.plain != text {
		t.Errorf("the text part is\n%q\nwant\n%q", letter.plain, text)
	}
	if letter.hyper != fromPlain(text) {
		t.Errorf("the HTML part is\n%s", letter.hyper)
	}
}

func TestLetter_ofHTMLIsSanitisedAndHasATextPart(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	s.send(`<h1>Sortie</h1><script>alert(1)</script><p onclick="x()">Voir <a href="https://x.fr/">la page</a></p>`, anne)

	letter := s.smtp.next()
	if strings.Contains(letter.hyper, "alert") || strings.Contains(letter.hyper, "onclick") ||
		!strings.Contains(letter.hyper, "<h1>Sortie</h1>") {
		t.Errorf("the HTML part is\n%s", letter.hyper)
	}
	if letter.plain != "Sortie\n\nVoir la page <https://x.fr/>" {
		t.Errorf("the text part is\n%q", letter.plain)
	}
}

func TestLetter_writtenInTheDashboardObeysTheSameRules(t *testing.T) {
	s := newSchool(t)
	letter := s.add(letters, map[string]any{"subject": " Sujet ", "content": "<p>a</p><script>b</script>"})
	if letter.GetString("content") != "<p>a</p>" || letter.GetString("subject") != "Sujet" {
		t.Errorf("stored %v", letter.PublicExport())
	}
	letter.Set("content", "<p style='color:red'>c</p>")
	s.save(letter)
	if letter.GetString("content") != "<p>c</p>" {
		t.Errorf("stored %v", letter.PublicExport())
	}
	letter.Set("subject", "Sujet\nBcc: x@evil.fr")
	if err := s.app.Save(letter); err == nil || !strings.Contains(err.Error(), "one line") {
		t.Errorf("got %v", err)
	}
}
