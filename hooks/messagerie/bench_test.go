package messagerie_test

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/apptest"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// One page of a person's list: 200 conversations, a few messages unread in each.
func BenchmarkConversations_200(b *testing.B) { benchmarkConversations(b, false) }

// The same list, of a teacher with the parents of a class: each has two children in it.
func BenchmarkConversations_200ofFamilies(b *testing.B) { benchmarkConversations(b, true) }

func benchmarkConversations(b *testing.B, families bool) {
	app := apptest.New(b)
	college := app.Establishment("École")
	me := app.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	class := app.Class(college, "5e B")
	for i := range 200 {
		other := app.Person(college, protocol.RoleParent, "Parent", strconv.Itoa(i))
		conversation := app.Conversation(me, other)
		for n := range 2 {
			if families {
				child := app.Person(college, protocol.RoleStudent, "Enfant", strconv.Itoa(n))
				app.Enroll(class, child, protocol.InClassStudent)
				app.Guardian(other, protocol.RelationMother, child)
			}
		}
		for range 5 {
			app.Says(other, conversation, "Bonjour")
		}
	}
	caller, err := app.People.WithTies(school.PersonOf(me.Record))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		page, err := app.Conversations.Conversations(caller, "", 200)
		if err != nil || len(page.Conversations) != 200 || page.Conversations[0].UnreadCount != 5 {
			b.Fatal(len(page.Conversations), err)
		}
	}
}

// A page from the middle of one of a hundred conversations, among a million messages.
func BenchmarkMessages_pageInAMillion(b *testing.B) {
	app := apptest.New(b)
	college := app.Establishment("École")
	me := app.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	var conversation protocol.ID
	for i := range 100 {
		other := app.Person(college, protocol.RoleParent, "Parent", strconv.Itoa(i))
		conversation = app.Conversation(me, other)
		fill(b, app, conversation, me.ID, 10_000)
	}
	var middle string
	err := app.DB().Select("id").From("messages").Where(dbx.HashExp{"conversation": conversation.RecordID()}).
		OrderBy("id").Offset(5_000).Limit(1).Row(&middle)
	if err != nil {
		b.Fatal(err)
	}
	page := messagerie.Page{Before: protocol.ParseID(middle)}
	b.ReportAllocs()
	for b.Loop() {
		list, more, err := app.Conversations.Messages(me.ID, conversation, page)
		if err != nil || len(list) != 50 || !more {
			b.Fatal(len(list), err)
		}
	}
}

// filled makes the ids of each conversation distinct.
var filled atomic.Int64

// fill inserts messages directly: the rules aren't what is measured.
func fill(b *testing.B, app *apptest.App, conversation, sender protocol.ID, count int) {
	b.Helper()
	_, err := app.DB().NewQuery(`WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < {:count})
		INSERT INTO messages (id, conversation, sender, content, created, updated)
		SELECT printf('%016d', i * 1000 + {:offset}), {:conversation}, {:sender},
			'Bonjour, voici le message numéro ' || i, '2026-09-01 08:00:00.000Z', '2026-09-01 08:00:00.000Z' FROM n`).
		Bind(dbx.Params{
			"count": count, "offset": filled.Add(1), "conversation": conversation.RecordID(),
			"sender": sender.RecordID()}).Execute()
	if err != nil {
		b.Fatal(err)
	}
}

// One keystroke in the search field of a school of 100 000 people.
func BenchmarkSearch_among100000(b *testing.B) {
	app := apptest.New(b)
	college := app.Establishment("Académie")
	me := app.Person(college, protocol.RoleTeacher, "Claire", "Martin")
	first := []string{"Jérôme", "Élodie", "Ousmane", "Fatima", "Zoë", "Jean-Baptiste", "Maëlle", "Léa", "Noé", "Inès"}
	last := []string{"Lefèvre", "Garçon", "Diallo", "Benali", "Le Goff", "Nguyen", "Cœur", "Petit", "Moreau", "Roux"}
	for i := range len(first) * len(last) {
		_, err := app.DB().NewQuery(`WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
			INSERT INTO users (id, first_name, last_name, email, role, establishments, tokenKey, password)
			SELECT printf('%016d', i + {:offset}), {:first}, {:last} || ' ' || char(97 + i % 26) || char(97 + i / 26 % 26),
				'p' || (i + {:offset}) || '@ecole.example', 'parent', json_array({:school}), 'k' || (i + {:offset}), 'x' FROM n`).
			Bind(dbx.Params{"offset": 1000 * (i + 1), "first": first[i%10], "last": last[i/10],
				"school": college.RecordID()}).Execute()
		if err != nil {
			b.Fatal(err)
		}
	}
	caller := school.PersonOf(me.Record)
	for _, query := range []string{"je", "jerome", "jerome lef", "jerome lefevre ab", "ga", "p4217"} {
		b.Run(fmt.Sprintf("q=%s", query), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				caller.ID++ // each person has a budget
				users, err := app.People.Search(caller, college, query)
				if err != nil || len(users) == 0 {
					b.Fatal(len(users), err)
				}
			}
		})
	}
}
