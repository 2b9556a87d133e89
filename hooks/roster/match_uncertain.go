package roster

import (
	"slices"
	"strings"

	"messagerie/hooks/protocol"
)

// mayHaveMore reports whether the roster doesn't say everything about somebody: the classes and
// families that it doesn't have for them stay.
func (m *matching) mayHaveMore(a *account) bool { return m.candidates[a] || m.partial[a] }

// noteUncertain finds those about whom something was left out.
func (m *matcher) noteUncertain() {
	for i := range m.roster.People {
		p := &m.roster.People[i]
		if a := m.accounts[m.primary(p.Key)]; a != nil && p.Partial {
			m.partial[a] = true
		}
	}
	if len(m.roster.LeftOut) == 0 {
		return
	}
	names := m.partsOfNames()
	for i := range m.roster.LeftOut {
		for _, a := range m.mayBe(&m.roster.LeftOut[i], names) {
			m.candidates[a] = true
		}
	}
}

// partsOfNames has the people by their whole names, and by each of the two.
func (m *matcher) partsOfNames() map[string][]*account {
	names := map[string][]*account{}
	for _, a := range m.present.people {
		for _, key := range []string{
			fullNameKey(a.FirstName, a.LastName), fullNameKey("", a.LastName), fullNameKey(a.FirstName, ""),
		} {
			add(names, key, a)
		}
	}
	return names
}

// mayBe returns everybody whom a row that was left out may be about. The row may be wrong about
// each of the signs, so that any of them is enough.
func (m *matcher) mayBe(p *Person, names map[string][]*account) []*account {
	address := strings.ToLower(p.Email)
	similar := keep(slices.Concat(m.byEmail[address], m.byImportedEmail[address]), func(a *account) bool {
		return m.hasFirstName(p, a)
	})
	var named []*account
	if key := fullNameKey(p.FirstName, p.LastName); key != fullNameKey("", "") {
		named = keep(names[key], func(a *account) bool {
			sameSide := p.Role == "" || (p.Role == protocol.RoleStudent) == (a.Role == protocol.RoleStudent)
			return sameSide && !differ(p.BirthDate, a.BirthDate)
		})
	}
	return slices.Concat(m.byExternalID[p.ExternalID], m.byINE[p.INE], similar, named)
}
