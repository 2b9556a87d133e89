package privacy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

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
