package messagerie

import (
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// A group is managed by the person who created it and by the staff in it. Once its creator
// doesn't take part any more, somebody else has their place, so that no group is without
// anybody who manages it.

// manager returns who manages a group besides its staff: its creator, else the member of
// staff, else the participant who joined first. 0 is nobody. people holds those who may be meant.
func (r *Roster) manager(people map[protocol.ID]*school.Account) protocol.ID {
	if r.Kind != protocol.KindGroup {
		return 0
	}
	if r.isManagedByCreator(people) {
		return r.CreatedBy
	}
	var first protocol.ID
	for _, m := range r.Members {
		switch person := people[m.User]; {
		case !person.IsActiveIn(r.Establishment):
		case person.IsStaff():
			return m.User
		case first == 0:
			first = m.User
		}
	}
	return first
}

// isManagedByCreator is true of direct conversations, too, which nobody manages.
func (r *Roster) isManagedByCreator(people map[protocol.ID]*school.Account) bool {
	if r.Kind != protocol.KindGroup {
		return true
	}
	_, takesPart := r.Member(r.CreatedBy)
	return takesPart && people[r.CreatedBy].IsActiveIn(r.Establishment)
}

// can returns what a participant may do in a conversation with this manager.
func (r *Roster) can(participant school.Person, manager protocol.ID) protocol.Can {
	if r.Kind != protocol.KindGroup {
		return protocol.Can{}
	}
	manages := participant.ID == manager || participant.IsStaff() && participant.Belongs(r.Establishment)
	return protocol.Can{Rename: manages, Add: manages, Remove: manages, Leave: true}
}

// require refuses what a participant may not do with a group.
func (s *Service) require(participant school.Person, r *Roster, allowed func(protocol.Can) bool) error {
	if r.Kind != protocol.KindGroup {
		return ErrNotAGroup
	}
	people, err := s.peopleOf([]row{{roster: r}})
	if err != nil {
		return err
	}
	switch {
	case allowed(r.can(participant, r.manager(people))):
		return nil
	case !participant.Belongs(r.Establishment):
		return ErrLeftSchool
	}
	return ErrForbidden
}
