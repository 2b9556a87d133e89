package privacy_test

import (
	"strings"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/privacy"
	"messagerie/hooks/protocol"
)

// school is one with somebody who has left: a student who wrote and received.
type school struct {
	*apptest.App
	claire, leaver apptest.Person
	conversation   protocol.ID
	said           protocol.ID
}

func newSchool(t *testing.T, left time.Time) *school {
	t.Helper()
	app := apptest.New(t)
	college := app.Establishment("Collège")
	s := &school{App: app,
		claire: app.Person(college, protocol.RoleTeacher, "Claire", "Martin"),
		leaver: app.Person(college, protocol.RoleStudent, "Noé", "Lambert")}
	s.conversation = app.Conversation(s.claire, s.leaver)
	s.said = app.Says(s.leaver, s.conversation, "Au revoir !").ID
	for range 120 { // several portions
		app.Says(s.leaver, s.conversation, "merci")
	}
	app.Says(s.claire, s.conversation, "Bonne continuation.")
	s.change(s.leaver, object{"disabled": true, "left_at": left})
	return s
}

func (s *school) change(person apptest.Person, fields object) {
	record := s.Find("users", person.ID)
	record.Load(fields)
	if err := s.Save(record); err != nil {
		panic(err)
	}
}

func (s *school) erase(t *testing.T, retention config.Retention) int {
	t.Helper()
	eraser := privacy.NewEraser(s.App.App, s.Records, retention)
	count, err := eraser.EraseDue()
	if err != nil {
		t.Fatal(err)
	}
	return count
}

func monthsAgo(n int) time.Time { return time.Now().AddDate(0, -n, 0) }

func TestErase_takesTheAccountAndLeavesWhatWasWrittenWithoutAName(t *testing.T) {
	s := newSchool(t, monthsAgo(4))
	letter := s.Create("emails", object{"subject": "Voyage", "sender": s.claire.Record.Id})
	s.Create("email_recipients", object{"email": letter.Id, "user": s.leaver.Record.Id, "address": s.leaver.Email, "state": "sent"})
	s.Create("pins", object{"message": s.said.RecordID(), "user": s.leaver.Record.Id})
	draft := s.Create("messages", object{"conversation": s.conversation.RecordID(), "sender": s.leaver.Record.Id, "content": "Au revoire"})
	s.Change("messages", protocol.ParseID(draft.Id), object{"content": "Au revoir"})
	s.Create("reactions", object{"message": s.said.RecordID(), "user": s.leaver.Record.Id, "emoji": "👍"})
	if n := s.erase(t, config.Retention{LeaversMonths: 3, LeaversMessages: "keep"}); n != 1 {
		t.Errorf("erased %d people", n)
	}
	if _, err := s.FindRecordById("users", s.leaver.Record.Id); err == nil {
		t.Error("the account is still there")
	}
	said := s.Find("messages", s.said)
	if said.GetString("sender") != "" || said.GetString("content") != "Au revoir !" {
		t.Errorf("the message became %v", said)
	}
	if n := s.Count("reactions"); n != 0 {
		t.Errorf("%d reactions are left", n)
	}
	if n := s.Count("message_edits"); n != 0 {
		t.Errorf("%d earlier texts are left", n)
	}
	if pins, err := s.FindAllRecords("pins"); err != nil || len(pins) != 1 || pins[0].GetString("user") != "" {
		t.Errorf("the pins are %v (%v)", pins, err)
	}
	if n := s.Count("email_recipients"); n != 0 {
		t.Errorf("%d addresses are left in letters", n)
	}
	if n := s.erase(t, config.Retention{LeaversMonths: 3, LeaversMessages: "keep"}); n != 0 {
		t.Errorf("erased %d people again", n)
	}
}

func TestErase_canTakeWhatWasWrittenAlong(t *testing.T) {
	s := newSchool(t, monthsAgo(4))
	s.erase(t, config.Retention{LeaversMonths: 3, LeaversMessages: "remove"})
	var left []string
	if err := s.DB().NewQuery("SELECT content FROM messages WHERE content != ''").Column(&left); err != nil {
		t.Fatal(err)
	}
	if strings.Join(left, "|") != "Bonne continuation." {
		t.Errorf("%q is left", left)
	}
}

func TestErase_sparesWhoIsNotDue(t *testing.T) {
	for name, c := range map[string]struct {
		left   time.Time
		change object
		months int
	}{
		"left lately":             {monthsAgo(2), object{}, 3},
		"has come back":           {monthsAgo(4), object{"disabled": false}, 3},
		"disabled, but still one": {monthsAgo(4), object{"left_at": ""}, 3},
		"the school keeps all":    {monthsAgo(100), object{}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t, c.left)
			s.change(s.leaver, c.change)
			if n := s.erase(t, config.Retention{LeaversMonths: c.months, LeaversMessages: "remove"}); n != 0 {
				t.Errorf("erased %d people", n)
			}
			if s.Find("messages", s.said).GetString("content") == "" {
				t.Error("a message is gone")
			}
		})
	}
}

func TestErase_isPlannedForEachNight(t *testing.T) {
	app := apptest.New(t)
	for _, job := range app.Cron().Jobs() {
		if job.Id() == "eraseLeavers" {
			return
		}
	}
	t.Error("it isn't")
}
