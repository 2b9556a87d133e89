package email

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

func TestSend_givesEachRecipientALetterOfTheirOwn(t *testing.T) {
	s := newSchool(t)
	anne, bruno := s.parent("anne"), s.parent("bruno")
	s.serve()

	result, err := s.queue.Send(s.claire, Letter{
		Recipients: []Recipient{{ID: anne.ID}, {Address: "BRUNO@Famille.FR"}},
		Subject:    "Sortie à Orléans", Content: "Bonjour,\n\nrendez-vous à 8 h.",
	})
	if err != nil || result.ID == 0 || result.Accepted != 2 || len(result.Refused) != 0 {
		t.Fatalf("got %+v, %v", result, err)
	}
	for _, person := range []school.Person{anne, bruno} {
		letter := s.smtp.next()
		if letter.to != person.Email || letter.header.Get("To") != person.Email {
			t.Errorf("to %s, in the header %q; want %s", letter.to, letter.header.Get("To"), person.Email)
		}
		for _, other := range []string{"Cc", "Bcc"} {
			if letter.header.Get(other) != "" {
				t.Errorf("%s: %s", other, letter.header.Get(other))
			}
		}
		if letter.subject != "Sortie à Orléans" {
			t.Errorf("subject %q", letter.subject)
		}
		record := s.untilState(person, protocol.EmailSent)
		if record.GetInt("attempts") != 1 || !record.GetDateTime("sent_at").Time().Equal(s.clock.Now()) {
			t.Errorf("recorded %v", record.PublicExport())
		}
		if record.GetString("email") != result.ID.RecordID() || record.GetString("user") != person.ID.RecordID() {
			t.Errorf("recorded %v", record.PublicExport())
		}
	}
}

func TestSend_namesTheSenderAndTheirAddressForAnAnswer(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.serve()
	s.send("Bonjour", anne)

	letter := s.smtp.next()
	if letter.from.Name != "Claire Martin via Collège Jean Moulin" || letter.from.Address != "messagerie@jean-moulin.fr" {
		t.Errorf("from %v", letter.from)
	}
	if letter.posted.from != "messagerie@jean-moulin.fr" {
		t.Errorf("envelope from %s", letter.posted.from)
	}
	if reply := letter.header.Get("Reply-To"); reply != `"Claire Martin" <claire@jean-moulin.fr>` {
		t.Errorf("reply to %s", reply)
	}
}

func TestSend_namesOnlyTheSchoolWhereTheSenderIsGone(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.send("Bonjour", anne)
	sender, err := s.app.FindRecordById("users", s.claire.ID.RecordID())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.app.Delete(sender); err != nil {
		t.Fatal(err)
	}
	s.serve()

	letter := s.smtp.next()
	if letter.from.Name != "Collège Jean Moulin" || letter.header.Get("Reply-To") != "" {
		t.Errorf("from %v, reply to %q", letter.from, letter.header.Get("Reply-To"))
	}
}

func TestSend_keepsANameFromBecomingAnAddress(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	s.claire = s.person(`Zoé" <zoe@evil.fr>, Max`, "O'Neill (CPE)", protocol.RoleStaff, "zoe@jean-moulin.fr")
	s.serve()
	s.send("Bonjour", anne)

	letter := s.smtp.next()
	if letter.from.Address != "messagerie@jean-moulin.fr" ||
		letter.from.Name != "Zoé zoe evil.fr Max O'Neill CPE via Collège Jean Moulin" {
		t.Errorf("from %+v", letter.from)
	}
	reply, err := letter.header.AddressList("Reply-To")
	if err != nil || len(reply) != 1 || reply[0].Address != "zoe@jean-moulin.fr" {
		t.Errorf("reply to %v, %v", reply, err)
	}
}

func TestSend_refusesRecipientsAsTheyWereSpelt(t *testing.T) {
	s := newSchool(t)
	anne := s.parent("anne")
	disabled := s.personWith("Luc", "Parti", protocol.RoleParent, "luc@famille.fr", map[string]any{"disabled": true})
	stranger := s.personWith("Ines", "Loin", protocol.RoleParent, "ines@famille.fr",
		map[string]any{"establishments": []string{s.elsewhere}})
	mute := s.person("Noe", "Muet", protocol.RoleStudent, "noe@famille.fr")
	s.execute("UPDATE users SET email = '' WHERE id = {:id}", dbx.Params{"id": mute.ID.RecordID()})

	spelt := fmt.Sprintf(`[%d, "%d", " Anne@FAMILLE.fr ", %d, "luc@famille.fr", %d, "Ines@famille.fr", %d,
		"nobody@example.com", "", "x", null, true, {"id": 1}, [2], 12.5, -1, 99999999999999999999, "a\nb@c.fr"]`,
		anne.ID, anne.ID, disabled.ID, stranger.ID, mute.ID)
	var wanted []json.RawMessage
	if err := json.Unmarshal([]byte(spelt), &wanted); err != nil {
		t.Fatal(err)
	}
	result, err := s.queue.Send(s.claire, Letter{Recipients: Recipients(wanted), Subject: "Sujet", Content: "Texte"})
	if err != nil {
		t.Fatal(err)
	}
	if result.Accepted != 1 || s.count(recipients) != 1 || s.count(letters) != 1 {
		t.Errorf("accepted %d, stored %d", result.Accepted, s.count(recipients))
	}
	want := fmt.Sprintf(`[%d,"luc@famille.fr",%d,"Ines@famille.fr",-%d,`+
		`"nobody@example.com","","x",null,true,{"id":1},[2],12.5,-1,99999999999999999999,"a\nb@c.fr"]`,
		disabled.ID, stranger.ID, mute.ID)
	if got := refusals(t, result.Refused); got != want {
		t.Errorf("refused\n%s\nwant (- marks no_email_address)\n%s", got, want)
	}
}

