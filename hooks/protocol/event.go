package protocol

// ConversationEvent is something that happened in a group besides messages, or several alike that are told together: its
// place among the messages is that of its id, which is drawn from the same sequence.
type ConversationEvent struct {
	ID        ID            `json:"id"`
	Kind      string        `json:"kind"`   // one of EventKinds; clients ignore others
	Cause     string        `json:"cause"`  // one of the causes below, "" for a person
	Actor     *EventPerson  `json:"actor"`  // who did it; null if nobody did, or their account was deleted
	People    []EventPerson `json:"people"` // to whom it happened, in that order, at most MaxEventPeople of them; never null
	Count     int           `json:"count"`  // of all of them
	Title     string        `json:"title"`  // the new one of a group that was renamed
	Timestamp string        `json:"timestamp"`
}

// EventPerson is somebody by name, who may have left the conversation since.
type EventPerson struct {
	ID        ID     `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
}

// MaxEventPeople is how many people an event names.
const MaxEventPeople = 10

// The kinds of events.
const (
	EventCreated = "created" // the group, by the actor
	EventRenamed = "renamed" // likewise
	EventAdded   = "added"   // people, by the actor
	EventRemoved = "removed" // likewise
	EventJoined  = "joined"  // people, by themselves or with their class
	EventLeft    = "left"    // likewise
)

// EventKinds lists them.
var EventKinds = []string{EventCreated, EventRenamed, EventAdded, EventRemoved, EventJoined, EventLeft}

// What else than a person causes an event.
const (
	CauseClass          = "class"          // the group follows a class
	CauseAdministration = "administration" // in the dashboard
)

// ConversationEventsFrame is the frame "conversation_events": something has happened in a group. What, is in
// GET /api/messagerie/conversations/{id}/events/.
type ConversationEventsFrame struct {
	Type           string `json:"type"`
	ConversationID ID     `json:"conversation_id"`
}
