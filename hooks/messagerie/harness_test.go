package messagerie_test

import (
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"

	_ "messagerie/pb_migrations"
)

// harness has the records and rules without a server, and collects what they announce.
type harness struct {
	core.App
	services
	records *store.Store
	school  protocol.ID
	t       testing.TB
	close   func()

	mu      sync.Mutex
	changes []store.Change
}

// services are what the tests call.
type services struct {
	people        *school.Service
	conversations *messagerie.Service
}

func newServices(app core.App, st *store.Store, limits config.Limits) services {
	people := school.New(app, st, limits)
	return services{people, messagerie.New(app, st, people, limits)}
}

func (s services) bind() {
	s.people.Bind()
	s.conversations.Bind()
}

// person returns a person as the services know them, the zero Person if they don't.
func (s services) person(t testing.TB, id protocol.ID) school.Person {
	t.Helper()
	account, err := s.people.Account(id)
	if err != nil {
		t.Fatal(err)
	}
	if account == nil {
		return school.Person{}
	}
	return account.Person
}

// newHarness opens an empty database, through connect if that isn't nil.
func newHarness(t testing.TB, connect core.DBConnectFunc) *harness {
	t.Helper()
	h := openHarness(t, plainapp.DataDir(t), connect)
	h.school = protocol.ParseID(h.create("establishments", object{"name": "École", "contacts": protocol.ContactsOpen}).Id)
	return h
}

// openHarness opens the database of a directory. The harness ends with the test, or by its close.
func openHarness(t testing.TB, dir string, connect core.DBConnectFunc) *harness {
	t.Helper()
	if connect == nil {
		connect = store.Connect
	}
	h := &harness{t: t, App: core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: connect,
		DataMaxOpenConns: store.DataMaxOpenConns, DataMaxIdleConns: store.DataMaxIdleConns})}
	st := store.New(h.App)
	h.records = st
	h.services = newServices(h.App, st, config.Default().Limits)
	st.Listen(func(c store.Change) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.changes = append(h.changes, c)
	})
	st.Bind()
	h.bind()
	st.Seal()
	if err := h.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	h.close = sync.OnceFunc(func() {
		st.Close()
		if err := plainapp.Terminate(h); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(h.close)
	return h
}

type object = map[string]any

func (h *harness) record(collection string, fields object) *core.Record {
	h.t.Helper()
	c, err := h.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		h.t.Fatal(err)
	}
	record := core.NewRecord(c)
	record.Load(fields)
	return record
}

func (h *harness) create(collection string, fields object) *core.Record {
	h.t.Helper()
	record := h.record(collection, fields)
	if err := h.Save(record); err != nil {
		h.t.Fatalf("create %s: %v", collection, err)
	}
	return record
}

func (h *harness) person(last string) school.Person {
	h.t.Helper()
	record := h.record("users", object{"first_name": "Une", "last_name": last, "role": protocol.RoleTeacher,
		"establishments": []string{h.school.RecordID()}, "email": last + "@ecole.example"})
	record.SetRandomPassword()
	if err := h.SaveNoValidate(record); err != nil {
		h.t.Fatal(err)
	}
	return school.PersonOf(record)
}

func (h *harness) conversation(people ...school.Person) protocol.ID {
	h.t.Helper()
	ids := make([]protocol.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	c, _, err := h.conversations.CreateConversation(people[0], messagerie.NewConversation{Participants: ids})
	if err != nil {
		h.t.Fatal(err)
	}
	return c.ConversationID
}

func (h *harness) says(sender school.Person, conversation protocol.ID, clientID string) protocol.Message {
	h.t.Helper()
	m, _, err := h.conversations.SendMessage(messagerie.NewMessage{
		Conversation: conversation, Sender: sender.ID, Content: "Bonjour", ClientID: clientID})
	if err != nil {
		h.t.Fatal(err)
	}
	return m.Message
}

// created returns the messages announced so far, in order.
func (h *harness) created() (ids []protocol.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.changes {
		if m, ok := c.(messagerie.MessageCreated); ok {
			ids = append(ids, m.Message.ID)
		}
	}
	return ids
}

func (h *harness) column(sql string, params dbx.Params) []string {
	h.t.Helper()
	var values []string
	if err := h.DB().NewQuery(sql).Bind(params).Column(&values); err != nil {
		h.t.Fatal(err)
	}
	return values
}
