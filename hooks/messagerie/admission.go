package messagerie

import (
	"slices"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// errContact refuses people with whom the caller may not be in a conversation, or not begin one.
func errContact(people []protocol.ID) error {
	refused := refusal.New(protocol.CodeContactNotAllowed, "The school's rules don't allow a conversation with these people: %v.", people)
	refused.Data = map[string]any{"participants": people}
	return refused
}

// errNoStaff refuses a group in which no staff takes part. Nobody in it is at fault.
func errNoStaff() error {
	refused := refusal.New(protocol.CodeContactNotAllowed, "The school's rules want a member of its staff in every group.")
	refused.Data = map[string]any{"participants": []protocol.ID{}}
	return refused
}

// admission is a group with the people who are to join it.
type admission struct {
	caller    school.Person // who adds them
	members   []school.Person
	newcomers []school.Person
}

// check returns a refusal unless the rules admit the newcomers: the caller may begin a conversation
// with each; a member of staff takes part; and no newcomer is somebody with whom one of the people
// who don't work at the school, or another newcomer, may never be in a conversation.
func (a admission) check(rules *school.Rules) error {
	if rules.Open {
		return nil
	}
	var counted composition
	var staffed bool
	for _, person := range a.members {
		sides := person.SidesIn(rules.Establishment)
		staffed = staffed || person.IsStaff()
		if !person.IsStaff() {
			counted.add(sides)
		}
	}
	for _, person := range a.newcomers {
		staffed = staffed || person.IsStaff()
		counted.add(person.SidesIn(rules.Establishment))
	}
	faults := []protocol.ID{}
	for _, person := range a.newcomers {
		if !rules.MayBegin(a.caller, person) || counted.excludes(rules, person.SidesIn(rules.Establishment)) {
			faults = append(faults, person.ID)
		}
	}
	switch {
	case len(faults) > 0:
		slices.Sort(faults)
		return errContact(faults)
	case !staffed:
		return errNoStaff()
	}
	return nil
}

// excludes reports whether one of its people, who has these sides, may never be in a conversation
// with another of them.
func (c *composition) excludes(rules *school.Rules, own school.Sides) bool {
	return slices.ContainsFunc(c.sides, func(group sidesCount) bool {
		isOther := group.sides != own || group.count > 1
		return isOther && (rules.Between(own, group.sides) == school.RuleNever || rules.Between(group.sides, own) == school.RuleNever)
	})
}

// mayCreate returns a refusal unless a caller may create a conversation of an establishment with
// other people.
func (s *Service) mayCreate(caller school.Person, establishment protocol.ID, others []school.Person) error {
	rules, err := s.rulesFor(caller, establishment)
	switch {
	case err != nil:
		return err
	case len(others) > 1:
		return admission{caller: caller, members: []school.Person{caller}, newcomers: others}.check(rules)
	case !rules.MayBegin(caller, others[0]):
		return errContact([]protocol.ID{others[0].ID})
	}
	return nil
}

// mayAdd returns a refusal unless a caller may add people to a group.
func (s *Service) mayAdd(caller school.Person, p *Participants, joining []protocol.ID) error {
	rules, err := s.rulesFor(caller, p.Establishment)
	if err != nil || rules.Open {
		return err
	}
	accounts, err := s.people.Accounts(append(p.users(), joining...))
	if err != nil {
		return err
	}
	a := admission{caller: caller}
	if own := accounts[caller.ID]; own != nil {
		a.caller = own.Person // with classes and children
	}
	for _, m := range p.Members {
		if account := accounts[m.User]; account.IsActiveIn(p.Establishment) {
			a.members = append(a.members, account.Person)
		}
	}
	for _, user := range joining {
		if account := accounts[user]; account != nil {
			a.newcomers = append(a.newcomers, account.Person)
		}
	}
	return a.check(rules)
}

// rulesFor returns the rules of an establishment for somebody who changes who is in a conversation:
// that is refused while they can't write.
func (s *Service) rulesFor(caller school.Person, establishment protocol.ID) (*school.Rules, error) {
	rules, err := s.people.Rules(establishment)
	switch {
	case err != nil:
		return nil, err
	case rules == nil:
		return nil, ErrNoSharedSchool
	case s.people.PausedNow(rules, caller.Role) != nil:
		return nil, ErrPaused
	}
	return rules, nil
}
