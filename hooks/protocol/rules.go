package protocol

import "encoding/json"

// Whether an establishment restricts who may write to whom.
const (
	ContactsRules = "rules" // by its contact rules
	ContactsOpen  = "open"  // everybody may write to everybody
)

// Contacts lists both.
var Contacts = []string{ContactsRules, ContactsOpen}

// What people of one role may do with people of another, each rule what those before it allow.
const (
	RuleNever      = "never"      // not be in one conversation with them
	RuleSupervised = "supervised" // be in a group with them in which staff takes part
	RuleReply      = "reply"      // answer them in a direct conversation
	RuleClass      = "class"      // begin a conversation with them if both share a class
	RuleAlways     = "always"     // begin a conversation with them
)

// ContactRules lists them, the strictest first.
var ContactRules = []string{RuleNever, RuleSupervised, RuleReply, RuleClass, RuleAlways}

// Who may write in a group.
const (
	PostingAll   = "all"
	PostingStaff = "staff" // the staff in it; others read
)

// Postings lists them.
var Postings = []string{PostingAll, PostingStaff}

// What becomes of a message during quiet hours.
const (
	QuietOff   = "off"   // there are none: it is delivered
	QuietDefer = "defer" // it is delivered when they end
)

// QuietModes lists them.
var QuietModes = []string{QuietOff, QuietDefer}

// Days are the days of a week, in the order of time.Weekday.
var Days = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// ContactRule is what people of one role may do with people of another in an establishment.
type ContactRule struct {
	FromRole    string `json:"from_role"`
	ToRole      string `json:"to_role"`
	Rule        string `json:"rule"`         // one of ContactRules
	DefaultRule string `json:"default_rule"` // of an establishment that hasn't changed it
}

// Pause is a time in which people of some roles can't write.
type Pause struct {
	ID    ID       `json:"id"`
	Roles []string `json:"roles"`
	Text  string   `json:"text"` // that they read in place of the composer
	From  string   `json:"from"`
	Until *string  `json:"until"` // null: until it is lifted
}

// Closure is a holiday, or another time in which an establishment is closed. Days are such as "2026-12-19".
type Closure struct {
	ID       ID     `json:"id"`
	Name     string `json:"name"`
	FirstDay string `json:"first_day"`
	LastDay  string `json:"last_day"` // closed, too
}

// Rules are who may write to whom in an establishment, and when, as its administration sees them.
type Rules struct {
	Contacts      string        `json:"contacts"`       // one of Contacts
	ContactRules  []ContactRule `json:"contact_rules"`  // of each pair of Roles, in their order
	GuardiansJoin string        `json:"guardians_join"` // GuardiansNever, or an age such as "16"
	Pauses        []Pause       `json:"pauses"`         // current and coming ones
	Quiet         string        `json:"quiet"`          // one of QuietModes
	QuietFrom     string        `json:"quiet_from"`     // such as "20:00"
	QuietTo       string        `json:"quiet_to"`
	QuietDays     []string      `json:"quiet_days"`   // some of Days
	QuietRoles    []string      `json:"quiet_roles"`  // some of Roles: who is left in peace
	UrgentRoles   []string      `json:"urgent_roles"` // some of Roles: whose messages may be urgent
	Closures      []Closure     `json:"closures"`     // this year's and coming ones
}

// RulesChange is the body of PATCH …/rules/{establishmentId}/ and of …/preview/. Absent fields stay as
// they are.
type RulesChange struct {
	Contacts      *string           `json:"contacts" limit:"word"`
	ContactRules  []json.RawMessage `json:"contact_rules" limit:"contacts"` // ContactRule without default_rule
	GuardiansJoin *string           `json:"guardians_join" limit:"word"`
	Quiet         *string           `json:"quiet" limit:"word"`
	QuietFrom     *string           `json:"quiet_from" limit:"word"`
	QuietTo       *string           `json:"quiet_to" limit:"word"`
	QuietDays     json.RawMessage   `json:"quiet_days" limit:"words"` // lists of texts: an empty one isn't an absent one
	QuietRoles    json.RawMessage   `json:"quiet_roles" limit:"words"`
	UrgentRoles   json.RawMessage   `json:"urgent_roles" limit:"words"`
}

// PauseRequest is the body of POST …/pauses/{establishmentId}/.
type PauseRequest struct {
	Roles []string `json:"roles" limit:"roles"`
	Text  string   `json:"text" limit:"pause"`
	From  string   `json:"from" limit:"time"`  // "": now
	Until string   `json:"until" limit:"time"` // "" or null: until it is lifted
}

// PauseChange is the body of PATCH …/pauses/{establishmentId}/{pauseId}/. Absent fields stay as they are.
type PauseChange struct {
	Text  *string         `json:"text" limit:"pause"`
	Until json.RawMessage `json:"until" limit:"instant"` // a time, or null: until it is lifted
}

// SignOutRequest is the body of POST …/sign-out/{establishmentId}/.
type SignOutRequest struct {
	Roles []string `json:"roles" limit:"roles"`
}

// SignedOut is the response: how many people have no session any more.
type SignedOut struct {
	SignedOut int `json:"signed_out"`
}

// RulesPreview is what a change of the rules would do to the conversations that there are.
type RulesPreview struct {
	Closed []RulesEffect `json:"closed"` // people of FromRole couldn't write in them any more
	Opened []RulesEffect `json:"opened"` // they could write in them again
}

// RulesEffect is for how many conversations with people of ToRole a change matters to those of FromRole.
type RulesEffect struct {
	FromRole string `json:"from_role"`
	ToRole   string `json:"to_role"`
	Direct   int    `json:"direct"`
	Groups   int    `json:"groups"`
}

// GuardiansNever means that guardians don't join the conversations of their children.
const GuardiansNever = "never"
