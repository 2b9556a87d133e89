package messagerie_test

import (
	"fmt"
	"strings"
	"testing"

	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

func TestMessage_obeysTheRulesHoweverItIsSaved(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		elsewhere := s.Says(s.claire, s.group, "ailleurs")
		s.Says(s.claire, s.direct, "avant")
		before := s.Count("messages")
		for what, c := range map[string]struct {
			fields      object
			field, code string
		}{
			"an outsider":       {s.message(s.direct, s.outsider, "x"), "sender", protocol.CodeNotParticipant},
			"nobody":            {object{"conversation": s.direct.RecordID(), "content": "x"}, "sender", protocol.CodeNotParticipant},
			"nowhere":           {s.message(4711, s.claire, "x"), "sender", protocol.CodeNotParticipant},
			"empty":             {s.message(s.direct, s.claire, " \n "), "content", protocol.CodeContentEmpty},
			"a blank":           {s.message(s.direct, s.claire, "\u2800 \u3164\u200b"), "content", protocol.CodeContentEmpty},
			"a control":         {s.message(s.direct, s.claire, "\x01"), "content", protocol.CodeContentEmpty},
			"too long":          {s.message(s.direct, s.claire, strings.Repeat("é", 10_001)), "content", protocol.CodeContentTooLong},
			"a reply elsewhere": {s.message(s.direct, s.claire, "x", "reply_to", elsewhere.ID.RecordID()), "reply_to", protocol.CodeInvalidReplyTo},
			"a long client_id":  {s.message(s.direct, s.claire, "x", "client_id", strings.Repeat("x", 65)), "client_id", ""},
		} {
			api.save("messages", "", c.fields).wants(t, what, c.field, c.code)
		}
		if got := s.Count("messages"); got != before {
			t.Errorf("%d messages were stored", got-before)
		}
		id := api.save("messages", "", s.message(s.direct, s.claire, "  Bonjour\n", "reply_to", "")).stored(t, "a message")
		record := s.Find("messages", protocol.ParseID(id))
		if got := record.GetString("content"); got != "Bonjour" || record.GetString("edited") != "" {
			t.Errorf("stored %q, edited %q", got, record.GetString("edited"))
		}
		twice := s.message(s.direct, s.claire, "x", "client_id", "c")
		api.save("messages", "", twice).stored(t, "once")
		if got := api.save("messages", "", twice); got.refused == nil {
			t.Error("the same client_id was stored twice")
		}
	})
}

func TestMessage_canBeEditedButNotMoved(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		first := s.Says(s.claire, s.direct, "avant")
		sent := s.Says(s.claire, s.direct, "Bnojour")
		id := sent.ID.RecordID()
		for what, c := range map[string]struct {
			fields      object
			field, code string
		}{
			"elsewhere":      {object{"conversation": s.group.RecordID()}, "conversation", protocol.CodeInvalidRequest},
			"another sender": {object{"sender": s.jerome.ID.RecordID()}, "sender", protocol.CodeInvalidRequest},
			"an answer":      {object{"reply_to": first.ID.RecordID()}, "reply_to", protocol.CodeInvalidRequest},
			"empty":          {object{"content": "  "}, "content", protocol.CodeContentEmpty},
			"a blank":        {object{"content": "\u2800"}, "content", protocol.CodeContentEmpty},
			"too long":       {object{"content": strings.Repeat("x", 10_001)}, "content", protocol.CodeContentTooLong},
		} {
			api.save("messages", id, c.fields).wants(t, what, c.field, c.code)
		}
		api.save("messages", id, object{"content": sent.Content}).stored(t, "the same again")
		if record := s.Find("messages", sent.ID); record.GetString("edited") != "" {
			t.Error("saving the same content counts as an edit")
		}
		api.save("messages", id, object{"content": " Bon\x01jour\r\n "}).stored(t, "an edit")
		if record := s.Find("messages", sent.ID); record.GetString("content") != "Bonjour" || record.GetString("edited") == "" {
			t.Errorf("edited to %q at %q", record.GetString("content"), record.GetString("edited"))
		}
		// As if the clock was set back since.
		const ahead = "2099-01-01 00:00:00.000Z"
		if _, err := s.DB().NewQuery("UPDATE messages SET edited = {:edited}").Bind(object{"edited": ahead}).Execute(); err != nil {
			t.Fatal(err)
		}
		api.save("messages", id, object{"content": "Bonjour !"}).stored(t, "an edit with the clock set back")
		if edited := s.Find("messages", sent.ID).GetString("edited"); edited <= ahead {
			t.Errorf("edited at %q, not after the previous edit", edited)
		}
		api.save("messages", id, object{"deleted": true}).stored(t, "a deletion")
		if record := s.Find("messages", sent.ID); record.GetString("content") != "" {
			t.Errorf("a tombstone has the content %q", record.GetString("content"))
		}
		api.save("messages", id, object{"deleted": false, "content": "revenu"}).stored(t, "restored")
		if got := s.Find("messages", sent.ID).GetString("content"); got != "revenu" {
			t.Errorf("restored, its content is %q", got)
		}
	})
}

