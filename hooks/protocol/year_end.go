package protocol

import "encoding/json"

// What becomes of the students of a class when the school year ends. The class itself is archived.
const (
	YearEndPromoted = "promoted" // they are in another class of the next year, all together
	YearEndLeaving  = "leaving"  // they leave the establishment
	YearEndWaiting  = "waiting"  // they have no class until the next import, or until somebody enters them
)

// YearEndActions lists them.
var YearEndActions = []string{YearEndPromoted, YearEndLeaving, YearEndWaiting}

// YearEnd is what GET …/roster/{establishmentId}/year-end/ proposes.
type YearEnd struct {
	Year         string         `json:"year"`          // the one that begins, such as "2027-2028"
	HasImports   bool           `json:"has_imports"`   // the last import was made from the school's other software: it will have the new classes
	KeepTeachers bool           `json:"keep_teachers"` // teachers stay in the class of the same name
	Classes      []YearEndClass `json:"classes"`       // those of earlier years that aren't archived
}

// YearEndClass is a class of an earlier year, and what is proposed for its students.
type YearEndClass struct {
	ID       ID     `json:"id"`
	Name     string `json:"name"`
	Level    string `json:"level"`
	Year     string `json:"year"`
	Students int    `json:"students"`
	Teachers int    `json:"teachers"`
	YearEndDecision
}

// YearEndDecision says what becomes of the students of a class.
type YearEndDecision struct {
	Action       string `json:"action"`        // one of YearEndActions
	Becomes      string `json:"becomes"`       // the name of their next class; a proposal may have one for any action
	BecomesLevel string `json:"becomes_level"` // its level, may be ""
}

// YearEndRequest is the body of POST …/roster/{establishmentId}/year-end/. Classes that it doesn't
// name stay as they are.
type YearEndRequest struct {
	Year         string          `json:"year" limit:"year"`
	KeepTeachers bool            `json:"keep_teachers"`
	Staying      []ID            `json:"staying" limit:"users"`     // students who don't leave, and aren't promoted, with their class
	Classes      json.RawMessage `json:"classes" limit:"decisions"` // YearEndChosen[]
}

// YearEndChosen is the decision about one class.
type YearEndChosen struct {
	ID ID `json:"id"`
	YearEndDecision
}
