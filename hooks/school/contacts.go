package school

import (
	"slices"

	"messagerie/hooks/protocol"
)

// Who may write to whom. Everything here is answered from memory.

// Sides are what somebody is in an establishment, as a set of roles: their own, and parent if they
// are responsible for a student there besides. What one side may do, the person may.
type Sides uint8

// SideOf is the set of one role.
func SideOf(role string) Sides {
	if i := roleIndex(role); i >= 0 {
		return 1 << i
	}
	return 0
}

// staffSides are those of people who work at the school.
var staffSides = func() (all Sides) {
	for _, role := range protocol.StaffRoles {
		all |= SideOf(role)
	}
	return all
}()

// AreStaff reports whether the sides are those of somebody who works at the school.
func (s Sides) AreStaff() bool { return s&staffSides != 0 }

// Overlap reports whether two sets have a role in common.
func (s Sides) Overlap(other Sides) bool { return s&other != 0 }

// SidesIn returns somebody's sides in an establishment.
func (p Person) SidesIn(establishment protocol.ID) Sides {
	sides := SideOf(p.Role)
	if p.hasChildIn(establishment) {
		sides |= SideOf(protocol.RoleParent)
	}
	return sides
}

func (p Person) hasChildIn(establishment protocol.ID) bool {
	if p.ties == nil {
		return false
	}
	for i := range p.ties.children {
		if slices.Contains(p.ties.children[i].establishments, establishment) {
			return true
		}
	}
	return false
}

// sharesClass reports whether two people have a current class of an establishment in common: their
// own, one that they teach, or a child's.
func (p Person) sharesClass(other Person, establishment protocol.ID) bool {
	if p.ties == nil || other.ties == nil {
		return false
	}
	return p.ties.anyClass(establishment, func(class protocol.ID) bool {
		return other.ties.anyClass(establishment, func(theirs protocol.ID) bool { return theirs == class })
	})
}

// anyClass reports whether one of the classes in an establishment, children's included, is wanted.
func (t *ties) anyClass(establishment protocol.ID, wanted func(protocol.ID) bool) bool {
	if t.classes.any(establishment, wanted) {
		return true
	}
	for i := range t.children {
		if t.children[i].classes.any(establishment, wanted) {
			return true
		}
	}
	return false
}

func (c *classes) any(establishment protocol.ID, wanted func(protocol.ID) bool) bool {
	for i := range c.list {
		if c.establishments[i] == establishment && wanted(c.list[i].ID) {
			return true
		}
	}
	return false
}

// classesIn returns the classes of an establishment that somebody shares with others.
func (p Person) classesIn(establishment protocol.ID) (ids []protocol.ID) {
	if p.ties == nil {
		return nil
	}
	p.ties.anyClass(establishment, func(class protocol.ID) bool {
		ids = append(ids, class)
		return false
	})
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Between returns the most permissive rule over the sides of the one who writes and of the other.
func (r *Rules) Between(from, to Sides) Rule {
	if r.Open {
		return RuleAlways
	}
	best := RuleNever
	for i := range roleCount {
		if from&(1<<i) == 0 {
			continue
		}
		for j := range roleCount {
			if to&(1<<j) != 0 {
				best = max(best, r.contacts[i][j])
			}
		}
	}
	return best
}

// rule returns Between for two people.
func (r *Rules) rule(from, to Person) Rule {
	if r.Open {
		return RuleAlways
	}
	return r.Between(from.SidesIn(r.Establishment), to.SidesIn(r.Establishment))
}

// MayBegin reports whether one person may begin a conversation with another, both of this
// establishment.
func (r *Rules) MayBegin(from, to Person) bool {
	switch r.rule(from, to) {
	case RuleAlways:
		return true
	case RuleClass:
		return from.sharesClass(to, r.Establishment)
	}
	return false
}

// Directly is whether somebody may write to another person in their direct conversation.
type Directly uint8

// From the strictest on.
const (
	DirectlyNever  Directly = iota
	DirectlyAnswer          // once the other has written there
	DirectlyAlways
)

// Direct returns whether one person may write to another in their direct conversation, both of this
// establishment.
func (r *Rules) Direct(from, to Person) Directly {
	rule := r.rule(from, to)
	switch {
	case rule == RuleAlways, rule == RuleClass && from.sharesClass(to, r.Establishment):
		return DirectlyAlways
	case rule >= RuleReply && r.MayBegin(to, from):
		return DirectlyAnswer
	}
	return DirectlyNever
}

// MayBegin reports whether one person may begin a direct conversation with another: in any
// establishment that both share.
func (s *Service) MayBegin(from, to Person) (bool, error) {
	for _, establishment := range from.Establishments {
		if !to.Belongs(establishment) {
			continue
		}
		rules, err := s.Rules(establishment)
		if err != nil {
			return false, err
		}
		if rules != nil && rules.MayBegin(from, to) {
			return true, nil
		}
	}
	return false, nil
}

// Concerned returns the sides of people for whom a change of the contact rules may change to whom
// they may write.
func (c RulesChanged) Concerned() (sides Sides) {
	before, after := c.Before, c.After
	if before == nil || after == nil {
		return 0 // nobody is there yet, or any more
	}
	if before.Open != after.Open {
		return 1<<roleCount - 1
	}
	if after.Open {
		return 0
	}
	for i := range roleCount {
		for j := range roleCount {
			if before.contacts[i][j] != after.contacts[i][j] {
				sides |= 1<<i | 1<<j // who begins decides who may answer
			}
		}
	}
	return sides
}
