package messagerie_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// served returns a person's list as the server sends it; tables returns the same from a new
// service whose caches are empty.
func (s *testSchool) served(p apptest.Person) string {
	body := s.Get(p, fmt.Sprintf("/api/messagerie/conversations/%d/", p.ID)).OK(200).Body
	return strings.TrimSpace(string(body))
}

func (s *testSchool) tables(p apptest.Person) string {
	s.t.Helper()
	fresh := newServices(s.App.App, store.New(s.App.App), testLimits())
	page, err := fresh.conversations.Conversations(fresh.person(s.t, p.ID), "", 0)
	if err != nil {
		s.t.Fatal(err)
	}
	data, err := json.Marshal(page.Conversations)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

// compareList tries again if a receipt came between the two readings.
func (s *testSchool) compareList(p apptest.Person, what string) {
	s.t.Helper()
	for try := 1; ; try++ {
		s.Conversations.Flush()
		got, want := s.served(p), s.tables(p)
		if got == want {
			return
		}
		if try == 20 {
			s.t.Fatalf("%s: the cache has\n%s\nthe tables\n%s", what, got, want)
		}
	}
}

// pong waits until the frames sent before on a socket were handled.
func pong(socket *apptest.Socket) bool {
	socket.Send(object{"type": "ping"})
	socket.Expect(protocol.TypePong, nil)
	return true
}

// TestList_equalsTheTablesWhicheverWayAChangeIsMade makes random changes through sockets, REST
// and the dashboard, and after each compares everybody's list from the caches and the tables.
func TestList_equalsTheTablesWhicheverWayAChangeIsMade(t *testing.T) {
	s := newSchool(t)
	dashboard, random := s.dashboard(), rand.New(rand.NewPCG(3, 4))
	people := []apptest.Person{s.claire, s.jerome, s.lea, s.outsider}
	sockets := map[protocol.ID]*apptest.Socket{}
	for _, p := range people {
		sockets[p.ID], _ = s.Dial(p)
	}
	one := func(table string, conversation protocol.ID) string { // "" for none
		ids := []string{""}
		err := s.DB().NewQuery("SELECT id FROM " + table + " WHERE conversation = {:c} ORDER BY id DESC LIMIT 3").
			Bind(object{"c": conversation.RecordID()}).Column(&ids)
		if err != nil || len(ids) == 0 {
			return ""
		}
		return ids[random.IntN(len(ids))]
	}
	done := map[string]int{}
	for step := range 250 {
		c, p := []protocol.ID{s.direct, s.group}[random.IntN(2)], people[random.IntN(4)]
		path := fmt.Sprintf("/api/messagerie/messages/%d/", c)
		message := one("messages", c)
		author := p
		for _, other := range people {
			if message != "" && other.Record.Id == s.Find("messages", protocol.ParseID(message)).GetString("sender") {
				author = other
			}
		}
		text := fmt.Sprint("texte ", step)
		changes := []struct {
			name string
			make func() bool
		}{
			{"socket sends", func() bool {
				sockets[p.ID].Send(object{"type": "chat_message", "conversation_id": c, "message": text})
				sockets[p.ID].Send(object{"type": "mark_as_read", "conversation_id": c})
				return pong(sockets[p.ID])
			}},
			{"socket reads", func() bool {
				sockets[p.ID].Send(object{"type": "mark_as_read", "conversation_id": c})
				return pong(sockets[p.ID])
			}},
			{"REST sends", func() bool { return s.Post(p, path, object{"content": text}).StatusCode == 201 }},
			{"REST edits", func() bool {
				return message != "" && s.Do(author.Token, "PATCH", path+protocol.ParseID(message).String()+"/", object{"content": text}).StatusCode == 200
			}},
			{"REST deletes", func() bool {
				return message != "" && s.Do(author.Token, "DELETE", path+protocol.ParseID(message).String()+"/", nil).StatusCode == 204
			}},
			{"REST changes the title", func() bool {
				return s.Do(p.Token, "PATCH", fmt.Sprintf("/api/messagerie/conversations/%d/", s.group), object{"title": text, "muted": step%2 == 0}).StatusCode == 200
			}},
			{"REST changes one's own state", func() bool {
				return s.Do(p.Token, "PATCH", fmt.Sprintf("/api/messagerie/conversations/%d/", c),
					object{"pinned": step%2 == 0, "archived": step%4 == 1, "marked_unread": step%3 == 0}).StatusCode == 200
			}},
			{"socket mentions", func() bool {
				sockets[p.ID].Send(object{"type": "chat_message", "conversation_id": c, "message": "@" + text, "mentions": []protocol.ID{s.claire.ID, p.ID}})
				return pong(sockets[p.ID])
			}},
			{"REST pins", func() bool {
				return message != "" && s.Do(p.Token, []string{"PUT", "PUT", "DELETE"}[step%3],
					fmt.Sprintf("/api/messagerie/conversations/%d/pins/%d/", c, protocol.ParseID(message)), nil).StatusCode == 204
			}},
			{"dashboard pins", func() bool {
				return message != "" && dashboard.save("pins", "", object{"message": message, "user": p.Record.Id}).refused == nil
			}},
			{"dashboard unpins", func() bool { return dashboard.delete("pins", one("pins", c)) }},
			{"dashboard sends", func() bool { return dashboard.save("messages", "", s.message(c, p, text)).refused == nil }},
			{"dashboard edits", func() bool {
				return message != "" && dashboard.save("messages", message, object{"content": text}).refused == nil
			}},
			{"dashboard deletes a message", func() bool { return message != "" && dashboard.delete("messages", message) }},
			{"dashboard renames", func() bool {
				return dashboard.save("users", p.Record.Id, object{"last_name": text,
					"role": []string{protocol.RoleParent, protocol.RoleTeacher}[random.IntN(2)]}).refused == nil
			}},
			{"dashboard adds", func() bool {
				return dashboard.save("participants", "", object{"conversation": s.group.RecordID(), "user": p.Record.Id}).refused == nil
			}},
			{"dashboard removes", func() bool { return dashboard.delete("participants", one("participants", s.group)) }},
		}
		change := changes[random.IntN(len(changes))]
		if change.make() {
			done[change.name]++
		}
		for _, p := range people {
			s.compareList(p, fmt.Sprintf("step %d, %s in %d", step, change.name, c))
		}
	}
	if len(done) != 17 {
		t.Errorf("only %v happened: the changes aren't random enough", done)
	}
}
