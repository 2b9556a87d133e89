package roster

import (
	"fmt"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// The codes of a Problem.
const (
	ProblemUnreadableText   = "unreadable_text"   // characters that are lost
	ProblemTooManyCells     = "too_many_cells"    // more cells than the header has: they may be shifted
	ProblemUnclosedQuote    = "unclosed_quote"    // a quotation mark without its counterpart
	ProblemTooLong          = "too_long"          // a text longer than it can be
	ProblemMissingName      = "missing_name"      // no last name, or no first name
	ProblemUnclearName      = "unclear_name"      // last and first name in one cell can't be told apart
	ProblemInvalidDate      = "invalid_date"      // not a day
	ProblemInvalidEmail     = "invalid_email"     // only the address is left out
	ProblemInvalidINE       = "invalid_ine"       // not the national number of a student
	ProblemUnknownRole      = "unknown_role"      // a role that isn't known here
	ProblemDuplicate        = "duplicate"         // an identifier that somebody else has already
	ProblemUnknownStudent   = "unknown_student"   // a guardian's child who isn't in the files
	ProblemAmbiguousStudent = "ambiguous_student" // a guardian's child whose name several students have
	ProblemMissingStudents  = "missing_students"  // guardians without a file of students: nobody is their child
	ProblemUnknownPerson    = "unknown_person"    // an id that nobody has
	ProblemUnknownClass     = "unknown_class"     // an id that no class has
	ProblemSeveralSchools   = "several_schools"   // the files are about more than one school
)

// unreadable refuses a file that can't be read at all. Its message is in French, for whoever
// imports; Data has the place besides. Line and column are 0 where they aren't known.
func unreadable(at Position, format string, args ...any) *refusal.Error {
	reason := fmt.Sprintf(format, args...)
	refused := refusal.New(protocol.CodeUnreadableFile, "%s : %s", at, reason)
	refused.Field = "files"
	refused.Data = map[string]any{"file": at.File, "line": at.Line, "column": at.Column, "reason": reason}
	return refused
}

// String is where something stands, in French: "eleves.csv, ligne 3, colonne 2".
func (p Position) String() string {
	s := p.File
	if p.Line > 0 {
		s += fmt.Sprintf(", ligne %d", p.Line)
	}
	if p.Column > 0 {
		s += fmt.Sprintf(", colonne %d", p.Column)
	}
	return s
}
