package school

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// Wanted is whom somebody looks for in an establishment: the people who match all of it.
type Wanted struct {
	Query string // may be empty with a Role or a Class
	Role  string // one of protocol.Roles; in a class, its students, those who teach there, and the students' guardians
	Class protocol.ID

	// Of a list, which is what an empty Query asks for.
	Cursor string // the Next of the page before; "" for the first page
	Limit  int    // 0 for as many as a search finds; at most limits.page_max

	Anybody bool // also people with whom the caller may not begin a conversation

	unlimited bool // the Limit may be larger
	reach     reach
}

func (w Wanted) limit(usual, most int) int {
	switch {
	case w.Limit <= 0:
		return usual
	case w.unlimited:
		return w.Limit
	}
	return min(w.Limit, most)
}

// Directory is a page of people whom somebody has looked for.
type Directory struct {
	Users []protocol.User
	Next  string // the cursor of the next page, "" on the last one and in the results of a search
}

// Find finds people in an establishment with whom the caller may begin a conversation. With a query
// it is Search among those of a role or class; without one it lists them in the order of their names.
func (s *Service) Find(caller Person, establishment protocol.ID, wanted Wanted) (Directory, error) {
	if establishment == 0 || !caller.Belongs(establishment) {
		return Directory{}, ErrNotInSchool
	}
	caller, err := s.WithTies(caller)
	if err != nil {
		return Directory{}, err
	}
	if err := s.checkWanted(caller, establishment, wanted); err != nil {
		return Directory{}, err
	}
	wanted.reach = reach{all: true}
	if !wanted.Anybody {
		if wanted.reach, err = s.reachOf(caller, establishment); err != nil {
			return Directory{}, err
		}
	}
	if strings.TrimSpace(wanted.Query) == "" && (wanted.Role != "" || wanted.Class != 0) {
		return s.list(caller, establishment, wanted)
	}
	users, err := s.search(caller, establishment, wanted)
	return Directory{Users: users}, err
}

// checkWanted refuses a role that doesn't exist, and a class that isn't the caller's.
func (s *Service) checkWanted(caller Person, establishment protocol.ID, wanted Wanted) error {
	if wanted.Role != "" && !slices.Contains(protocol.Roles, wanted.Role) {
		return refusal.Invalid("role", "role must be one of %s.", strings.Join(protocol.Roles, ", "))
	}
	if wanted.Class == 0 {
		return nil
	}
	_, err := s.ClassFor(caller, establishment, wanted.Class)
	return err
}

// list returns a page of people by name.
func (s *Service) list(caller Person, establishment protocol.ID, wanted Wanted) (Directory, error) {
	if err := s.budgets.Searches.Spend(caller, 1); err != nil {
		return Directory{}, err
	}
	limit := wanted.limit(s.limits.SearchResults, s.limits.PageMax)
	after, err := s.placeOf(establishment, wanted.Cursor)
	if err != nil {
		return Directory{}, err
	}
	params, err := wanted.reach.params(wanted.params(dbx.Params{
		"establishment": establishment.RecordID(), "caller": caller.ID.RecordID(),
		"name": after.Name, "after": after.User, "limit": limit + 1}))
	if err != nil {
		return Directory{}, err
	}
	var found []foundRow
	err = s.store.Query(fmt.Sprintf(`SELECT o.user AS id FROM %s
		WHERE o.establishment = {:establishment} AND o.user != {:caller} AND (o.name, o.user) > ({:name}, {:after})%s
		ORDER BY o.name, o.user LIMIT {:limit}`, wanted.ordered(), wanted.reach.condition("o.user", "o.role")), params, &found)
	if err != nil {
		return Directory{}, fmt.Errorf("list people: %w", err)
	}
	var page Directory
	if len(found) > limit {
		found = found[:limit]
		page.Next = protocol.ParseID(found[limit-1].ID).String()
	}
	page.Users, err = s.usersOf(caller, found, wanted.reach)
	return page, err
}

