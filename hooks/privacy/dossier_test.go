package privacy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/net/html"

	"messagerie/hooks/apptest"
	"messagerie/hooks/privacy"
	"messagerie/hooks/protocol"
)

type object = map[string]any

var now = time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)

func collected(t *testing.T, app *apptest.App, person protocol.ID) (*privacy.Dossier, string) {
	t.Helper()
	dossier, err := privacy.Collect(app.App, person, now)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := dossier.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	return dossier, page.String()
}

func TestDossier_hasAllThatIsKeptAboutAPersonAndNothingThatOthersWrote(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("Collège Jean-Moulin")
	claire := app.Person(school, protocol.RoleTeacher, "Claire", "Martin")
	yasmine := app.Person(school, protocol.RoleStudent, "Yasmine", "Benali")
	fatima := app.Person(school, protocol.RoleParent, "Fatima", "Benali")
	class := app.Create("classes", object{"name": "5e B", "year": "2026-2027", "establishment": school.RecordID()})
	app.Create("enrollments", object{"class": class.Id, "user": yasmine.Record.Id, "role": "student"})
	app.Create("guardianships", object{"guardian": fatima.Record.Id, "student": yasmine.Record.Id, "legal": true, "relation": "mother"})
	yasmine.Record.Set("ine", "123456789AB")
	if err := app.Save(yasmine.Record); err != nil {
		t.Fatal(err)
	}
	account := core.NewExternalAuth(app)
	account.SetCollectionRef(yasmine.Record.Collection().Id)
	account.SetRecordRef(yasmine.Record.Id)
	account.SetProvider("oidc")
	account.SetProviderId("ent-4711")
	if err := app.Save(account); err != nil {
		t.Fatal(err)
	}
	conversation := app.Conversation(claire, yasmine)
	app.Says(yasmine, conversation, "J'ai <oublié> mon livre.")
	lent := app.Says(claire, conversation, "Je vous le prête.")
	app.Create("reactions", object{"message": lent.ID.RecordID(), "user": yasmine.Record.Id, "emoji": "🙏"})

	app.Create("pins", object{"message": lent.ID.RecordID(), "user": yasmine.Record.Id})
	own := app.Says(yasmine, conversation, "à l'orijine")
	app.Change("messages", own.ID, object{"content": "à l'origine"})
	mention := app.Create("messages", object{"conversation": conversation.RecordID(), "sender": claire.Record.Id, "content": "@Yasmine, Votre livre", "mentions": yasmine.Record.Id})

	dossier, page := collected(t, app, yasmine.ID)
	var written bytes.Buffer
	if err := dossier.WriteJSON(&written); err != nil {
		t.Fatal(err)
	}
	var read privacy.Dossier
	if err := json.Unmarshal(written.Bytes(), &read); err != nil || read.Name != "Benali, Yasmine" && read.Name != "Yasmine, Benali" {
		t.Errorf("read back: %v, %q", err, read.Name)
	}
	for _, want := range []string{"Yasmine", "Benali", yasmine.Email, "123456789AB", "5e B", "ent-4711", "Fatima", "mother", "&lt;oublié&gt;", "Collège Jean-Moulin", "29/11/2026", "🙏", "Réactions à des messages",
		"Messages épinglés pour tous", "à l&#39;orijine", "Anciens textes de messages modifiés", "Messages qui mentionnent la personne", protocol.ParseID(mention.Id).String()} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if !strings.Contains(written.String(), "<oublié>") || !strings.Contains(written.String(), "123456789AB") {
		t.Error("the file for programs lacks something")
	}
	password := yasmine.Record.GetString(core.FieldNamePassword + ":hash")
	for _, secret := range []string{password, yasmine.Record.TokenKey(), "Je vous le prête", "Votre livre"} {
		if secret == "" || strings.Contains(page+written.String(), secret) {
			t.Errorf("it has %q", secret)
		}
	}
}

// Whatever people are called and write, the page that an office opens and prints has nothing but text.
func TestDossier_runsNothing(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment(`</title><script>alert(1)</script>`)
	teacher := app.Person(school, protocol.RoleTeacher, "Claire", `"><img src=x onerror=alert(1)>`)
	pupil := app.Person(school, protocol.RoleStudent, "</h1><script>alert(1)</script>", `'"><svg onload=alert(1)>`)
	class := app.Create("classes", object{"name": "<iframe src=javascript:alert(1)>", "year": "2026-2027", "establishment": school.RecordID()})
	app.Create("enrollments", object{"class": class.Id, "user": pupil.Record.Id, "role": "student"})
	conversation := app.Conversation(teacher, pupil)
	written := []string{"<script>alert(1)</script>", "</dd><a href=javascript:alert(1)>ici</a>", "=HYPERLINK(\"http://evil.example\")", strings.Repeat("<b>", 3000)}
	for _, text := range written {
		app.Says(pupil, conversation, text)
	}
	settings := app.Settings()
	settings.Meta.AppName = "{{.}}<script>alert(1)</script>"
	if err := app.Save(settings); err != nil {
		t.Fatal(err)
	}
	_, page := collected(t, app, pupil.ID)
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "dl", "dt", "dd"}
	var text strings.Builder
	for node := range root.Descendants() {
		if node.Type == html.TextNode {
			text.WriteString(node.Data)
		}
		if node.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(allowed, node.Data) {
			t.Errorf("it has a %s", node.Data)
		}
		for _, attribute := range node.Attr {
			if strings.HasPrefix(attribute.Key, "on") || attribute.Key == "href" || attribute.Key == "src" {
				t.Errorf("%s has %s=%q", node.Data, attribute.Key, attribute.Val)
			}
		}
	}
	for _, want := range append(written, pupil.Record.GetString("last_name"), class.GetString("name")) {
		if !strings.Contains(text.String(), want) {
			t.Errorf("it lacks %.40q", want)
		}
	}
	if !strings.Contains(page, `content="default-src 'none'; style-src 'unsafe-inline'"`) {
		t.Error("a browser isn't told to run nothing")
	}
}

func TestDossier_ofNobody(t *testing.T) {
	app := apptest.New(t)
	if _, err := privacy.Collect(app.App, 4711, now); !errors.Is(err, privacy.ErrNobody) {
		t.Errorf("got %v", err)
	}
}

// A collection that is added later must not appear under its English name.
func TestDossier_hasFrenchNamesForAllThatRefersToPeople(t *testing.T) {
	app := apptest.New(t)
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	references, err := app.FindCollectionReferences(users)
	if err != nil {
		t.Fatal(err)
	}
	for collection := range references {
		if !collection.IsView() && privacy.Label(collection.Name) == strings.ReplaceAll(collection.Name, "_", " ") {
			t.Errorf("%s has no French name", collection.Name)
		}
	}
}

func TestDossier_readsEveryPageOfALongHistory(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("Collège")
	claire, zoe := app.Person(school, protocol.RoleTeacher, "Claire", "Martin"), app.Person(school, protocol.RoleStudent, "Zoë", "Marchand")
	conversation := app.Conversation(claire, zoe)
	const many = 2001 // more than two pages of 1000
	for range many {
		app.Says(zoe, conversation, "encore")
	}
	dossier, _ := collected(t, app, zoe.ID)
	for _, section := range dossier.Sections {
		if section.Collection == "messages" && len(section.Entries) != many {
			t.Errorf("%d messages, want %d", len(section.Entries), many)
		}
	}
}
