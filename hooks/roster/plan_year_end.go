package roster

import (
	"strings"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// yearPlanner turns decisions about the classes of earlier years into steps. The enrollments in them
// stay: they say who was in a class that is archived.
type yearPlanner struct {
	present *present
	decided YearEnd
	today   string

	old     map[string]protocol.YearEndDecision // of classes that end, by their ids
	names   map[string]string                   // of the classes, by their ids
	next    map[string]ref                      // the classes of the next year, by their names in small letters
	placed  map[string]bool                     // students who are in one of them already
	staying map[string]bool
	leaving map[string]bool
	without map[string]bool // students who have no class

	counts protocol.RosterCounts
	emit   func(step) error
}

// newYearPlanner checks the decisions. Classes that are archived already need none.
func newYearPlanner(p *present, decided YearEnd, now time.Time, emit func(step) error) (*yearPlanner, error) {
	y := &yearPlanner{
		present: p, decided: decided, today: now.UTC().Format(dateLayout),
		old: map[string]protocol.YearEndDecision{}, names: map[string]string{}, next: map[string]ref{}, placed: map[string]bool{},
		staying: map[string]bool{}, leaving: map[string]bool{}, without: map[string]bool{}, emit: emit,
	}
	classes := map[string]*classRow{}
	for _, c := range p.classes {
		classes[c.ID], y.names[c.ID] = c, c.Name
		if c.Year == decided.Year && !c.Archived {
			y.next[strings.ToLower(c.Name)] = ref{id: c.ID}
		}
	}
	for _, chosen := range decided.Classes {
		c := classes[chosen.ID.RecordID()]
		if c == nil || c.Year >= decided.Year {
			return nil, school.ErrUnknownClass
		}
		if err := decided.check(chosen); err != nil {
			return nil, err
		}
		if !c.Archived {
			y.old[c.ID] = chosen.YearEndDecision
		}
	}
	for _, id := range decided.Staying {
		y.staying[id.RecordID()] = true
	}
	return y, nil
}

// run emits all steps. The classes are archived first, so that their groups keep the people who leave.
func (y *yearPlanner) run() error {
	for _, part := range []func() error{y.archive, y.leave, y.createClasses, y.place} {
		if err := part(); err != nil {
			return err
		}
	}
	y.counts.People.WithoutClass = len(y.without)
	for _, a := range y.present.people {
		if !a.hasLeft() && !y.leaving[a.ID] {
			y.counts.People.Unchanged++
		}
	}
	return nil
}

func (y *yearPlanner) archive() error {
	for _, c := range y.present.classes {
		if _, ends := y.old[c.ID]; !ends {
			continue
		}
		y.counts.Classes.Archived++
		err := y.emit(step{Kind: protocol.RosterClasses, Action: protocol.RosterArchived, Record: c.ID,
			Fields: map[string]any{"archived": true},
			Before: protocol.RosterFields{"name": c.Name, "level": c.Level, "year": c.Year}})
		if err != nil {
			return err
		}
	}
	return nil
}

// leave plans the leaving of students, and of parents who have no other child here.
func (y *yearPlanner) leave() error {
	y.findPlaced()
	for _, e := range y.present.enrollments {
		if y.old[e.Class].Action == protocol.YearEndLeaving && y.remains(e) && !y.staying[e.User] {
			y.leaving[e.User] = true
		}
	}
	remain := map[string]bool{} // guardians of a student who stays
	for _, g := range y.present.guardianships {
		if student := y.present.byID[g.Student]; !y.leaving[g.Student] && student != nil && !student.hasLeft() {
			remain[g.Guardian] = true
		}
	}
	for _, g := range y.present.guardianships {
		guardian := y.present.byID[g.Guardian]
		if y.leaving[g.Student] && guardian != nil && guardian.Role == protocol.RoleParent && !guardian.hasLeft() && !remain[g.Guardian] {
			y.leaving[g.Guardian] = true
		}
	}
	for _, a := range y.present.people {
		if !y.leaving[a.ID] {
			continue
		}
		y.counts.People.Leaving++
		if err := y.emit(y.present.leavingStep(a, y.today)); err != nil {
			return err
		}
	}
	return nil
}

// findPlaced finds the students whom an import has put into a class of the next year.
func (y *yearPlanner) findPlaced() {
	for _, at := range y.next {
		for _, e := range y.present.enrollments {
			if e.Class == at.id && e.Role == protocol.InClassStudent {
				y.placed[e.User] = true
			}
		}
	}
}

// remains reports whether an enrollment is that of a student who stays and has no class of the next year yet.
func (y *yearPlanner) remains(e *enrollmentRow) bool {
	a := y.present.byID[e.User]
	return e.Role == protocol.InClassStudent && a != nil && a.Role == protocol.RoleStudent && !a.hasLeft() &&
		!y.placed[e.User] && !y.leaving[e.User]
}

// createClasses creates the classes of the next year that students or teachers are put into.
func (y *yearPlanner) createClasses() error {
	taught := map[string]bool{}
	for _, e := range y.present.enrollments {
		taught[e.Class] = taught[e.Class] || y.isKept(e)
	}
	for _, c := range y.present.classes {
		decision, ends := y.old[c.ID]
		if !ends {
			continue
		}
		if taught[c.ID] {
			if err := y.createClass(c.Name, c.Level); err != nil {
				return err
			}
		}
		if decision.Action == protocol.YearEndPromoted {
			if err := y.createClass(clean(decision.Becomes), clean(decision.BecomesLevel)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (y *yearPlanner) createClass(name, level string) error {
	key := strings.ToLower(name)
	if _, isThere := y.next[key]; isThere {
		return nil
	}
	y.next[key] = ref{key: "class " + key}
	y.names["class "+key] = name
	y.counts.Classes.Created++
	after := protocol.RosterFields{"name": name, "level": level, "year": y.decided.Year}
	return y.emit(step{Kind: protocol.RosterClasses, Action: protocol.RosterCreated, Key: "class " + key, After: after,
		Fields: map[string]any{"name": name, "level": level, "year": y.decided.Year, "establishment": y.present.establishment}})
}

// isKept reports whether a teacher stays in the class of the same name.
func (y *yearPlanner) isKept(e *enrollmentRow) bool {
	a := y.present.byID[e.User]
	return y.decided.KeepTeachers && e.Role != protocol.InClassStudent && a != nil && a.isStaff() && !a.hasLeft()
}

// place puts students into their next classes, and teachers into those of the same name.
func (y *yearPlanner) place() error {
	there := map[place]bool{}
	for _, e := range y.present.enrollments {
		there[place{ref{id: e.Class}, ref{id: e.User}}] = true
	}
	promoted := map[string]bool{}
	for _, e := range y.present.enrollments {
		decision, ends := y.old[e.Class]
		if !ends {
			continue
		}
		var name string
		switch {
		case y.isKept(e):
			name = y.names[e.Class]
		case !y.remains(e):
			continue
		case decision.Action == protocol.YearEndPromoted && !y.staying[e.User]:
			name, promoted[e.User] = clean(decision.Becomes), true
		default:
			y.without[e.User] = true
			continue
		}
		at := place{y.next[strings.ToLower(name)], ref{id: e.User}}
		if there[at] {
			continue
		}
		there[at] = true
		y.counts.Enrollments.Created++
		if err := y.emit(y.enroll(at, e.Role)); err != nil {
			return err
		}
	}
	for student := range promoted {
		delete(y.without, student)
	}
	y.counts.People.ChangingClass = len(promoted)
	return nil
}

func (y *yearPlanner) enroll(at place, role string) step {
	a := y.present.byID[at.user.id]
	s := step{Kind: protocol.RosterEnrollments, Action: protocol.RosterCreated, Fields: map[string]any{"role": role},
		After: protocol.RosterFields{"user": protocol.RosterFields{"id": protocol.ParseID(a.ID), "first_name": a.FirstName, "last_name": a.LastName},
			"class": y.names[at.class.id+at.class.key], "role": role}}
	s.refer("class", at.class)
	s.refer("user", at.user)
	return s
}
