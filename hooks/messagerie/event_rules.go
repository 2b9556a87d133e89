package messagerie

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// groupEvent is a change to a group that its people are told.
type groupEvent struct {
	kind  string      // one of protocol.EventKinds
	cause string      // what else than a person has caused it
	actor protocol.ID // who did it, 0 for nobody
	user  protocol.ID // to whom, 0 for nobody
	title string
}

// noteEvents records what happens to a conversation, in the transaction in which it happens. Direct conversations have
// no events. It is called by those who change a group, and for what the dashboard's requests save, not for every record:
// the people of a conversation or an account that is deleted haven't left.
func (s *Service) noteEvents(tx core.App, conversation protocol.ID, events ...groupEvent) error {
	of, err := s.sizes.of(tx, conversation)
	if err != nil || of == nil || of.Kind != protocol.KindGroup || len(events) == 0 {
		return err
	}
	collection, err := tx.FindCachedCollectionByNameOrId("conversation_events")
	if err != nil {
		return err
	}
	for _, event := range events {
		record := core.NewRecord(collection)
		record.Load(map[string]any{"conversation": conversation.RecordID(), "kind": event.kind, "cause": event.cause,
			"actor": event.actor.RecordID(), "user": event.user.RecordID(), "title": event.title})
		WrittenByServer(record)
		if err := s.events.Insert(tx, record); err != nil {
			return err
		}
	}
	s.store.Announce(tx, EventsAdded{conversation})
	return nil
}

// noteArrivals records that caller has created a group, or brought people into it.
func (s *Service) noteArrivals(tx core.App, conversation, caller protocol.ID, created bool, joining []protocol.ID) error {
	if created {
		return s.noteEvents(tx, conversation, groupEvent{kind: protocol.EventCreated, actor: caller})
	}
	events := make([]groupEvent, len(joining))
	for i, user := range joining {
		events[i] = arrival(caller, user)
	}
	return s.noteEvents(tx, conversation, events...)
}

// arrival is how caller brings user into a group.
func arrival(caller, user protocol.ID) groupEvent {
	if caller == user {
		return groupEvent{kind: protocol.EventJoined, user: user}
	}
	return groupEvent{kind: protocol.EventAdded, actor: caller, user: user}
}

// departureBy is how caller takes user out of a group.
func departureBy(caller, user protocol.ID) groupEvent {
	if caller == user {
		return groupEvent{kind: protocol.EventLeft, user: user}
	}
	return groupEvent{kind: protocol.EventRemoved, actor: caller, user: user}
}

func (s *Service) bindEvents() {
	refused := refusal.New(protocol.CodeInvalidRequest, "What happened in groups is written by the server alone.")
	s.app.OnRecordCreate("conversation_events").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if e.Record.GetRaw(writtenHere) != true {
			return refusal.OnField("kind", refused)
		}
		return e.Next()
	}))
	s.app.OnRecordUpdate("conversation_events").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		for _, field := range []string{"conversation", "kind", "cause", "user", "actor", "title"} {
			now := e.Record.GetString(field)
			if now != before.GetString(field) && (field != "actor" || now != "") { // that account was deleted
				return refusal.OnField(field, refused)
			}
		}
		return e.Next()
	}))
	s.bindDashboardEvents()
}

// inDashboard marks a record that an administrator saves or deletes in the dashboard.
const inDashboard = "@dashboard"

// bindDashboardEvents records what an administrator does to a group in the dashboard.
func (s *Service) bindDashboardEvents() {
	mark := func(e *core.RecordRequestEvent) error {
		e.Record.SetRaw(inDashboard, true)
		return e.Next()
	}
	s.app.OnRecordCreateRequest("participants").BindFunc(mark)
	s.app.OnRecordDeleteRequest("participants").BindFunc(mark)
	s.app.OnRecordUpdateRequest("conversations").BindFunc(mark)

	note := func(e *core.RecordEvent, conversation protocol.ID, event groupEvent) error {
		if e.Record.GetRaw(inDashboard) != true {
			return nil
		}
		event.cause = protocol.CauseAdministration
		return s.noteEvents(e.App, conversation, event)
	}
	ofMember := func(kind string) *hook.Handler[*core.RecordEvent] {
		return store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
			if err := e.Next(); err != nil {
				return err
			}
			return note(e, conversationOf(e.Record), groupEvent{kind: kind, user: memberOf(e.Record).User})
		})
	}
	s.app.OnRecordCreate("participants").Bind(ofMember(protocol.EventAdded))
	s.app.OnRecordDelete("participants").Bind(ofMember(protocol.EventRemoved))
	s.app.OnRecordUpdate("conversations").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original().GetString("title")
		if err := e.Next(); err != nil {
			return err
		}
		title := e.Record.GetString("title")
		if title == before {
			return nil
		}
		return note(e, protocol.ParseID(e.Record.Id), groupEvent{kind: protocol.EventRenamed, title: title})
	}))
}
