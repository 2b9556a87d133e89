package chat_test

import (
	"fmt"
	"net/url"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func reactionPath(m protocol.Message, emoji string) string {
	return fmt.Sprintf("/api/messagerie/messages/%d/%d/reactions/%s", m.ConversationID, m.ID, url.PathEscape(emoji))
}

func TestReactions_reachEverySocketOfEveryParticipant(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	phone, _ := s.Dial(s.jerome)
	laptop, _ := s.Dial(s.jerome)
	outsider, _ := s.Dial(s.outsider)
	sent := claire.Says(s.conversation, "La sortie est confirmée.")
	expect := func(emoji string, users ...protocol.ID) {
		t.Helper()
		want := "[]"
		if len(users) > 0 {
			want = fmt.Sprint([]protocol.Reaction{{Emoji: emoji, UserIDs: users}})
		}
		for name, socket := range map[string]*apptest.Socket{"claire": claire, "phone": phone, "laptop": laptop} {
			var got protocol.MessageReactionsFrame
			socket.Expect(protocol.TypeMessageReactions, &got)
			if got.ConversationID != s.conversation || got.MessageID != sent.ID || got.Reactions == nil || fmt.Sprint(got.Reactions) != want {
				t.Errorf("%s got %+v, want %s", name, got, want)
			}
		}
	}
	s.Do(s.jerome.Token, "PUT", reactionPath(sent, "❤"), nil).OK(204)
	expect("❤️", s.jerome.ID)
	s.Do(s.claire.Token, "PUT", reactionPath(sent, "❤"), nil).OK(204)
	expect("❤️", s.jerome.ID, s.claire.ID)
	s.Do(s.claire.Token, "PUT", reactionPath(sent, "❤"), nil).OK(204) // again: nothing has changed
	s.Do(s.claire.Token, "DELETE", reactionPath(sent, "❤"), nil).OK(204)
	expect("❤️", s.jerome.ID)

	// An edit brings them along.
	s.Do(s.claire.Token, "PATCH", fmt.Sprintf("/api/messagerie/messages/%d/%d/", s.conversation, sent.ID), map[string]any{"content": "Elle est annulée."}).OK(200)
	var updated protocol.MessageFrame
	phone.Expect(protocol.TypeMessageUpdated, &updated)
	if len(updated.Message.Reactions) != 1 {
		t.Errorf("edited, it has %+v", updated.Message.Reactions)
	}

	// One that is removed in the dashboard.
	records := "/api/collections/reactions/records"
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	admin := s.Superuser()
	s.Do(admin, "GET", records, nil).OK(200).Into(&page)
	s.Do(admin, "DELETE", records+"/"+page.Items[0].ID, nil).OK(204)
	expect("")
	outsider.ExpectNone(protocol.TypeMessageReactions)
}

func TestReactions_duringQuietHoursDisturbNobody(t *testing.T) {
	q := newQuietSchool(t, "2026-11-30 12:00")
	jerome, _ := q.Dial(q.jerome)
	sent := q.Says(q.claire, q.conversation, "Bonjour")
	jerome.Expect(protocol.TypeNewMessage, nil)
	q.set(t, "2026-11-30 21:00")
	q.Do(q.claire.Token, "PUT", reactionPath(sent, "👍"), nil).OK(204)
	jerome.Expect(protocol.TypeMessageReactions, nil) // what is open shows it
	if n := q.Count("scheduled_messages") + q.Count("email_recipients"); n != 0 {
		t.Errorf("%d messages and letters wait", n)
	}
}

// A whole group reacts at once: each socket gets far fewer frames than there are reactions, and the
// last one has all of them.
func TestReactions_ofALargeGroupAreCollected(t *testing.T) {
	s := newSchool(t)
	people := []apptest.Person{s.claire}
	for i := range 40 {
		people = append(people, s.Person(s.college, protocol.RoleParent, fmt.Sprint("Parent", i), "Roy"))
	}
	group := s.Conversation(people...)
	sent := s.Says(s.claire, group, "Réunion jeudi")
	claire, _ := s.Dial(s.claire)
	for _, p := range people {
		s.Create("reactions", map[string]any{"message": sent.ID.RecordID(), "user": p.ID.RecordID(), "emoji": "👍"})
	}
	frames, last := 0, 0
	for last < len(people) {
		var got protocol.MessageReactionsFrame
		claire.Expect(protocol.TypeMessageReactions, &got)
		frames++
		if n := len(got.Reactions[0].UserIDs); n < last {
			t.Errorf("%d people after %d", n, last)
		} else {
			last = n
		}
	}
	if frames > len(people)/2 {
		t.Errorf("%d frames for %d reactions", frames, len(people))
	}
}
