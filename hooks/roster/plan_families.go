package roster

import (
	"messagerie/hooks/protocol"
)

// family is somebody with a student for whom they are responsible.
type family struct{ guardian, student ref }

// planGuardianships plans who is responsible for whom. If the files name all parents, those of
// the students in them who aren't named are no longer responsible.
func (p *planner) planGuardianships() error {
	wanted, order := p.wantedGuardianships()
	for _, g := range p.present.guardianships {
		at := family{ref{id: g.Guardian}, ref{id: g.Student}}
		is, isWanted := wanted[at]
		delete(wanted, at)
		if err := p.planGuardianship(g, is, isWanted); err != nil {
			return err
		}
	}
	for _, at := range order {
		is, isNew := wanted[at]
		if !isNew {
			continue
		}
		p.counts.Guardianships.Created++
		s := step{Kind: protocol.RosterGuardianships, Action: protocol.RosterCreated,
			Fields: map[string]any{"legal": is.Legal, "relation": is.Relation}, After: p.showFamily(at, is.Legal, is.Relation)}
		s.refer("guardian", at.guardian)
		s.refer("student", at.student)
		if err := p.emit(s); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) planGuardianship(g *guardianshipRow, is Guardianship, isWanted bool) error {
	at := family{ref{id: g.Guardian}, ref{id: g.Student}}
	if !isWanted {
		if !p.losesFamily(g) {
			return nil
		}
		p.counts.Guardianships.Removed++
		return p.emit(step{Kind: protocol.RosterGuardianships, Action: protocol.RosterRemoved, Record: g.ID,
			Before: p.showFamily(at, g.Legal, g.Relation)})
	}
	if is.Relation == "" {
		is.Relation = g.Relation
	}
	if is.Legal == g.Legal && is.Relation == g.Relation {
		p.counts.Guardianships.Unchanged++
		return nil
	}
	p.counts.Guardianships.Updated++
	return p.emit(step{Kind: protocol.RosterGuardianships, Action: protocol.RosterUpdated, Record: g.ID,
		Fields: map[string]any{"legal": is.Legal, "relation": is.Relation},
		Before: p.showFamily(at, g.Legal, g.Relation), After: p.showFamily(at, is.Legal, is.Relation)})
}

// wantedGuardianships returns those of the roster, in the order of the files.
func (p *planner) wantedGuardianships() (wanted map[family]Guardianship, order []family) {
	wanted = map[family]Guardianship{}
	for _, g := range p.roster.Guardianships {
		guardian, isGuardian := p.refTo(g.Guardian)
		student, isStudent := p.refTo(g.Student)
		at := family{guardian, student}
		if !isGuardian || !isStudent || guardian == student || p.roles[student] != protocol.RoleStudent {
			continue
		}
		before, isThere := wanted[at]
		if !isThere {
			order = append(order, at)
		}
		g.Legal = g.Legal || before.Legal
		if g.Relation == "" {
			g.Relation = before.Relation
		}
		wanted[at] = g
	}
	return wanted, order
}

// losesFamily reports whether somebody whom the files don't name for a student is no longer
// responsible.
func (p *planner) losesFamily(g *guardianshipRow) bool {
	guardian, student := p.present.byID[g.Guardian], p.present.byID[g.Student]
	return p.complete[protocol.RoleParent] && len(p.roster.Guardianships) > 0 &&
		p.matching.named[student] && !p.matching.mayHaveMore(student) && !p.matching.mayHaveMore(guardian)
}
