package roster

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"messagerie/hooks/protocol"
)

// The longest texts that are stored, as in the schema.
const (
	maxName       = 100 // of people, classes and levels, in characters
	maxExternalID = 200
)

// reading is what the documents of one import have said so far.
type reading struct {
	options Options
	today   string
	roster  *Roster

	file  string // the name of the document that is being read
	rows  int
	links int // who is in which class, or responsible for whom, where those are elements of their own
	bytes int64
	files []*os.File // temporary

	people   map[string]int    // what identifies somebody, see identities: an index of roster.People
	keys     map[string]int    // the same by Key
	classes  map[string]int    // by name in small letters: an index of roster.Classes
	enrolled map[[2]string]int // person and class: an index of roster.Enrollments
	guarded  map[[2]string]bool
	leftOut  map[string]bool // the external ids of roster.LeftOut
	complete map[string]bool // the roles of which everybody is named

	students map[string][]int // by first and last name, see nameOf: indexes of roster.People
	children []child          // whose students are found when all documents are read

	siecle    siecle
	oneRoster oneRoster
}

func newReading(options Options, now time.Time) *reading {
	return &reading{
		options: options, today: now.Format(isoDay),
		roster: &Roster{Encoding: utf8Encoding},
		people: map[string]int{}, keys: map[string]int{}, classes: map[string]int{}, enrolled: map[[2]string]int{},
		guarded: map[[2]string]bool{}, complete: map[string]bool{}, leftOut: map[string]bool{}, students: map[string][]int{},
		siecle: newSIECLE(), oneRoster: newOneRoster(),
	}
}

// close removes what unpacking has left.
func (r *reading) close() {
	for _, file := range r.files {
		_ = file.Close()
		_ = os.Remove(file.Name()) // the system removes it otherwise
	}
}

// countRow counts a row or an element, within the limits.
func (r *reading) countRow(at Position) error {
	switch r.rows++; {
	case r.rows+r.links > maxRows:
		return unreadable(at, "ces fichiers ont plus de %d lignes", maxRows)
	case len(r.roster.People) >= maxPeople:
		return unreadable(at, "ces fichiers nomment plus de %d personnes", maxPeople)
	case len(r.roster.Problems) >= maxProblems:
		return unreadable(at, "plus de %d lignes de ces fichiers sont inutilisables", maxProblems)
	}
	return nil
}

// countLinks counts what an element says about people who have their own, within the same limit.
func (r *reading) countLinks(at Position, n int) error {
	if r.links += n; r.rows+r.links > maxRows {
		return unreadable(at, "ces fichiers ont plus de %d lignes", maxRows)
	}
	return nil
}

func (r *reading) problem(at Position, code, format string, args ...any) {
	r.roster.Problems = append(r.roster.Problems, Problem{Position: at, Code: code, Message: fmt.Sprintf(format, args...)})
}

// leaveOut notes whom a row that is left out is about.
func (r *reading) leaveOut(p Person) {
	r.roster.LeftOut = append(r.roster.LeftOut, p)
	if p.ExternalID != "" {
		r.leftOut[p.ExternalID] = true
	}
}

// nameOf is what people are compared by, without birth date.
func nameOf(last, first string) string { return fold(last) + "|" + fold(first) }

// identities are what is enough to recognise somebody within the files, the surest first. Students
// have addresses of their parents too often.
func identities(p Person) []string {
	var all []string
	name := nameOf(p.LastName, p.FirstName)
	if p.ExternalID != "" {
		all = append(all, "id:"+p.ExternalID)
	}
	if p.INE != "" {
		all = append(all, "ine:"+p.INE)
	}
	if p.BirthDate != "" {
		all = append(all, "born:"+p.BirthDate+"|"+name)
	}
	if p.Email != "" && p.Role != protocol.RoleStudent {
		all = append(all, "mail:"+p.Email+"|"+name)
	}
	return all
}

