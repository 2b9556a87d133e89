package roster

import (
	"strings"
	"time"

	"messagerie/hooks/protocol"
)

// oneRoster is what the files of OneRoster have said, until all are read.
type oneRoster struct {
	delta     bool // the files have changes only
	ends      int  // the year in which the latest school year ends
	schools   int
	birthDays map[string]string       // by the sourcedId of a user
	roles     map[string]string       // of 1.2, likewise
	classes   map[string]oneRosterRow // by the sourcedId of a class
	relations map[string]string       // of guardians
	titles    map[string]int          // how many classes have a title
	names     map[string]string       // of classes that share their title: which one has it
	agents    []agent
}

// oneRosterRow is a class, until its name is known.
type oneRosterRow struct {
	title, code, level string
	homeroom           bool
}

// agent is somebody whom a user names as a guardian, or as a child.
type agent struct {
	user, other string // sourcedIds
	at          Position
}

func newOneRoster() oneRoster {
	return oneRoster{
		birthDays: map[string]string{}, roles: map[string]string{}, relations: map[string]string{},
		classes: map[string]oneRosterRow{}, titles: map[string]int{}, names: map[string]string{},
	}
}

// Columns of OneRoster that aren't among those of a table.
const (
	columnStatus     = "status"
	columnModified   = "dateLastModified"
	columnEnabled    = "enabledUser"
	columnAgents     = "agentSourcedIds"
	columnTitle      = "title"
	columnClassCode  = "classCode"
	columnClassType  = "classType"
	columnType       = "type"
	columnYear       = "schoolYear"
	columnClassID    = "classSourcedId"
	columnUserID     = "userSourcedId"
	columnPrimary    = "primary"
	columnProperty   = "propertyName"
	columnValue      = "value"
	columnOtherFirst = "preferredGivenName"
)

// oneRosterNames are the headers by nameKey. They are fixed, unlike those of tables.
var oneRosterNames = func() map[string]string {
	names := map[string]string{
		"sourcedid": ColumnExternalID, "givenname": ColumnFirstName, "familyname": ColumnLastName,
		"preferredfamilyname": ColumnUsualName, "username": ColumnUsername, "email": ColumnEmail,
		"birthdate": ColumnBirthDate, "role": ColumnRole, "grades": ColumnLevel,
	}
	for _, column := range []string{
		columnStatus, columnModified, columnEnabled, columnAgents, columnTitle, columnClassCode, columnClassType, columnType,
		columnYear, columnClassID, columnUserID, columnPrimary, columnProperty, columnValue, columnOtherFirst,
	} {
		names[nameKey(column)] = column
	}
	return names
}()

// kindOfOneRoster tells the files of OneRoster apart, in the order in which they are read.
func kindOfOneRoster(keys map[string]bool) kind {
	files := []struct {
		has  string
		read func(*row) error
	}{
		{"propertyname value", (*row).manifest},
		{"sourcedid schoolyear startdate", (*row).session},
		{"sourcedid name type", (*row).org},
		{"sourcedid birthdate", (*row).demographics},
		{"usersourcedid roletype role", (*row).userRole},
		{"sourcedid givenname familyname", (*row).user},
		{"sourcedid title classtype", (*row).oneRosterClass},
		{"sourcedid title schoolsourcedid termsourcedids", (*row).oneRosterClass},
		{"classsourcedid usersourcedid role", (*row).enrollment},
		{"sourcedid datelastmodified", nil}, // courses, results and what else isn't needed
	}
	for order, file := range files {
		all := true
		for _, key := range strings.Fields(file.has) {
			all = all && keys[key]
		}
		if all {
			k := kind{format: FormatOneRoster, order: order}
			if file.read != nil {
				k.read = func(r *reading, d *document) error { return r.eachRow(d, file.read) }
			}
			return k
		}
	}
	return kind{}
}

// manifest notes whether users.csv has everybody ("bulk") or changes ("delta").
func (w *row) manifest() error {
	name, value := w.value(columnProperty, maxExternalID), w.value(columnValue, maxExternalID)
	w.oneRoster.delta = w.oneRoster.delta || nameKey(name) == "fileusers" && nameKey(value) == "delta"
	return nil
}

// session notes the school year, which OneRoster names by the year in which it ends.
func (w *row) session() error {
	ends, err := time.Parse("2006", w.value(columnYear, maxName))
	if err == nil && nameKey(w.value(columnType, maxName)) == "schoolyear" && !w.isDeleted() {
		w.oneRoster.ends = max(w.oneRoster.ends, ends.Year())
	}
	return nil
}

func (w *row) org() error {
	if nameKey(w.value(columnType, maxName)) == "school" && !w.isDeleted() {
		if w.oneRoster.schools++; w.oneRoster.schools == 2 {
			w.fail(w.at, ProblemSeveralSchools,
				"Ces fichiers décrivent plusieurs établissements : tout le monde serait importé dans un seul.")
		}
	}
	return nil
}

func (w *row) demographics() error {
	id, day := w.value(ColumnExternalID, maxExternalID), w.day(w.where(ColumnBirthDate), w.value(ColumnBirthDate, maxName))
	if !w.bad && day != "" {
		w.oneRoster.birthDays[id] = day
	}
	return nil
}

// userRole reads a role of 1.2: of several, the first in the order of seniority counts.
func (w *row) userRole() error {
	id, name := w.value(columnUserID, maxExternalID), w.value(ColumnRole, maxName)
	role, known := roleNames[nameKey(name)]
	switch {
	case w.isDeleted() || w.bad:
	case !known:
		w.failRole(name)
	case senior(w.oneRoster.roles[id], role) == role:
		w.oneRoster.roles[id] = role
		if role == protocol.RoleParent {
			w.noteRelation(id, name)
		}
	}
	return nil
}

// isDeleted reports whether a row says that something is no more.
func (w *row) isDeleted() bool { return nameKey(w.value(columnStatus, maxName)) == "tobedeleted" }
