package roster

import (
	"slices"
	"strings"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// planClasses plans the classes that aren't there yet, or have another level. None is removed.
func (p *planner) planClasses() error {
	there := map[string]*classRow{}
	for _, c := range p.present.classes {
		p.classNames[ref{id: c.ID}] = c.Name
		if c.Year == p.year {
			there[strings.ToLower(c.Name)] = c
		}
	}
	named := slices.Clone(p.roster.Classes)
	for _, e := range p.roster.Enrollments {
		named = append(named, Class{Name: e.Class})
	}
	for _, c := range named {
		name := strings.ToLower(c.Name)
		if _, isPlanned := p.classes[name]; isPlanned {
			continue
		}
		if err := p.planClass(c, there[name]); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) planClass(c Class, there *classRow) error {
	name := strings.ToLower(c.Name)
	if there == nil {
		p.classes[name] = ref{key: "class " + name}
		p.classNames[p.classes[name]] = c.Name
		p.counts.Classes.Created++
		after := map[string]any{"name": c.Name, "level": c.Level, "year": p.year}
		return p.emit(step{Kind: protocol.RosterClasses, Action: protocol.RosterCreated, Key: "class " + name, After: after,
			Fields: map[string]any{"name": c.Name, "level": c.Level, "year": p.year, "establishment": p.present.establishment}})
	}
	p.classes[name] = ref{id: there.ID}
	if c.Level == "" || c.Level == there.Level {
		p.counts.Classes.Unchanged++
		return nil
	}
	p.counts.Classes.Updated++
	return p.emit(step{Kind: protocol.RosterClasses, Action: protocol.RosterUpdated, Record: there.ID,
		Fields: map[string]any{"level": c.Level},
		Before: protocol.RosterFields{"name": there.Name, "level": there.Level},
		After:  protocol.RosterFields{"name": there.Name, "level": c.Level}})
}

// place is somebody in a class.
type place struct{ class, user ref }

// planEnrollments plans who joins and who leaves the classes of the year. Only those are taken
// out of a class of whom the files name everybody.
func (p *planner) planEnrollments() error {
	wanted, order := p.wantedEnrollments()
	namesHeads := slices.ContainsFunc(p.roster.Enrollments, func(e Enrollment) bool { return e.Role == protocol.InClassHeadTeacher })
	classes := map[string]*classRow{}
	for _, c := range p.present.classes {
		classes[c.ID] = c
	}
	moves := newMoves()
	for _, e := range p.present.enrollments {
		at := place{ref{id: e.Class}, ref{id: e.User}}
		role, isWanted := wanted[at]
		delete(wanted, at)
		keepsHead := e.Role == protocol.InClassHeadTeacher && role == protocol.InClassTeacher && !namesHeads
		var err error
		switch {
		case !isWanted && p.losesPlace(e, classes[e.Class]):
			moves.leaves(e)
			p.counts.Enrollments.Removed++
			err = p.emit(step{Kind: protocol.RosterEnrollments, Action: protocol.RosterRemoved, Record: e.ID,
				Before: p.showPlace(at, e.Role)})
		case !isWanted:
		case role == e.Role || keepsHead:
			p.counts.Enrollments.Unchanged++
		default:
			p.counts.Enrollments.Updated++
			err = p.emit(step{Kind: protocol.RosterEnrollments, Action: protocol.RosterUpdated, Record: e.ID,
				Fields: map[string]any{"role": role}, Before: p.showPlace(at, e.Role), After: p.showPlace(at, role)})
		}
		if err != nil {
			return err
		}
	}
	for _, at := range order {
		role, isNew := wanted[at]
		if !isNew {
			continue
		}
		moves.joins(at, role)
		p.counts.Enrollments.Created++
		s := step{Kind: protocol.RosterEnrollments, Action: protocol.RosterCreated, Fields: map[string]any{"role": role}, After: p.showPlace(at, role)}
		s.refer("class", at.class)
		s.refer("user", at.user)
		if err := p.emit(s); err != nil {
			return err
		}
	}
	p.counts.People.ChangingClass = moves.count(p.leaving)
	return nil
}

// wantedEnrollments returns the roles of the roster, in the order of the files.
func (p *planner) wantedEnrollments() (wanted map[place]string, order []place) {
	wanted = map[place]string{}
	for _, e := range p.roster.Enrollments {
		user, isKnown := p.refTo(e.Person)
		if !isKnown || !p.mayBe(user, e) {
			continue
		}
		at := place{p.classes[strings.ToLower(e.Class)], user}
		before, isThere := wanted[at]
		if !isThere {
			order = append(order, at)
		}
		if before != protocol.InClassHeadTeacher {
			wanted[at] = e.Role
		}
	}
	return wanted, order
}

// mayBe reports whether the role of a person in a class goes with their role in the school. A file
// that names a parent as a teacher of a class leaves it a parent.
func (p *planner) mayBe(user ref, e Enrollment) bool {
	return school.FitsInClass(p.roles[user], e.Role)
}

// losesPlace reports whether somebody whom the files don't have in a class leaves it: because they leave the
// school, have another role in it, or the files name everybody of the class.
func (p *planner) losesPlace(e *enrollmentRow, class *classRow) bool {
	if after, isKnown := p.roles[ref{id: e.User}]; p.leaving[e.User] || isKnown && !school.FitsInClass(after, e.Role) {
		return true
	}
	a := p.present.byID[e.User]
	role := protocol.RoleTeacher
	if e.Role == protocol.InClassStudent {
		role = protocol.RoleStudent
	}
	names := slices.ContainsFunc(p.roster.Enrollments, func(other Enrollment) bool {
		return (other.Role == protocol.InClassStudent) == (e.Role == protocol.InClassStudent)
	})
	return p.complete[role] && names && class.Year == p.year && p.matching.named[a] && !p.matching.mayHaveMore(a)
}

// refer sets a field to a record that exists or that the plan creates.
func (s *step) refer(field string, to ref) {
	if to.id != "" {
		s.Fields[field] = to.id
		return
	}
	if s.Refs == nil {
		s.Refs = map[string]string{}
	}
	s.Refs[field] = to.key
}

// moves counts the students who leave a class and join another.
type moves struct{ left, joined map[string]bool }

func newMoves() moves { return moves{map[string]bool{}, map[string]bool{}} }

func (m moves) leaves(e *enrollmentRow) {
	if e.Role == protocol.InClassStudent {
		m.left[e.User] = true
	}
}

func (m moves) joins(at place, role string) {
	if role == protocol.InClassStudent {
		m.joined[at.user.id] = true
	}
}

func (m moves) count(leaving map[string]bool) (n int) {
	for id := range m.left {
		if m.joined[id] && !leaving[id] {
			n++
		}
	}
	return n
}
