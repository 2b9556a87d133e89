package protocol

import "time"

// Why a message is delivered later.
const (
	ReasonScheduled  = "scheduled"   // its author wants it so
	ReasonQuietHours = "quiet_hours" // somebody is left in peace until then
)

// ScheduleReasons lists both.
var ScheduleReasons = []string{ReasonScheduled, ReasonQuietHours}

// Scheduled is a message that is delivered later, as its author sees it.
type Scheduled struct {
	ID             ID     `json:"id"` // not that of the message it becomes
	ConversationID ID     `json:"conversation_id"`
	Content        string `json:"content"`
	ClientID       string `json:"client_id"` // the message keeps it
	ReplyTo        *ID    `json:"reply_to"`
	Attachments    []ID   `json:"attachments"` // files that only the author sees until then
	Mentions       []ID   `json:"mentions"`    // those who still take part then are mentioned
	DeliverAt      string `json:"deliver_at"`
	Reason         string `json:"reason"` // one of ScheduleReasons
	CreatedAt      string `json:"created_at"`
	Code           string `json:"code"` // with which it was refused when it was due; "" while it waits
}

// What became of a scheduled message.
const (
	GoneDelivered = "delivered"
	GoneCancelled = "cancelled" // by its author, or with its conversation
	GoneRefused   = "refused"   // it stays in the author's list, with the code
)

// MessageScheduledFrame is the frame "message_scheduled": a message is to be delivered later, or its
// text, its time or its code has changed.
type MessageScheduledFrame struct {
	Type      string    `json:"type"`
	Scheduled Scheduled `json:"scheduled"`
}

// ScheduledGoneFrame is the frame "scheduled_gone".
type ScheduledGoneFrame struct {
	Type   string `json:"type"`
	ID     ID     `json:"id"`
	Reason string `json:"reason"`         // one of those above
	Code   string `json:"code,omitempty"` // of GoneRefused
}

// ScheduledChange is the body of PATCH …/scheduled/{id}/. Absent fields stay as they are.
type ScheduledChange struct {
	Content   *string `json:"content" limit:"content"`
	DeliverAt *string `json:"deliver_at" limit:"moment"`
}

// QuietHours are those that a person has chosen.
type QuietHours struct {
	From string   `json:"from"` // such as "20:00"; equal to To for no part of an ordinary day
	To   string   `json:"to"`
	Days []string `json:"days"` // some of Days: quiet as a whole
}

// ClosureRequest is the body of POST …/closures/{establishmentId}/ without a file.
type ClosureRequest struct {
	Name     string `json:"name" limit:"closure"`
	FirstDay string `json:"first_day" limit:"day"`
	LastDay  string `json:"last_day" limit:"day"`
}

// ClosuresImported is the response to POST …/closures/{establishmentId}/ with a calendar.
type ClosuresImported struct {
	Added     int       `json:"added"`
	Unchanged int       `json:"unchanged"`
	Ignored   int       `json:"ignored"` // events that aren't holidays
	Closures  []Closure `json:"closures"`
}

// timeFormat is RFC 3339 in UTC, with milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z"

// Time returns a moment as it is on the wire.
func Time(t time.Time) string { return t.UTC().Format(timeFormat) }

// TimeOrNull is Time, nil for the zero time.
func TimeOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	wire := Time(t)
	return &wire
}
