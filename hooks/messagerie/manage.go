package messagerie

import (
	"errors"

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

// can returns what a participant may do in a conversation with this manager. refused is why they may
// not write there, if they may not: a title and a pin are read by everybody, too, and while writing is paused
// nobody is brought in.
func (p *Participants) can(participant school.Person, manager protocol.ID, refused error) protocol.Can {
	if p.Kind != protocol.KindGroup {
		return protocol.Can{Pin: refused == nil}
	}
	isStaff := participant.IsStaff() && participant.Belongs(p.Establishment)
	manages := participant.ID == manager || isStaff
	can := protocol.Can{
		Rename: manages && refused == nil, Add: manages && !errors.Is(refused, ErrPaused),
		Remove: manages, Leave: true, Posting: isStaff,
		Pin: manages && refused == nil,
	}
	switch {
	case p.guardiansOf != 0: // as in a direct conversation, nobody gets away from the others
		can.Remove, can.Leave = participant.Role == protocol.RoleAdmin && isStaff, false
	case p.follows():
		can.Remove, can.Leave = false, participant.IsStaff()
	}
	return can
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
	refused := s.mayWrite(p, participant.ID)
	if refused != nil && !isRefusal(refused) {
		return refused
	}
	manager := p.manager(people)
	switch {
	case allowed(p.can(participant, manager, refused)):
		return nil
	case !participant.Belongs(p.Establishment):
		return ErrLeftSchool
	case allowed(p.can(participant, manager, nil)):
		return refused
	}
	return ErrForbidden
}
