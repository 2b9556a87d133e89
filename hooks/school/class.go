package school

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// WithGuardians returns a person and, of a student, the guardians: the child stands beside their names.
func WithGuardians(app core.App, person string) ([]protocol.ID, error) {
	return peopleOf(app, `SELECT {:id} UNION SELECT guardian FROM guardianships WHERE student = {:id}`, person)
}

// PeopleOfClass returns everybody in a class, and the guardians of its students.
func PeopleOfClass(app core.App, class string) ([]protocol.ID, error) {
	return peopleOf(app, `SELECT user FROM enrollments WHERE class = {:id} UNION
		SELECT g.guardian FROM enrollments e JOIN guardianships g ON g.student = e.user WHERE e.class = {:id}`, class)
}

func peopleOf(app core.App, query, id string) ([]protocol.ID, error) {
	var found []string
	if err := app.ConcurrentDB().NewQuery(query).Bind(dbx.Params{"id": id}).Column(&found); err != nil {
		return nil, fmt.Errorf("find people: %w", err)
	}
	people := make([]protocol.ID, len(found))
	for i, id := range found {
		people[i] = protocol.ParseID(id)
	}
	return people, nil
}

// announceTies announces that a person has other classes.
func (s *Service) announceTies(tx core.App, person string) error {
	people, err := WithGuardians(tx, person)
	if err == nil {
		s.store.Announce(tx, TiesChanged{people})
	}
	return err
}

// bindClasses checks the school year of a class, and announces its new name, or that it is archived.
func (s *Service) bindClasses() {
	s.app.OnRecordCreate("classes").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := checkYear(e.Record.GetString("year")); err != nil {
			return err
		}
		return e.Next()
	}))
	s.app.OnRecordUpdate("classes").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original()
		if err := checkYear(e.Record.GetString("year")); err != nil {
			return err
		}
		if e.Record.GetString("establishment") != before.GetString("establishment") {
			return refusal.OnField("establishment", refusal.New(protocol.CodeInvalidRequest, "The establishment of a class can't be changed."))
		}
		if err := e.Next(); err != nil {
			return err
		}
		people, err := PeopleOfClass(e.App, e.Record.Id)
		if err == nil {
			s.store.Announce(e.App, TiesChanged{people})
		}
		return err
	}))
}

// checkYear refuses a school year such as 2026-2028. The field's pattern refuses anything else.
func checkYear(year string) error {
	if len(year) != len("2026-2027") {
		return nil
	}
	first, err := strconv.Atoi(year[:4])
	if err != nil {
		return nil
	}
	if last, err := strconv.Atoi(year[5:]); err != nil || last == first+1 {
		return nil
	}
	return refusal.OnField("year", refusal.New(protocol.CodeInvalidRequest, "A school year is two years in a row, such as %d-%d.", first, first+1))
}

// Class is a class as it is stored.
type Class struct {
	ID            protocol.ID
	Name          string
	Establishment protocol.ID
	Archived      bool
}

// ErrUnknownClass also refuses a class that isn't one of the caller's: nobody learns that it exists.
var ErrUnknownClass = refusal.New(protocol.CodeUnknownClass, "There is no such class in this establishment, or it isn't one of yours.")

// FindClass returns a class, nil if there is none.
func FindClass(app core.App, id protocol.ID) (*Class, error) {
	var row struct {
		Name          string `db:"name"`
		Establishment string `db:"establishment"`
		Archived      bool   `db:"archived"`
	}
	err := app.ConcurrentDB().Select("name", "establishment", "archived").From("classes").
		Where(dbx.HashExp{"id": id.RecordID()}).One(&row)
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find class: %w", err)
	}
	return &Class{id, row.Name, protocol.ParseID(row.Establishment), row.Archived}, nil
}

// ClassFor returns a current class of an establishment: staff see all, others their own and their
// children's.
func (s *Service) ClassFor(caller Person, establishment, id protocol.ID) (*Class, error) {
	class, err := FindClass(s.app, id)
	switch {
	case err != nil:
		return nil, err
	case class == nil, class.Archived, class.Establishment != establishment, !caller.Belongs(establishment):
		return nil, ErrUnknownClass
	case !caller.IsStaff() && !slices.Contains(caller.Classes(), id):
		return nil, ErrUnknownClass
	}
	return class, nil
}

// summariesSQL counts everybody once. Those who have left aren't counted.
const summariesSQL = `SELECT classes.id, classes.name, classes.level, classes.year,
	(SELECT count(*) FROM enrollments e JOIN users u ON u.id = e.user
		WHERE e.class = classes.id AND e.role = 'student' AND u.disabled = FALSE) AS students,
	(SELECT count(*) FROM enrollments e JOIN users u ON u.id = e.user
		WHERE e.class = classes.id AND e.role != 'student' AND u.disabled = FALSE) AS teachers,
	(SELECT count(DISTINCT g.guardian) FROM enrollments e JOIN guardianships g ON g.student = e.user JOIN users u ON u.id = g.guardian
		WHERE e.class = classes.id AND e.role = 'student' AND u.disabled = FALSE) AS guardians
	FROM classes WHERE classes.establishment = {:establishment} AND classes.archived = FALSE
		AND ({:all} OR classes.id IN (SELECT value FROM json_each({:ids})))
		AND (classes.name COLLATE NOCASE, classes.id) > ({:name}, {:after})
	ORDER BY classes.name COLLATE NOCASE, classes.id LIMIT {:limit}`

// Classes returns a page of the current classes of an establishment that the caller may address, by
// name, and the cursor of the next page, "" on the last one. A limit of 0 is the default.
func (s *Service) Classes(caller Person, establishment protocol.ID, cursor string, limit int) (page []protocol.ClassSummary, next string, err error) {
	if establishment == 0 || !caller.Belongs(establishment) {
		return nil, "", ErrNotInSchool
	}
	params, err := store.IDParams(caller.Classes())
	if err != nil {
		return nil, "", err
	}
	after, err := s.classOf(establishment, cursor)
	if err != nil {
		return nil, "", err
	}
	limit = Wanted{Limit: limit}.limit(s.limits.PageDefault, s.limits.PageMax)
	params["establishment"], params["all"] = establishment.RecordID(), caller.IsStaff()
	params["name"], params["after"], params["limit"] = after.Name, after.ID.RecordID(), limit+1
	var rows []struct {
		ID        string `db:"id"`
		Name      string `db:"name"`
		Level     string `db:"level"`
		Year      string `db:"year"`
		Students  int    `db:"students"`
		Teachers  int    `db:"teachers"`
		Guardians int    `db:"guardians"`
	}
	if err := s.store.Query(summariesSQL, params, &rows); err != nil {
		return nil, "", fmt.Errorf("list classes: %w", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = protocol.ParseID(rows[limit-1].ID).String()
	}
	page = make([]protocol.ClassSummary, len(rows))
	for i, r := range rows {
		page[i] = protocol.ClassSummary{ID: protocol.ParseID(r.ID), Name: r.Name, Level: r.Level, Year: r.Year,
			Students: r.Students, Teachers: r.Teachers, Guardians: r.Guardians}
	}
	return page, next, nil
}

// classOf returns the class of a cursor, after which a page begins; the zero Class is before all of them.
func (s *Service) classOf(establishment protocol.ID, cursor string) (Class, error) {
	if cursor == "" {
		return Class{}, nil
	}
	class, err := FindClass(s.app, protocol.ParseID(cursor))
	switch {
	case err != nil:
		return Class{}, err
	case class == nil || class.Establishment != establishment:
		return Class{}, refusal.Invalid("cursor", "cursor must come from a previous page.")
	}
	return *class, nil
}
