package chat_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// quietSchool is a school whose people are left in peace from 20:00 to 07:00, with a clock that tests
// set; the head isn't.
type quietSchool struct {
	testSchool
	clock  atomic.Pointer[time.Time]
	head   apptest.Person
	toHead protocol.ID // Claire's conversation with the head
}

func newQuietSchool(t *testing.T, local string) *quietSchool {
	t.Helper()
	q := &quietSchool{testSchool: newSchool(t)}
	q.set(t, local)
	q.People.SetClock(func() time.Time { return *q.clock.Load() })
	q.Change("establishments", q.college, map[string]any{"quiet": protocol.QuietDefer, "quiet_days": []string{}})
	q.head = q.Person(q.college, protocol.RoleAdmin, "Anne", "Durand")
	q.toHead = q.Conversation(q.claire, q.head)
	return q
}

func (q *quietSchool) set(t *testing.T, local string) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", local, zone)
	if err != nil {
		t.Fatal(err)
	}
	q.clock.Store(&at)
}

func TestChatMessage_isScheduledAndDeliveredInTheMorning(t *testing.T) {
	q := newQuietSchool(t, "2026-11-30 21:00")
	claire, list := q.Dial(q.claire)
	laptop, _ := q.Dial(q.claire)
	jerome, _ := q.Dial(q.jerome)
	for _, c := range list.Conversations {
		want := c.ConversationID == q.conversation
		if (c.QuietUntil != nil) != want || want && *c.QuietUntil != "2026-12-01T06:00:00.000Z" {
			t.Errorf("quiet_until of %d is %v", c.ConversationID, c.QuietUntil)
		}
	}
	frame := protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: q.conversation, Message: "Bonne nuit", ClientID: "nuit"}
	var scheduled, again protocol.MessageScheduledFrame
	claire.Send(frame)
	claire.Expect(protocol.TypeMessageScheduled, &scheduled)
	laptop.Expect(protocol.TypeMessageScheduled, nil)
	if s := scheduled.Scheduled; s.DeliverAt != "2026-12-01T06:00:00.000Z" || s.Reason != protocol.ReasonQuietHours || s.ClientID != "nuit" {
		t.Errorf("%+v", s)
	}
	claire.Send(frame) // its receipt was lost
	claire.Expect(protocol.TypeMessageScheduled, &again)
	if again.Scheduled.ID != scheduled.Scheduled.ID {
		t.Errorf("scheduled again as %+v", again.Scheduled)
	}
	laptop.ExpectNone(protocol.TypeMessageScheduled)
	jerome.ExpectNone(protocol.TypeNewMessage)

	frame.ClientID, frame.Urgent = "urgent", true
	claire.Send(frame)
	if refused := claire.ExpectRefusal(protocol.CodeUrgentNotAllowed); refused.ClientID != "urgent" {
		t.Errorf("%+v", refused)
	}
	frame.DeliverAt = "demain"
	claire.Send(frame)
	claire.ExpectRefusal(protocol.CodeInvalidRequest)

	q.set(t, "2026-12-01 07:00")
	if _, err := q.Conversations.DeliverDue(); err != nil {
		t.Fatal(err)
	}
	var delivered protocol.MessageFrame
	jerome.Expect(protocol.TypeNewMessage, &delivered)
	claire.Expect(protocol.TypeNewMessage, nil)
	var gone protocol.ScheduledGoneFrame
	claire.Expect(protocol.TypeScheduledGone, &gone)
	if delivered.Message.ClientID != "nuit" || gone.ID != scheduled.Scheduled.ID || gone.Reason != protocol.GoneDelivered {
		t.Errorf("delivered %+v, gone %+v", delivered.Message, gone)
	}
	jerome.ExpectNone(protocol.TypeScheduledGone)
}

// At night nobody learns that somebody reads or writes; their own devices do.
func TestReadingAndTyping_arentSeenAtNight(t *testing.T) {
	q := newQuietSchool(t, "2026-11-30 21:00")
	q.Says(q.claire, q.toHead, "Bonsoir")
	fromHead := protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: q.toHead, Message: "Urgent", Urgent: true}
	head, _ := q.Dial(q.head)
	claire, _ := q.Dial(q.claire)
	laptop, _ := q.Dial(q.claire)
	head.Send(fromHead)
	var urgent protocol.MessageFrame
	claire.Expect(protocol.TypeNewMessage, &urgent)
	if !urgent.Message.Urgent {
		t.Errorf("%+v", urgent.Message)
	}
	claire.Send(protocol.ClientFrame{Type: protocol.TypeTypingStart, ConversationID: q.toHead})
	claire.Send(protocol.ClientFrame{Type: protocol.TypeMarkAsRead, ConversationID: q.toHead})
	laptop.Expect(protocol.TypeMessagesRead, nil)
	q.Conversations.Flush()
	head.Send(protocol.ClientFrame{Type: protocol.TypeTypingStart, ConversationID: q.toHead})
	claire.ExpectNone(protocol.TypeTypingStart)
	head.Send(`{"type":"ping"}`)
	for kind := ""; kind != protocol.TypePong; {
		if kind, _ = head.Next(); kind == protocol.TypeMessagesRead || kind == protocol.TypeMessagesDelivered || kind == protocol.TypeTypingStart {
			t.Errorf("the head learns of %s", kind)
		}
	}
	status := func() (last string) {
		var messages []protocol.Message
		q.Get(q.head, "/api/messagerie/messages/"+q.toHead.String()+"/").OK(http.StatusOK).Into(&messages)
		return messages[len(messages)-1].Status
	}
	if got := status(); got == protocol.StatusRead {
		t.Error("the head sees at night that it was read")
	}
	q.set(t, "2026-12-01 07:00")
	if got := status(); got != protocol.StatusRead {
		t.Errorf("in the morning it is %s", got)
	}
}

