package roster

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// planPeople plans what changes about the people of the roster.
func (p *planner) planPeople() error {
	for _, a := range p.present.byID {
		if a.Email != "" {
			p.owners[strings.ToLower(a.Email)] = a
		}
	}
	for i := range p.roster.People {
		person := &p.roster.People[i]
		if err := p.planPerson(person); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) planPerson(person *Person) error {
	key := person.Key
	a := p.matching.accounts[key]
	switch {
	case p.matching.primary(key) != key, p.matching.open[key] != nil:
		return nil
	case person.Left != "":
		if a != nil {
			return p.leave(a)
		}
		return nil
	case a == nil && p.isElsewhere(person):
		p.problem(person.At, ProblemElsewhere, fmt.Sprintf(
			"%s a déjà un compte dans un autre établissement de ce serveur : seule l'administration du serveur peut l'ajouter à celui-ci.",
			fullName(person.FirstName, person.LastName)))
		return nil
	case a == nil:
		return p.create(person)
	}
	return p.update(person, a)
}

// isElsewhere reports whether somebody has an account in another establishment: with the same
// national number, or the same name and address. An import can't claim it, because the account opens
// what its owner may read there, and has a role there.
func (p *planner) isElsewhere(person *Person) bool {
	return slices.ContainsFunc(p.present.elsewhere, func(a *account) bool {
		isNamesake := fullNameKey(a.FirstName, a.LastName) == fullNameKey(person.FirstName, person.LastName)
		return person.INE != "" && a.INE == person.INE ||
			isNamesake && person.Email != "" && strings.EqualFold(a.Email, person.Email)
	})
}

func (p *planner) create(person *Person) error {
	fields := map[string]any{
		"first_name": person.FirstName, "last_name": person.LastName, "role": person.Role,
		"establishments": []string{p.present.establishment},
		"ine":            person.INE, "birth_date": person.BirthDate,
	}
	p.identify(fields, person, &account{})
	p.markRow(fields, person, &account{})
	if person.Email != "" && p.giveAddress(person, nil) {
		fields["email"], fields["imported_email"] = person.Email, person.Email
	} else if person.Username == "" {
		fields["username"] = school.UsernameOf(person.FirstName, person.LastName)
	}
	if person.Username != "" {
		fields["username"] = person.Username
	}
	p.created[person.Key] = true
	p.roles[ref{key: person.Key}] = person.Role
	p.counts.People.Created++
	return p.emit(step{Kind: protocol.RosterPeople, Action: protocol.RosterCreated, Key: person.Key, Fields: fields, After: shown(fields)})
}

// update plans the differences. What people have changed themselves is kept, and all about
// somebody who is in another school as well.
func (p *planner) update(person *Person, a *account) error {
	changed := map[string]any{}
	action := protocol.RosterUpdated
	p.roles[ref{id: a.ID}] = a.Role
	if a.hasLeft() {
		action = protocol.RosterReturning
		changed["disabled"], changed["left_at"] = false, ""
	}
	if len(p.present.others(a)) == 0 {
		p.compare(changed, person, a)
	}
	p.markRow(changed, person, a)
	if len(changed) == 0 {
		p.counts.People.Unchanged++
		return nil
	}
	s := step{Kind: protocol.RosterPeople, Action: action, Record: a.ID, Fields: changed}
	if s.Before, s.After = difference(a, changed); s.Before == nil {
		s.Hidden = true
		p.counts.People.Unchanged++
		return p.emit(s)
	}
	if action == protocol.RosterReturning {
		p.counts.People.Returning++
	} else {
		p.counts.People.Updated++
	}
	return p.emit(s)
}

// compare adds the fields that the roster changes.
func (p *planner) compare(changed map[string]any, person *Person, a *account) {
	set := func(field, now, to string) {
		if to != "" && now != to {
			changed[field] = to
		}
	}
	if !onlyLosesAccents(a.FirstName, person.FirstName) {
		set("first_name", a.FirstName, person.FirstName)
	}
	if !onlyLosesAccents(a.LastName, person.LastName) {
		set("last_name", a.LastName, person.LastName)
	}
	p.roles[ref{id: a.ID}] = p.roleOf(person, a)
	set("role", a.Role, p.roleOf(person, a))
	set("ine", a.INE, person.INE)
	set("birth_date", a.BirthDate, person.BirthDate)
	p.identify(changed, person, a)
	p.compareAddress(changed, person, a)
	if a.Username == "" && person.Username != "" {
		changed["username"] = person.Username
	}
	if _, hasAddress := changed["email"]; a.Username == "" && a.Email == "" && !hasAddress && changed["username"] == nil {
		changed["username"] = school.UsernameOf(person.FirstName, person.LastName)
	}
}

// compareAddress sets an address where there is none, or where the last import has set the one
// that is there.
func (p *planner) compareAddress(changed map[string]any, person *Person, a *account) {
	if person.Email == "" || a.Role == protocol.RoleAdmin { // who has the address of an administrator has the school
		return
	}
	isOwn := a.Email != "" && !strings.EqualFold(a.Email, a.ImportedEmail)
	switch {
	case strings.EqualFold(a.Email, person.Email):
		p.given[strings.ToLower(person.Email)] = true
	case isOwn:
	case p.giveAddress(person, a):
		changed["email"], changed["imported_email"] = person.Email, person.Email
	}
}

// giveAddress reports whether somebody can have an address. Families share addresses, but an
// account has its own.
func (p *planner) giveAddress(person *Person, a *account) bool {
	address := strings.ToLower(person.Email)
	if owner := p.owners[address]; p.given[address] || owner != nil && owner != a {
		p.problem(person.At, ProblemAddressTaken, fmt.Sprintf(
			"L'adresse de %s est déjà celle d'un autre compte : la personne est reprise sans adresse.",
			fullName(person.FirstName, person.LastName)))
		return false
	}
	p.given[address] = true
	return true
}

// identify adds the identifier by which the next import recognises the person.
func (p *planner) identify(changed map[string]any, person *Person, a *account) {
	isKnown := a.Source == p.roster.Format && a.ExternalID == person.ExternalID
	if person.ExternalID != "" && !isKnown && !p.isTaken(person, a) {
		changed["external_source"], changed["external_id"] = p.roster.Format, person.ExternalID
	}
}

// markRow adds the mark by which the next import recognises the row of somebody without identifier.
func (p *planner) markRow(changed map[string]any, person *Person, a *account) {
	if row := p.matching.rows[person.Key]; row != "" && row != a.ImportedAs {
		changed["imported_as"] = row
	}
}

// isTaken reports whether somebody else has the identifier, in another establishment.
func (p *planner) isTaken(person *Person, a *account) bool {
	return slices.ContainsFunc(p.present.elsewhere, func(other *account) bool {
		return other.ID != a.ID && other.Source == p.roster.Format && other.ExternalID == person.ExternalID
	})
}

// roleOf returns the role that somebody has after the import. The administration keeps theirs,
// and a member of staff who is a parent as well stays one, unless the files name all of the staff and
// no row that was left out may be about them.
func (p *planner) roleOf(person *Person, a *account) string {
	switch {
	case a.Role == protocol.RoleAdmin:
		return a.Role
	case a.isStaff() && person.Role == protocol.RoleParent && (!p.complete[a.Role] || p.matching.candidates[a]):
		return a.Role
	}
	return person.Role
}

// onlyLosesAccents reports whether a file has a name as it was, but without its accents.
func onlyLosesAccents(now, file string) bool {
	return now != file && strings.EqualFold(withoutMarks(now), file)
}

func withoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}
