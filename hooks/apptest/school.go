package apptest

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// Password is the password of every person.
const Password = "correct horse battery"

// Person is somebody with a valid token.
type Person struct {
	ID     protocol.ID
	Email  string
	Token  string
	Record *core.Record
}

// Establishment creates a school in which everybody may write to everybody: most tests aren't about
// contact rules.
func (a *App) Establishment(name string) protocol.ID {
	a.t.Helper()
	return protocol.ParseID(a.Create("establishments", map[string]any{"name": name, "contacts": protocol.ContactsOpen}).Id)
}

// EstablishmentWithRules creates a school with the contact rules of a new one.
func (a *App) EstablishmentWithRules(name string) protocol.ID {
	a.t.Helper()
	return protocol.ParseID(a.Create("establishments", map[string]any{"name": name}).Id)
}

// Person creates a person called "First Last" in an establishment.
func (a *App) Person(establishment protocol.ID, role, first, last string) Person {
	a.t.Helper()
	record := a.Create("users", map[string]any{
		"first_name":     first,
		"last_name":      last,
		"role":           role,
		"establishments": []string{establishment.RecordID()},
		"email":          fmt.Sprintf("person%d@ecole.example", a.counter()),
		"password":       Password,
	})
	return a.SignIn(record)
}

// SignIn gives a person a token.
func (a *App) SignIn(record *core.Record) Person {
	a.t.Helper()
	token, err := record.NewAuthToken()
	if err != nil {
		a.t.Fatal(err)
	}
	return Person{ID: protocol.ParseID(record.Id), Email: record.Email(), Token: token, Record: record}
}

// Create saves a record as the dashboard would.
func (a *App) Create(collection string, fields map[string]any) *core.Record {
	a.t.Helper()
	c, err := a.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		a.t.Fatal(err)
	}
	record := core.NewRecord(c)
	record.Load(fields)
	if err := a.Save(record); err != nil {
		a.t.Fatalf("create %s: %v", collection, err)
	}
	return record
}

// Find loads a record.
func (a *App) Find(collection string, id protocol.ID) *core.Record {
	a.t.Helper()
	record, err := a.FindRecordById(collection, id.RecordID())
	if err != nil {
		a.t.Fatalf("find %s %d: %v", collection, id, err)
	}
	return record
}

// Conversation creates a direct conversation for two people, a group for more. The
// first of them is its creator.
func (a *App) Conversation(people ...Person) protocol.ID {
	a.t.Helper()
	ids := make([]protocol.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	conversation, _, err := a.Conversations.CreateConversation(school.PersonOf(people[0].Record),
		messagerie.NewConversation{Participants: ids})
	if err != nil {
		a.t.Fatal("create conversation:", err)
	}
	return conversation.ConversationID
}

// Says stores a message.
func (a *App) Says(sender Person, conversation protocol.ID, content string) protocol.Message {
	a.t.Helper()
	message, _, err := a.Conversations.SendMessage(messagerie.NewMessage{
		Conversation: conversation, Sender: sender.ID, Content: content})
	if err != nil {
		a.t.Fatal("send message:", err)
	}
	return message.Message
}

// Count counts the rows of a table.
func (a *App) Count(collection string) int {
	a.t.Helper()
	count, err := a.CountRecords(collection)
	if err != nil {
		a.t.Fatal(err)
	}
	return int(count)
}

func (a *App) counter() int64 { return counter.Add(1) }
