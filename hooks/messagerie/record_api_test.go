package messagerie_test

import (
	"errors"
	"fmt"
	"testing"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// recordAPI is a way to change records without the messagerie API.
type recordAPI struct {
	name   string
	save   func(collection, id string, fields object) saved // id "" creates
	delete func(collection, id string) bool
}

// saved is the result of a save: the record's id, or the codes of refused fields.
type saved struct {
	id      string
	refused map[string]string
}

// testSchool has a conversation of two, a group of three, and somebody in neither.
type testSchool struct {
	*apptest.App
	t                             *testing.T
	college                       protocol.ID
	claire, jerome, lea, outsider apptest.Person
	direct, group                 protocol.ID
	superuser                     string
}

func newSchool(t *testing.T, changes ...func(*config.Config)) *testSchool {
	t.Helper()
	app := apptest.New(t, changes...)
	s := &testSchool{App: app, t: t, college: app.Establishment("Collège"), superuser: app.Superuser()}
	s.claire = app.Person(s.college, protocol.RoleTeacher, "Claire", "Martin")
	s.jerome = app.Person(s.college, protocol.RoleParent, "Jérôme", "Lefèvre")
	s.lea = app.Person(s.college, protocol.RoleStudent, "Léa", "Petit")
	s.outsider = app.Person(s.college, protocol.RoleStudent, "Tom", "Dehors")
	s.direct = app.Conversation(s.claire, s.jerome)
	s.group = app.Conversation(s.claire, s.jerome, s.lea)
	return s
}

// throughBothAPIs runs a test twice: with records saved by the program, as an import would, and
// through the dashboard's API.
func throughBothAPIs(t *testing.T, run func(*testing.T, *testSchool, recordAPI), changes ...func(*config.Config)) {
	t.Helper()
	for _, open := range []func(*testSchool) recordAPI{(*testSchool).program, (*testSchool).dashboard} {
		t.Run(open(nil).name, func(t *testing.T) {
			s := newSchool(t, changes...)
			run(t, s, open(s))
		})
	}
}

func (s *testSchool) program() recordAPI {
	return recordAPI{name: "the program",
		save: func(collection, id string, fields object) saved {
			record, err := s.FindRecordById(collection, id)
			if id == "" {
				c, findErr := s.FindCachedCollectionByNameOrId(collection)
				if err = findErr; err == nil {
					record = core.NewRecord(c)
				}
			}
			if err != nil {
				s.t.Fatal(err)
			}
			record.Load(fields)
			return s.outcome(record.Id, s.Save(record), record)
		},
		delete: func(collection, id string) bool {
			record, err := s.FindRecordById(collection, id)
			if err != nil {
				s.t.Fatal(err)
			}
			return s.Delete(record) == nil
		},
	}
}

func (s *testSchool) outcome(id string, err error, record *core.Record) saved {
	if err == nil {
		return saved{id: record.Id}
	}
	refused := map[string]string{}
	var fields validation.Errors
	errors.As(err, &fields)
	for field, reason := range fields {
		refused[field] = "?"
		if coded, ok := reason.(interface{ Code() string }); ok {
			refused[field] = coded.Code()
		}
	}
	return saved{id: id, refused: refused}
}

func (s *testSchool) dashboard() recordAPI {
	return recordAPI{name: "the dashboard",
		save: func(collection, id string, fields object) saved {
			method, path := "POST", "/api/collections/"+collection+"/records"
			if id != "" {
				method, path = "PATCH", path+"/"+id
			}
			resp := s.Do(s.superuser, method, path, fields)
			if resp.StatusCode == 200 {
				var record struct{ ID string }
				resp.Into(&record)
				return saved{id: record.ID}
			}
			var refusal struct {
				Data map[string]struct{ Code, Message string }
			}
			resp.OK(400).Into(&refusal)
			refused := map[string]string{}
			for field, reason := range refusal.Data {
				if reason.Message == "" {
					s.t.Errorf("%s is refused without a message", field)
				}
				refused[field] = reason.Code
			}
			return saved{refused: refused}
		},
		delete: func(collection, id string) bool {
			return s.Do(s.superuser, "DELETE", "/api/collections/"+collection+"/records/"+id, nil).StatusCode == 204
		},
	}
}

// wants checks that a save was refused because of a field, with a code; "" for any.
func (got saved) wants(t *testing.T, what, field, code string) {
	t.Helper()
	if reason, ok := got.refused[field]; !ok || code != "" && reason != code {
		t.Errorf("%s: refused %v (saved %q), want %s at %s", what, got.refused, got.id, code, field)
	}
}

func (got saved) stored(t *testing.T, what string) string {
	t.Helper()
	if got.refused != nil {
		t.Fatalf("%s: refused %v", what, got.refused)
	}
	return got.id
}

func (s *testSchool) message(conversation protocol.ID, sender apptest.Person, content string, more ...any) object {
	fields := object{"conversation": conversation.RecordID(), "sender": sender.ID.RecordID(), "content": content}
	for i := 0; i < len(more); i += 2 {
		fields[fmt.Sprint(more[i])] = more[i+1]
	}
	return fields
}

func (s *testSchool) participant(conversation protocol.ID, user apptest.Person) *core.Record {
	s.t.Helper()
	record, err := s.FindFirstRecordByFilter("participants", "conversation = {:c} && user = {:u}",
		object{"c": conversation.RecordID(), "u": user.ID.RecordID()})
	if err != nil {
		s.t.Fatal(err)
	}
	return record
}
