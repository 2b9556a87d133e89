package messagerie_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// Each of these changes one cached thing and nothing else.
func TestList_isInvalidatedByEveryChange(t *testing.T) {
	h := newHarness(t, nil)
	me, other := h.person("Moi"), h.person("Autre")
	third, fourth := h.person("Tiers"), h.person("Quart")
	c, foreign := h.conversation(me, other, third), h.conversation(other, third, fourth)
	h.says(other, c, "")
	for what, change := range map[string]func() error{
		"a conversation is renamed": func() error {
			record, err := h.FindRecordById("conversations", c.RecordID())
			if err != nil {
				return err
			}
			record.Set("title", "Autre titre")
			return h.Save(record)
		},
		"a conversation goes to another school": func() error {
			record, err := h.FindRecordById("conversations", c.RecordID())
			if err != nil {
				return err
			}
			record.Set("establishment", h.create("establishments", object{"name": "Lycée", "contacts": protocol.ContactsOpen}).Id)
			return h.Save(record)
		},
		"a person is renamed": func() error {
			record, err := h.FindRecordById("users", other.ID.RecordID())
			if err != nil {
				return err
			}
			record.Set("last_name", "Autrement")
			return h.Save(record)
		},
		"the database is opened": func() error {
			h.raw("UPDATE conversations SET title = 'ailleurs'")
			h.raw(fmt.Sprintf("UPDATE participants SET user = '%s' WHERE user = '%s' AND conversation = '%s'",
				me.ID.RecordID(), fourth.ID.RecordID(), foreign.RecordID()))
			return h.Bootstrap()
		},
		"a collection is changed": func() error {
			h.raw("UPDATE users SET first_name = 'Réécrit'")
			collection, err := h.FindCollectionByNameOrId("users")
			if err != nil {
				return err
			}
			return h.Save(collection)
		},
		"a collection is deleted": func() error {
			collection := core.NewBaseCollection("passing")
			if err := h.Save(collection); err != nil {
				return err
			}
			h.listed(h.services, me.ID)
			h.raw("UPDATE participants SET muted = TRUE")
			return h.Delete(collection)
		},
	} {
		before := h.listed(h.services, me.ID)
		if err := change(); err != nil {
			t.Fatal(what, err)
		}
		got, want := h.listed(h.services, me.ID), h.listed(h.uncached(), me.ID)
		if got != want || got == before {
			t.Errorf("%s: the cache has\n%s\nthe tables\n%s", what, got, want)
		}
	}
}

// raw changes rows without records, as PocketBase does.
func (h *harness) raw(statement string) {
	h.t.Helper()
	if _, err := h.DB().NewQuery(statement).Execute(); err != nil {
		h.t.Fatal(err)
	}
}

// An import may contain messages that were deleted elsewhere.
func TestList_countsNoTombstone(t *testing.T) {
	h := newHarness(t, nil)
	me, other := h.person("Moi"), h.person("Autre")
	c := h.conversation(me, other)
	h.says(other, c, "")
	h.listed(h.services, me.ID)
	h.create("messages", object{"conversation": c.RecordID(), "sender": other.ID.RecordID(), "deleted": true})
	h.checkUnread(me)
}

// An import may create a deleted conversation again, under the same id.
func TestList_showsNothingOfADeletedConversationOfTheSameID(t *testing.T) {
	h := newHarness(t, nil)
	me, other := h.person("Moi"), h.person("Autre")
	c := h.conversation(me, other, h.person("Tiers"))
	record, err := h.FindRecordById("conversations", c.RecordID())
	if err != nil {
		t.Fatal(err)
	}
	h.listed(h.services, me.ID)
	if err := h.Delete(record); err != nil {
		t.Fatal(err)
	}
	again := h.record("conversations", object{"establishment": h.school.RecordID(), "kind": protocol.KindGroup, "title": "Revenue"})
	again.Id = record.Id
	if err := h.Save(again); err != nil {
		t.Fatal(err)
	}
	h.create("participants", object{"conversation": record.Id, "user": me.ID.RecordID()})
	if got, want := h.listed(h.services, me.ID), h.listed(h.uncached(), me.ID); got != want || !strings.Contains(got, "Revenue") {
		t.Errorf("the cache has\n%s\nthe tables\n%s", got, want)
	}
}

func TestList_hasNothingThatWasRolledBack(t *testing.T) {
	h := newHarness(t, nil)
	me, other := h.person("Moi"), h.person("Autre")
	c := h.conversation(me, other)
	h.says(other, c, "")
	before := h.listed(h.services, me.ID)
	changedMind := errors.New("changed my mind")
	err := h.RunInTransaction(func(tx core.App) error {
		message := h.record("messages", object{"conversation": c.RecordID(), "sender": other.ID.RecordID(), "content": "jamais"})
		if err := tx.Save(message); err != nil {
			return err
		}
		person, err := tx.FindRecordById("users", other.ID.RecordID())
		if err != nil {
			return err
		}
		person.Set("last_name", "Jamais")
		if err := tx.Save(person); err != nil {
			return err
		}
		return changedMind
	})
	if !errors.Is(err, changedMind) {
		t.Fatal(err)
	}
	if got := h.listed(h.services, me.ID); got != before || got != h.listed(h.uncached(), me.ID) {
		t.Errorf("the cache has\n%s\nand had\n%s", got, before)
	}
}

func TestParticipants_areInvalidatedWithTheirConversation(t *testing.T) {
	h := newHarness(t, nil)
	create := func(id, kind string) string { // without participants, whose leaving would be announced
		t.Helper()
		record := h.record("conversations", object{"establishment": h.school.RecordID(), "kind": kind})
		record.Id = id
		if err := h.Save(record); err != nil {
			t.Fatal(err)
		}
		if p, err := h.conversations.Participants(protocol.ParseID(record.Id)); err != nil || p == nil || p.Kind != kind {
			t.Errorf("it is cached as %+v, %v, want %s", p, err, kind)
		}
		return record.Id
	}
	id := create("", protocol.KindGroup)
	record, err := h.FindRecordById("conversations", id)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Delete(record); err != nil {
		t.Fatal(err)
	}
	create(id, protocol.KindDirect)
}