func TestMe_hasQuietHoursOfItsOwn(t *testing.T) {
	q := newQuietSchool(t, "2026-11-30 12:30")
	jerome, _ := q.Dial(q.jerome)
	change := func(body any) *apptest.Response { return q.Do(q.claire.Token, "PATCH", "/api/messagerie/me/", body) }
	for _, wrong := range []string{
		`{"quiet":{"from":"7:00","to":"08:00","days":[]}}`, `{"quiet":{"from":"25:00","to":"08:00","days":[]}}`,
		`{"quiet":{"from":"07:00","to":"08:00","days":["dimanche"]}}`, `{"quiet":7}`, `{"quiet":{}}`,
		`{"quiet":{"from":"07:00","to":"08:00","days":["sunday","monday","tuesday","wednesday","thursday","friday","saturday"]}}`,
	} {
		change(wrong).Refused(http.StatusBadRequest, protocol.CodeInvalidRequest)
	}
	var me protocol.Me
	change(`{"quiet":{"from":"12:00","to":"13:30","days":["wednesday"]}}`).OK(http.StatusOK).Into(&me)
	if me.Quiet == nil || me.Quiet.From != "12:00" || len(me.Quiet.Days) != 1 || me.QuietUntil == nil || *me.QuietUntil != "2026-11-30T12:30:00.000Z" ||
		me.Can.Urgent || me.Establishments[0].Quiet != protocol.QuietDefer {
		t.Errorf("%+v", me)
	}
	var list protocol.ConversationsList // the others learn when a message would be delivered
	for isTold := false; !isTold; {
		jerome.Expect(protocol.TypeConversationsList, &list)
		for _, c := range list.Conversations {
			isTold = isTold || c.ConversationID == q.conversation && c.QuietUntil != nil && *c.QuietUntil == *me.QuietUntil
		}
	}
	var scheduled protocol.Scheduled
	q.Post(q.jerome, "/api/messagerie/messages/"+q.conversation.String()+"/", map[string]any{"content": "Midi", "client_id": "midi"}).
		OK(http.StatusAccepted).Into(&scheduled)
	var waiting []protocol.Scheduled
	if q.Get(q.jerome, "/api/messagerie/scheduled/").OK(http.StatusOK).Into(&waiting); len(waiting) != 1 || waiting[0].ID != scheduled.ID {
		t.Errorf("%+v", waiting)
	}
	path := "/api/messagerie/scheduled/" + scheduled.ID.String() + "/"
	q.Do(q.claire.Token, "DELETE", path, nil).Refused(http.StatusNotFound, protocol.CodeNotFound)
	q.Do(q.jerome.Token, "PATCH", path, `{"deliver_at":"hier"}`).Refused(http.StatusBadRequest, protocol.CodeInvalidRequest)
	q.Do(q.jerome.Token, "PATCH", path, `{"content":"Treize heures"}`).OK(http.StatusOK).Into(&scheduled)
	if scheduled.Content != "Treize heures" || scheduled.Reason != protocol.ReasonQuietHours {
		t.Errorf("%+v", scheduled)
	}
	q.Do(q.jerome.Token, "DELETE", path, nil).OK(http.StatusNoContent)
	var gone protocol.ScheduledGoneFrame
	if jerome.Expect(protocol.TypeScheduledGone, &gone); gone.Reason != protocol.GoneCancelled {
		t.Errorf("%+v", gone)
	}
	change(`{"quiet":null}`).OK(http.StatusOK).Into(&me)
	if me.Quiet != nil || me.QuietUntil != nil {
		t.Errorf("%+v", me)
	}
}

// At a boundary people who are online learn it, without asking.
func TestQuietHours_areToldWhenTheyBegin(t *testing.T) {
	q := newQuietSchool(t, "2026-11-30 19:59")
	claire, list := q.Dial(q.claire)
	if list.Conversations[0].QuietUntil != nil || list.Conversations[1].QuietUntil != nil {
		t.Error("quiet before it begins")
	}
	q.set(t, "2026-11-30 20:00")
	q.Hub.LookForQuietHours()
	var me struct{ Me protocol.Me }
	for me.Me.QuietUntil == nil {
		claire.Expect(protocol.TypeMeUpdated, &me)
	}
	if *me.Me.QuietUntil != "2026-12-01T06:00:00.000Z" {
		t.Errorf("until %s", *me.Me.QuietUntil)
	}
	for isTold := false; !isTold; {
		claire.Expect(protocol.TypeConversationsList, &list)
		for _, c := range list.Conversations {
			isTold = isTold || c.QuietUntil != nil
		}
	}
}
