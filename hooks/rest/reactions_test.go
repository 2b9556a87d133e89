package rest_test

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func reactionPath(m protocol.Message, emoji string) string {
	return messagePath(m) + "reactions/" + url.PathEscape(emoji) + "/"
}

func (s school) react(as apptest.Person, m protocol.Message, emoji string) *apptest.Response {
	return s.Do(as.Token, "PUT", reactionPath(m, emoji), nil)
}

func (s school) unreact(as apptest.Person, m protocol.Message, emoji string) *apptest.Response {
	return s.Do(as.Token, "DELETE", reactionPath(m, emoji), nil)
}

// reactionsOf describes the reactions to the last message, which the page and the list agree on.
func (s school) reactionsOf(t *testing.T, as apptest.Person, conversation protocol.ID) string {
	t.Helper()
	history := s.history(t, as, conversation)
	page := history[len(history)-1].Reactions
	if last := s.seen(t, as, conversation).LastMessage; last == nil || !reflect.DeepEqual(last.Reactions, page) {
		t.Errorf("the list has %+v, the page %+v", last, page)
	}
	described := []string{}
	for _, r := range page {
		described = append(described, fmt.Sprint(r.Emoji, r.UserIDs))
	}
	return strings.Join(described, " ")
}

func TestReactions_areAddedOnceAndRemovedOnce(t *testing.T) {
	s := newSchool(t)
	s.Says(s.claire, s.conversation, "Bonjour")
	sent := s.Says(s.claire, s.conversation, "La sortie est confirmée.")
	claire, jerome := s.claire.ID, s.jerome.ID
	check := func(want string) {
		t.Helper()
		if got := s.reactionsOf(t, s.claire, s.conversation); got != want {
			t.Errorf("the reactions are %q, want %q", got, want)
		}
	}
	check("")
	for range 2 { // again changes nothing
		s.react(s.jerome, sent, "❤").OK(204) // without its variation selector
		s.react(s.jerome, sent, "❤️").OK(204)
	}
	check(fmt.Sprintf("❤️[%d]", jerome))
	s.react(s.claire, sent, "👍🏽").OK(204)
	s.react(s.claire, sent, "❤️").OK(204)
	check(fmt.Sprintf("❤️[%d %d] 👍🏽[%d]", jerome, claire, claire))
	if first := s.history(t, s.claire, s.conversation)[0]; len(first.Reactions) != 0 {
		t.Errorf("the other message has %+v", first.Reactions)
	}
	for range 2 {
		s.unreact(s.jerome, sent, "❤").OK(204)
	}
	check(fmt.Sprintf("👍🏽[%d] ❤️[%d]", claire, claire))
	if n := s.Count("reactions"); n != 2 {
		t.Errorf("%d are stored", n)
	}
	var again protocol.Message
	s.Do(s.claire.Token, "PATCH", messagePath(sent), object{"content": "Elle est annulée."}).OK(200).Into(&again)
	if len(again.Reactions) != 2 {
		t.Errorf("edited, it has %+v", again.Reactions)
	}
}

func TestReactions_ofOnePersonAtOnceAreStoredOnce(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "Bonjour")
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() { s.react(s.jerome, sent, "👍").OK(204) })
	}
	wait.Wait()
	if n := s.Count("reactions"); n != 1 {
		t.Errorf("%d are stored", n)
	}
}

func TestReactions_refusals(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "Bonjour")
	elsewhere := s.Says(s.claire, s.Conversation(s.claire, s.outsider), "Ailleurs")
	for _, text := range []string{"a", "1", "#", "👍👍", "👍 ", " ", "ok", "🏽", "é", "\u200d", "%"} {
		s.react(s.jerome, sent, text).Refused(400, protocol.CodeInvalidEmoji)
		s.unreact(s.jerome, sent, text).Refused(400, protocol.CodeInvalidEmoji)
	}
	s.react(s.outsider, sent, "👍").Refused(403, protocol.CodeNotParticipant)
	inOther := sent
	inOther.ID = elsewhere.ID
	s.react(s.jerome, inOther, "👍").Refused(404, protocol.CodeNotFound)
	s.unreact(s.jerome, inOther, "👍").Refused(404, protocol.CodeNotFound)
	missing := sent
	missing.ID = 4711
	s.react(s.jerome, missing, "👍").Refused(404, protocol.CodeNotFound)
	if n := s.Count("reactions"); n != 0 {
		t.Errorf("%d are stored", n)
	}
}

