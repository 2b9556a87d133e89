package messagerie

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// audienceFor returns an audience as it is stored: in order, and with the teachers. Without one a
// group is for the class itself.
func audienceFor(wanted []string) ([]string, error) {
	for _, who := range wanted {
		if !slices.Contains(protocol.Audiences, who) {
			return nil, refusal.Invalid("audience", "audience is some of %s.", strings.Join(protocol.Audiences, ", "))
		}
	}
	if len(wanted) == 0 {
		wanted = []string{protocol.RoleStudent}
	}
	audience := slices.Clone(protocol.Audiences)
	return slices.DeleteFunc(audience, func(who string) bool {
		return who != protocol.RoleTeacher && !slices.Contains(wanted, who)
	}), nil
}

// classTitle is the title of a group that nobody has given one.
func classTitle(class string, audience []string) string {
	students, parents := slices.Contains(audience, protocol.RoleStudent), slices.Contains(audience, protocol.RoleParent)
	switch {
	case students && parents:
		return class + " – élèves et parents"
	case parents:
		return class + " – parents"
	case students:
		return class
	}
	return class + " – équipe pédagogique"
}

// storedAudience is an audience as PocketBase stores it.
func storedAudience(audience []string) string {
	data, err := json.Marshal(audience)
	if err != nil {
		panic(err) // of strings
	}
	return string(data)
}

// classAudience returns the active people of a class who belong to an audience.
func classAudience(app core.App, class protocol.ID, audience []string) ([]protocol.ID, error) {
	var ids []string
	err := app.ConcurrentDB().NewQuery(audienceSQL).
		Bind(dbx.Params{"class": class.RecordID(), "audience": storedAudience(audience)}).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("load class: %w", err)
	}
	users := make([]protocol.ID, len(ids))
	for i, id := range ids {
		users[i] = protocol.ParseID(id)
	}
	return users, nil
}

// isActiveSQL is that u, a person, has an account in the establishment of k, a class; inAudienceSQL
// that they belong to {{audience}}, which is JSON, of the class.
const (
	isActiveSQL = `(u.disabled = FALSE AND EXISTS (SELECT 1 FROM json_each(u.establishments) WHERE value = k.establishment))`

	inAudienceSQL = `(EXISTS (SELECT 1 FROM enrollments e WHERE e.class = k.id AND e.user = u.id
			AND (e.role != 'student' OR EXISTS (SELECT 1 FROM json_each({{audience}}) WHERE value = 'student')))
		OR EXISTS (SELECT 1 FROM json_each({{audience}}) WHERE value = 'parent')
			AND EXISTS (SELECT 1 FROM guardianships g JOIN enrollments e ON e.user = g.student AND e.class = k.id AND e.role = 'student'
				JOIN users s ON s.id = g.student AND s.disabled = FALSE WHERE g.guardian = u.id))`
)

var audienceSQL = `SELECT u.id FROM classes k, users u WHERE k.id = {:class} AND u.id IN (
		SELECT user FROM enrollments WHERE class = {:class} UNION
		SELECT g.guardian FROM enrollments e JOIN guardianships g ON g.student = e.user WHERE e.class = {:class})
	AND ` + isActiveSQL + ` AND ` + strings.ReplaceAll(inAudienceSQL, "{{audience}}", "{:audience}") + ` ORDER BY u.id`

// fillClassGroup adds the people of its class to a new group.
func (s *Service) fillClassGroup(tx core.App, record *core.Record) error {
	class := protocol.ParseID(record.GetString("class"))
	if class == 0 {
		return nil
	}
	users, err := classAudience(tx, class, record.GetStringSlice("audience"))
	if err != nil {
		return err
	}
	return s.insertParticipants(tx, protocol.ParseID(record.Id), users)
}

// checkClassOf applies to every conversation with a class, however it is saved.
func checkClassOf(tx core.App, record *core.Record) error {
	if record.GetString("class") == "" {
		record.Set("audience", []string{})
		return nil
	}
	class, err := school.FindClass(tx, protocol.ParseID(record.GetString("class")))
	if err != nil {
		return err
	}
	audience, err := audienceFor(record.GetStringSlice("audience"))
	switch {
	case err != nil:
		return err
	case class == nil:
		return nil // the relation's own check names the field
	case class.Establishment.RecordID() != record.GetString("establishment"):
		return refusal.OnField("class", refusal.New(protocol.CodeUnknownClass, "This class is in another establishment."))
	case record.GetString("kind") != protocol.KindGroup:
		return refusal.OnField("class", ErrNotAGroup)
	}
	record.Set("audience", audience)
	return nil
}

// keepClassOf lets a group be detached from its class, which then is never changed back.
func keepClassOf(record *core.Record) error {
	before := record.Original()
	switch record.GetString("class") {
	case "":
		record.Set("audience", []string{})
	case before.GetString("class"):
		record.Set("audience", before.GetStringSlice("audience"))
	default:
		return refusal.OnField("class", refusal.New(protocol.CodeInvalidRequest, "A group can't be made to follow a class: create one that does."))
	}
	return nil
}
