package email

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// inviting is a school whose head invites.
type inviting struct {
	*testSchool
	helene school.Person
}

func newInviting(t *testing.T) inviting {
	s := newSchool(t)
	s.queue.people.SetClock(s.clock.Now)
	return inviting{s, s.person("Hélène", "Roy", protocol.RoleAdmin, "direction@jean-moulin.fr")}
}

func (s inviting) id() protocol.ID { return protocol.ParseID(s.establishment) }

func (s inviting) invite(wanted Wanted) protocol.Invitations {
	s.t.Helper()
	result, err := s.queue.Invite(s.helene, s.id(), wanted)
	if err != nil {
		s.t.Fatal(err)
	}
	return result
}

func named(people ...school.Person) Wanted {
	wanted := Wanted{}
	for _, person := range people {
		wanted.Users = append(wanted.Users, person.ID)
	}
	return wanted
}

func parents(again bool) Wanted {
	return Wanted{Selection: school.Selection{Role: protocol.RoleParent}, Again: again}
}

// results are the results by first name.
func results(invitations protocol.Invitations) map[string]string {
	found := map[string]string{}
	for _, one := range invitations.Results {
		found[one.User.FirstName] = one.Result
	}
	return found
}

func (s inviting) wants(what string, invitations protocol.Invitations, want map[string]string) {
	s.t.Helper()
	if got := results(invitations); fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

var linkPattern = regexp.MustCompile(`https://messagerie\.jean-moulin\.fr/welcome#\S+`)

// codeIn returns what the link of a mail carries.
func (s inviting) codeIn(mail received) (identity, code string) {
	s.t.Helper()
	_, fragment, ok := strings.Cut(linkPattern.FindString(mail.plain), "#")
	fields, err := url.ParseQuery(fragment)
	if !ok || err != nil {
		s.t.Fatalf("no link in\n%s", mail.plain)
	}
	return fields.Get("u"), fields.Get("c")
}

func (s inviting) opens(identity, code string) bool {
	s.t.Helper()
	invitation, err := s.queue.people.InvitationOf(identity)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.queue.people.Opens(invitation, code)
}

func (s inviting) join(person school.Person) {
	s.t.Helper()
	record, err := s.app.FindRecordById("users", person.ID.RecordID())
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.queue.people.LogIn(record, "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0"); err != nil {
		s.t.Fatal(err)
	}
}

func (s inviting) counts(selection school.Selection) protocol.InvitationCounts {
	s.t.Helper()
	counts, err := s.queue.CountInvitations(s.helene, s.id(), selection)
	if err != nil {
		s.t.Fatal(err)
	}
	return counts
}

func TestInvite_mailsEachPersonACodeOfTheirOwn(t *testing.T) {
	s := newInviting(t)
	anne, omar := s.parent("anne"), s.personWith("Omar", "Haddad", protocol.RoleParent, "omar+ecole@famille.fr", map[string]any{"locale": "ar", "username": "omar.haddad"})
	joined := s.parent("jeanne")
	s.person("Louis", "Durand", protocol.RoleParent, "")
	s.join(joined)
	s.serve()
	s.wants("the first time", s.invite(parents(false)), map[string]string{
		"anne": protocol.Invited, "Omar": protocol.Invited, "jeanne": protocol.InvitationHasAccess, "Louis": protocol.InvitationNoAddress})
	mails := map[string]received{}
	for range 2 {
		mail := s.smtp.next()
		mails[mail.to] = mail
		checkLines(t, mail.to, mail)
	}
	french, arabic := mails[anne.Email], mails[omar.Email]
	if french.subject != "Collège Jean Moulin : votre accès à la messagerie" || french.from.Name != "Hélène Roy via Collège Jean Moulin" {
		t.Errorf("it is about %q, by %s", french.subject, french.from.String())
	}
	for _, want := range []string{"Bonjour anne Durand,", "Hélène Roy vous invite à rejoindre la messagerie de l’établissement Collège Jean Moulin.", "Ce lien ne sert qu’une fois, jusqu’au "} {
		if !strings.Contains(french.plain, want) || !strings.Contains(french.hyper, strings.ReplaceAll(want, "’", "’")) {
			t.Errorf("it doesn't say %q:\n%s\n%s", want, french.plain, french.hyper)
		}
	}
	if !strings.Contains(arabic.hyper, `<html lang="ar" dir="rtl">`) || !strings.Contains(arabic.plain, "كلمة المرور") {
		t.Errorf("the Arabic mail is\n%s", arabic.hyper)
	}
	identity, code := s.codeIn(french)
	if identity != anne.Email || !s.opens(identity, code) {
		t.Errorf("%s with %s opens nothing", identity, code)
	}
	other, otherCode := s.codeIn(arabic)
	if other != "omar.haddad" || !s.opens(other, otherCode) || s.opens(identity, otherCode) || s.opens(other, code) {
		t.Errorf("%s with %s: the codes aren't each for one person", other, otherCode)
	}
	if !strings.Contains(french.hyper, strings.ReplaceAll(linkPattern.FindString(french.plain), "&", "&amp;")) {
		t.Errorf("the button leads elsewhere than the text says:\n%s", french.hyper)
	}
	s.untilState(anne, protocol.EmailSent)
	s.untilState(omar, protocol.EmailSent)
	s.holdsNot(code, strings.ReplaceAll(code, "-", ""))
	want := protocol.InvitationCounts{Available: true, People: 4, Joined: 1, NoAddress: 1, Sent: 2, Failures: []protocol.InvitationFailure{}}
	if got := s.counts(parents(false).Selection); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// holdsNot fails if any row of the database, the log included, holds one of the texts.
func (s inviting) holdsNot(secrets ...string) {
	s.t.Helper()
	var tables []string
	if err := s.app.ConcurrentDB().NewQuery("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").Column(&tables); err != nil {
		s.t.Fatal(err)
	}
	if !slices.Contains(tables, recipients) || !slices.Contains(tables, "access_codes") {
		s.t.Fatalf("the tables are %v", tables)
	}
	for _, table := range tables {
		rows, err := s.app.ConcurrentDB().NewQuery("SELECT * FROM {{" + table + "}}").Rows()
		if err != nil {
			s.t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values, into := make([][]byte, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				s.t.Fatal(err)
			}
			for _, secret := range secrets {
				if bytes.Contains(bytes.Join(values, nil), []byte(secret)) {
					s.t.Errorf("%s holds a code", table)
				}
			}
		}
		_ = rows.Close()
	}
}

func TestInvite_repeatsForThoseWhoHaventCome(t *testing.T) {
	s := newInviting(t)
	anne := s.parent("anne")
	s.serve()
	s.invite(parents(false))
	identity, first := s.codeIn(s.smtp.next())
	s.untilState(anne, protocol.EmailSent)
	s.wants("a second time", s.invite(parents(false)), map[string]string{"anne": protocol.InvitationAlreadySent})
	s.wants("again, at once", s.invite(parents(true)), map[string]string{"anne": protocol.InvitationAlreadySent})
	if !s.opens(identity, first) {
		t.Error("a mail that wasn't sent voided the code before")
	}
	s.later(2 * time.Hour)
	s.wants("again, later", s.invite(parents(true)), map[string]string{"anne": protocol.Invited})
	_, second := s.codeIn(s.smtp.next())
	if s.opens(identity, first) || !s.opens(identity, second) {
		t.Error("the older code is valid, or the newer one isn't")
	}
	s.untilState(anne, protocol.EmailSent)
	s.later(61 * 24 * time.Hour)
	if s.opens(identity, second) {
		t.Error("a code is valid after sixty days")
	}
}

func TestInvite_sendsNothingTwiceToAnAddressThatCameBack(t *testing.T) {
	s := newInviting(t)
	anne := s.parent("anne")
	s.smtp.refuse(anne.Email, "550 5.1.1 no such mailbox")
	s.serve()
	s.invite(parents(false))
	s.untilState(anne, protocol.EmailFailed)
	counts := s.counts(parents(false).Selection)
	if counts.Failed != 1 || len(counts.Failures) != 1 || !strings.Contains(counts.Failures[0].Reason, "no such mailbox") {
		t.Errorf("%+v", counts)
	}
	s.wants("to everybody", s.invite(parents(true)), map[string]string{"anne": protocol.InvitationBounced})
	s.wants("by name", s.invite(named(anne)), map[string]string{"anne": protocol.Invited})
	_, code := s.codeIn(s.smtp.next())
	s.untilState(anne, protocol.EmailSent)

	// The address was a stranger's: the code that they have got opens nothing any more.
	record, err := s.app.FindRecordById("users", anne.ID.RecordID())
	if err != nil {
		t.Fatal(err)
	}
	record.SetEmail("anne.durand@famille.fr")
	s.save(record)
	if s.opens("anne.durand@famille.fr", code) || s.opens(anne.Email, code) || s.count("access_codes") != 0 {
		t.Error("the code that was mailed to the old address is valid")
	}
	s.wants("to the new address", s.invite(parents(false)), map[string]string{"anne": protocol.Invited})
	if mail := s.smtp.next(); mail.to != "anne.durand@famille.fr" {
		t.Errorf("it went to %s", mail.to)
	}
}

func TestInvite_sendsNoVoidCode(t *testing.T) {
	for what, change := range map[string]func(inviting, school.Person){
		"a letter was printed since": func(s inviting, anne school.Person) {
			if _, err := s.queue.people.AccessCodes(s.helene, s.id(), named(anne).Selection); err != nil {
				s.t.Fatal(err)
			}
		},
		"the person was disabled": func(s inviting, anne school.Person) {
			s.change("users", anne.ID.RecordID(), map[string]any{"disabled": true})
		},
		"the person has left for another school": func(s inviting, anne school.Person) {
			s.change("users", anne.ID.RecordID(), map[string]any{"establishments": []string{s.elsewhere}})
		},
		"the person has become an administrator": func(s inviting, anne school.Person) {
			s.change("users", anne.ID.RecordID(), map[string]any{"role": protocol.RoleAdmin})
		},
		"the person came by a provider": func(s inviting, anne school.Person) { s.join(anne) },
		"the person came, and the code was kept": func(s inviting, anne school.Person) {
			s.change("users", anne.ID.RecordID(), map[string]any{"joined_at": s.clock.Now()})
		},
		"the code was annulled in the dashboard": func(s inviting, anne school.Person) {
			record, err := s.app.FindFirstRecordByData("access_codes", "user", anne.ID.RecordID())
			if err != nil {
				s.t.Fatal(err)
			}
			if err := s.app.Delete(record); err != nil {
				s.t.Fatal(err)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			s := newInviting(t)
			anne := s.parent("anne")
			s.invite(named(anne)) // waits: nothing is served yet
			change(s, anne)
			s.serve()
			if record := s.untilState(anne, protocol.EmailFailed); record.GetString("error") != errSuperseded.Error() {
				t.Errorf("the reason is %q", record.GetString("error"))
			}
			failed, err := s.queue.FailedSince(time.Time{})
			if shown := s.count("courriels_en_echec"); err != nil || failed || shown != 0 {
				t.Errorf("the administration is told of it: %v, %v, and the dashboard of %d", failed, err, shown)
			}
			s.smtp.none()
		})
	}
}

func TestInvite_voidsTheMailedCodeOfWhoComesAnotherWay(t *testing.T) {
	s := newInviting(t)
	anne, bea := s.parent("anne"), s.parent("bea")
	s.serve()
	s.invite(named(anne))
	identity, code := s.codeIn(s.smtp.next())
	s.untilState(anne, protocol.EmailSent)
	if !s.opens(identity, code) {
		t.Fatal("the code opens nothing")
	}
	s.join(anne) // by a provider
	if s.opens(identity, code) || s.count("access_codes") != 0 {
		t.Error("the code in her mailbox is valid")
	}
	printed, err := s.queue.people.AccessCodes(s.helene, s.id(), named(bea).Selection)
	if err != nil {
		t.Fatal(err)
	}
	s.join(bea)
	if !s.opens(bea.Email, printed[0].Code) {
		t.Error("the code of a printed letter is void")
	}
}

func (s inviting) count(collection string) int64 {
	s.t.Helper()
	n, err := s.app.CountRecords(collection)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestInvite_isRefusedWithoutMail(t *testing.T) {
	s := newInviting(t)
	anne := s.parent("anne")
	s.configure(func(settings *core.Settings) { settings.SMTP.Enabled = false })
	if _, err := s.queue.Invite(s.helene, s.id(), named(anne)); !errors.Is(err, refusal.MailUnavailable) {
		t.Errorf("%v", err)
	}
	if counts := s.counts(named(anne).Selection); counts.Available || s.count("access_codes")+s.count(letters) != 0 {
		t.Errorf("%+v, and something was stored", counts)
	}
}

func TestInvite_isForTheAdministration(t *testing.T) {
	s := newInviting(t)
	anne := s.parent("anne")
	if _, err := s.queue.Invite(s.claire, s.id(), named(anne)); !errors.Is(err, school.ErrNotAdministration) {
		t.Errorf("a teacher: %v", err)
	}
	if _, err := s.queue.Invite(s.helene, protocol.ParseID(s.elsewhere), named(anne)); !errors.Is(err, school.ErrNotInSchool) {
		t.Errorf("another school: %v", err)
	}
	if _, err := s.queue.Invite(s.helene, s.id(), named(s.helene)); err == nil {
		t.Error("the head invites herself")
	}
}

func TestInvite_endsWithTheBudgetOfADay(t *testing.T) {
	s := newInviting(t)
	s.parent("anne")
	s.parent("bea")
	s.queue.addressed = school.NewBudget(1, 1)
	s.wants("with one mail left", s.invite(parents(false)), map[string]string{
		"anne": protocol.Invited, "bea": protocol.InvitationQueueFull})
}

func TestInvite_carriesHostileNames(t *testing.T) {
	s := newInviting(t)
	evil := s.person(`<img src=x onerror=alert(1)>`, "www.evil.example \u202eefil", protocol.RoleParent, "evil@famille.fr")
	record, err := s.app.FindRecordById("establishments", s.establishment)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("name", `École "A" & <b>fils</b> =?utf-8?q?x?= https://evil.example`)
	s.save(record)
	s.serve()
	s.invite(named(evil))
	mail := s.smtp.next()
	checkLines(t, "hostile names", mail)
	if strings.Contains(mail.hyper, "<img") || strings.Contains(mail.hyper, "<b>fils") {
		t.Errorf("a name became HTML:\n%s", mail.hyper)
	}
	for _, part := range []string{mail.plain, mail.hyper, mail.subject} {
		if strings.Contains(part, "evil.example") || strings.ContainsRune(part, '\u202e') {
			t.Errorf("a name is a link, or turns the text round:\n%s", part)
		}
	}
	if !strings.HasPrefix(mail.subject, `École "A" & <b>fils</b> =?utf-8?q?x?=`) {
		t.Errorf("the subject is %q", mail.subject)
	}
}

func TestInvite_showsTheLogo(t *testing.T) {
	s := newInviting(t)
	anne := s.parent("anne")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 400, 400))); err != nil {
		t.Fatal(err)
	}
	file, err := filesystem.NewFileFromBytes(picture.Bytes(), "logo.png")
	if err != nil {
		t.Fatal(err)
	}
	record, err := s.app.FindRecordById("establishments", s.establishment)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("logo", file)
	s.save(record)
	s.serve()
	s.invite(named(anne))
	mail := s.smtp.next()
	shown, err := png.Decode(bytes.NewReader(mail.picture))
	if err != nil || shown.Bounds().Dy() != 128 || mail.pictureID != "<logo>" || !strings.Contains(mail.hyper, `src="cid:logo"`) {
		t.Errorf("the logo is %v, %s: %v", shown, mail.pictureID, err)
	}
	if mail.plain == "" || !s.opens(s.codeIn(mail)) {
		t.Error("with a logo the mail says less")
	}
}

