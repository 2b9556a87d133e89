package demo_test

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/demo"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

var largeSize = demo.Size{People: 63, ConversationsEach: 6, Messages: 1500, Seed: 7}

// generated starts a server on a generated school.
func generated(t *testing.T) *apptest.App {
	t.Helper()
	return largeSchool.start(t, func(app core.App) error {
		return demo.PrepareLarge(app, largeSize, time.Now(), io.Discard)
	})
}

func column(t *testing.T, app core.App, query string) []string {
	t.Helper()
	var values []string
	if err := app.DB().NewQuery(query).Column(&values); err != nil {
		t.Fatal(query, err)
	}
	return values
}

func TestPrepareLarge_leavesASoundDatabaseOfTheProductsSchema(t *testing.T) {
	app := generated(t)
	if got := column(t, app, "PRAGMA integrity_check"); !slices.Equal(got, []string{"ok"}) {
		t.Errorf("integrity: %v", got)
	}
	for table, want := range map[string]int{"users": 63, "conversations": 5*31 + 3, "participants": 2*5*31 + 63, "messages": 1500} {
		if got := app.Count(table); got != want {
			t.Errorf("%d %s, want %d", got, table, want)
		}
	}
	const schema = "SELECT coalesce(sql, name) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"
	if got, want := column(t, app, schema), column(t, apptest.New(t), schema); !slices.Equal(got, want) {
		t.Errorf("the schema is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Dangling relations, ids of another form, texts that are too long: everything that
// PocketBase and an administrator's settings refuse.
func TestPrepareLarge_writesRecordsThatAreValid(t *testing.T) {
	app := generated(t)
	for _, collection := range []string{"users", "conversations", "participants", "messages"} {
		for _, record := range find(t, app, collection, all) {
			if err := app.Validate(record); err != nil {
				t.Fatalf("%s %s: %v", collection, record.Id, err)
			}
		}
	}
}

// What PocketBase can't check: rules of the product's own.
func TestPrepareLarge_keepsTheRules(t *testing.T) {
	app := generated(t)
	for what, query := range map[string]string{
		"a pair with another key": `SELECT id FROM conversations c WHERE kind = 'direct' AND direct_key !=
			(SELECT min(user) || '-' || max(user) FROM participants p WHERE p.conversation = c.id)`,
		"a group with a pair's key": "SELECT id FROM conversations WHERE kind = 'group' AND direct_key != ''",
		"a sender who isn't in it": `SELECT id FROM messages m WHERE NOT EXISTS
			(SELECT 1 FROM participants p WHERE p.conversation = m.conversation AND p.user = m.sender)`,
		"a quote of elsewhere": `SELECT id FROM messages m WHERE reply_to != '' AND NOT EXISTS
			(SELECT 1 FROM messages q WHERE q.id = m.reply_to AND q.conversation = m.conversation AND q.id < m.id)`,
		"an empty message, or a trace that says something": "SELECT id FROM messages WHERE (content = '') != deleted",
	} {
		if wrong := column(t, app, query); len(wrong) > 0 {
			t.Errorf("%s: %v", what, wrong)
		}
	}
	for _, m := range find(t, app, "messages", all) {
		made, id := m.GetDateTime("created").Time(), protocol.ParseID(m.Id)
		if id < store.IDAt(made) || id >= store.IDAt(made.Add(time.Millisecond)) {
			t.Fatalf("id %d isn't of the time %v", id, made)
		}
		if !made.Before(time.Now()) || m.GetDateTime("updated").Time().Before(made) {
			t.Fatalf("%d was written %v and changed %v", id, made, m.GetDateTime("updated"))
		}
	}
}

// What the product writes into a column has the type and the form of what is there.
func TestPrepareLarge_writesColumnsAsTheProductDoes(t *testing.T) {
	app := generated(t)
	before := map[string]string{}
	for _, table := range []string{"users", "conversations", "participants", "messages"} {
		before[table] = column(t, app, "SELECT max(id) FROM "+table)[0]
	}
	a, b := app.Person(1, "teacher", "Anne", "Martin"), app.Person(1, "parent", "Aya", "Roux")
	conversation := app.Conversation(a, b)
	said := app.Says(a, conversation, "Bonjour")
	if err := app.Conversations.MarkRead(b.ID, conversation, said.ID); err != nil {
		t.Fatal(err)
	}
	for table, columns := range map[string]string{
		"users":         "id created updated emailVisibility verified establishments disabled temporary_password length(tokenKey)",
		"conversations": "id created updated kind title direct_key establishment created_by",
		"participants":  "id created updated conversation user last_read last_delivered muted",
		"messages":      "id created updated conversation sender edited reply_to deleted",
	} {
		for _, name := range strings.Fields(columns) {
			there := forms(t, app, table, name, "id <= '"+before[table]+"'")
			for form := range forms(t, app, table, name, "id > '"+before[table]+"'") {
				if !there[form] {
					t.Errorf("%s.%s: the product writes %q, there is only %v", table, name, form, slices.Collect(maps.Keys(there)))
				}
			}
		}
	}
}

var digits = regexp.MustCompile(`[0-9]`)

// forms are the values of a column with their types, each digit being a 9.
func forms(t *testing.T, app core.App, table, name, where string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, value := range column(t, app, fmt.Sprintf("SELECT DISTINCT typeof(%[1]s) || ' ' || %[1]s FROM %[2]s WHERE %[3]s", name, table, where)) {
		found[digits.ReplaceAllString(value, "9")] = true
	}
	if len(found) == 0 {
		t.Fatalf("no %s where %s", table, where)
	}
	return found
}

// If the triggers write their columns again, nothing changes.
func TestPrepareLarge_writesWhatTheTriggersWouldWrite(t *testing.T) {
	app := generated(t)
	const words = "SELECT establishment || source || word || user FROM people_words ORDER BY 1"
	const people = "SELECT id || people FROM conversations ORDER BY 1"
	wordsBefore, peopleBefore := column(t, app, words), column(t, app, people)
	for _, statement := range []string{
		"UPDATE users SET first_name = first_name",
		"UPDATE conversations SET people = ''",
		"UPDATE users SET last_name = last_name",
	} {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	if len(wordsBefore) < 63*2 || !slices.Equal(column(t, app, words), wordsBefore) {
		t.Error("the search words are others than the triggers write")
	}
	if after := column(t, app, people); !slices.Equal(after, peopleBefore) || !strings.Contains(after[0], " – ") {
		t.Errorf("the names of direct conversations are others than the triggers write: %s, %s", peopleBefore[0], after[0])
	}
}

func TestPrepareLarge_isListedCountedAndFoundByTheProduct(t *testing.T) {
	app := generated(t)
	unread := 0
	for _, user := range find(t, app, "users", all) {
		me := school.PersonOf(user)
		page, err := app.Conversations.Conversations(me, "", 50)
		list := page.Conversations
		if err != nil || page.Next != "" || len(list) < largeSize.ConversationsEach-1 {
			t.Fatalf("person %d has %d conversations, then %q: %v", me.ID, len(list), page.Next, err)
		}
		for i, c := range list {
			if i > 0 && c.UpdatedAt > list[i-1].UpdatedAt {
				t.Errorf("person %d: %d is listed below what is older", me.ID, c.ConversationID)
			}
			if want := unreadOf(t, app, me.ID, c); c.UnreadCount != want {
				t.Errorf("person %d: %d unread in %d, want %d", me.ID, c.UnreadCount, c.ConversationID, want)
			}
			unread += c.UnreadCount
			checkHistory(t, app, me.ID, c)
			checkMarkers(t, app, c)
		}
	}
	if unread == 0 {
		t.Error("nobody has anything to read")
	}
}

// checkHistory walks through a conversation and compares it with what is stored.
func checkHistory(t *testing.T, app *apptest.App, me protocol.ID, c protocol.Conversation) {
	t.Helper()
	var got []string
	page := messagerie.Page{Limit: 200}
	for more := true; more; {
		var list []protocol.Message
		var err error
		if list, more, err = app.Conversations.Messages(me, c.ConversationID, page); err != nil {
			t.Fatal(err)
		}
		for _, m := range slices.Backward(list) {
			got = append(got, m.ID.RecordID()+m.Content)
		}
		if len(list) > 0 {
			page.Before = list[0].ID
		}
	}
	want := column(t, app, "SELECT id || content FROM messages WHERE conversation = '"+c.ConversationID.RecordID()+"' ORDER BY id DESC")
	if !slices.Equal(got, want) {
		t.Errorf("%d messages of %d in the history, want the %d stored ones", len(got), c.ConversationID, len(want))
	}
}

// checkMarkers makes sure that read markers refer to messages of the conversation.
// unreadOf has checked the rest.
func checkMarkers(t *testing.T, app *apptest.App, c protocol.Conversation) {
	t.Helper()
	for _, r := range c.Receipts {
		for _, id := range []protocol.ID{r.LastRead, r.LastDelivered} {
			if id != 0 && app.Find("messages", id).GetString("conversation") != c.ConversationID.RecordID() {
				t.Errorf("a marker of %d names a message of elsewhere", c.ConversationID)
			}
		}
	}
}

func TestPrepareLarge_isASchoolToGoOnWith(t *testing.T) {
	app := generated(t)
	me := school.PersonOf(app.Find("users", 3))
	direct := find(t, app, "conversations", dbx.NewExp("kind = 'direct' AND created_by = {:me}", dbx.Params{"me": me.ID.RecordID()}))[0]
	other := column(t, app, "SELECT user FROM participants WHERE conversation = '"+direct.Id+"' AND user != '"+me.ID.RecordID()+"'")[0]
	found, created, err := app.Conversations.CreateConversation(me,
		messagerie.NewConversation{Participants: []protocol.ID{protocol.ParseID(other)}})
	if err != nil || created || found.ConversationID.RecordID() != direct.Id {
		t.Errorf("the pair's conversation is %d, new: %v, %v; want %s", found.ConversationID, created, err, direct.Id)
	}
	newest := protocol.ParseID(column(t, app, "SELECT max(id) FROM messages")[0])
	sent := app.Says(app.SignIn(app.Find("users", 3)), found.ConversationID, "Bonjour")
	if sent.ID <= newest {
		t.Errorf("a new message has the id %d, behind %d", sent.ID, newest)
	}
	sought := app.Find("users", 40)
	hits, err := app.People.Search(me, 1, sought.GetString("last_name")+" "+sought.GetString("first_name"))
	if err != nil || !slices.ContainsFunc(hits, func(u protocol.User) bool { return u.ID == 40 }) {
		t.Errorf("%s isn't found: %v, %v", sought.Email(), hits, err)
	}
}

func TestPrepareLarge_isTheSameForTheSameSeed(t *testing.T) {
	now := time.Now()
	fill := func(seed uint64) string {
		app := apptest.New(t)
		size := demo.Size{People: 40, ConversationsEach: 3, Messages: 200, Seed: seed}
		if err := demo.PrepareLarge(app.App, size, now, io.Discard); err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, query := range []string{
			"SELECT json_array(id, created, email, first_name, role, establishments, tokenKey) FROM users ORDER BY id",
			"SELECT json_array(id, created, kind, title, direct_key, people, created_by) FROM conversations ORDER BY id",
			"SELECT json_array(id, conversation, user, last_read, last_delivered, muted) FROM participants ORDER BY id",
			"SELECT json_array(id, created, conversation, sender, content, client_id, reply_to, edited, deleted) FROM messages ORDER BY id",
		} {
			rows = append(rows, column(t, app, query)...)
		}
		return strings.Join(rows, "\n")
	}
	first := fill(1)
	if fill(1) != first {
		t.Error("the same seed gave another school")
	}
	if fill(2) == first {
		t.Error("another seed gave the same school")
	}
}
