package roster

import (
	"strings"

	"messagerie/hooks/protocol"
)

// visible are the fields of a person that a plan shows when they change.
var visible = []string{"first_name", "last_name", "role", "email", "username", "ine", "birth_date"}

// summary shows who somebody is.
func summary(a *account) protocol.RosterFields {
	return protocol.RosterFields{
		"id": protocol.ParseID(a.ID), "first_name": a.FirstName, "last_name": a.LastName, "role": a.Role}
}

// shown are the visible fields of somebody new.
func shown(fields map[string]any) protocol.RosterFields {
	after := protocol.RosterFields{}
	for _, name := range visible {
		if value, ok := fields[name]; ok && value != "" {
			after[name] = value
		}
	}
	return after
}

// difference shows what changes about somebody; nil if nobody sees it.
func difference(a *account, changed map[string]any) (before, after protocol.RosterFields) {
	was := map[string]any{"first_name": a.FirstName, "last_name": a.LastName, "role": a.Role, "email": a.Email,
		"username": a.Username, "ine": a.INE, "birth_date": a.BirthDate}
	before, after = summary(a), summary(a)
	isSeen := false
	for _, name := range visible {
		if value, ok := changed[name]; ok {
			before[name], after[name] = was[name], value
			isSeen = true
		}
	}
	if _, ok := changed["establishments"]; ok {
		before["member"], after["member"] = false, true
		isSeen = true
	}
	if _, ok := changed["disabled"]; ok {
		before["left"], after["left"] = true, false
		isSeen = true
	}
	if !isSeen {
		return nil, nil
	}
	return before, after
}

// candidate shows somebody in a question.
func candidate(a *account) protocol.RosterCandidate {
	return protocol.RosterCandidate{
		User:      protocol.User{ID: protocol.ParseID(a.ID), FirstName: a.FirstName, LastName: a.LastName, Email: a.Email, Role: a.Role},
		BirthDate: a.BirthDate, Left: a.hasLeft(),
	}
}

func (p *planner) showPlace(at place, role string) protocol.RosterFields {
	return protocol.RosterFields{"user": p.showName(at.user), "class": p.classNames[at.class], "role": role}
}

func (p *planner) showFamily(at family, legal bool, relation string) protocol.RosterFields {
	return protocol.RosterFields{
		"guardian": p.showName(at.guardian), "student": p.showName(at.student), "legal": legal, "relation": relation}
}

// showName shows the name of somebody, with the id if they have one.
func (p *planner) showName(of ref) protocol.RosterFields {
	if a := p.present.byID[of.id]; a != nil {
		return protocol.RosterFields{"id": protocol.ParseID(a.ID), "first_name": a.FirstName, "last_name": a.LastName}
	}
	person := p.people[of.key]
	if person == nil { // a guardian who is in another establishment only
		return protocol.RosterFields{"id": protocol.ParseID(of.id), "first_name": "", "last_name": ""}
	}
	return protocol.RosterFields{"first_name": person.FirstName, "last_name": person.LastName}
}

func fullName(first, last string) string { return strings.TrimSpace(first + " " + last) }