// A teacher's letter doesn't wait until a thousand invitations have left, and the provider gets no more than it takes.
func TestInvite_letsOtherLettersPassAtTheProvidersPace(t *testing.T) {
	s := newSchool(t)
	s.limits.EmailsPerHour = 10 // one at once, the others every 400 s
	s.close()
	s.open()
	in := inviting{s, s.person("Hélène", "Roy", protocol.RoleAdmin, "direction@jean-moulin.fr")}
	in.queue.people.SetClock(s.clock.Now)
	var people []school.Person
	for _, name := range []string{"anne", "bea", "carl", "dora"} {
		people = append(people, s.parent(name))
	}
	s.serve()
	in.invite(named(people...))
	first := s.smtp.next().to
	s.untilState(people[0], protocol.EmailSent)
	s.settle()
	s.smtp.none() // the others wait
	paul := s.parent("paul")
	s.send("Bonjour", paul)
	sent := []string{first}
	for range 4 {
		s.later(401 * time.Second)
		sent = append(sent, s.smtp.next().to)
		s.settle()
		s.smtp.none()
	}
	if at := slices.Index(sent, paul.Email); at < 0 || at > 2 {
		t.Errorf("in the order %v", sent)
	}
}

// After a night all invitations are due at once.
func TestInvite_letsOtherLettersPassInTheMorning(t *testing.T) {
	s := newSchool(t)
	s.limits.EmailsPerHour = 10
	s.close()
	s.open()
	in := inviting{s, s.person("Hélène", "Roy", protocol.RoleAdmin, "direction@jean-moulin.fr")}
	night, begun := time.Date(2026, 11, 30, 21, 0, 0, 0, time.UTC), s.clock.Now() // 22:00 in Paris
	in.queue.people.SetClock(func() time.Time { return night.Add(s.clock.Now().Sub(begun)) })
	s.change("establishments", s.establishment, map[string]any{"quiet": protocol.QuietDefer, "quiet_days": []string{}})
	var people []school.Person
	for i := range 4 {
		people = append(people, s.parent(fmt.Sprint("p", i)))
	}
	s.serve()
	in.invite(named(people...))
	s.settle()
	for range 4 {
		s.later(401 * time.Second)
		s.settle()
	}
	s.smtp.none()
	if record := s.recipient(people[3]); record.GetString("error") != inPeace {
		t.Fatalf("an invitation doesn't rest: %v", record.PublicExport())
	}
	paul := s.parent("paul")
	s.send("Bonjour", paul) // rests until then as well
	s.settle()
	s.later(begun.Add(9*time.Hour + time.Minute).Sub(s.clock.Now()))
	sent := []string{s.smtp.next().to}
	for range 4 {
		s.settle()
		s.smtp.none()
		s.later(401 * time.Second)
		sent = append(sent, s.smtp.next().to)
	}
	if sent[0] != paul.Email {
		t.Errorf("in the order %v", sent)
	}
}

