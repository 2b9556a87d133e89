package messagerie

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// ConversationEvents returns a page of what happened in a group besides messages, oldest first, to whoever takes part:
// the newest page before an event, 0 for the newest of all. A page has that many changes, and those before them that
// are told together with one of these: an event isn't split. next is where the page of the older ones ends, 0 if there
// are none.
func (s *Service) ConversationEvents(
	caller, conversation, before protocol.ID, limit int,
) (events []protocol.ConversationEvent, next protocol.ID, err error) {
	limit = s.pageLimit(limit)
	if _, _, err := s.participantsFor(conversation, caller); err != nil {
		return nil, 0, err
	}
	most := limit + maxGatheredBefore
	query := s.app.ConcurrentDB().Select("id", "kind", "cause", "actor", "user", "title", "created").From("conversation_events").
		Where(dbx.HashExp{"conversation": conversation.RecordID()}).OrderBy("id DESC").Limit(int64(most + 1))
	if before != 0 {
		query.AndWhere(dbx.NewExp("id < {:before}", dbx.Params{"before": before.RecordID()}))
	}
	var rows []eventRow
	if err := query.All(&rows); err != nil {
		return nil, 0, fmt.Errorf("load events: %w", err)
	}
	isAll := len(rows) <= most
	rows = rows[:min(len(rows), most)]
	slices.Reverse(rows)
	whole, begin := newest(gathered(rows), max(0, len(rows)-limit))
	if begin > 0 || !isAll {
		next = protocol.ParseID(rows[begin].ID)
	}
	events, err = s.namedEvents(whole)
	return events, next, err
}

// newest returns the events from a row on, and from the row before it at which none is split.
func newest(events []*gatheredEvent, from int) (page []*gatheredEvent, begin int) {
	begin = from
	for _, event := range slices.Backward(events) {
		if event.last >= begin {
			begin = min(begin, event.first)
		}
	}
	return slices.DeleteFunc(events, func(event *gatheredEvent) bool { return event.first < begin }), begin
}

// eventRow is one change, to one person at most.
type eventRow struct {
	ID      string `db:"id"`
	Kind    string `db:"kind"`
	Cause   string `db:"cause"`
	Actor   string `db:"actor"`
	User    string `db:"user"`
	Title   string `db:"title"`
	Created string `db:"created"`
}

// maxGatheredBefore is how many changes before a page are read, to find where its first event begins.
const maxGatheredBefore = 500

// How far apart changes may be that are told together.
const (
	gatherPeople = 10 * time.Minute // by one person, one after the other
	gatherClass  = 24 * time.Hour   // by a class, whatever happened in between: an import may take a while, and come again
)

// gatheredEvent is changes that are told together. The first one gives it its place.
type gatheredEvent struct {
	eventRow
	users       []protocol.ID // each once
	first, last int           // of its rows
}

// gathered puts changes together that are alike.
func gathered(rows []eventRow) (events []*gatheredEvent) {
	for i, row := range rows {
		event := alike(events, row)
		if event == nil {
			event = &gatheredEvent{eventRow: row, first: i}
			events = append(events, event)
		}
		event.last = i
		event.Title = row.Title // the last one counts
		if user := protocol.ParseID(row.User); user != 0 && !slices.Contains(event.users, user) {
			event.users = append(event.users, user)
		}
	}
	return events
}

// alike returns the event that a change belongs to, nil for none.
func alike(events []*gatheredEvent, row eventRow) *gatheredEvent {
	for _, event := range slices.Backward(events) {
		apart := at(row.Created).Sub(at(event.Created))
		switch {
		case apart >= gatherClass:
			return nil
		case event.Kind != row.Kind || event.Cause != row.Cause || event.Actor != row.Actor:
		case row.Cause == protocol.CauseClass || apart < gatherPeople && event == events[len(events)-1]:
			return event
		}
	}
	return nil
}

func at(stored string) time.Time {
	parsed, err := time.Parse(time.RFC3339Nano, wireTime(stored))
	if err != nil {
		return time.Time{}
	}
	return parsed
}

// namedEvents returns events as they are sent, with the names of people.
func (s *Service) namedEvents(events []*gatheredEvent) ([]protocol.ConversationEvent, error) {
	var ids []protocol.ID
	for _, event := range events {
		ids = append(ids, event.users[:min(len(event.users), protocol.MaxEventPeople)]...)
		if actor := protocol.ParseID(event.Actor); actor != 0 {
			ids = append(ids, actor)
		}
	}
	people, err := s.people.Accounts(distinct(ids))
	if err != nil {
		return nil, err
	}
	list := make([]protocol.ConversationEvent, len(events))
	for i, event := range events {
		list[i] = protocol.ConversationEvent{
			ID: protocol.ParseID(event.ID), Kind: event.Kind, Cause: event.Cause, People: []protocol.EventPerson{}, Count: len(event.users),
			Title: event.Title, Timestamp: wireTime(event.Created)}
		if actor := people[protocol.ParseID(event.Actor)]; actor != nil {
			name := eventPerson(actor)
			list[i].Actor = &name
		}
		for _, user := range event.users[:min(len(event.users), protocol.MaxEventPeople)] {
			if account := people[user]; account != nil { // else just deleted
				list[i].People = append(list[i].People, eventPerson(account))
			}
		}
	}
	return list, nil
}

func eventPerson(account *school.Account) protocol.EventPerson {
	return protocol.EventPerson{ID: account.ID, FirstName: account.FirstName, LastName: account.LastName}
}
