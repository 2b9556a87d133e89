package school

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// ties are the classes of a person, and the children they are responsible for: current classes
// only, and children who haven't left. They are shared and never changed.
type ties struct {
	classes  classes
	children []child
}

// classes are those beside somebody's name, and the establishment of each.
type classes struct {
	list           []protocol.Class
	establishments []protocol.ID
}

// child is a student beside a guardian's name.
type child struct {
	protocol.Child               // without the classes
	establishments []protocol.ID // the child's
	classes        classes
}

// WithTies returns a caller, who was read from a record, with their classes and children.
func (s *Service) WithTies(caller Person) (Person, error) {
	account, err := s.Account(caller.ID)
	if account != nil {
		caller.ties = account.ties
	}
	return caller, err
}

// Classes returns the ids of the classes that a person may address: their own and their children's.
func (p Person) Classes() []protocol.ID {
	var ids []protocol.ID
	if p.ties == nil {
		return ids
	}
	for _, c := range p.ties.classes.list {
		ids = append(ids, c.ID)
	}
	for _, child := range p.ties.children {
		for _, c := range child.classes.list {
			ids = append(ids, c.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// IsIn reports whether a person teaches in a class, or is one of its students.
func (p Person) IsIn(id protocol.ID) bool {
	return p.ties != nil && slices.ContainsFunc(p.ties.classes.list, func(c protocol.Class) bool { return c.ID == id })
}

// isResponsibleFor reports whether a person is a guardian of a student.
func (p Person) isResponsibleFor(student protocol.ID) bool {
	return p.ties != nil && slices.ContainsFunc(p.ties.children, func(c child) bool { return c.ID == student })
}

// showTies adds to user, which is p as the viewer sees them, what the viewer may see of the ties:
//
//   - the classes of somebody who works at the school: everybody
//   - the classes of a student: the student and their guardians; staff, those of their establishments
//   - a child: the guardian and the child's other guardians; staff of the child's establishments
func (p Person) showTies(user *protocol.User, viewer Person) {
	own := p.ID == viewer.ID
	switch {
	case own, p.IsStaff(), viewer.isResponsibleFor(p.ID):
		user.Classes = p.ties.classes.list
	case viewer.IsStaff():
		user.Classes = p.ties.classes.of(viewer.Establishments)
	}
	for _, child := range p.ties.children {
		view := child.Child
		switch {
		case own, viewer.isResponsibleFor(child.ID):
			view.Classes = child.classes.list
		case viewer.IsStaff() && slices.ContainsFunc(child.establishments, viewer.Belongs):
			view.Classes = child.classes.of(viewer.Establishments)
		default:
			continue
		}
		if user.Children == nil {
			user.Children = make([]protocol.Child, 0, len(p.ties.children))
		}
		user.Children = append(user.Children, view)
	}
}

// of returns the classes of some establishments.
func (c classes) of(establishments []protocol.ID) (list []protocol.Class) {
	isElsewhere := func(id protocol.ID) bool { return !slices.Contains(establishments, id) }
	if !slices.ContainsFunc(c.establishments, isElsewhere) {
		return c.list
	}
	for i, id := range c.establishments {
		if !isElsewhere(id) {
			list = append(list, c.list[i])
		}
	}
	return list
}

// add is for loadTies.
func (c *classes) add(id, name, establishment string, head bool) {
	c.list = append(c.list, protocol.Class{ID: protocol.ParseID(id), Name: name, Head: head})
	c.establishments = append(c.establishments, protocol.ParseID(establishment))
}

func (c classes) clip() classes { return classes{slices.Clip(c.list), slices.Clip(c.establishments)} }

// The queries of loadTies, one each for any number of people.
const (
	classesSQL = `SELECT e.user, c.id, c.name, c.establishment, e.role = '` + protocol.InClassHeadTeacher + `' AS head
		FROM json_each({:ids}) AS page JOIN enrollments e ON e.user = page.value JOIN classes c ON c.id = e.class
		WHERE c.archived = FALSE ORDER BY c.name COLLATE NOCASE, c.id`
	childrenSQL = `SELECT g.guardian, g.relation, u.id, u.first_name, u.last_name, u.establishments,
		(SELECT json_group_array(json_array(c.id, c.name, c.establishment) ORDER BY c.name COLLATE NOCASE, c.id)
			FROM enrollments e JOIN classes c ON c.id = e.class WHERE e.user = u.id AND c.archived = FALSE) AS classes
		FROM json_each({:ids}) AS page JOIN guardianships g ON g.guardian = page.value JOIN users u ON u.id = g.student
		WHERE u.disabled = FALSE ORDER BY u.last_name, u.first_name, u.id`
)

type classRow struct {
	User          string `db:"user"`
	ID            string `db:"id"`
	Name          string `db:"name"`
	Establishment string `db:"establishment"`
	Head          bool   `db:"head"`
}

type childRow struct {
	Guardian       string                  `db:"guardian"`
	Relation       string                  `db:"relation"`
	ID             string                  `db:"id"`
	FirstName      string                  `db:"first_name"`
	LastName       string                  `db:"last_name"`
	Establishments types.JSONArray[string] `db:"establishments"`
	Classes        string                  `db:"classes"` // triples of id, name and establishment, as JSON
}

func (r childRow) child() (child, error) {
	c := child{Child: protocol.Child{
		ID: protocol.ParseID(r.ID), FirstName: r.FirstName, LastName: r.LastName, Relation: r.Relation,
	}}
	for _, id := range r.Establishments {
		c.establishments = append(c.establishments, protocol.ParseID(id))
	}
	var triples [][3]string
	if err := json.Unmarshal([]byte(r.Classes), &triples); err != nil {
		return child{}, err
	}
	for _, of := range triples {
		c.classes.add(of[0], of[1], of[2], false)
	}
	c.classes = c.classes.clip()
	return c, nil
}

// loadTies reads the ties of people, by their id; it has none for those who have none.
func (s *Service) loadTies(people []protocol.ID) (map[protocol.ID]*ties, error) {
	params, err := store.IDParams(people)
	if err != nil {
		return nil, err
	}
	var memberships []classRow
	if err := s.store.Query(classesSQL, params, &memberships); err != nil {
		return nil, fmt.Errorf("load classes: %w", err)
	}
	var children []childRow
	if err := s.store.Query(childrenSQL, params, &children); err != nil {
		return nil, fmt.Errorf("load children: %w", err)
	}
	loaded := make(map[protocol.ID]*ties)
	of := func(person string) *ties {
		id := protocol.ParseID(person)
		if loaded[id] == nil {
			loaded[id] = new(ties)
		}
		return loaded[id]
	}
	for _, row := range memberships {
		of(row.User).classes.add(row.ID, row.Name, row.Establishment, row.Head)
	}
	for _, row := range children {
		c, err := row.child()
		if err != nil {
			return nil, fmt.Errorf("load children: %w", err)
		}
		t := of(row.Guardian)
		t.children = append(t.children, c)
	}
	for _, t := range loaded {
		t.classes, t.children = t.classes.clip(), slices.Clip(t.children)
	}
	return loaded, nil
}

// The sizes of ties without their texts, as allocated.
const (
	tiesBytes  = 80
	classBytes = 40
	childBytes = 160
)

func (t *ties) cacheSize() int {
	if t == nil {
		return 0
	}
	size := tiesBytes + t.classes.cacheSize()
	for _, c := range t.children {
		size += childBytes + len(c.FirstName) + len(c.LastName) + len(c.Relation) + idBytes*len(c.establishments) + c.classes.cacheSize()
	}
	return size
}

func (c classes) cacheSize() int {
	size := classBytes * len(c.list)
	for _, class := range c.list {
		size += len(class.Name)
	}
	return size
}