// The mail server wasn't asked.
func TestInvite_whichIsVoidCostsNoPlaceAndEndsNoOutage(t *testing.T) {
	s := newSchool(t)
	s.limits.EmailsPerHour = 10
	s.close()
	s.open()
	in := inviting{s, s.person("Hélène", "Roy", protocol.RoleAdmin, "direction@jean-moulin.fr")}
	in.queue.people.SetClock(s.clock.Now)
	anne := s.parent("anne")
	in.invite(named(anne))
	in.join(anne)
	down := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	s.queue.noteOutcome(down)
	s.serve()
	s.untilState(anne, protocol.EmailFailed)
	s.settle()
	if since, err := s.queue.Outage(); since.IsZero() || !errors.Is(err, down) {
		t.Errorf("the outage is over: %v, %v", since, err)
	}
	paul := s.parent("paul")
	s.send("Bonjour", paul)
	if letter := s.smtp.next(); letter.to != paul.Email { // at once
		t.Errorf("a letter to %s", letter.to)
	}
	s.untilState(paul, protocol.EmailSent)
	s.settle()
	if since, _ := s.queue.Outage(); !since.IsZero() {
		t.Error("the outage isn't over")
	}
}

func TestInvite_takesAThousandPeople(t *testing.T) {
	s := newInviting(t)
	const count = 1000
	wanted := Wanted{}
	for i := range count {
		wanted.Users = append(wanted.Users, s.person("Parent", fmt.Sprint(i), protocol.RoleParent, fmt.Sprintf("p%d@famille.fr", i)).ID)
	}
	begun := time.Now()
	if result := s.invite(wanted); result.Invited != count {
		t.Fatalf("%d are invited", result.Invited)
	}
	t.Logf("queued in %s", time.Since(begun).Round(time.Millisecond))
	if s.count(letters) != 1 || s.count(recipients) != count || s.count("access_codes") != count {
		t.Errorf("stored are %d letters, %d recipients, %d codes", s.count(letters), s.count(recipients), s.count("access_codes"))
	}
	s.serve()
	seen := map[string]bool{}
	for range count {
		mail := s.smtp.next()
		if _, code := s.codeIn(mail); seen[code] || seen[mail.to] {
			t.Fatalf("%s got a mail twice, or somebody else's code", mail.to)
		} else {
			seen[code], seen[mail.to] = true, true
		}
	}
}
