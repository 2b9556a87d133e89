package school

import (
	"encoding/json"
	"strings"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// reach is with whom somebody may begin a conversation in an establishment, as conditions for
// queries. What they find is asked again from memory (see usersOf).
type reach struct {
	all     bool          // everybody
	rules   *Rules        // nil with all
	always  Sides         // people with one of these sides
	inClass Sides         // likewise, if they share a class
	classes []protocol.ID // of the person
}

// reachOf returns whom a caller finds.
func (s *Service) reachOf(caller Person, establishment protocol.ID) (reach, error) {
	rules, err := s.Rules(establishment)
	if err != nil {
		return reach{}, err
	}
	if rules == nil { // just deleted
		return reach{}, ErrNotInSchool
	}
	if rules.Open {
		return reach{all: true}, nil
	}
	r := reach{rules: rules, classes: caller.classesIn(establishment)}
	sides := caller.SidesIn(establishment)
	for _, role := range protocol.Roles {
		switch rules.Between(sides, SideOf(role)) {
		case RuleAlways:
			r.always |= SideOf(role)
		case RuleClass:
			r.inClass |= SideOf(role)
		}
	}
	r.all = r.always == 1<<roleCount-1
	return r, nil
}

// names are the roles of a set, for IN (…).
func (s Sides) names() string {
	var names []string
	for _, role := range protocol.Roles {
		if s.Overlap(SideOf(role)) {
			names = append(names, "'"+role+"'")
		}
	}
	return strings.Join(names, ", ")
}

// classPeopleSQL are the people with whom somebody shares one of {:classes}.
const classPeopleSQL = `SELECT e.user FROM json_each({:classes}) AS own JOIN enrollments e ON e.class = own.value
	UNION SELECT g.guardian FROM json_each({:classes}) AS own JOIN enrollments e ON e.class = own.value
		JOIN guardianships g ON g.student = e.user JOIN users s ON s.id = g.student AND s.disabled = FALSE`

// guardianSideSQL is that a person, {{user}}, is responsible for a student of {:establishment}.
const guardianSideSQL = `EXISTS (SELECT 1 FROM guardianships g JOIN users s ON s.id = g.student WHERE g.guardian = {{user}}
	AND s.disabled = FALSE AND EXISTS (SELECT 1 FROM json_each(s.establishments) WHERE value = {:establishment}))`

// condition is that the caller may begin with a person: two columns, their id and their role.
func (r reach) condition(user, role string) string {
	if r.all {
		return ""
	}
	sided := func(sides Sides) string {
		condition := role + " IN (" + sides.names() + ")"
		if sides.Overlap(SideOf(protocol.RoleParent)) {
			condition += " OR " + strings.ReplaceAll(guardianSideSQL, "{{user}}", user)
		}
		return condition
	}
	condition := sided(r.always)
	if r.inClass != 0 { // the role first: it is at hand
		condition += " OR (" + sided(r.inClass) + ") AND +" + user + " IN (" + classPeopleSQL + ")"
	}
	return " AND (" + condition + ")"
}

// candidates selects everybody of a role with whom the caller may begin, and others; "" if those are
// all people of the role, or nobody.
func (r reach) candidates(role string) string {
	parents := r.always.Overlap(SideOf(protocol.RoleParent))
	switch {
	case r.all, r.always.Overlap(SideOf(role)):
		return ""
	case parents:
		return classPeopleSQL + " UNION SELECT guardian FROM guardianships"
	case r.inClass.Overlap(SideOf(role) | SideOf(protocol.RoleParent)):
		return classPeopleSQL
	}
	return ""
}

// params adds the parameter of the conditions.
func (r reach) params(params dbx.Params) (dbx.Params, error) {
	list, err := json.Marshal(store.RecordIDs(r.classes))
	params["classes"] = string(list)
	return params, err
}

// admits reports whether a person who was found may be shown.
func (r reach) admits(caller, found Person) bool { return r.all || r.rules.MayBegin(caller, found) }
