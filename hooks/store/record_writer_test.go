package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/apptest"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// Sending a message doesn't use tx.Save, but must trigger the same hooks.
func TestSendMessage_triggersTheHooksOfASave(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("École")
	claire := app.Person(school, protocol.RoleTeacher, "Claire", "Martin")
	jerome := app.Person(school, protocol.RoleParent, "Jérôme", "Lefèvre")
	conversation := app.Conversation(claire, jerome)
	var seen []string
	var failing error
	on := func(name string, e *core.RecordEvent) error {
		seen = append(seen, fmt.Sprint(name, " new=", e.Record.IsNew(), " tx=", e.App.IsTransactional(), " type=", e.Type))
		return e.Next()
	}
	app.OnRecordCreate("messages").BindFunc(func(e *core.RecordEvent) error { return on("create", e) })
	app.OnRecordCreateExecute("messages").BindFunc(func(e *core.RecordEvent) error {
		if failing != nil {
			return failing
		}
		return on("execute", e)
	})
	app.OnRecordAfterCreateSuccess("messages").BindFunc(func(e *core.RecordEvent) error { return on("stored", e) })
	app.OnRecordAfterCreateError("messages").BindFunc(func(e *core.RecordErrorEvent) error {
		seen = append(seen, fmt.Sprint("failed ", e.Error, " new=", e.Record.IsNew()))
		return e.Next()
	})
	fields := map[string]any{
		"conversation": conversation.RecordID(), "sender": claire.ID.RecordID(), "content": "Bonjour"}
	message := messagerie.NewMessage{Conversation: conversation, Sender: claire.ID, Content: "Bonjour"}

	app.Create("messages", fields)
	saved := slices.Clone(seen)
	seen = nil
	app.Says(claire, conversation, "Bonjour")
	if !slices.Equal(seen, saved) || len(seen) != 3 {
		t.Errorf("sending triggers\n%q\nand saving\n%q", seen, saved)
	}

	failing, seen = errors.New("refused"), nil
	if _, _, err := app.Conversations.SendMessage(message); !errors.Is(err, failing) {
		t.Errorf("the hook's refusal became %v", err)
	}
	if want := "failed refused new=true"; len(seen) != 2 || seen[1] != want {
		t.Errorf("a refusal triggers %q, want %q at the end", seen, want)
	}
	if n := app.Count("messages"); n != 2 {
		t.Errorf("%d messages are stored", n)
	}
}

// What an administrator configures in the dashboard applies to sockets as well, and an
// added field doesn't break sending.
func TestSendMessage_respectsTheDashboardsFields(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("École")
	claire := app.Person(school, protocol.RoleTeacher, "Claire", "Martin")
	conversation := app.Conversation(claire, app.Person(school, protocol.RoleParent, "Jérôme", "Lefèvre"))
	collection, err := app.FindCollectionByNameOrId("messages")
	if err != nil {
		t.Fatal(err)
	}
	collection.Fields.Add(
		&core.TextField{Name: "label", Pattern: "^[a-z]*$"},
		&core.NumberField{Name: "weight"},
		&core.JSONField{Name: "extra"},
		&core.RelationField{Name: "about", CollectionId: collection.Id, MaxSelect: 3},
	)
	collection.Fields.GetByName("content").(*core.TextField).Max = 10
	if err := app.Save(collection); err != nil {
		t.Fatal(err)
	}
	label := "urgent"
	app.OnRecordCreate("messages").BindFunc(func(e *core.RecordEvent) error {
		e.Record.Set("label", label)
		return e.Next()
	})

	sent := app.Says(claire, conversation, "Bonjour")
	stored := app.Find("messages", sent.ID)
	if got := stored.GetString("label"); got != "urgent" {
		t.Errorf("the added field holds %q", got)
	}
	send := func(content string) error {
		_, _, err := app.Conversations.SendMessage(messagerie.NewMessage{
			Conversation: conversation, Sender: claire.ID, Content: content})
		return err
	}
	if send("onze lettres") == nil {
		t.Error("a message longer than the dashboard allows was stored")
	}
	label = "URGENT"
	if send("Bonjour") == nil {
		t.Error("the pattern of the added field was ignored")
	}
	if n := app.Count("messages"); n != 1 {
		t.Errorf("%d messages are stored", n)
	}
}

// stamp depends on where PocketBase keeps the times that it has set; a time that an
// import has set stays.
func TestSendMessage_setsTimesWherePocketBaseKeepsThem(t *testing.T) {
	s := apptest.New(t)
	school := s.Establishment("École")
	claire := s.Person(school, protocol.RoleTeacher, "Claire", "Martin")
	direct := s.Conversation(claire, s.Person(school, protocol.RoleParent, "Jérôme", "Lefèvre"))
	record := s.Create("messages", map[string]any{
		"conversation": direct.RecordID(), "sender": claire.ID.RecordID(), "content": "Bonjour"})
	if got := record.GetRaw(store.LastKnown + "created"); got != record.GetRaw("created") {
		t.Errorf("PocketBase keeps %v, created is %v: stamp has no effect", got, record.GetRaw("created"))
	}
	long, err := types.ParseDateTime("2025-09-01 08:00:00.000Z")
	if err != nil {
		t.Fatal(err)
	}
	s.OnRecordCreate("messages").BindFunc(func(e *core.RecordEvent) error {
		e.Record.SetRaw("created", long)
		return e.Next()
	})
	sent := s.Find("messages", s.Says(claire, direct, "Bonsoir").ID)
	if got := sent.GetDateTime("created"); !got.Equal(long) {
		t.Errorf("created at %v, want %v", got, long)
	}
	if got := sent.GetDateTime("updated"); !got.After(long) {
		t.Errorf("updated at %v", got)
	}
}