// refusals spells what was refused as JSON, with a minus before those without an
// address.
func refusals(t *testing.T, refused []protocol.EmailRefused) string {
	t.Helper()
	var spelt []string
	for _, r := range refused {
		text, err := json.Marshal(r.Recipient)
		if err != nil {
			t.Fatal(err)
		}
		switch r.Code {
		case protocol.CodeNoEmailAddress:
			spelt = append(spelt, "-"+string(text))
		case protocol.CodeUnknownRecipient:
			spelt = append(spelt, string(text))
		default:
			t.Errorf("%s was refused as %q", text, r.Code)
		}
	}
	return "[" + strings.Join(spelt, ",") + "]"
}

func TestSend_storesNothingWhenEverybodyIsRefused(t *testing.T) {
	s := newSchool(t)
	result, err := s.queue.Send(s.claire, Letter{
		Recipients: []Recipient{{Address: "nobody@example.com"}, {ID: 42}, {}}, Subject: "Sujet", Content: "Texte"})
	if err != nil {
		t.Fatal(err)
	}
	spelt, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":0,"accepted":0,"refused":[{"recipient":"nobody@example.com","code":"unknown_recipient"},` +
		`{"recipient":42,"code":"unknown_recipient"},{"recipient":"","code":"unknown_recipient"}]}`
	if string(spelt) != want {
		t.Errorf("got  %s\nwant %s", spelt, want)
	}
	if s.count(letters) != 0 || s.count(recipients) != 0 {
		t.Error("something was stored")
	}
}

func TestSend_refusesTheWholeLetter(t *testing.T) {
	s := newSchool(t)
	s.queue.limits.EmailRecipients = 2
	s.queue.limits.EmailContentBytes = 1000
	anne := s.parent("anne")
	to := []Recipient{{ID: anne.ID}}
	for name, c := range map[string]struct {
		caller school.Person
		letter Letter
		code   string
		field  string
	}{
		"a parent writes":       {anne, Letter{Recipients: to, Subject: "Sujet", Content: "Texte"}, protocol.CodeForbidden, ""},
		"to nobody":             {s.claire, Letter{Recipients: nil, Subject: "Sujet", Content: "Texte"}, protocol.CodeNoRecipients, "recipients"},
		"to too many":           {s.claire, Letter{Recipients: make([]Recipient, 3), Subject: "Sujet", Content: "Texte"}, protocol.CodeInvalidRequest, "recipients"},
		"no subject":            {s.claire, Letter{Recipients: to, Subject: " \n", Content: "Texte"}, protocol.CodeInvalidRequest, "subject"},
		"a long subject":        {s.claire, Letter{Recipients: to, Subject: strings.Repeat("é", 256), Content: "Texte"}, protocol.CodeInvalidRequest, "subject"},
		"another header":        {s.claire, Letter{Recipients: to, Subject: "Sujet\r\nBcc: x@evil.fr", Content: "Texte"}, protocol.CodeInvalidRequest, "subject"},
		"a bare return":         {s.claire, Letter{Recipients: to, Subject: "Sujet\rBcc: x@evil.fr", Content: "Texte"}, protocol.CodeInvalidRequest, "subject"},
		"a line separator":      {s.claire, Letter{Recipients: to, Subject: "Sujet\u2028Bcc", Content: "Texte"}, protocol.CodeInvalidRequest, "subject"},
		"a zero byte":           {s.claire, Letter{Recipients: to, Subject: "Sujet\x00", Content: "Texte"}, protocol.CodeInvalidRequest, "subject"},
		"no content":            {s.claire, Letter{Recipients: to, Subject: "Sujet", Content: ""}, protocol.CodeContentEmpty, "content"},
		"only space":            {s.claire, Letter{Recipients: to, Subject: "Sujet", Content: " \n\t "}, protocol.CodeContentEmpty, "content"},
		"a blank":               {s.claire, Letter{Recipients: to, Subject: "Sujet", Content: "\u2800 \u3164"}, protocol.CodeContentEmpty, "content"},
		"a blank subject":       {s.claire, Letter{Recipients: to, Subject: "\u200b\u3164", Content: "Texte"}, protocol.CodeInvalidRequest, "subject"},
		"only tags":             {s.claire, Letter{Recipients: to, Subject: "Sujet", Content: "<p>&nbsp;<img src=x></p><script>x</script>"}, protocol.CodeContentEmpty, "content"},
		"a long content":        {s.claire, Letter{Recipients: to, Subject: "Sujet", Content: strings.Repeat("a", 1001)}, protocol.CodeContentTooLong, "content"},
		"subject of other text": {s.claire, Letter{Recipients: to, Subject: "\xff", Content: "Texte"}, protocol.CodeInvalidRequest, "subject"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.queue.Send(c.caller, c.letter)
			var refused *refusal.Error
			if !errors.As(err, &refused) || refused.Code() != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			if c.field != "" && refused.Field != c.field {
				t.Errorf("it names %q, want %s", refused.Field, c.field)
			}
		})
	}
	if s.count(letters) != 0 {
		t.Error("something was stored")
	}
}

