package roster

import (
	"slices"
	"strings"

	"messagerie/hooks/words"
)

// The signs by which people are recognised, the surest first. Each returns the account of a
// person, nil if the sign doesn't say.

func (m *matcher) decided(p *Person) *account {
	return m.present.byID[m.decisions[p.Key].RecordID()]
}

func (m *matcher) sameExternalID(p *Person) *account {
	return m.one(p, m.byExternalID[p.ExternalID], func(*account) bool { return true })
}

func (m *matcher) sameINE(p *Person) *account {
	return m.one(p, m.byINE[p.INE], func(*account) bool { return true })
}

// sameAddress asks for a similar name as well: families share addresses. An address that the
// person has changed since is recognised by the one that was imported.
func (m *matcher) sameAddress(p *Person) *account {
	address := strings.ToLower(p.Email)
	similar := func(a *account) bool { return !m.contradicts(p, a) && m.hasFirstName(p, a) }
	if found := m.one(p, m.byEmail[address], similar); found != nil {
		return found
	}
	return m.one(p, m.byImportedEmail[address], similar)
}

// sameRow recognises the row of the last import.
func (m *matcher) sameRow() func(*Person) *account {
	rows := map[string]int{}
	for _, p := range m.roster.People {
		if !m.isSettled(&p) {
			rows[m.rows[p.Key]]++
		}
	}
	return func(p *Person) *account {
		row := m.rows[p.Key]
		if rows[row] > 1 {
			return nil
		}
		return m.one(p, m.byImport[row], func(a *account) bool { return !m.contradicts(p, a) })
	}
}

// sameBirthDate recognises a name with a birth date, unless homonyms are born on one day.
func (m *matcher) sameBirthDate() func(*Person) *account {
	sign := func(p *Person) string { return m.names[p.Key] + "|" + p.BirthDate }
	rows := map[string]int{}
	for _, p := range m.roster.People {
		if !m.isSettled(&p) {
			rows[sign(&p)]++
		}
	}
	return func(p *Person) *account {
		if p.BirthDate == "" || rows[sign(p)] > 1 {
			return nil
		}
		return m.one(p, m.byName[m.names[p.Key]], func(a *account) bool {
			return a.BirthDate == p.BirthDate && !m.contradicts(p, a)
		})
	}
}

// sameChildren recognises somebody who has this name and is responsible for the same child.
func (m *matcher) sameChildren(p *Person) *account {
	var found []*account
	for _, child := range m.children[p.Key] {
		student := m.accounts[m.primary(child)]
		if student == nil {
			continue
		}
		for _, a := range m.guardiansOf[student.ID] {
			if fullNameKey(a.FirstName, a.LastName) == m.names[p.Key] && !slices.Contains(found, a) {
				found = append(found, a)
			}
		}
	}
	return m.one(p, found, func(a *account) bool { return !m.contradicts(p, a) })
}

// one returns the only one of several accounts that is free and suits.
func (m *matcher) one(p *Person, accounts []*account, suits func(*account) bool) *account {
	var found *account
	for _, a := range accounts {
		if !m.isFree(p, a) || !suits(a) {
			continue
		}
		if found != nil {
			return nil
		}
		found = a
	}
	return found
}

// ask makes it a question if people of that name, or with that address, are there and nothing
// contradicts.
func (m *matcher) ask(p *Person) {
	if _, isDecided := m.decisions[p.Key]; isDecided || m.isSettled(p) {
		return
	}
	var candidates []*account
	for _, a := range slices.Concat(m.byName[m.names[p.Key]], m.byEmail[strings.ToLower(p.Email)]) {
		isFamily := m.holders[a] != nil && fullNameKey(a.FirstName, a.LastName) != m.names[p.Key]
		if m.isFree(p, a) && !isFamily && !m.contradicts(p, a) && !slices.Contains(candidates, a) {
			candidates = append(candidates, a)
		}
	}
	if len(candidates) > 0 {
		m.open[p.Key] = candidates
	}
}

// hasFirstName reports whether a first name agrees, or the last name where one of the two has no
// first name.
func (m *matcher) hasFirstName(p *Person, a *account) bool {
	if p.FirstName == "" || a.FirstName == "" {
		return shareWord(p.LastName, a.LastName)
	}
	return shareWord(p.FirstName, a.FirstName)
}

func shareWord(a, b string) bool {
	others := words.Of(b)
	return slices.ContainsFunc(words.Of(a), func(word string) bool { return slices.Contains(others, word) })
}