// add adds somebody, or what a further row says about somebody who is there already. It reports
// false, with a Problem, where the row contradicts another.
func (r *reading) add(p Person) (key string, ok bool) {
	for _, identity := range identities(p) {
		i, known := r.people[identity]
		if !known {
			continue
		}
		other := &r.roster.People[i]
		if !contradict(*other, p) {
			r.merge(other, p)
			r.index(i)
			return other.Key, true
		}
		if strings.HasPrefix(identity, "id:") || strings.HasPrefix(identity, "ine:") {
			r.problem(p.At, ProblemDuplicate, "L'identifiant de %s %s est déjà celui de %s %s (%s).",
				p.FirstName, p.LastName, other.FirstName, other.LastName, other.At)
			r.leaveOut(p)
			return "", false
		}
	}
	p.Key = "id:" + p.ExternalID
	if p.ExternalID == "" {
		p.Key = fmt.Sprintf("row:%d", r.rows)
	}
	i := len(r.roster.People)
	r.roster.People = append(r.roster.People, p)
	r.keys[p.Key] = i
	r.index(i)
	return p.Key, true
}

// contradict reports whether two rows can't be about the same person.
func contradict(a, b Person) bool {
	differ := func(x, y string) bool { return x != "" && y != "" && x != y }
	return differ(a.ExternalID, b.ExternalID) || differ(a.INE, b.INE) || differ(a.BirthDate, b.BirthDate) ||
		nameOf(a.LastName, a.FirstName) != nameOf(b.LastName, b.FirstName) ||
		(a.Role == protocol.RoleStudent) != (b.Role == protocol.RoleStudent)
}

// merge adds what the second of two rows about a person says.
func (r *reading) merge(p *Person, more Person) {
	for _, field := range []struct {
		to   *string
		from string
	}{
		{&p.ExternalID, more.ExternalID}, {&p.INE, more.INE}, {&p.Email, more.Email},
		{&p.BirthDate, more.BirthDate}, {&p.Username, more.Username},
	} {
		if *field.to == "" {
			*field.to = field.from
		}
	}
	p.Role = senior(p.Role, more.Role)
	p.Partial = p.Partial || more.Partial
	if more.Left == "" {
		p.Left = ""
	}
}

func (r *reading) index(i int) {
	for _, identity := range identities(r.roster.People[i]) {
		if _, known := r.people[identity]; !known {
			r.people[identity] = i
		}
	}
}

// person returns somebody by their key.
func (r *reading) person(key string) *Person { return &r.roster.People[r.keys[key]] }

// byExternalID returns somebody by the id of the format's software, nil for nobody.
func (r *reading) byExternalID(id string) *Person {
	if i, known := r.people["id:"+id]; known && id != "" {
		return &r.roster.People[i]
	}
	return nil
}

// class returns the name of a class as it is spelt first, and adds it if it is new.
func (r *reading) class(name, level string) string {
	i, known := r.classes[strings.ToLower(name)]
	if !known {
		i = len(r.roster.Classes)
		r.classes[strings.ToLower(name)] = i
		r.roster.Classes = append(r.roster.Classes, Class{Name: name})
	}
	class := &r.roster.Classes[i]
	class.Level = addLevel(class.Level, level)
	return class.Name
}

// addLevel returns the levels of a class with one more: "CM1" and "CM2" are "CM1-CM2".
func addLevel(level, more string) string {
	if level == "" {
		return more
	}
	all := strings.Split(level, "-")
	if more == "" || slices.Contains(all, more) {
		return level
	}
	all = append(all, more)
	slices.SortStableFunc(all, func(a, b string) int { return slices.Index(levels, a) - slices.Index(levels, b) })
	if joined := strings.Join(all, "-"); len(joined) <= maxName {
		return joined
	}
	return level
}

// enroll puts somebody into a class, once: a head teacher is more than a teacher.
func (r *reading) enroll(person, class, role string, at Position) {
	pair := [2]string{person, class}
	if i, known := r.enrolled[pair]; known {
		if role == protocol.InClassHeadTeacher {
			r.roster.Enrollments[i].Role = role
		}
		return
	}
	r.enrolled[pair] = len(r.roster.Enrollments)
	r.roster.Enrollments = append(r.roster.Enrollments, Enrollment{Person: person, Class: class, Role: role, At: at})
}

// guard makes somebody responsible for a student, once.
func (r *reading) guard(g Guardianship) {
	pair := [2]string{g.Guardian, g.Student}
	if g.Guardian == g.Student || r.guarded[pair] {
		return
	}
	r.guarded[pair] = true
	r.roster.Guardianships = append(r.roster.Guardianships, g)
}
