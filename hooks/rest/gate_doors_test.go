package rest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// frameRow is a type of frame that clients send, and the response to somebody who takes part in the conversation.
// Everybody else's is refused as not_participant, except where it concerns no conversation.
type frameRow struct {
	frame    object
	response string // the type of the frame that follows; "" for none
	open     bool   // to somebody who takes no part, too
}

var frameRows = map[string]frameRow{
	protocol.TypeChatMessage:      {object{"message": "Bonjour", "client_id": "c"}, protocol.TypeNewMessage, false},
	protocol.TypeTypingStart:      {object{}, "", false},
	protocol.TypeTypingStop:       {object{}, "", false},
	protocol.TypeMarkAsRead:       {object{}, protocol.TypeMessagesRead, false},
	protocol.TypeJoinConversation: {object{}, protocol.TypeConversationJoined, false},
	protocol.TypePing:             {object{}, protocol.TypePong, true},
}

// A type of frame without a row fails: each has a sample of the contract (hooks/protocol/testdata/client).
func TestFrames_areForThoseWhoTakePart(t *testing.T) {
	samples, err := filepath.Glob("../protocol/testdata/client/*.json")
	if err != nil || len(samples) != len(frameRows) {
		t.Fatalf("%d rows for the types %v: %v", len(frameRows), samples, err)
	}
	s := newSchool(t)
	takePart := map[string]apptest.Person{}
	for _, role := range asked {
		takePart[role] = s.Person(s.college, role, "Camille", role)
	}
	group := s.Conversation(s.claire, s.jerome, takePart["student"], takePart["parent"], takePart["teacher"], takePart["staff"], takePart["admin"])
	outside := map[string]apptest.Person{
		"a pupil": s.outsider, "the administration": s.Person(s.college, protocol.RoleAdmin, "Anne", "Roy"), "another establishment": s.stranger}
	for role, person := range takePart {
		socket, _ := s.Dial(person)
		s.Says(s.claire, group, "Lu ?") // something to mark as read
		for kind, row := range frameRows {
			if row.response != "" {
				socket.Send(frameOf(t, kind, row, group))
				socket.Expect(row.response, &object{})
				continue
			}
			socket.Send(frameOf(t, kind, row, group))
			socket.Send(object{"type": protocol.TypePing})
			if next, data := until(socket, protocol.TypePong, protocol.TypeError); next != protocol.TypePong {
				t.Errorf("%s of a %s: %s", kind, role, data)
			}
		}
	}
	stored := s.Count("messages")
	for who, person := range outside {
		socket, _ := s.Dial(person)
		for kind, row := range frameRows {
			socket.Send(frameOf(t, kind, row, group))
			if row.open {
				socket.Expect(row.response, &object{})
				continue
			}
			var refused protocol.ErrorFrame
			socket.Expect(protocol.TypeError, &refused)
			if refused.Code != protocol.CodeNotParticipant {
				t.Errorf("%s of %s: code %s", kind, who, refused.Code)
			}
		}
	}
	if got := s.Count("messages"); got != stored {
		t.Errorf("%d messages of others were stored", got-stored)
	}
}

// frameOf is a frame of a type, which has a sample.
func frameOf(t *testing.T, kind string, row frameRow, conversation protocol.ID) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join("..", "protocol", "testdata", "client", kind+".json")); err != nil {
		t.Fatalf("%s isn't in the contract: %v", kind, err)
	}
	frame := object{"type": kind, "conversation_id": conversation}
	for name, value := range row.frame {
		frame[name] = value
	}
	encoded, err := json.Marshal(frame)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// until waits for a frame of one of some types.
func until(socket *apptest.Socket, kinds ...string) (kind string, data []byte) {
	for {
		if kind, data = socket.Next(); slices.Contains(kinds, kind) {
			return kind, data
		}
	}
}

func TestSockets_areForPeopleWithAnAccount(t *testing.T) {
	s := newSchool(t)
	disabled := s.disabled(t)
	for who, token := range map[string]string{"nobody": "", "somebody disabled": disabled.Token, "a superuser": s.Superuser(), "a forged token": s.claire.Token + "x"} {
		for _, of := range []apptest.Person{s.claire, disabled} {
			_, resp, err := s.TryDial(apptest.Person{Token: token}, "/ws/chat/"+of.ID.String()+"/", nil)
			if err == nil || resp == nil || resp.StatusCode != 401 {
				t.Errorf("%s at the socket of %s: %v %v", who, of.Email, resp, err)
			}
		}
	}
	if _, resp, err := s.TryDial(s.claire, "/ws/chat/"+s.jerome.ID.String()+"/", nil); err == nil || resp.StatusCode != 403 {
		t.Errorf("a teacher at the socket of a parent: %v %v", resp, err)
	}
}

// Every collection that there is, also one that a later version adds.
func TestRecordAPI_ofEveryCollectionIsForSuperusers(t *testing.T) {
	s := newSchool(t)
	callers := map[string]apptest.Person{"nobody": {}, "somebody disabled": s.disabled(t), "another establishment": s.Person(s.lycee, protocol.RoleAdmin, "Anne", "Roy")}
	for _, role := range asked {
		callers["a "+role] = s.Person(s.college, role, "Camille", role)
	}
	collections, err := s.FindAllCollections()
	if err != nil || len(collections) < 20 {
		t.Fatalf("%d collections: %v", len(collections), err)
	}
	superuser := s.Superuser()
	for _, collection := range collections {
		id := "0000000000000001"
		if rows, err := s.FindRecordsByFilter(collection, "", "", 1, 0); err == nil && len(rows) > 0 {
			id = rows[0].Id // somebody else's
		}
		for _, name := range []string{collection.Name, collection.Id} {
			path := "/api/collections/" + name + "/records"
			for _, call := range []struct{ method, path string }{
				{"GET", path}, {"GET", path + "/" + id}, {"POST", path}, {"PATCH", path + "/" + id}, {"DELETE", path + "/" + id},
				{"GET", path + "?filter=id!=''&fields=*"}, {"HEAD", path},
			} {
				for who, caller := range callers {
					want := 403
					if who == "nobody" || who == "somebody disabled" {
						want = 401
					} else if collection.Name == "users" && call.method == "PATCH" {
						want = 404 // only one's own: by the collection's rule
					}
					if resp := s.Do(caller.Token, call.method, call.path, object{"locale": "en"}); resp.StatusCode != want {
						t.Errorf("%s %s for %s: status %d, want %d: %.100s", call.method, call.path, who, resp.StatusCode, want, resp.Body)
					}
				}
			}
		}
		if !strings.HasPrefix(collection.Name, "_") { // PocketBase's own aren't all listed
			s.Do(superuser, "GET", "/api/collections/"+collection.Name+"/records", nil).OK(200)
		}
	}
}
