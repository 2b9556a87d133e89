package messagerie_test

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// statementLog records every statement that the database executes.
type statementLog struct {
	mu         sync.Mutex
	statements []string
}

func (l *statementLog) connect(path string) (*dbx.DB, error) {
	db, err := store.Connect(path)
	if err != nil || !strings.HasSuffix(path, "data.db") {
		return db, err
	}
	db.QueryLogFunc = func(_ context.Context, _ time.Duration, statement string, _ *sql.Rows, _ error) { l.note(statement) }
	db.ExecLogFunc = func(_ context.Context, _ time.Duration, statement string, _ sql.Result, _ error) { l.note(statement) }
	return db, nil
}

func (l *statementLog) note(statement string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.statements = append(l.statements, statement)
}

func (l *statementLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.statements
	l.statements = nil
	return taken
}

// small matches what may be scanned: pages, lists of parameters, and the classes, establishments and
// PocketBase's own tables, which hold a few rows; and the index of the few people with quiet hours of
// their own, which is read once for all messages, and that of mutes with an end.
var small = regexp.MustCompile("^(classes|establishments|users USING INDEX idx_users_quiet$|participants USING INDEX idx_participants_muted_until$|page|json_each|__je__|found|candidates|CONSTANT ROW|\\(subquery|SUBQUERY|`?_)")

// scans returns the steps of a statement's plan that scan a large table.
func (h *harness) scans(statement string) (scans []string) {
	h.t.Helper()
	var steps []struct {
		Detail string `db:"detail"`
	}
	if err := h.DB().NewQuery("EXPLAIN QUERY PLAN " + statement).All(&steps); err != nil {
		h.t.Fatalf("explain %s: %v", statement, err)
	}
	for _, step := range steps {
		if table, ok := strings.CutPrefix(step.Detail, "SCAN "); ok && !small.MatchString(table) {
			scans = append(scans, step.Detail)
		}
	}
	return scans
}