func TestReactions_aMessageHasAtMostTwentyDifferentOnes(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.conversation, "Bonjour")
	emoji := strings.Split("😀 😃 😄 😁 😆 😅 🤣 😂 🙂 🙃 😉 😊 😇 🥰 😍 🤩 😘 😗 😚 😙", " ")
	for _, one := range emoji {
		s.react(s.jerome, sent, one).OK(204)
	}
	s.react(s.jerome, sent, "👍").Refused(409, protocol.CodeTooManyReactions)
	s.react(s.claire, sent, "👍").Refused(409, protocol.CodeTooManyReactions)
	s.react(s.claire, sent, emoji[0]).OK(204) // one of them
	s.unreact(s.jerome, sent, emoji[1]).OK(204)
	s.react(s.claire, sent, "👍").OK(204)
}

func TestReactions_goWithTheirMessage(t *testing.T) {
	s := newSchool(t)
	sent, other := s.Says(s.claire, s.conversation, "Bonjour"), s.Says(s.claire, s.conversation, "Bonsoir")
	s.react(s.jerome, sent, "👍").OK(204)
	s.react(s.jerome, other, "👍").OK(204)
	s.Do(s.claire.Token, "DELETE", messagePath(sent), nil).OK(204)
	if n := s.Count("reactions"); n != 1 {
		t.Errorf("%d are stored", n)
	}
	s.react(s.jerome, sent, "👍").Refused(409, protocol.CodeMessageDeleted)
	s.unreact(s.jerome, sent, "👍").OK(204) // there is none
	if deleted := s.history(t, s.claire, s.conversation)[0]; !deleted.Deleted || len(deleted.Reactions) != 0 {
		t.Errorf("%+v", deleted)
	}
	s.Do(s.Superuser(), "DELETE", "/api/collections/messages/records/"+other.ID.RecordID(), nil).OK(204)
	if n := s.Count("reactions"); n != 0 {
		t.Errorf("%d are left of a removed message", n)
	}
}

func TestReactions_goWithTheirPerson(t *testing.T) {
	s := newSchool(t)
	group := s.Conversation(s.claire, s.jerome, s.outsider)
	sent := s.Says(s.claire, group, "Bonjour")
	s.react(s.jerome, sent, "👍").OK(204)
	s.react(s.claire, sent, "👍").OK(204)
	if err := s.Delete(s.jerome.Record); err != nil {
		t.Fatal(err)
	}
	if got, want := s.reactionsOf(t, s.claire, group), fmt.Sprintf("👍[%d]", s.claire.ID); got != want {
		t.Errorf("the reactions are %q, want %q", got, want)
	}
}

func TestReactions_ofTheDashboardFollowTheRules(t *testing.T) {
	s := newSchool(t)
	admin, records := s.Superuser(), "/api/collections/reactions/records"
	sent := s.Says(s.claire, s.conversation, "Bonjour")
	reaction := func(user apptest.Person, emoji string) object {
		return object{"message": sent.ID.RecordID(), "user": user.ID.RecordID(), "emoji": emoji}
	}
	var created struct {
		ID string `json:"id"`
	}
	s.Do(admin, "POST", records, reaction(s.jerome, "❤")).OK(200).Into(&created)
	if got, want := s.reactionsOf(t, s.claire, s.conversation), fmt.Sprintf("❤️[%d]", s.jerome.ID); got != want {
		t.Errorf("the reactions are %q, want %q", got, want)
	}
	for _, wrong := range []object{reaction(s.outsider, "👍"), reaction(s.jerome, "oui"), reaction(s.jerome, "❤️")} {
		s.Do(admin, "POST", records, wrong).OK(400)
	}
	s.Do(admin, "PATCH", records+"/"+created.ID, object{"emoji": "👍"}).OK(400)
	s.Do(admin, "DELETE", records+"/"+created.ID, nil).OK(204)
	if got := s.reactionsOf(t, s.claire, s.conversation); got != "" {
		t.Errorf("%q is left", got)
	}
}

