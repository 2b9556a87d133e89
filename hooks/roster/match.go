package roster

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"messagerie/hooks/protocol"
	"messagerie/hooks/words"
)

// matching says which account each of the roster's people has.
type matching struct {
	accounts map[string]*account   // by key
	same     map[string]string     // the key of somebody who stands twice in the roster: the key of the other
	open     map[string][]*account // the key of somebody who may be one of these: a question
	rows     map[string]string     // see rowPrint, by key

	named      map[*account]bool // those in accounts
	candidates map[*account]bool // those in open, and those whom rows that were left out may be about
	partial    map[*account]bool // see Person.Partial
}

// primary returns the key under which somebody is matched.
func (m *matching) primary(key string) string {
	if other, ok := m.same[key]; ok {
		return other
	}
	return key
}

// stays reports whether the roster names somebody, or may.
func (m *matching) stays(a *account) bool { return m.named[a] || m.candidates[a] }

// Decisions are what whoever imports has said about open questions: the id of an account, or 0
// for somebody new, by the person's key.
type Decisions map[string]protocol.ID

// matcher finds the account of each of the roster's people, by the surest sign that there is.
// What only a name speaks for is a question, never a guess.
type matcher struct {
	*matching
	roster    *Roster
	present   *present
	decisions Decisions

	people   map[string]*Person  // by key
	names    map[string]string   // the folded name of a person, by key
	children map[string][]string // the keys of a guardian's students, by key
	classes  map[string][]string // the names of a person's classes, by key
	holders  map[*account]*Person

	byExternalID, byINE, byEmail map[string][]*account
	byImportedEmail, byImport    map[string][]*account
	byName                       map[string][]*account
	guardiansOf                  map[string][]*account // by the student's id
}

// match finds the account of everybody.
func match(r *Roster, p *present, decisions Decisions) *matching {
	m := newMatcher(r, p, decisions)
	m.joinRows()
	for _, sign := range []func(*Person) *account{
		m.decided, m.sameExternalID, m.sameINE, m.sameAddress, m.sameRow(), m.sameBirthDate(), m.sameChildren,
	} {
		for i := range r.People {
			person := &r.People[i]
			if m.isSettled(person) {
				continue
			}
			if found := sign(person); found != nil {
				m.settle(person, found)
			}
		}
	}
	for i := range r.People {
		m.ask(&r.People[i])
	}
	for _, a := range m.accounts {
		m.named[a] = true
	}
	for _, candidates := range m.open {
		for _, a := range candidates {
			m.candidates[a] = true
		}
	}
	m.noteUncertain()
	return m.matching
}

func newMatcher(r *Roster, p *present, decisions Decisions) *matcher {
	m := &matcher{
		matching: &matching{
			accounts: map[string]*account{}, same: map[string]string{}, open: map[string][]*account{}, rows: map[string]string{},
			named: map[*account]bool{}, candidates: map[*account]bool{}, partial: map[*account]bool{},
		},
		roster: r, present: p, decisions: decisions,
		people: map[string]*Person{}, names: map[string]string{}, children: map[string][]string{}, classes: map[string][]string{},
		holders:      map[*account]*Person{},
		byExternalID: map[string][]*account{}, byINE: map[string][]*account{}, byEmail: map[string][]*account{},
		byImportedEmail: map[string][]*account{}, byImport: map[string][]*account{}, byName: map[string][]*account{},
		guardiansOf: map[string][]*account{},
	}
	m.indexAccounts()
	m.indexRows()
	return m
}

func (m *matcher) indexAccounts() {
	p := m.present
	for _, a := range p.people {
		add(m.byINE, a.INE, a)
		add(m.byEmail, strings.ToLower(a.Email), a)
		if a.Source == m.roster.Format {
			add(m.byExternalID, a.ExternalID, a)
		}
	}
	for _, a := range p.people {
		add(m.byImportedEmail, strings.ToLower(a.ImportedEmail), a)
		add(m.byImport, a.ImportedAs, a)
		add(m.byName, fullNameKey(a.FirstName, a.LastName), a)
	}
	for _, g := range p.guardianships {
		if guardian := p.byID[g.Guardian]; guardian != nil {
			add(m.guardiansOf, g.Student, guardian)
		}
	}
}

func (m *matcher) indexRows() {
	r := m.roster
	for i := range r.People {
		person := &r.People[i]
		m.people[person.Key] = person
		m.names[person.Key] = fullNameKey(person.FirstName, person.LastName)
	}
	for _, g := range r.Guardianships {
		add(m.children, g.Guardian, g.Student)
	}
	for _, e := range r.Enrollments {
		add(m.classes, e.Person, e.Class)
	}
	for _, person := range r.People {
		m.rows[person.Key] = m.rowPrint(person)
	}
}