// place is where a page begins: after this person.
type place struct {
	Name string `db:"name"`
	User string `db:"user"`
}

func (s *Service) placeOf(establishment protocol.ID, cursor string) (place, error) {
	if cursor == "" {
		return place{}, nil
	}
	var found []place
	err := s.store.Query(`SELECT name, user FROM people_order WHERE user = {:user} AND establishment = {:establishment}`,
		dbx.Params{"user": protocol.ParseID(cursor).RecordID(), "establishment": establishment.RecordID()}, &found)
	if err != nil {
		return place{}, fmt.Errorf("find page: %w", err)
	}
	if len(found) == 0 { // or the person isn't there any more
		return place{}, refusal.Invalid("cursor", "cursor must come from a previous page.")
	}
	return found[0], nil
}

// foundRow is a person who was found.
type foundRow struct {
	ID string `db:"id"`
}

// usersOf returns people within the caller's reach as the caller sees them, in the same order.
func (s *Service) usersOf(caller Person, found []foundRow, within reach) ([]protocol.User, error) {
	ids := make([]protocol.ID, len(found))
	for i, row := range found {
		ids[i] = protocol.ParseID(row.ID)
	}
	accounts, err := s.Accounts(ids)
	if err != nil {
		return nil, err
	}
	users := make([]protocol.User, 0, len(ids))
	for _, id := range ids {
		if account := accounts[id]; account != nil && within.admits(caller, account.Person) { // else just deleted, or changed
			users = append(users, account.For(caller))
		}
	}
	return users, nil
}

// The people of a class, by what they are there.
const (
	studentsSQL = `SELECT user FROM enrollments WHERE class = {:class} AND role = '` + protocol.InClassStudent + `'`
	teachersSQL = `SELECT user FROM enrollments WHERE class = {:class} AND role != '` + protocol.InClassStudent + `'`
	guardianSQL = `SELECT g.guardian AS user FROM enrollments e JOIN guardianships g ON g.student = e.user
		WHERE e.class = {:class} AND e.role = '` + protocol.InClassStudent + `'`
	everybodySQL = studentsSQL + " UNION " + teachersSQL + " UNION " + guardianSQL
)

// inClass selects the people of the class, of its role if it has one in the class.
func (w Wanted) inClass() string {
	switch w.Role {
	case protocol.RoleStudent:
		return studentsSQL
	case protocol.RoleTeacher:
		return teachersSQL
	case protocol.RoleParent:
		return guardianSQL
	}
	return everybodySQL
}

// hasOtherRole reports whether the role is one that nobody has in a class.
func (w Wanted) hasOtherRole() bool {
	return w.Role != "" && (w.Class == 0 || w.Role == protocol.RoleAdmin || w.Role == protocol.RoleStaff)
}

// ordered is what a list reads: people_order, as o.
func (w Wanted) ordered() string {
	from, candidates := "people_order o", ""
	if w.Class != 0 { // the class first: it has few people
		candidates = w.inClass()
	} else {
		candidates = w.reach.candidates(w.Role)
	}
	if candidates != "" {
		from = "(SELECT DISTINCT user FROM (" + candidates + ")) AS candidates CROSS JOIN people_order o ON o.user = candidates.user"
	}
	if !w.hasOtherRole() {
		return from
	}
	return "(SELECT o.establishment, o.role, o.name, o.user FROM " + from + " WHERE o.role = {:role}) AS o"
}

// condition is that a person, two columns for their id and their role, is among those wanted, and
// within the caller's reach.
func (w Wanted) condition(user, role string) string {
	condition := ""
	if w.Class != 0 {
		condition += " AND " + user + " IN (" + w.inClass() + ")"
	}
	if w.hasOtherRole() {
		condition += " AND " + role + " = {:role}"
	}
	return condition + w.reach.condition(user, role)
}

// params adds the parameters of the conditions.
func (w Wanted) params(params dbx.Params) dbx.Params {
	params["class"], params["role"] = w.Class.RecordID(), w.Role
	return params
}
