package chat_test

import (
	"fmt"
	"testing"

	"messagerie/hooks/protocol"
)

// Changes by the administration aren't shown as the author's.
func TestMessage_saysWhoChangedIt(t *testing.T) {
	s := newSchool(t)
	admin := s.Superuser()
	claire, _ := s.Dial(s.claire)
	edited, deleted, removed := claire.Says(s.conversation, "un"), claire.Says(s.conversation, "deux"), claire.Says(s.conversation, "trois")
	if edited.EditedBy != "" {
		t.Errorf("when sent, edited_by is %q", edited.EditedBy)
	}
	record := func(m protocol.Message) string { return "/api/collections/messages/records/" + m.ID.RecordID() }
	own := func(m protocol.Message) string {
		return fmt.Sprintf("/api/messagerie/messages/%d/%d/", s.conversation, m.ID)
	}
	asAdministrator := func(m protocol.Message, fields map[string]any) { s.Do(admin, "PATCH", record(m), fields).OK(200) }
	stored := func(m protocol.Message) protocol.Message {
		t.Helper()
		var history []protocol.Message
		s.Get(s.claire, fmt.Sprintf("/api/messagerie/messages/%d/", s.conversation)).OK(200).Into(&history)
		for _, one := range history {
			if one.ID == m.ID {
				return one
			}
		}
		t.Fatalf("%d is gone", m.ID)
		return m
	}
	for _, step := range []struct {
		name   string
		change func()
		by     string
	}{
		{"the author edits", func() { s.Do(s.claire.Token, "PATCH", own(edited), map[string]any{"content": "a"}).OK(200) }, protocol.ByAuthor},
		{"the administration edits", func() { asAdministrator(edited, map[string]any{"content": "b"}) }, protocol.ByAdministration},
		{"and tries to hide it", func() { asAdministrator(edited, map[string]any{"content": "c", "by_administration": false}) }, protocol.ByAdministration},
		{"the author edits again", func() { s.Do(s.claire.Token, "PATCH", own(edited), map[string]any{"content": "d"}).OK(200) }, protocol.ByAuthor},
	} {
		step.change()
		var frame protocol.MessageFrame
		claire.Expect(protocol.TypeMessageUpdated, &frame)
		if frame.Message.EditedBy != step.by || stored(edited).EditedBy != step.by {
			t.Errorf("%s: the frame says %q, the history %q", step.name, frame.Message.EditedBy, stored(edited).EditedBy)
		}
	}
	// A save that doesn't change the content doesn't change edited_by.
	asAdministrator(edited, map[string]any{"client_id": edited.ClientID, "by_administration": true})
	if by := stored(edited).EditedBy; by != protocol.ByAuthor {
		t.Errorf("after a save without changes the history says %q", by)
	}

	gone := func(m protocol.Message, by string) {
		t.Helper()
		var frame protocol.MessageDeletedFrame
		claire.Expect(protocol.TypeMessageDeleted, &frame)
		if frame.MessageID != m.ID || frame.EditedBy != by {
			t.Errorf("the frame says %+v, want %q", frame, by)
		}
	}
	s.Do(s.claire.Token, "DELETE", own(edited), nil).OK(204)
	gone(edited, protocol.ByAuthor)
	asAdministrator(deleted, map[string]any{"deleted": true})
	gone(deleted, protocol.ByAdministration)
	if a, b := stored(edited).EditedBy, stored(deleted).EditedBy; a != protocol.ByAuthor || b != protocol.ByAdministration {
		t.Errorf("the history says %q and %q", a, b)
	}
	s.Do(admin, "DELETE", record(removed), nil).OK(204)
	gone(removed, protocol.ByAdministration)
	// The list, whose last message is now read from the database.
	var list []protocol.Conversation
	s.Get(s.claire, fmt.Sprintf("/api/messagerie/conversations/%d/", s.claire.ID)).OK(200).Into(&list)
	if last := list[0].LastMessage; last == nil || last.ID != deleted.ID || last.EditedBy != protocol.ByAdministration {
		t.Errorf("the list says %+v", last)
	}
}