// Reacting is a way of writing: what closes a conversation closes it for reactions as well, except that
// in a group in which only staff writes others show that they have read. Taking back stays possible.
func TestReactions_followWhatWritingIsClosedBy(t *testing.T) {
	s := newSchool(t)
	pair := s.Says(s.claire, s.conversation, "Bonjour")
	group := s.Says(s.claire, s.Conversation(s.claire, s.jerome, s.outsider), "Réunion jeudi")
	may := func(m protocol.Message, code string) {
		t.Helper()
		if code == "" {
			s.react(s.jerome, m, "👍").OK(204)
		} else {
			s.react(s.jerome, m, "👍").Refused(403, code)
		}
		if c := s.seen(t, s.jerome, m.ConversationID); c.CanReact != (code == "") {
			t.Errorf("can_react is %v, refused with %q", c.CanReact, code)
		}
		s.unreact(s.jerome, m, "👍").OK(204)
	}
	may(pair, "")
	may(group, "")
	s.Do(s.claire.Token, "PATCH", conversationPath(group.ConversationID), object{"posting": protocol.PostingStaff}).OK(200)
	if c := s.seen(t, s.jerome, group.ConversationID); c.CanWrite {
		t.Fatal("Jérôme can write where only staff does")
	}
	may(group, "")
	pause := s.Create("pauses", object{"establishment": s.college.RecordID(), "roles": []string{protocol.RoleParent}})
	may(pair, protocol.CodePaused)
	may(group, protocol.CodePaused)
	s.react(s.claire, pair, "👍").OK(204) // of another role
	if err := s.Delete(pause); err != nil {
		t.Fatal(err)
	}
	may(pair, "")
	s.Change("establishments", s.college, object{"contacts": protocol.ContactsRules})
	s.Create("contact_rules", object{"establishment": s.college.RecordID(), "from_role": protocol.RoleParent, "to_role": protocol.RoleTeacher, "rule": "never"})
	may(pair, protocol.CodeContactNotAllowed)
}

func TestReactions_toTheGroupOfAnArchivedClassAreClosed(t *testing.T) {
	s := newSchool(t)
	class := s.Create("classes", object{"name": "5e B", "year": "2026-2027", "establishment": s.college.RecordID()})
	s.Create("enrollments", object{"class": class.Id, "user": s.claire.Record.Id, "role": protocol.InClassHeadTeacher})
	s.Create("enrollments", object{"class": class.Id, "user": s.outsider.Record.Id, "role": protocol.InClassStudent})
	var group protocol.Conversation
	s.Post(s.claire, createPath, object{"participants": []int{}, "class_id": protocol.ParseID(class.Id), "audience": []string{protocol.RoleStudent}}).OK(201).Into(&group)
	sent := s.Says(s.claire, group.ConversationID, "Bonnes vacances")
	s.react(s.outsider, sent, "👍").OK(204)
	s.Change("classes", protocol.ParseID(class.Id), object{"archived": true})
	s.react(s.outsider, sent, "❤️").Refused(403, protocol.CodeStaffOnly)
	if s.seen(t, s.outsider, group.ConversationID).CanReact {
		t.Error("can_react is true")
	}
	s.react(s.claire, sent, "❤️").OK(204)
	s.unreact(s.outsider, sent, "👍").OK(204)
}

// A message that was sent again, because its receipt was lost, has the reactions that it got meanwhile.
func TestReactions_areInWhatASecondSendingReturns(t *testing.T) {
	s := newSchool(t)
	var sent, again protocol.Message
	body := object{"content": "Bonjour", "client_id": "c"}
	s.Post(s.claire, messagesPath(s.conversation), body).OK(201).Into(&sent)
	s.react(s.jerome, sent, "👍").OK(204)
	s.Post(s.claire, messagesPath(s.conversation), body).OK(200).Into(&again)
	if len(again.Reactions) != 1 || len(sent.Reactions) != 0 {
		t.Errorf("%+v, then %+v", sent.Reactions, again.Reactions)
	}
}
