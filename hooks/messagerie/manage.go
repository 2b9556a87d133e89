package messagerie

import (
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// A group is managed by the person who created it and by the staff in it. When its creator is no
// longer active in it, another participant takes over, so that no group is without a manager.

// manager returns the person who manages a group besides its staff: its creator, else the first
// member of staff to have joined, else the first participant, else 0. people holds the candidates.
func (p *Participants) manager(people map[protocol.ID]*school.Account) protocol.ID {
	if p.Kind != protocol.KindGroup {
		return 0
	}
	if p.isManagedByCreator(people) {
		return p.CreatedBy
	}
	var first protocol.ID
	for _, m := range p.Members {
		switch person := people[m.User]; {
		case !person.IsActiveIn(p.Establishment):
		case person.IsStaff():
			return m.User
		case first == 0:
			first = m.User
		}
	}
	return first
}

// isManagedByCreator is also true for direct conversations, which nobody manages.
func (p *Participants) isManagedByCreator(people map[protocol.ID]*school.Account) bool {
	if p.Kind != protocol.KindGroup {
		return true
	}
	_, takesPart := p.Member(p.CreatedBy)
	return takesPart && people[p.CreatedBy].IsActiveIn(p.Establishment)
}

// can returns what a participant may do in a conversation with this manager.
func (p *Participants) can(participant school.Person, manager protocol.ID) protocol.Can {
	if p.Kind != protocol.KindGroup {
		return protocol.Can{}
	}
	manages := participant.ID == manager || participant.IsStaff() && participant.Belongs(p.Establishment)
	return protocol.Can{Rename: manages, Add: manages, Remove: manages, Leave: true}
}

// require returns a refusal unless a participant has a permission in a group.
func (s *Service) require(participant school.Person, p *Participants, allowed func(protocol.Can) bool) error {
	if p.Kind != protocol.KindGroup {
		return ErrNotAGroup
	}
	people, err := s.peopleOf([]row{{participants: p}})
	if err != nil {
		return err
	}
	switch {
	case allowed(p.can(participant, p.manager(people))):
		return nil
	case !participant.Belongs(p.Establishment):
		return ErrLeftSchool
	}
	return ErrForbidden
}