func TestIDs_ofAnImport(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		id := api.save("messages", "", s.message(s.direct, s.claire, "importé", "id", "123")).stored(t, "an id")
		if id != "0000000000000123" {
			t.Errorf("123 is stored as %q", id)
		}
		api.save("establishments", "", object{"id": "45", "name": "Importée"}).stored(t, "a school")
		var history []protocol.Message
		s.Get(s.claire, fmt.Sprintf("/api/messagerie/messages/%d/", s.direct)).OK(200).Into(&history)
		if len(history) != 1 || history[0].ID != 123 {
			t.Errorf("on the wire: %+v", history)
		}
		if got := api.save("messages", "", s.message(s.direct, s.claire, "x", "id", "123")); got.refused == nil {
			t.Error("an id was used twice")
		}
		ahead := s.Says(s.claire, s.direct, "maintenant").ID + 1<<32
		for what, id := range map[string]string{
			"zero": "0", "letters": "abc", "letters of the right length": "abcdefghijklmnop", "negative": "-5",
			"the future": ahead.RecordID(), "2^53": "9007199254740992", "too many digits": "00000000000000123", "spaces": " 12 ",
		} {
			api.save("messages", "", s.message(s.direct, s.claire, "x", "id", id)).wants(t, what, "id", "")
		}
		if next := s.Says(s.claire, s.direct, "ensuite"); next.ID > ahead {
			t.Errorf("an id of the future led to %d", next.ID)
		}
	})
}

func TestIDs_areMadeForEveryCollection(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		for collection, fields := range map[string]object{
			"establishments": {"name": "Une"},
			"users":          {"last_name": "Nouveau", "role": "student", "email": "n@ecole.example", "password": "correct horse battery", "passwordConfirm": "correct horse battery"},
			"conversations":  {"kind": "group", "establishment": s.college.RecordID()},
			"participants":   {"conversation": s.group.RecordID(), "user": s.outsider.ID.RecordID()},
			"messages":       s.message(s.direct, s.claire, "x"),
			"emails":         {"subject": "x"},
		} {
			id := api.save(collection, "", fields).stored(t, collection)
			if len(id) != 16 || protocol.ParseID(id) == 0 || protocol.ParseID(id) <= s.group {
				t.Errorf("%s: got the id %q", collection, id)
			}
		}
	})
}

func TestParticipant_obeysTheRulesHoweverItIsSaved(t *testing.T) {
	limit := func(c *config.Config) { c.Limits.GroupParticipants = 4 }
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		in := func(conversation protocol.ID, user protocol.ID) object {
			return object{"conversation": conversation.RecordID(), "user": user.RecordID()}
		}
		before := s.Count("participants")
		api.save("participants", "", in(s.direct, s.lea.ID)).wants(t, "a third person", "user", protocol.CodeNotAGroup)
		if got := api.save("participants", "", in(s.group, s.lea.ID)); got.refused == nil {
			t.Error("somebody is twice in a group")
		}
		api.save("participants", "", in(s.group, 4711)).wants(t, "nobody", "user", "")
		api.save("participants", "", in(4711, s.lea.ID)).wants(t, "nowhere", "conversation", "")
		if got := s.Count("participants"); got != before {
			t.Errorf("%d participants were stored", got-before)
		}
		// A second conversation of the same pair.
		second := protocol.ParseID(api.save("conversations", "", object{"kind": "direct", "establishment": s.college.RecordID()}).stored(t, "an empty one"))
		api.save("participants", "", in(second, s.jerome.ID)).stored(t, "the first of a pair")
		api.save("participants", "", in(second, s.claire.ID)).wants(t, "the same pair again", "user", "")
		api.save("participants", "", in(second, s.lea.ID)).stored(t, "another pair")
		// It is now the conversation of that pair.
		if found := s.Conversation(s.lea, s.jerome); found != second {
			t.Errorf("the pair has %d, want %d", found, second)
		}
		api.save("participants", "", in(s.group, s.outsider.ID)).stored(t, "the fourth")
		fifth := s.Person(s.college, protocol.RoleStudent, "De", "Trop")
		api.save("participants", "", in(s.group, fifth.ID)).wants(t, "the fifth", "user", protocol.CodeTooManyParticipants)

		leas := s.participant(s.group, s.lea)
		api.save("participants", leas.Id, object{"user": fifth.ID.RecordID()}).wants(t, "somebody else", "user", protocol.CodeInvalidRequest)
		api.save("participants", leas.Id, object{"conversation": s.direct.RecordID()}).wants(t, "elsewhere", "conversation", protocol.CodeInvalidRequest)
	}, limit)
}

