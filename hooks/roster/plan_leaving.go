package roster

import (
	"fmt"

	"messagerie/hooks/protocol"
)

// A share of people who leave at which whoever imports is warned.
const (
	manyLeaving      = 10
	manyLeavingShare = 0.3
)

// planLeaving plans the leaving of those who have a role of which the files name everybody, and
// whom they don't name.
func (p *planner) planLeaving() error {
	all := 0
	for _, a := range p.present.people {
		if !p.complete[a.Role] || a.Role == protocol.RoleAdmin || a.hasLeft() {
			continue
		}
		all++
		if p.matching.stays(a) || a.ID == p.importer {
			continue
		}
		var err error
		if a.isStaff() && p.staysAsParent(a) {
			err = p.stopWorking(a)
		} else {
			err = p.leave(a)
		}
		if err != nil {
			return err
		}
	}
	if left := p.counts.People.Leaving; left >= manyLeaving && float64(left) > manyLeavingShare*float64(all) {
		p.problem(Position{}, ProblemManyLeaving, fmt.Sprintf(
			"%d personnes sur %d quitteraient l'établissement : vérifiez que les fichiers sont complets.", left, all))
	}
	return nil
}

// leave plans the leaving of somebody, unless they stay whatever the files say.
func (p *planner) leave(a *account) error {
	if a.hasLeft() || a.Role == protocol.RoleAdmin || a.ID == p.importer || !p.present.isIn(a) {
		p.counts.People.Unchanged++
		return nil
	}
	p.leaving[a.ID] = true
	p.counts.People.Leaving++
	return p.emit(p.present.leavingStep(a, p.today))
}

// leavingStep disables somebody, or removes them from this establishment if they are in another.
func (p *present) leavingStep(a *account, today string) step {
	s := step{Kind: protocol.RosterPeople, Action: protocol.RosterLeaving, Record: a.ID, Before: summary(a)}
	if others := p.others(a); len(others) > 0 {
		s.Fields = map[string]any{"establishments": others}
	} else {
		s.Fields = map[string]any{"disabled": true, "left_at": today}
	}
	return s
}

// staysAsParent reports whether a member of staff is responsible for a student who stays, and
// nothing says that they don't stay as a parent.
func (p *planner) staysAsParent(a *account) bool {
	if p.complete[protocol.RoleParent] {
		return false
	}
	for _, g := range p.present.guardianships {
		student := p.present.byID[g.Student]
		if g.Guardian == a.ID && student != nil && !student.hasLeft() && (p.matching.stays(student) || !p.complete[student.Role]) {
			return true
		}
	}
	return false
}

// stopWorking makes a member of staff a parent only.
func (p *planner) stopWorking(a *account) error {
	changed := map[string]any{"role": protocol.RoleParent}
	p.roles[ref{id: a.ID}] = protocol.RoleParent
	s := step{Kind: protocol.RosterPeople, Action: protocol.RosterUpdated, Record: a.ID, Fields: changed}
	s.Before, s.After = difference(a, changed)
	p.counts.People.Updated++
	return p.emit(s)
}
