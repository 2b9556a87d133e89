package search_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/search"
	"messagerie/hooks/store"
	"messagerie/hooks/words"
)

// said are what random messages are made of, asked what they are searched by.
var (
	said = []string{
		"Élodie", "E\u0301LODIE", "l’école", "l'ecole", "aujourd’hui", "O'Brien", "O’BRIEN", "CŒUR", "coeur", "réunion", "Réunions", "REUNIR", "re",
		"فاطمة", "مُحَمَّد", "محمد", "می\u200cخواهم", "👋", "👩\u200d🚀", "Weiß", "weiss", "5e", "5ᵉ", "٣", "Jean-Baptiste", "jean", "baptiste", "Nguyễn", "김민준",
		"https://ecole.example/Menu?x=1", "www.ecole.example", "bonjour", "Bonjour !", "à", "a", "(NEAR)", "OR", "AND", "NOT", "\"citation\"", "100 %", "_", "@12", "#link",
		strings.Repeat("très", 20), strings.Repeat("x", 300), "\n", "…",
	}
	asked = []string{
		"elodie", "Élo", "ecole", "lecole", "L’école", "aujourdhui", "aujourd'hui", "obrien", "brien", "o", "coeur", "cœ", "reunion", "réuni", "re", "r",
		"فاطمه", "محمد", "ميخواهم", "👋", "weiß", "weis", "5e", "3", "jeanbaptiste", "jean baptiste", "baptiste jean", "nguyen", "김", "menu ecole", "www",
		"bonjour", "bon", "a", "near", "or and", "not", "citation", "100", "_", "*", "tres" + strings.Repeat("tres", 19), strings.Repeat("x", 200), strings.Repeat("x", 32), "bonjour elodie", "absent", "ok",
	}
)

// onlyShort is all that was ever said in one conversation.
const onlyShort = "ok !"

// model is a school in which things happen at random.
type model struct {
	*apptest.App
	t             *testing.T
	chance        *rand.Rand
	people        []apptest.Person
	conversations []protocol.ID
}

func newModel(t *testing.T, seed uint64) *model {
	m := &model{App: apptest.New(t), t: t, chance: rand.New(rand.NewPCG(seed, seed))}
	college := m.Establishment("Collège")
	for i := range 4 {
		m.people = append(m.people, m.Person(college, protocol.RoleTeacher, "Personne", fmt.Sprint(i)))
	}
	p := m.people
	m.conversations = []protocol.ID{
		m.Conversation(p[0], p[1]), m.Conversation(p[1], p[2]), m.Conversation(p[0], p[1], p[2]), m.Conversation(p[1], p[2], p[3]), m.Conversation(p[0], p[1], p[2], p[3]),
	}
	m.Says(p[0], m.Conversation(p[0], p[1], p[2]), onlyShort)
	for range 60 { // three of the four have so many that the filters are asked
		m.Conversation(p[0], p[1], p[2])
	}
	return m
}

func (m *model) text() string {
	text := make([]string, 1+m.chance.IntN(5))
	for i := range text {
		text[i] = said[m.chance.IntN(len(said))]
	}
	return strings.Join(text, []string{" ", ", ", "\n", ". "}[m.chance.IntN(4)])
}

func (m *model) message() *core.Record {
	var all []*core.Record
	if err := m.RecordQuery("messages").AndWhere(dbx.Not(dbx.HashExp{"content": onlyShort})).OrderBy("id").All(&all); err != nil {
		m.t.Fatal(err)
	}
	if len(all) == 0 {
		return nil
	}
	return all[m.chance.IntN(len(all))]
}

func (m *model) save(err error) {
	m.t.Helper()
	if err != nil && !strings.Contains(err.Error(), "empty") { // a text without anything to see is refused
		m.t.Fatal(err)
	}
}

// step lets one thing happen.
func (m *model) step() {
	conversation, person := m.conversations[m.chance.IntN(len(m.conversations))], m.people[m.chance.IntN(len(m.people))]
	message := m.message()
	switch n := m.chance.IntN(100); {
	case n < 70 || message == nil:
		_, _, err := m.Conversations.SendMessage(messagerie.NewMessage{Conversation: conversation, Sender: person.ID, Content: m.text()})
		var refused *refusal.Error
		if err != nil && !errors.As(err, &refused) { // somebody may have left
			m.t.Fatal(err)
		}
	case n < 80:
		message.Set("content", m.text())
		m.save(m.Save(message))
	case n < 87:
		message.Set("deleted", true)
		m.save(m.Save(message))
	case n < 90:
		message.Set("deleted", false)
		message.Set("content", "Élodie est revenue")
		m.save(m.Save(message))
	case n < 93:
		m.save(m.Delete(message))
	case n < 96: // somebody leaves, or comes
		record, err := m.FindFirstRecordByFilter("participants", "conversation = {:c} && user = {:u}",
			dbx.Params{"c": conversation.RecordID(), "u": person.ID.RecordID()})
		if err == nil {
			m.save(m.Delete(record))
		} else if conversation != m.conversations[0] && conversation != m.conversations[1] {
			m.Create("participants", map[string]any{"conversation": conversation.RecordID(), "user": person.ID.RecordID()})
		}
	case n < 98: // what nobody announces
		_, err := m.DB().NewQuery("UPDATE messages SET content = 'Réunion perdue', deleted = FALSE, updated = strftime('%Y-%m-%d %H:%M:%fZ') WHERE id = {:id}").
			Bind(dbx.Params{"id": message.Id}).Execute()
		m.save(err)
		m.Records.Notify(store.AnnouncementsLost{})
	default:
		m.Stop()
		m.App = apptest.Open(m.t, m.Dir)
	}
}

// scan finds messages as somebody would who reads all of them.
func (m *model) scan(person apptest.Person, query string) []protocol.ID {
	var rows []struct {
		ID      string `db:"id"`
		Content string `db:"content"`
	}
	err := m.DB().NewQuery(`SELECT id, content FROM messages WHERE NOT deleted AND EXISTS
		(SELECT 1 FROM participants p WHERE p.conversation = messages.conversation AND p.user = {:user})`).
		Bind(dbx.Params{"user": person.ID.RecordID()}).All(&rows)
	if err != nil {
		m.t.Fatal(err)
	}
	found := []protocol.ID{}
	for _, row := range rows {
		all := len(words.Of(query)) > 0
		for _, word := range words.Of(query) {
			all = all && slices.ContainsFunc(words.Index(row.Content), func(w string) bool { return strings.HasPrefix(w, word) })
		}
		if all {
			found = append(found, protocol.ParseID(row.ID))
		}
	}
	slices.Sort(found)
	slices.Reverse(found)
	return found
}

// Whatever happens, everybody finds what a linear scan of all messages finds.
func TestFind_findsWhatALinearScanFinds(t *testing.T) {
	for seed := range uint64(3) {
		m := newModel(t, seed)
		hits := 0
		for range 12 {
			for range 25 {
				m.step()
			}
			m.Search.CatchUp()
			for _, query := range asked {
				person := m.people[m.chance.IntN(len(m.people))]
				got, want := find(t, m.App, person, search.Wanted{Query: query, Limit: 1 + m.chance.IntN(50)}), m.scan(person, query)
				if !slices.Equal(got, want) {
					t.Fatalf("seed %d: %.40q finds %v, a scan %v", seed, query, got, want)
				}
				hits += len(got)
			}
		}
		if hits < 500 {
			t.Errorf("seed %d: only %d were found", seed, hits)
		}
	}
}
