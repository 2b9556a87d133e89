package messagerie

import (
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// composition is who is in a group, as far as contact rules ask: how many active people have the
// same sides. So a message to a group of 250 is checked as quickly as one to a group of three.
type composition struct {
	people uint64 // the state of people that it was made from: caches.people
	sides  []sidesCount

	withGuardians bool // an adult's with a student, whose guardians have joined
}

type sidesCount struct {
	sides school.Sides
	count int
}

func (c *composition) cacheSize() int { return compositionBase + sidesCountBytes*len(c.sides) }

// add counts somebody.
func (c *composition) add(sides school.Sides) {
	for i := range c.sides {
		if c.sides[i].sides == sides {
			c.sides[i].count++
			return
		}
	}
	c.sides = append(c.sides, sidesCount{sides, 1})
}

// admits reports whether one of its people, who has these sides, may write by the rules: staff takes
// part, and there is nobody with whom they may not be in one conversation. Where guardians have
// joined, they are what the rules want, also beside their child.
func (c *composition) admits(rules *school.Rules, own school.Sides) bool {
	supervised := own.AreStaff() || c.withGuardians
	for _, group := range c.sides {
		if group.sides == own && group.count == 1 {
			continue // the writer
		}
		supervised = supervised || group.sides.AreStaff()
		if rules.Between(own, group.sides) == school.RuleNever && !(c.withGuardians && isFamily(own, group.sides)) {
			return false
		}
	}
	return supervised
}

// isFamily reports whether one is a student and the other a parent.
func isFamily(a, b school.Sides) bool {
	return a.Overlap(studentSide) && b.Overlap(parentSide) || a.Overlap(parentSide) && b.Overlap(studentSide)
}

var (
	studentSide = school.SideOf(protocol.RoleStudent)
	parentSide  = school.SideOf(protocol.RoleParent)
)

// compositionOf returns the composition of a group, usually from the cache.
func (s *Service) compositionOf(conversation protocol.ID) (*composition, error) {
	known, version := s.caches.compositions.Lookup(conversation)
	people := s.caches.people.Load() // before the people are looked up: what changes later makes it stale
	if known != nil && known.people == people {
		return known, nil
	}
	p, err := s.caches.participants.get(s.app, conversation) // after Lookup, for the same reason
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, ErrNotParticipant
	}
	accounts, err := s.people.Accounts(p.users())
	if err != nil {
		return nil, err
	}
	made := &composition{people: people, withGuardians: p.guardiansOf != 0}
	for _, m := range p.Members {
		if account := accounts[m.User]; account.IsActiveIn(p.Establishment) {
			made.add(account.SidesIn(p.Establishment))
		}
	}
	s.caches.compositions.Put(conversation, made, version)
	return made, nil
}

// changesSides reports whether a change may make other sides, or active people, of somebody.
func changesSides(change store.Change) bool {
	switch c := change.(type) {
	case school.PersonChanged:
		return c.Before.Role != c.After.Role || c.Before.Disabled != c.After.Disabled || !c.Before.SameEstablishments(c.After)
	case school.TiesChanged, school.PersonDeleted, store.Reset:
		return true
	}
	return false
}
