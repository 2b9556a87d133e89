package messagerie

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// PreviewRules counts the conversations of an establishment in which a change of its contact rules
// would keep people from writing, or let them write again, for its administration.
func (s *Service) PreviewRules(caller school.Person, establishment protocol.ID, change protocol.RulesChange) (protocol.RulesPreview, error) {
	before, after, err := s.people.Edited(caller, establishment, change)
	if err != nil {
		return protocol.RulesPreview{}, err
	}
	preview := rulesPreview{service: s, before: before, after: after, closed: effects{}, opened: effects{}}
	if err := preview.count(); err != nil {
		return protocol.RulesPreview{}, fmt.Errorf("preview rules: %w", err)
	}
	return protocol.RulesPreview{Closed: preview.closed.list(), Opened: preview.opened.list()}, nil
}

type rulesPreview struct {
	service        *Service
	before, after  *school.Rules
	closed, opened effects
}

// effects are counted by the roles of who writes, and of the others because of whom.
type effects map[[2]string]*protocol.RulesEffect

func (e effects) of(from, to string) *protocol.RulesEffect {
	key := [2]string{from, to}
	if e[key] == nil {
		e[key] = &protocol.RulesEffect{FromRole: from, ToRole: to}
	}
	return e[key]
}

func (e effects) list() []protocol.RulesEffect {
	list := []protocol.RulesEffect{}
	for _, from := range protocol.Roles {
		for _, to := range protocol.Roles {
			if effect := e[[2]string{from, to}]; effect != nil {
				list = append(list, *effect)
			}
		}
	}
	return list
}

// previewPortion is how many conversations are looked at at once.
const previewPortion = 1_000

func (r *rulesPreview) count() error {
	var stored []string
	err := r.service.app.ConcurrentDB().Select("id").From("conversations").
		Where(dbx.HashExp{"establishment": r.before.Establishment.RecordID()}).Column(&stored)
	if err != nil {
		return err
	}
	for portion := range slices.Chunk(stored, previewPortion) {
		ids := make([]protocol.ID, len(portion))
		for i, id := range portion {
			ids[i] = protocol.ParseID(id)
		}
		if err := r.countIn(ids); err != nil {
			return err
		}
	}
	return nil
}

func (r *rulesPreview) countIn(conversations []protocol.ID) error {
	all, err := loadAllParticipants(r.service.app, conversations) // not through the cache, which it would fill
	if err != nil {
		return err
	}
	var ids idSet
	for _, p := range all {
		for _, m := range p.Members {
			ids.add(m.User)
		}
	}
	people, err := r.service.people.Accounts(ids.list)
	if err != nil {
		return err
	}
	written, err := r.service.loadAuthors(conversations)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Kind == protocol.KindGroup {
			r.group(p, people)
		} else {
			r.direct(p, people, written[p.Conversation])
		}
	}
	return nil
}

// direct counts a direct conversation for each of the two.
func (r *rulesPreview) direct(p *Participants, people map[protocol.ID]*school.Account, written *authors) {
	if len(p.Members) < 2 {
		return
	}
	for i := range 2 {
		from, to := people[p.Members[i].User], people[p.Members[1-i].User]
		if !from.IsActiveIn(p.Establishment) || !to.IsActiveIn(p.Establishment) {
			continue
		}
		may := func(rules *school.Rules) bool {
			directly := rules.Direct(from.Person, to.Person)
			return directly == school.DirectlyAlways || directly == school.DirectlyAnswer && written.has(to.ID)
		}
		switch could, can := may(r.before), may(r.after); {
		case could && !can:
			r.closed.of(from.Role, to.Role).Direct++
		case can && !could:
			r.opened.of(from.Role, to.Role).Direct++
		}
	}
}

// group counts a group once for each pair of roles.
func (r *rulesPreview) group(p *Participants, people map[protocol.ID]*school.Account) {
	inside := &composition{withGuardians: p.guardiansOf != 0}
	roles := map[school.Sides]string{}
	for _, m := range p.Members {
		if account := people[m.User]; account.IsActiveIn(p.Establishment) {
			sides := account.SidesIn(p.Establishment)
			inside.add(sides)
			roles[sides] = account.Role
		}
	}
	counted := map[*protocol.RulesEffect]bool{}
	for _, own := range inside.sides {
		could, can := inside.mayWrite(r.before, own.sides), inside.mayWrite(r.after, own.sides)
		if could == can {
			continue
		}
		into := r.closed
		stricter, looser := r.after, r.before
		if can {
			into, stricter, looser = r.opened, r.before, r.after
		}
		for _, to := range r.reasons(inside, own, stricter, looser) {
			if effect := into.of(roles[own.sides], roles[to]); !counted[effect] {
				counted[effect] = true
				effect.Groups++
			}
		}
	}
}

// reasons returns the sides of the others because of whom somebody may not write: those with whom
// they may never be in a conversation, else everybody, as staff is missing.
func (r *rulesPreview) reasons(inside *composition, own sidesCount, stricter, looser *school.Rules) (because []school.Sides) {
	var others []school.Sides
	for _, group := range inside.sides {
		if group.sides == own.sides && group.count == 1 {
			continue
		}
		others = append(others, group.sides)
		if stricter.Between(own.sides, group.sides) == school.RuleNever && looser.Between(own.sides, group.sides) != school.RuleNever {
			because = append(because, group.sides)
		}
	}
	if len(because) == 0 {
		return others
	}
	return because
}

// mayWrite is admits for rules that may be open.
func (c *composition) mayWrite(rules *school.Rules, own school.Sides) bool {
	return rules.Open || c.admits(rules, own)
}
