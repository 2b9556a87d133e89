// Package roster brings the people of a school in from the files that schools can export: a
// reader for each format (Read), the comparison with the people who are there (the plan), and
// applying it, all or nothing.
package roster

// The formats, as Roster.Format and the parameter format have them.
const (
	FormatONDE      = "onde"      // primary schools: CSV, one file for pupils, adults and teachers each
	FormatSIECLE    = "siecle"    // collèges and lycées: XML
	FormatOneRoster = "oneroster" // OneRoster 1.1 and 1.2: CSV in a ZIP
	FormatTable     = "table"     // any table, its columns found by their names
)

// FormatYearEnd is that of a plan for the end of a school year, which comes from no file.
const FormatYearEnd = "year_end"

// Roster is what one import says about the people of an establishment, whatever its format: all
// files of one import together. What a reader can't be sure of is a Problem and left out.
type Roster struct {
	Format   string // one of the formats above
	Encoding string // of the text: "utf-8", "windows-1252", "iso-8859-15" or "utf-16"
	Files    []File

	// Complete lists the roles of which the files name everybody: who has one of them and isn't
	// in the roster is leaving.
	Complete []string
	Year     string // the school year, such as "2026-2027"; "" if the files don't say

	People        []Person
	Classes       []Class
	Enrollments   []Enrollment
	Guardianships []Guardianship
	Problems      []Problem

	// LeftOut has whom the left out rows are about, as far as these say: nothing is known about
	// them, so they aren't leaving for not being among People.
	LeftOut []Person

	// Columns says, for a table, what each column was taken for: the header as the file spells
	// it, and one of the Column constants, "" for one that isn't used.
	Columns []Column

	tables [][]Column // the same for each table
}

// File is one of the files, with the rows or elements about people that it has.
type File struct {
	Name string
	Rows int
}

// Person is somebody the files name. Names are trimmed and spelt as a person would be addressed
// ("Benali", not "BENALI").
type Person struct {
	Key string // identifies the person within the roster

	// What they are recognised by, the surest first; each may be "".
	ExternalID string // of the format's own software, unique within the format
	INE        string
	Email      string
	BirthDate  string // such as "2014-03-21"

	LastName  string
	FirstName string
	Username  string // where the files have one
	Role      string // one of protocol.Roles; of somebody who is several things: the first of admin, teacher, staff, parent, student
	Left      string // the day on which they left, such as "2026-03-21"; "" for those who are there

	// Partial says that some of their enrollments or guardianships were left out with a Problem:
	// those they have already stay.
	Partial bool

	At Position
}

// Class is a class or a teaching group.
type Class struct {
	Name  string // identifies it within the roster, without regard to case
	Level string
}

// Enrollment says that somebody is in a class.
type Enrollment struct {
	Person string // a Key
	Class  string // a Name
	Role   string // one of protocol.ClassRoles
	At     Position
}

// Guardianship says that somebody is responsible for a student.
type Guardianship struct {
	Guardian, Student string // Keys
	Legal             bool
	Relation          string // one of protocol.Relations, or ""
	At                Position
}

// Position is where something stands. Lines and columns count from 1; 0 is for the whole file,
// or the whole line. A column of a table is a cell, one of XML a byte.
type Position struct {
	File         string
	Line, Column int
}

// Problem is something in the files that was left out because it couldn't be used as it is.
type Problem struct {
	Position
	Code    string // one of the Problem constants
	Message string // in French, for whoever imports
}

// Column is a column of a table and what it was taken for.
type Column struct {
	Header string
	Field  string
}
