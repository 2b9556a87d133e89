package messagerie_test

import (
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func TestNames_areOneLineWithoutHiddenCharacters(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		const given, want = " \u202eCla\x01ire\u2069\n d’Arc می\u200cخواهم 👩‍🏫\u200f", "Claire d’Arc می\u200cخواهم 👩‍🏫"
		person := object{"first_name": given, "last_name": given, "role": "student", "email": "n@ecole.example",
			"password": apptest.Password, "passwordConfirm": apptest.Password}
		for _, c := range []struct {
			collection string
			fields     object
			names      []string
		}{
			{"users", person, []string{"first_name", "last_name"}},
			{"establishments", object{"name": given}, []string{"name"}},
			{"conversations", object{"kind": "group", "establishment": s.college.RecordID(), "title": given}, []string{"title"}},
		} {
			id := api.save(c.collection, "", c.fields).stored(t, c.collection)
			for _, name := range c.names {
				if got := s.Find(c.collection, protocol.ParseID(id)).GetString(name); got != want {
					t.Errorf("the %s of %s is %+q", name, c.collection, got)
				}
				api.save(c.collection, id, object{name: "Autre"}).stored(t, "another "+name)
				api.save(c.collection, id, object{name: given}).stored(t, "an edited "+name)
				if got := s.Find(c.collection, protocol.ParseID(id)).GetString(name); got != want {
					t.Errorf("edited, the %s of %s is %+q", name, c.collection, got)
				}
			}
		}
	})
}

func TestNames_thatAreBlankAreEmpty(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		for _, blank := range []string{"\u200b", "\u2800", "\u3164", "\x01", "\u202e \u2069"} {
			api.save("users", s.lea.ID.RecordID(), object{"last_name": blank}).wants(t, "a blank last name", "last_name", "")
			api.save("establishments", s.college.RecordID(), object{"name": blank}).wants(t, "a blank school", "name", "")
			api.save("users", s.lea.ID.RecordID(), object{"first_name": blank}).stored(t, "a blank first name")
			api.save("conversations", s.group.RecordID(), object{"title": blank}).stored(t, "a blank title")
			if got := s.Find("users", s.lea.ID).GetString("first_name") + s.Find("conversations", s.group).GetString("title"); got != "" {
				t.Errorf("%+q is stored as %+q", blank, got)
			}
		}
	})
}
