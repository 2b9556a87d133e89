package email

import (
	"bytes"
	"maps"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
)

// hostileTexts would be another field, another address or another text if they weren't encoded.
var hostileTexts = []string{
	"Claire\r\nBcc: victim@evil.fr", "Claire\nBcc: victim@evil.fr", "Claire\rBcc: victim@evil.fr", "Claire\r\n\r\n<script>alert(1)</script>",
	"Claire\u2028Bcc: victim@evil.fr", "Claire\u0085Bcc: victim@evil.fr", "Claire\x00\x1b[2J", "\xff\xfe Claire",
	`"><boss@evil.fr>, "`, `\`, `"`, "(note) <boss@evil.fr>", "boss@evil.fr", "a, b <boss@evil.fr>; c:", "=?UTF-8?Q?Direction_=3Cboss=40evil.fr=3E?=",
	"Claire =?UTF-8?B?RGlyZWN0aW9u?=", "=?", "\u202erf.live@ssob", "\u2066Claire", strings.Repeat("a", 10_000), strings.Repeat("é", 10_000),
	strings.Repeat("a ", 5_000), strings.Repeat("=?UTF-8?B?w6k=?= ", 600), strings.Repeat("\r\n ", 3_000) + "a",
}

// quotedEncodedWord is one that some mail programs decode although RFC 2047 tells them not to.
var quotedEncodedWord = regexp.MustCompile(`"[^"\r\n]*=\?`)

func TestHeaders_holdNothingButTheirTexts(t *testing.T) {
	s := newSchool(t)
	s.serve()
	fields := []string{"Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To", "X-Name"}
	for _, text := range hostileTexts {
		err := s.app.NewMailClient().Send(&mailer.Message{
			From: mail.Address{Name: text, Address: "messagerie@jean-moulin.fr"}, To: []mail.Address{{Name: text, Address: "anne@famille.fr"}},
			Subject: text, HTML: "<p>a</p>", Headers: map[string]string{"X-Name": text},
		})
		if err != nil {
			t.Fatalf("%.40q: %v", text, err)
		}
		letter := s.smtp.next()
		checkLines(t, text[:min(40, len(text))], letter)
		if got := slices.Sorted(maps.Keys(letter.header)); !slices.Equal(got, fields) {
			t.Errorf("%.40q: the header has %v", text, got)
		}
		for field, want := range map[string]string{"From": "messagerie@jean-moulin.fr", "To": "anne@famille.fr"} {
			list, err := letter.header.AddressList(field)
			if err != nil || len(list) != 1 || list[0].Address != want {
				t.Errorf("%.40q: %s is %v, %v", text, field, list, err)
			}
		}
		if !slices.Equal(letter.envelope, []string{"anne@famille.fr"}) {
			t.Errorf("%.40q: it went to %v", text, letter.envelope)
		}
		header, _, _ := bytes.Cut(letter.wire, []byte("\r\n\r\n"))
		if found := quotedEncodedWord.Find(header); found != nil {
			t.Errorf("%.40q: encoded words in quotes: %.80q", text, found)
		}
		if _, err := new(mime.WordDecoder).DecodeHeader(letter.header.Get("Subject")); err != nil {
			t.Errorf("%.40q: the subject: %v", text, err)
		}
	}
}

// A letter is from the school whatever its sender is called, and its title hides no address.
func TestLetter_ofSomebodyWithAHostileNameIsFromTheSchool(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	for i, text := range hostileTexts {
		s.configure(func(settings *core.Settings) { settings.Meta.AppName = "Collège" })
		s.execute("UPDATE users SET last_name = {:name} WHERE id = {:id}", map[string]any{"name": text, "id": s.claire.ID.RecordID()}) // past all rules
		s.send("a", anne)
		letter := s.smtp.next()
		if letter.from.Address != "messagerie@jean-moulin.fr" || !strings.HasSuffix(letter.from.Name, " via Collège") || strings.ContainsAny(letter.from.Name, "<>@\r\n\u202e\u2066") {
			t.Errorf("%d: from %.80q", i, letter.from)
		}
		reply, err := letter.header.AddressList("Reply-To")
		if err != nil || len(reply) != 1 || reply[0].Address != s.claire.Email {
			t.Errorf("%d: reply to %.80v, %v", i, reply, err)
		}
		header, _, _ := bytes.Cut(letter.wire, []byte("\r\n\r\n"))
		if found := quotedEncodedWord.Find(header); found != nil {
			t.Errorf("%d: encoded words in quotes: %.80q", i, found)
		}
	}
}
