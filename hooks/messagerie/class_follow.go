package messagerie

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// bindClassGroups keeps the people of groups true to their classes, in the transaction that changes
// a class, whoever saves it.
func (s *Service) bindClassGroups() {
	s.followEnrollments()
	s.followGuardianships()
	s.followUsers()
	s.followClasses()
}

// placing is what may have changed: who of these people belongs to the groups of these classes.
type placing struct {
	classes []string
	people  []protocol.ID // with the guardians of students
	subject string        // who has joined or left a class: as staff, they aren't in its groups by hand

	families bool // a student has joined or left, or has other guardians: as staff, these aren't in groups of parents by hand
}

func (s *Service) followEnrollments() {
	follow := func(tx core.App, enrollment *core.Record) error {
		class, user := enrollment.GetString("class"), enrollment.GetString("user")
		followed, err := column(tx, hasGroupsSQL, dbx.Params{"class": class})
		if err != nil || len(followed) == 0 { // as in most of an import
			return err
		}
		people, err := school.WithGuardians(tx, user)
		if err != nil {
			return err
		}
		return s.follow(tx, placing{[]string{class}, people, user, true})
	}
	s.afterSaves("enrollments", follow)
}

func (s *Service) followGuardianships() {
	s.afterSaves("guardianships", func(tx core.App, guardianship *core.Record) error {
		classes, err := column(tx, followedClassesSQL, dbx.Params{"user": guardianship.GetString("student")})
		if err != nil {
			return err
		}
		return s.follow(tx, placing{classes: classes, people: []protocol.ID{protocol.ParseID(guardianship.GetString("guardian"))}, families: true})
	})
}

// afterSaves calls follow with a record after it was created or deleted, and after a change with
// what it was before and what it is.
func (s *Service) afterSaves(collection string, follow func(core.App, *core.Record) error) {
	handler := store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		if err := e.Next(); err != nil {
			return err
		}
		if !before.IsNew() {
			if err := follow(e.App, before); err != nil {
				return err
			}
		}
		return follow(e.App, e.Record)
	})
	s.app.OnRecordCreate(collection).Bind(handler)
	s.app.OnRecordUpdate(collection).Bind(handler)
	s.app.OnRecordDelete(collection).Bind(handler)
}

// followUsers follows people whose account is disabled or enabled, or who change establishments or
// roles: only staff are in a group by hand.
func (s *Service) followUsers() {
	s.app.OnRecordUpdate("users").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		isSame := before.GetBool("disabled") == e.Record.GetBool("disabled") &&
			before.GetString("role") == e.Record.GetString("role") &&
			slices.Equal(before.GetStringSlice("establishments"), e.Record.GetStringSlice("establishments"))
		if err := e.Next(); err != nil || isSame {
			return err
		}
		people, err := school.WithGuardians(e.App, e.Record.Id)
		if err != nil {
			return err
		}
		params, err := store.IDParams(people)
		if err != nil {
			return err
		}
		classes, err := column(e.App, classesOfSQL, params)
		if err != nil {
			return err
		}
		return s.follow(e.App, placing{classes: classes, people: people})
	}))
}

// followClasses renames the groups of a class that have its name, tells their people when they stop
// following it, and detaches them before it is deleted, so that they keep their people.
func (s *Service) followClasses() {
	s.app.OnRecordUpdate("classes").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return s.classChanged(e.App, e.Record.Original(), e.Record)
	}))
	s.app.OnRecordDelete("classes").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		groups, err := groupsOf(e.App, e.Record.Id)
		if err != nil {
			return err
		}
		for _, group := range groups {
			group.Set("class", "")
			if err := e.App.Save(group); err != nil {
				return fmt.Errorf("detach group: %w", err)
			}
		}
		return e.Next()
	}))
}

func (s *Service) classChanged(tx core.App, before, after *core.Record) error {
	renamed := before.GetString("name") != after.GetString("name")
	switched := before.GetBool("archived") != after.GetBool("archived")
	if !renamed && !switched {
		return nil
	}
	groups, err := groupsOf(tx, after.Id)
	if err != nil || len(groups) == 0 {
		return err
	}
	for _, group := range groups {
		audience := group.GetStringSlice("audience")
		if renamed && group.GetString("title") == classTitle(before.GetString("name"), audience) {
			group.Set("title", classTitle(after.GetString("name"), audience))
			if err := tx.Save(group); err != nil {
				return fmt.Errorf("rename group: %w", err)
			}
			renamed := groupEvent{kind: protocol.EventRenamed, cause: protocol.CauseClass, title: group.GetString("title")}
			if err := s.noteEvents(tx, protocol.ParseID(group.Id), renamed); err != nil {
				return err
			}
		}
		if switched {
			s.store.Announce(tx, ConversationChanged{protocol.ParseID(group.Id)})
		}
	}
	if !switched || after.GetBool("archived") {
		return nil
	}
	return s.followAgain(tx, after.Id)
}

// followAgain updates the groups of a class that is no longer archived: people may have left the class in the meantime.
func (s *Service) followAgain(tx core.App, class string) error {
	people, err := school.PeopleOfClass(tx, class)
	if err != nil {
		return err
	}
	members, err := column(tx, membersSQL, dbx.Params{"class": class})
	if err != nil {
		return err
	}
	for _, member := range members {
		people = append(people, protocol.ParseID(member))
	}
	return s.follow(tx, placing{classes: []string{class}, people: distinct(people)})
}

func groupsOf(tx core.App, class string) (groups []*core.Record, err error) {
	err = tx.RecordQuery("conversations").AndWhere(dbx.HashExp{"class": class}).AndWhere(dbx.NewExp("class != ''")).All(&groups)
	if err != nil {
		return nil, fmt.Errorf("find groups of class: %w", err)
	}
	return groups, nil
}

// The classes that have groups: one of them, its groups' people, and those of a student.
const (
	membersSQL         = `SELECT p.user FROM conversations c JOIN participants p ON p.conversation = c.id WHERE c.class = {:class} AND c.class != ''`
	hasGroupsSQL       = `SELECT id FROM conversations WHERE class = {:class} AND class != '' LIMIT 1`
	followedClassesSQL = `SELECT e.class FROM enrollments e WHERE e.user = {:user} AND EXISTS (
		SELECT 1 FROM conversations c WHERE c.class = e.class AND c.class != '')`
)

// classesOfSQL finds the classes whose groups people are in, or may join.
const classesOfSQL = `SELECT c.class FROM json_each({:ids}) JOIN participants p ON p.user = value
		CROSS JOIN conversations c ON c.id = p.conversation AND c.class != ''
	UNION SELECT e.class FROM json_each({:ids}) JOIN enrollments e ON e.user = value
	UNION SELECT e.class FROM json_each({:ids}) JOIN guardianships g ON g.guardian = value JOIN enrollments e ON e.user = g.student`

func column(tx core.App, query string, params dbx.Params) (list []string, err error) {
	if err := tx.ConcurrentDB().NewQuery(query).Bind(params).Column(&list); err != nil {
		return nil, fmt.Errorf("follow class: %w", err)
	}
	return list, nil
}
