package protocol

import "encoding/json"

// The states of an import of people.
const (
	RosterPlanned  = "planned"  // nothing is changed yet
	RosterApplying = "applying" // until it is applied whole; a restart in between takes everything back
	RosterApplied  = "applied"
	RosterFailed   = "failed"  // nothing is changed: what had been was taken back
	RosterUndoing  = "undoing" // continued after a restart
	RosterUndone   = "undone"
)

// RosterStates lists them.
var RosterStates = []string{RosterPlanned, RosterApplying, RosterApplied, RosterFailed, RosterUndoing, RosterUndone}

// What a change of an import is about.
const (
	RosterPeople        = "people"
	RosterClasses       = "classes"
	RosterEnrollments   = "enrollments"
	RosterGuardianships = "guardianships"
)

// What an import does to somebody or something.
const (
	RosterCreated   = "created"
	RosterUpdated   = "updated"
	RosterLeaving   = "leaving"   // of people: disabled, and out of the classes; or out of this establishment only
	RosterReturning = "returning" // of people who had left
	RosterRemoved   = "removed"   // of enrollments and guardianships
	RosterArchived  = "archived"  // of classes, at the end of the school year
)

// RosterPlan is what an import of files would change, changes or has changed.
type RosterPlan struct {
	ID       ID              `json:"id"`
	State    string          `json:"state"`
	Progress float64         `json:"progress"` // of applying, from 0 to 1; while it is undone, back to 0
	Format   string          `json:"format"`
	Encoding string          `json:"encoding"`
	Files    []RosterFile    `json:"files"`
	Counts   RosterCounts    `json:"counts"`
	Changes  []RosterChange  `json:"changes"`  // a page
	Problems []RosterProblem `json:"problems"` // the first thousand, and all that need a decision

	ProblemCount int            `json:"problem_count"` // of all
	Year         string         `json:"year"`          // the school year, such as "2026-2027"
	Complete     []string       `json:"complete"`      // the roles of which the files name everybody
	Columns      []RosterColumn `json:"columns"`       // of a table: what its columns were taken for
	CreatedAt    string         `json:"created_at"`
	CreatedBy    ID             `json:"created_by"` // 0 for the command
	AppliedAt    *string        `json:"applied_at"`
	CanUndo      bool           `json:"can_undo"` // it is the last one that was applied
}

// RosterFile is a file of an import.
type RosterFile struct {
	Name string `json:"name"`
	Rows int    `json:"rows"`
}

// RosterColumn is a column of a table, by its header; Field is "" if it isn't used.
type RosterColumn struct {
	Header string `json:"header"`
	Field  string `json:"field"`
}

// RosterCounts counts the changes of an import.
type RosterCounts struct {
	People        RosterPeopleCounts `json:"people"`
	Classes       RosterClassCounts  `json:"classes"`
	Enrollments   RosterRowCounts    `json:"enrollments"`
	Guardianships RosterRowCounts    `json:"guardianships"`
}

// RosterPeopleCounts counts people. Each is in one of the first five.
type RosterPeopleCounts struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Leaving   int `json:"leaving"`
	Returning int `json:"returning"`

	ChangingClass int `json:"changing_class"` // students who leave one class and join another
	WithoutClass  int `json:"without_class"`  // students whose class is archived, and who have no other yet
}

// RosterClassCounts counts classes.
type RosterClassCounts struct {
	RosterRowCounts
	Archived int `json:"archived"`
}

// RosterRowCounts counts enrollments, guardianships or, among others, classes.
type RosterRowCounts struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Removed   int `json:"removed"`
}

// RosterChange is one change. Before and After have the fields that change, and the names; they
// are null for what isn't there before or after.
type RosterChange struct {
	Kind   string       `json:"kind"`
	Action string       `json:"action"`
	Before RosterFields `json:"before"`
	After  RosterFields `json:"after"`
}

// RosterFields are fields by their names.
type RosterFields map[string]any

// RosterProblem is something in the files that was left out, or that whoever imports should know.
// Lines and columns count from 1; 0 is for the whole file, or the whole line.
type RosterProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"` // in French

	// Of a row that needs a decision: how the decision names it, and whom it may be about.
	Key        string            `json:"key,omitempty"`
	Candidates []RosterCandidate `json:"candidates,omitempty"`
}

// RosterCandidate is somebody whom a row may be about.
type RosterCandidate struct {
	User
	BirthDate string `json:"birth_date"`
	Left      bool   `json:"left"` // has left the establishment
}

// RosterApplyRequest is the body of POST …/roster/{establishmentId}/{planId}/apply/; it may be
// missing. Decisions are by the keys of the problems that need one: the id of a candidate, or
// RosterNew for somebody new. Rows without one are left out.
type RosterApplyRequest struct {
	Decisions json.RawMessage `json:"decisions" limit:"decisions"`
}

// RosterNew decides that a row is about somebody new.
const RosterNew = "new"