func add[T any](index map[string][]T, key string, value T) {
	if key != "" {
		index[key] = append(index[key], value)
	}
}

// fullNameKey is what names are compared by: without case, accents and hyphens.
func fullNameKey(first, last string) string {
	return strings.Join(words.Of(first), " ") + "|" + strings.Join(words.Of(last), " ")
}

// rowPrint identifies the row of somebody who has no identifier: in the next import, the same row
// is the same person. "" for those who have one. It has what tells homonyms apart: a student's
// birth date and classes, a guardian's children.
func (m *matcher) rowPrint(p Person) string {
	if p.ExternalID != "" || p.INE != "" {
		return ""
	}
	signs := []string{m.roster.Format, p.Role, m.names[p.Key], p.BirthDate}
	var details []string
	switch p.Role {
	case protocol.RoleStudent:
		for _, class := range m.classes[p.Key] {
			details = append(details, strings.ToLower(class))
		}
	case protocol.RoleParent:
		for _, child := range m.children[p.Key] {
			details = append(details, m.names[child])
		}
	}
	slices.Sort(details)
	sum := sha256.Sum256([]byte(strings.Join(append(signs, details...), "\x00")))
	return hex.EncodeToString(sum[:16])
}

// joinRows finds rows about one person: with the same identifier, or adults of one name with one
// address, such as a teacher who is a parent as well.
func (m *matcher) joinRows() {
	first := map[string]*Person{}
	for i := range m.roster.People {
		p := &m.roster.People[i]
		var signs []string
		if p.ExternalID != "" {
			signs = append(signs, "id "+p.ExternalID)
		}
		if p.INE != "" {
			signs = append(signs, "ine "+p.INE)
		}
		if p.Email != "" && p.Role != protocol.RoleStudent {
			signs = append(signs, "address "+strings.ToLower(p.Email)+" "+m.names[p.Key])
		}
		for _, sign := range signs {
			if other := first[sign]; other != nil && other.Key != p.Key {
				m.join(p, other)
				break
			}
		}
		for _, sign := range signs {
			if first[sign] == nil {
				first[sign] = p
			}
		}
	}
}

// join makes two rows one person, who is staff if one of the rows says so.
func (m *matcher) join(p, other *Person) {
	other = m.people[m.primary(other.Key)]
	if p.Key == other.Key || m.contradictRows(p, other) {
		return
	}
	if p.Role != protocol.RoleParent && other.Role == protocol.RoleParent {
		other.Role = p.Role
	}
	other.ExternalID = cmp.Or(other.ExternalID, p.ExternalID)
	other.Email = cmp.Or(other.Email, p.Email)
	other.BirthDate = cmp.Or(other.BirthDate, p.BirthDate)
	m.same[p.Key] = other.Key
}

func (m *matcher) contradictRows(p, other *Person) bool {
	return differ(p.ExternalID, other.ExternalID) || differ(p.INE, other.INE) || differ(p.BirthDate, other.BirthDate)
}

func (m *matcher) isSettled(p *Person) bool {
	_, joined := m.same[p.Key]
	return joined || m.accounts[p.Key] != nil
}

// settle gives somebody an account. If a member of staff and a parent have the same, they are one
// person.
func (m *matcher) settle(p *Person, a *account) {
	if other := m.holders[a]; other != nil {
		m.join(p, other)
		return
	}
	m.accounts[p.Key], m.holders[a] = a, p
}

// isFree reports whether an account may be that of a person, as far as other rows are concerned.
func (m *matcher) isFree(p *Person, a *account) bool {
	other := m.holders[a]
	return other == nil || (p.Role == protocol.RoleParent) != (other.Role == protocol.RoleParent) &&
		p.Role != protocol.RoleStudent && other.Role != protocol.RoleStudent && !m.contradictRows(p, other)
}

// contradicts reports whether an account can't be that of a person.
func (m *matcher) contradicts(p *Person, a *account) bool {
	isOurs := a.Source == m.roster.Format && len(m.present.others(a)) == 0 // another school may number people otherwise
	return differ(p.INE, a.INE) || differ(p.BirthDate, a.BirthDate) || isOurs && differ(p.ExternalID, a.ExternalID) ||
		(p.Role == protocol.RoleStudent) != (a.Role == protocol.RoleStudent)
}

// differ reports whether both are known and aren't the same.
func differ(a, b string) bool { return a != "" && b != "" && a != b }
