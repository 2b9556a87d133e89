package roster

import (
	"cmp"
	"slices"
	"strings"

	"messagerie/hooks/protocol"
)

// child is whom a guardian's row names as a child, by an id or by names.
type child struct {
	guardian string // a Key
	id       string
	last     string // the family name
	usual    string // the usual name
	first    string
	classes  []string
	relation string
	at       Position
}

// children reads the columns about children, each as often as there are children.
func (w *row) children() []child {
	fields := map[string][]string{}
	count := 0
	for _, field := range childColumns {
		fields[field] = w.values(field, 2*maxName)
		count = max(count, len(fields[field]))
	}
	relation := relationNames[nameKey(w.value(ColumnRelation, maxName))]
	var children []child
	for i := range count {
		value := func(field string) (value string) {
			if i < len(fields[field]) {
				value = fields[field][i]
			}
			return value
		}
		c := child{
			last: value(ColumnChildLastName), usual: value(ColumnChildUsualName), first: value(ColumnChildFirstName),
			classes: w.splitClasses(value(ColumnChildClass)), relation: relation, at: w.at,
		}
		c.at.Column = w.childColumn(i) + 1
		if full := value(ColumnChildFullName); full != "" && c.first == "" {
			c.last, c.first = w.split(c.at, full)
		}
		if c.first != "" && c.last+c.usual != "" {
			children = append(children, c)
		}
		// Several ids may be in one cell.
		for _, id := range strings.FieldsFunc(value(ColumnChildID), func(r rune) bool { return strings.ContainsRune(",;| ", r) }) {
			children = append(children, child{id: id, relation: relation, at: c.at})
		}
	}
	return children
}

// childColumn is the first column about a child.
func (w *row) childColumn(i int) int {
	first := -1
	for _, field := range childColumns {
		if places := w.places[field]; i < len(places) && (first < 0 || places[i] < first) {
			first = places[i]
		}
	}
	return first
}

// knowStudent lets guardians name a student, by the family name as by the usual name.
func (r *reading) knowStudent(key, family string) {
	i := r.keys[key]
	p := r.roster.People[i]
	for _, last := range []string{p.LastName, family} {
		name := nameOf(last, p.FirstName)
		if last != "" && !slices.Contains(r.students[name], i) {
			r.students[name] = append(r.students[name], i)
		}
	}
}

// resolveChildren ties guardians to the students they name.
func (r *reading) resolveChildren() {
	if len(r.children) == 0 {
		return
	}
	if len(r.students) == 0 {
		r.problem(Position{File: r.children[0].at.File}, ProblemMissingStudents,
			"Importez le fichier des élèves avec celui des responsables : sans lui, rien ne dit de qui ils sont responsables.")
	}
	for _, c := range r.children {
		student := r.student(c)
		if student == "" {
			r.person(c.guardian).Partial = true
			continue
		}
		r.guard(Guardianship{Guardian: c.guardian, Student: student, Relation: c.relation, At: c.at,
			Legal: c.relation != protocol.RelationRelative})
	}
}

// student returns the key of the one student whom a guardian names, or "" with a Problem.
func (r *reading) student(c child) string {
	if len(r.students) == 0 {
		return ""
	}
	if c.id != "" {
		if p := r.byExternalID(c.id); p != nil && p.Role == protocol.RoleStudent {
			return p.Key
		}
		r.problem(c.at, ProblemUnknownStudent, "Aucun élève de ces fichiers n'a l'identifiant %s.", c.id)
		return ""
	}
	found := r.candidates(c)
	if len(found) > 1 {
		if inClass := keep(found, func(i int) bool { return r.isInOneOf(i, c.classes) }); len(inClass) > 0 {
			found = inClass
		}
	}
	name := addressed(c.first) + " " + addressed(cmp.Or(c.usual, c.last))
	switch len(found) {
	case 1:
		return r.roster.People[found[0]].Key
	case 0:
		r.problem(c.at, ProblemUnknownStudent, "%s n'est pas parmi les élèves de ces fichiers.", name)
	default:
		r.problem(c.at, ProblemAmbiguousStudent, "Plusieurs élèves s'appellent %s : indiquez vous-même de qui cette personne est responsable.", name)
	}
	return ""
}

// candidates returns the students with the names of a child: those with both last names, if both are
// known and somebody has them, else those with either.
func (r *reading) candidates(c child) []int {
	byFamily, byUsual := r.students[nameOf(c.last, c.first)], r.students[nameOf(c.usual, c.first)]
	if c.last == "" {
		return byUsual
	}
	if c.usual == "" {
		return byFamily
	}
	if both := keep(byFamily, func(i int) bool { return slices.Contains(byUsual, i) }); len(both) > 0 {
		return both
	}
	return append(slices.Clone(byFamily), byUsual...)
}

func keep[T any](all []T, isKept func(T) bool) []T {
	var kept []T
	for _, one := range all {
		if isKept(one) {
			kept = append(kept, one)
		}
	}
	return kept
}

func (r *reading) isInOneOf(i int, classes []string) bool {
	for _, class := range classes {
		if known, ok := r.classes[strings.ToLower(class)]; ok {
			if _, in := r.enrolled[[2]string{r.roster.People[i].Key, r.roster.Classes[known].Name}]; in {
				return true
			}
		}
	}
	return false
}
