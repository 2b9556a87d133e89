package roster

import (
	"cmp"
	"slices"
	"strings"

	"messagerie/hooks/protocol"
)

// roleOfHeader is who the people of a table are whose names are in a column of this name.
var roleOfHeader = namesOf(map[string]string{
	protocol.RoleStudent: "eleve eleves student students studentname nomeleve nomdefamilleeleve",
	protocol.RoleTeacher: "enseignant enseignants professeur professeurs teacher teachers",
	protocol.RoleParent:  "responsable responsables parent parents nomresponsable",
	protocol.RoleStaff:   "personnel personnels",
})

// readTable reads a file of ONDE, or any table.
func readTable(r *reading, d *document) error {
	role := r.roleOfTable(d)
	if d.kind.format == FormatTable {
		r.noteColumns(d.header.columns)
	}
	return r.eachRow(d, func(w *row) error {
		w.table(role)
		return nil
	})
}

// roleOfTable is the role of the people of a table, unless a column says.
func (r *reading) roleOfTable(d *document) string {
	if d.kind.format == FormatONDE {
		return d.kind.complete[0]
	}
	if r.options.Role != "" {
		return r.options.Role
	}
	for _, column := range d.header.columns {
		if strings.HasPrefix(column.Field, "child_") {
			return protocol.RoleParent
		}
	}
	for _, field := range []string{ColumnLastName, ColumnUsualName, ColumnFullName} {
		for _, column := range d.header.columns {
			if column.Field == field {
				return cmp.Or(roleOfHeader[headerKey(column.Header)], protocol.RoleStudent)
			}
		}
	}
	return protocol.RoleStudent
}

// noteColumns shows what the columns of a table were taken for.
func (r *reading) noteColumns(columns []Column) {
	r.roster.tables = append(r.roster.tables, slices.Clone(columns))
	for _, column := range columns {
		if !slices.Contains(r.roster.Columns, column) {
			r.roster.Columns = append(r.roster.Columns, column)
		}
	}
}

// failRole leaves out a row whose role is missing or unknown.
func (w *row) failRole(name string) {
	if name == "" {
		w.fail(w.where(ColumnRole), ProblemUnknownRole, "Le rôle manque.")
		return
	}
	w.fail(w.where(ColumnRole), ProblemUnknownRole, "« %s » n'est pas un rôle connu.", name)
}

// table reads a row about a person, with their classes and children.
func (w *row) table(role string) {
	if name := w.value(ColumnRole, maxName); name != "" && w.document.kind.format == FormatTable {
		if role = roleNames[nameKey(name)]; role == "" {
			w.failRole(name)
		}
	}
	p := w.person(role)
	classes, heads := w.classes(ColumnClass), w.classes(ColumnHeadClass)
	classes = append(classes, w.classes(ColumnGroup)...)
	level := w.value(ColumnLevel, maxName)
	family, children := w.value(ColumnLastName, maxName), w.children()
	if w.bad {
		w.leaveOut(p)
		return
	}
	key, ok := w.add(p)
	if !ok {
		return
	}
	w.enrollIn(key, role, level, classes, heads)
	if role == protocol.RoleStudent {
		w.knowStudent(key, family)
		return
	}
	for _, c := range children {
		c.guardian = key
		w.entry.children = append(w.entry.children, c)
	}
}

// enrollIn puts a person of a row into their classes.
func (w *row) enrollIn(key, role, level string, classes, heads []string) {
	switch {
	case w.entry.reading.person(key).Left != "":
	case role == protocol.RoleStudent:
		for i, class := range classes {
			if i > 0 {
				level = "" // of a group
			}
			w.enroll(key, w.class(class, level), protocol.InClassStudent, w.at)
		}
	case teaches(role):
		for _, class := range classes {
			w.enroll(key, w.class(class, ""), protocol.InClassTeacher, w.at)
		}
		for _, class := range heads {
			w.enroll(key, w.class(class, ""), protocol.InClassHeadTeacher, w.at)
		}
	}
}

// classes returns the classes of a cell, or of several.
func (w *row) classes(field string) []string {
	var all []string
	for i, value := range w.values(field, 5*maxName) {
		classes := w.splitClasses(value)
		if w.document.kind.format == FormatONDE && value != "" {
			classes = []string{value} // its names may have commas
		}
		for _, class := range classes {
			if len([]rune(class)) > maxName {
				w.fail(w.position(w.places[field][i]), ProblemTooLong, "Le nom de la classe dépasse %d caractères.", maxName)
			}
			all = append(all, class)
		}
	}
	return all
}

// splitClasses splits "5A, [5A LATIN]". The name of a known class may have a comma.
func (r *reading) splitClasses(value string) []string {
	if _, known := r.classes[strings.ToLower(value)]; known {
		return []string{value}
	}
	var classes []string
	for _, class := range strings.FieldsFunc(value, func(c rune) bool { return c == ',' || c == ';' || c == '|' }) {
		if class = strings.Trim(class, " []<>"); class != "" && !slices.Contains(classes, class) {
			classes = append(classes, class)
		}
	}
	return classes
}

// teaches reports whether people of a role are in a class as its teachers.
func teaches(role string) bool {
	return role == protocol.RoleTeacher || role == protocol.RoleAdmin || role == protocol.RoleStaff
}
