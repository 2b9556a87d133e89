package messagerie_test

import (
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"messagerie/hooks"
	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"

	_ "messagerie/pb_migrations"
)

// house is the records and rules alone, without a server, and what they announce.
type house struct {
	core.App
	people *messagerie.Service
	school protocol.ID
	t      testing.TB

	mu      sync.Mutex
	changes []messagerie.Change
}

// newHouse opens one on an empty database, through connect if a test watches it.
func newHouse(t testing.TB, connect core.DBConnectFunc) *house {
	t.Helper()
	if connect == nil {
		connect = hooks.ConnectDatabase
	}
	h := &house{t: t, App: core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: connect,
		DataMaxOpenConns: hooks.DataMaxOpenConns, DataMaxIdleConns: hooks.DataMaxIdleConns})}
	h.people = messagerie.New(h.App, config.Default().Limits, func(c messagerie.Change) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.changes = append(h.changes, c)
	})
	h.people.Bind()
	if err := h.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	if err := h.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.people.Close()
		if err := h.ResetBootstrapState(); err != nil {
			t.Error(err)
		}
	})
	users, err := h.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	// As apptest does: how passwords are hashed isn't what is tested.
	users.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField).Cost = bcrypt.MinCost
	if err := h.Save(users); err != nil {
		t.Fatal(err)
	}
	h.school = protocol.ParseID(h.create("establishments", object{"name": "École"}).Id)
	return h
}

type object = map[string]any

func (h *house) record(collection string, fields object) *core.Record {
	h.t.Helper()
	c, err := h.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		h.t.Fatal(err)
	}
	record := core.NewRecord(c)
	record.Load(fields)
	return record
}

func (h *house) create(collection string, fields object) *core.Record {
	h.t.Helper()
	record := h.record(collection, fields)
	if err := h.Save(record); err != nil {
		h.t.Fatalf("create %s: %v", collection, err)
	}
	return record
}

func (h *house) person(last string) messagerie.Person {
	h.t.Helper()
	record := h.record("users", object{"first_name": "Une", "last_name": last, "role": protocol.RoleTeacher,
		"establishments": []string{h.school.RecordID()}, "email": last + "@ecole.example"})
	record.SetRandomPassword()
	if err := h.SaveNoValidate(record); err != nil {
		h.t.Fatal(err)
	}
	return messagerie.PersonOf(record)
}

func (h *house) conversation(people ...messagerie.Person) protocol.ID {
	h.t.Helper()
	ids := make([]protocol.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	c, _, err := h.people.CreateConversation(people[0], messagerie.NewConversation{Participants: ids})
	if err != nil {
		h.t.Fatal(err)
	}
	return c.ConversationID
}

func (h *house) says(sender messagerie.Person, conversation protocol.ID, clientID string) protocol.Message {
	h.t.Helper()
	m, _, err := h.people.SendMessage(messagerie.NewMessage{
		Conversation: conversation, Sender: sender.ID, Content: "Bonjour", ClientID: clientID})
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// created are the messages that were announced so far, in that order.
func (h *house) created() (ids []protocol.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.changes {
		if m, ok := c.(messagerie.MessageCreated); ok {
			ids = append(ids, m.Message.ID)
		}
	}
	return ids
}

func (h *house) column(sql string, params dbx.Params) []string {
	h.t.Helper()
	var values []string
	if err := h.DB().NewQuery(sql).Bind(params).Column(&values); err != nil {
		h.t.Fatal(err)
	}
	return values
}