// TestQueries_scanNoTable does what happens all day in a school and checks SQLite's query plans:
// none may scan a table that grows.
func TestQueries_scanNoTable(t *testing.T) {
	for _, analyzed := range []bool{false, true} {
		t.Run(fmt.Sprint("analyzed ", analyzed), func(t *testing.T) {
			log := new(statementLog)
			h := newHarness(t, log.connect)
			me, other, third, gone := h.person("Moi"), h.person("Autre"), h.person("Tiers"), h.person("Parti")
			direct, group := h.conversation(me, other), h.conversation(me, other, third, gone)
			var last protocol.Message
			for i := range 5 {
				last = h.says(me, direct, fmt.Sprint("c", i))
				h.says(gone, group, "")
			}
			class := protocol.ParseID(h.create("classes", object{"name": "5e B", "year": "2026-2027", "establishment": h.school.RecordID()}).Id)
			for _, p := range []school.Person{me, third} {
				h.create("enrollments", object{"class": class.RecordID(), "user": p.ID.RecordID(), "role": "teacher"})
			}
			admin := me
			admin.Role = protocol.RoleAdmin
			h.fillTables()
			if analyzed {
				if _, err := h.DB().NewQuery("ANALYZE").Execute(); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range []struct {
				name string
				do   func() error
			}{
				{"newest page", func() error { return pageOf(h, me, direct, messagerie.Page{}) }},
				{"page before", func() error { return pageOf(h, me, direct, messagerie.Page{Before: last.ID}) }},
				{"page after", func() error { return pageOf(h, me, direct, messagerie.Page{FromStart: true, After: 1}) }},
				{"list", func() error { _, err := h.uncached().conversations.Conversations(me, "", 0); return err }},
				{"one conversation", func() error { _, err := h.uncached().conversations.Conversation(me, direct); return err }},
				{"search", func() error { _, err := h.people.Search(me, h.school, "une autre"); return err }},
				{"search a class", func() error {
					_, err := h.people.Find(me, h.school, school.Wanted{Query: "une autre", Class: class, Role: protocol.RoleParent})
					return err
				}},
				{"list a class", func() error { _, err := h.people.Find(me, h.school, school.Wanted{Class: class}); return err }},
				{"list a role", func() error {
					_, err := h.people.Find(me, h.school, school.Wanted{Role: protocol.RoleStudent, Cursor: me.ID.String()})
					return err
				}},
				{"classes", func() error { _, _, err := h.people.Classes(me, h.school, "", 0); return err }},
				{"create a class group", func() error {
					_, _, err := h.conversations.CreateConversation(admin, messagerie.NewConversation{Class: class})
					return err
				}},
				{"enroll", func() error {
					return h.Save(h.record("enrollments", object{"class": class.RecordID(), "user": other.ID.RecordID(), "role": "teacher"}))
				}},
				{"disable", func() error {
					record, err := h.FindRecordById("users", third.ID.RecordID())
					if err != nil {
						return err
					}
					record.Set("disabled", true)
					return h.Save(record)
				}},
				{"enable", func() error {
					record, err := h.FindRecordById("users", third.ID.RecordID())
					if err != nil {
						return err
					}
					record.Set("disabled", false)
					return h.Save(record)
				}},
				{"invitation", func() error { _, err := h.people.InvitationOf("zoe.marchand"); return err }},
				{"send", func() error { return sendTo(h, me, direct, "new") }},
				{"send again", func() error { return sendTo(h, me, direct, "c3") }},
				{"reply", func() error {
					_, _, err := h.conversations.SendMessage(messagerie.NewMessage{Conversation: direct, Sender: other.ID, Content: "x", ReplyTo: last.ID})
					return err
				}},
				{"read", func() error { return h.conversations.MarkRead(other.ID, direct, 0) }},
				{"end mutes", func() error { _, err := h.conversations.SettleStates(); return err }},
				{"pin", func() error {
					_, err := h.conversations.UpdateConversation(other, direct, messagerie.ConversationChange{Own: messagerie.OwnChange{Pinned: &yes}})
					return err
				}},
				{"delivered", func() error {
					return h.conversations.MarkDelivered([]messagerie.Delivered{{Conversation: direct, User: other.ID, UpTo: protocol.MaxID}})
				}},
				{"senders", func() error { _, err := h.conversations.Senders(group, 0, last.ID); return err }},
				{"acquaintances", func() error { _, err := h.conversations.Acquaintances(me.ID); return err }},
				{"person", func() error { _, err := h.uncached().people.Account(me.ID); return err }},
				{"sign in", func() error { _, err := h.FindAuthRecordByEmail("users", me.Email); return err }},
				{"admit a person", func() error {
					record := h.record("users", object{"last_name": "Nouveau", "role": "student", "email": "n@ecole.example",
						"establishments": []string{h.school.RecordID()}})
					record.SetRandomPassword()
					return h.Save(record)
				}},
				{"find the pair", func() error { h.conversation(me, other); return nil }},
				{"open", func() error { h.conversation(me, third); h.conversation(me, third, gone); return nil }},
				{"react", func() error {
					return h.conversations.AddReaction(messagerie.Reaction{Conversation: direct, Message: last.ID, User: other.ID, Emoji: "👍"})
				}},
				{"page with reactions", func() error { return pageOf(h, me, direct, messagerie.Page{}) }},
				{"take back a reaction", func() error {
					return h.conversations.RemoveReaction(messagerie.Reaction{Conversation: direct, Message: last.ID, User: other.ID, Emoji: "👍"})
				}},
				{"react before it is deleted", func() error {
					return h.conversations.AddReaction(messagerie.Reaction{Conversation: direct, Message: last.ID, User: other.ID, Emoji: "❤"})
				}},
				{"pin a message", func() error { return h.conversations.PinMessage(me, direct, last.ID) }},
				{"unpin a message", func() error { return h.conversations.UnpinMessage(me, direct, last.ID) }},
				{"pin before it is deleted", func() error { return h.conversations.PinMessage(me, direct, last.ID) }},
				{"mention", func() error {
					_, _, err := h.conversations.SendMessage(messagerie.NewMessage{Conversation: direct, Sender: me.ID, Content: "@Autre", Mentions: []protocol.ID{other.ID}})
					return err
				}},
				{"edit", func() error { _, err := h.conversations.EditMessage(me.ID, direct, last.ID, "y"); return err }},
				{"read the history", func() error { _, _, err := h.conversations.History(me, direct, last.ID, "", 0); return err }},
				{"empty", func() error { return h.conversations.DeleteMessage(me.ID, direct, last.ID) }},
				{"remove a message", func() error { return h.deleteOne("messages", last.ID) }},
				{"leave", func() error { return h.conversations.RemoveParticipants(other, group, []protocol.ID{other.ID}) }},
				{"delete a person", func() error { return h.deleteOne("users", gone.ID) }},
				{"delete a conversation", func() error { return h.deleteOne("conversations", group) }},
			} {
				log.take()
				if err := c.do(); err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
				statements := log.take()
				if len(statements) == 0 {
					t.Errorf("%s executed no statement", c.name)
				}
				for _, statement := range statements {
					if scans := h.scans(statement); len(scans) > 0 {
						t.Errorf("%s: %q in\n%s", c.name, scans, statement)
					}
				}
			}
		})
	}
}

// fillTables inserts the rows of a school of five hundred, without hooks: the planner's choices
// depend on what it knows of their number (ANALYZE, which PocketBase runs).
func (h *harness) fillTables() {
	h.t.Helper()
	const count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
	for _, statement := range []string{
		fmt.Sprintf(count, 500) + `INSERT INTO users (id, first_name, last_name, email, role, tokenKey, establishments)
			SELECT printf('%016d', i), 'Élève', 'Numéro ' || i, 'e' || i || '@ecole.example', 'student', 'key' || i, '["` + h.school.RecordID() + `"]' FROM n`,
		fmt.Sprintf(count, 1000) + `INSERT INTO conversations (id, kind, establishment, created_by, direct_key)
			SELECT printf('%016d', i), 'direct', '` + h.school.RecordID() + `', printf('%016d', i % 500 + 1), 'key ' || i FROM n`,
		fmt.Sprintf(count, 2000) + `INSERT INTO participants (id, conversation, user)
			SELECT printf('%016d', i), printf('%016d', i / 2 + 1), printf('%016d', i % 500 + 1) FROM n`,
		fmt.Sprintf(count, 5000) + `INSERT INTO messages (id, conversation, sender, content)
			SELECT printf('%016d', i), printf('%016d', i % 1000 + 1), printf('%016d', i % 500 + 1), 'Bonjour' FROM n`,
		fmt.Sprintf(count, 5000) + `INSERT INTO reactions (id, message, user, emoji)
			SELECT printf('%016d', i), printf('%016d', i), printf('%016d', i % 500 + 1), '👍' FROM n`,
		fmt.Sprintf(count, 3000) + `INSERT INTO pins (id, conversation, message, user)
			SELECT printf('%016d', i), printf('%016d', i % 1000 + 1), printf('%016d', i), printf('%016d', i % 500 + 1) FROM n`,
		fmt.Sprintf(count, 5000) + `INSERT INTO message_edits (id, message, author, content, written)
			SELECT printf('%016d', i), printf('%016d', i), printf('%016d', i % 500 + 1), 'Bonsoir', '2026-09-01 08:00:00.000Z' FROM n`,
		fmt.Sprintf(count, 5000) + `INSERT INTO conversation_events (id, conversation, kind, user, actor)
			SELECT printf('%016d', i), printf('%016d', i % 1000 + 1), 'added', printf('%016d', i % 500 + 1), printf('%016d', (i + 7) % 500 + 1) FROM n`,
		fmt.Sprintf(count, 100) + `INSERT INTO classes (id, name, year, establishment)
			SELECT printf('%016d', i), 'Classe ' || i, '2026-2027', '` + h.school.RecordID() + `' FROM n`,
		fmt.Sprintf(count, 1000) + `INSERT INTO enrollments (id, class, user, role)
			SELECT printf('%016d', i), printf('%016d', i % 100 + 1), printf('%016d', i / 2 + 1), 'student' FROM n`,
		fmt.Sprintf(count, 1000) + `INSERT INTO guardianships (id, guardian, student)
			SELECT printf('%016d', i), printf('%016d', i % 500 + 1), printf('%016d', i / 2 + 1) FROM n`,
	} {
		if _, err := h.DB().NewQuery(statement).Execute(); err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestScans_areSeen(t *testing.T) {
	h := newHarness(t, nil)
	for _, statement := range []string{
		"SELECT * FROM messages WHERE content = 'x'", "SELECT count(*) FROM messages", "SELECT p.id FROM participants p WHERE p.muted",
		"DELETE FROM users WHERE last_name = 'x'",
	} {
		if len(h.scans(statement)) == 0 {
			t.Errorf("no scan in the plan of %s", statement)
		}
	}
}

func pageOf(h *harness, p school.Person, c protocol.ID, page messagerie.Page) error {
	_, _, err := h.conversations.Messages(p.ID, c, page)
	return err
}

func sendTo(h *harness, p school.Person, c protocol.ID, clientID string) error {
	_, _, err := h.conversations.SendMessage(messagerie.NewMessage{Conversation: c, Sender: p.ID, Content: "x", ClientID: clientID})
	return err
}

func (h *harness) deleteOne(collection string, id protocol.ID) error {
	record, err := h.FindRecordById(collection, id.RecordID())
	if err != nil {
		return err
	}
	return h.Delete(record)
}
