package roster

import (
	"fmt"
	"strings"

	"messagerie/hooks/protocol"
)

// user reads a person. Who is to be deleted, or may not log in any more, has left.
func (w *row) user() error {
	id := w.value(ColumnExternalID, maxExternalID)
	role, known := w.oneRoster.roles[id]
	if !known {
		name := w.value(ColumnRole, maxName)
		if role = roleNames[nameKey(name)]; role == "" {
			w.failRole(name)
		}
		w.noteRelation(id, name)
	}
	p := w.person(role)
	if preferred := w.value(columnOtherFirst, maxName); preferred != "" {
		p.FirstName = addressed(preferred)
	}
	p.BirthDate = w.oneRoster.birthDays[id]
	if w.isDeleted() || nameKey(w.value(columnEnabled, maxName)) == "false" {
		p.Left, _ = parseDay(w.value(columnModified, maxName))
		if p.Left == "" || p.Left > w.today {
			p.Left = w.today
		}
	}
	if id == "" {
		w.fail(w.where(ColumnExternalID), ProblemUnknownPerson, "sourcedId manque.")
	}
	agents := w.value(columnAgents, 50*maxExternalID)
	if w.bad {
		w.leaveOut(p)
		return nil
	}
	if _, ok := w.add(p); ok && p.Left == "" {
		for _, other := range strings.Split(agents, ",") {
			if other = strings.TrimSpace(other); other != "" {
				w.oneRoster.agents = append(w.oneRoster.agents, agent{user: id, other: other, at: w.at})
			}
		}
	}
	return nil
}

// noteRelation keeps whether a guardian is one by law or a relative, by the name of the role.
func (w *row) noteRelation(id, role string) {
	if relation := relationNames[nameKey(role)]; relation != "" {
		w.oneRoster.relations[id] = relation
	}
}

// oneRosterClass reads a class. Its name is known when all are read: several may have one title.
func (w *row) oneRosterClass() error {
	id, title := w.value(ColumnExternalID, maxExternalID), w.value(columnTitle, maxName)
	if w.isDeleted() {
		return nil
	}
	if title == "" {
		w.fail(w.where(columnTitle), ProblemMissingName, "Le nom de la classe manque.")
	}
	class := oneRosterRow{
		title: title, code: w.value(columnClassCode, maxName), level: w.value(ColumnLevel, maxName),
		homeroom: nameKey(w.value(columnClassType, maxName)) == "homeroom",
	}
	if strings.Contains(class.level, ",") {
		class.level = ""
	}
	if !w.bad {
		w.oneRoster.classes[id] = class
		w.oneRoster.titles[fold(title)]++
	}
	return nil
}

// nameOfClass returns a name that no other class has.
func (w *row) nameOfClass(id string, class oneRosterRow) string {
	if w.oneRoster.titles[fold(class.title)] < 2 {
		return class.title
	}
	for _, more := range []string{class.code, id} {
		name := fmt.Sprintf("%s (%s)", class.title, more)
		if owner, taken := w.oneRoster.names[fold(name)]; more != "" && (!taken || owner == id) {
			w.oneRoster.names[fold(name)] = id
			return string([]rune(name)[:min(maxName, len([]rune(name)))])
		}
	}
	return class.title
}

// enrollment puts a user into a class. The primary teacher of a homeroom is its head teacher.
func (w *row) enrollment() error {
	person, class := w.value(columnUserID, maxExternalID), w.value(columnClassID, maxExternalID)
	role := nameKey(w.value(ColumnRole, maxName))
	if w.isDeleted() || role != protocol.InClassStudent && role != protocol.InClassTeacher || w.leftOut[person] {
		return nil
	}
	p := w.byExternalID(person)
	found, known := w.oneRoster.classes[class]
	switch {
	case p == nil && person == "":
		w.fail(w.where(columnUserID), ProblemUnknownPerson, "L'identifiant de la personne manque.")
		return nil
	case p == nil:
		w.fail(w.where(columnUserID), ProblemUnknownPerson, "Personne n'a l'identifiant « %s » dans ces fichiers.", person)
		return nil
	case p.Left != "":
		return nil
	case class == "":
		w.fail(w.where(columnClassID), ProblemUnknownClass, "L'identifiant de la classe manque.")
		p.Partial = true
		return nil
	case !known:
		w.fail(w.where(columnClassID), ProblemUnknownClass, "Aucune classe n'a l'identifiant « %s » dans ces fichiers.", class)
		p.Partial = true
		return nil
	}
	if found.homeroom && role == protocol.InClassTeacher && nameKey(w.value(columnPrimary, maxName)) == "true" {
		role = protocol.InClassHeadTeacher
	}
	w.enroll(p.Key, w.class(w.nameOfClass(class, found), found.level), role, w.at)
	return nil
}

// resolveAgents ties guardians to students, whichever of the two names the other.
func (r *reading) resolveAgents() {
	o := &r.oneRoster
	if o.ends > 0 {
		r.roster.Year = fmt.Sprintf("%d-%d", o.ends-1, o.ends)
	}
	for _, a := range o.agents {
		user, other := r.byExternalID(a.user), r.byExternalID(a.other)
		switch {
		case other == nil && r.leftOut[a.other]:
			user.Partial = true
			continue
		case other == nil:
			user.Partial = true
			r.problem(a.at, ProblemUnknownPerson, "Personne n'a l'identifiant « %s » dans ces fichiers.", a.other)
			continue
		case user.Role != protocol.RoleStudent:
			user, other = other, user
		}
		if user.Role != protocol.RoleStudent || other.Role == protocol.RoleStudent || user.Left != "" || other.Left != "" {
			continue
		}
		relation := o.relations[other.ExternalID]
		r.guard(Guardianship{Guardian: other.Key, Student: user.Key, Relation: relation, At: a.at,
			Legal: relation != protocol.RelationRelative})
	}
	if r.roster.Format == FormatOneRoster && !o.delta {
		for _, role := range protocol.Roles {
			r.complete[role] = true
		}
	}
}