func TestPair_cannotBeReplacedPersonByPerson(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		s.Says(s.claire, s.direct, "Entre nous")
		if !api.delete("participants", s.participant(s.direct, s.jerome).Id) {
			t.Fatal("can't be removed")
		}
		api.save("participants", "", object{"conversation": s.direct.RecordID(), "user": s.lea.ID.RecordID()}).
			wants(t, "somebody else instead", "user", protocol.CodeNotAGroup)
		api.save("participants", "", object{"conversation": s.direct.RecordID(), "user": s.jerome.ID.RecordID()}).stored(t, "the same person")
	})
}

func TestMarkers_neverMoveBackAndKeepTheirZeros(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		sent := s.Says(s.claire, s.group, "Bonjour")
		id := s.participant(s.group, s.lea).Id
		for _, step := range []struct{ marker, typed, read, delivered string }{
			{"last_delivered", "9", "", "0000000000000009"},
			{"last_delivered", "5", "", "0000000000000009"},
			{"last_read", sent.ID.String(), sent.ID.RecordID(), sent.ID.RecordID()},
			{"last_read", "7", sent.ID.RecordID(), sent.ID.RecordID()},
			{"last_read", "", sent.ID.RecordID(), sent.ID.RecordID()},
			{"last_delivered", "nonsense", sent.ID.RecordID(), sent.ID.RecordID()},
		} {
			api.save("participants", id, object{step.marker: step.typed}).stored(t, step.marker)
			got := s.participant(s.group, s.lea)
			if got.GetString("last_read") != step.read || got.GetString("last_delivered") != step.delivered {
				t.Errorf("after %q: read %q, delivered %q", step.typed, got.GetString("last_read"), got.GetString("last_delivered"))
			}
		}
		api.save("participants", "", object{"conversation": s.group.RecordID(), "user": s.outsider.ID.RecordID(), "last_read": "5"}).stored(t, "new")
		if got := s.participant(s.group, s.outsider); got.GetString("last_read") != "0000000000000005" || got.GetString("last_delivered") != "0000000000000005" {
			t.Errorf("5 typed for a new participant is stored as %q, delivered %q", got.GetString("last_read"), got.GetString("last_delivered"))
		}
	})
}

func TestConversation_obeysTheRulesHoweverItIsSaved(t *testing.T) {
	throughBothAPIs(t, func(t *testing.T, s *testSchool, api recordAPI) {
		api.save("conversations", s.direct.RecordID(), object{"kind": "group"}).wants(t, "another kind", "kind", protocol.CodeInvalidRequest)
		api.save("conversations", s.group.RecordID(), object{"title": strings.Repeat("é", 201)}).wants(t, "a long title", "title", protocol.CodeTitleTooLong)
		api.save("conversations", "", object{"kind": "nonsense", "establishment": s.college.RecordID()}).wants(t, "an unknown kind", "kind", "")
		api.save("conversations", "", object{"kind": "group"}).wants(t, "without a school", "establishment", "")
		api.save("conversations", s.group.RecordID(), object{"title": "Sortie"}).stored(t, "a title")

		// The key of a pair is the server's: cleared by hand, the pair would get a second conversation.
		for _, key := range []string{"", "x", s.lea.ID.RecordID() + "-" + s.claire.ID.RecordID()} {
			api.save("conversations", s.direct.RecordID(), object{"direct_key": key})
			if got := s.Conversation(s.claire, s.jerome); got != s.direct {
				t.Errorf("with the key %q the pair got the conversation %d, want %d", key, got, s.direct)
			}
		}
	})
}