func TestSend_refusesWhatEscapingMakesTooLongToStore(t *testing.T) {
	s := newSchool(t)
	s.queue.limits.EmailContentBytes = 4 << 20
	anne := s.parent("anne")
	_, err := s.queue.Send(s.claire, Letter{Recipients: []Recipient{{ID: anne.ID}}, Subject: "Sujet", Content: strings.Repeat(`"`, 3<<20)})
	if !errors.Is(err, refusal.New(protocol.CodeContentTooLong, "")) {
		t.Errorf("got %v", err)
	}
}

func TestSend_revealsNoHiddenAddress(t *testing.T) {
	s := newSchool(t)
	s.queue.limits.EmailRoles = []string{protocol.RoleParent}
	anne, bruno := s.parent("anne"), s.parent("bruno")
	result, err := s.queue.Send(anne, Letter{
		Recipients: []Recipient{{Address: bruno.Email}, {Address: s.claire.Email}, {Address: anne.Email}}, Subject: "Sujet", Content: "Texte"})
	if err != nil {
		t.Fatal(err)
	}
	if result.Accepted != 2 || len(result.Refused) != 1 || result.Refused[0].Recipient != bruno.Email {
		t.Errorf("got %+v", result)
	}
}

func TestSearchRecipients_findsOnlyThoseWithAnAddress(t *testing.T) {
	s := newSchool(t)
	mute, anne := s.parent("noe"), s.parent("anne")
	s.execute("UPDATE users SET email = '' WHERE id = {:id}", dbx.Params{"id": mute.ID.RecordID()})
	college := protocol.ParseID(s.establishment)

	found, err := s.queue.SearchRecipients(s.claire, college, "durand")
	if err != nil || len(found) != 1 || found[0].ID != anne.ID {
		t.Errorf("found %v, %v", found, err)
	}
	if _, err := s.queue.SearchRecipients(anne, college, "durand"); !errors.Is(err, errForbidden) {
		t.Errorf("a parent got %v", err)
	}
	_, err = s.queue.SearchRecipients(s.claire, protocol.ParseID(s.elsewhere), "durand")
	if !errors.Is(err, school.ErrNotInSchool) {
		t.Errorf("a stranger got %v", err)
	}
}

func TestQueries_useTheIndexes(t *testing.T) {
	s := newSchool(t)
	now := s.add(letters, map[string]any{"subject": "x", "content": "x"}).GetDateTime("created")
	for name, c := range map[string]struct {
		query *dbx.SelectQuery
		index string
	}{
		"due":     {dueQuery(s.app, now).Limit(1), "idx_email_recipients_due"},
		"letters": {dueLetterQuery(s.app, now).Limit(1), "idx_email_recipients_due"},
		"failed":  {failedQuery(s.app, now.Time()), "idx_email_recipients_failed"},
		"address": {s.app.RecordQuery("users").AndWhere(hasAddress([]any{"a@b.fr", "c@d.fr"})), "idx_users_email"},
	} {
		built := c.query.Build()
		var plan []struct {
			Detail string `db:"detail"`
		}
		err := s.app.DB().NewQuery("EXPLAIN QUERY PLAN " + built.SQL()).Bind(built.Params()).All(&plan)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan[0].Detail, "SEARCH") || !strings.Contains(plan[0].Detail, c.index) {
			t.Errorf("%s: %v", name, plan)
		}
		for _, step := range plan[1:] { // of a subquery
			if strings.Contains(step.Detail, "SCAN") || strings.Contains(step.Detail, "TEMP B-TREE") {
				t.Errorf("%s: %v", name, plan)
			}
		}
	}
}

func (s *testSchool) execute(statement string, params dbx.Params) {
	s.t.Helper()
	if _, err := s.app.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
		s.t.Fatal(err)
	}
}
