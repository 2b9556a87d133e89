package roster

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// At the end of a school year its classes are archived, their students go to the next class, leave,
// or wait for an import, as the administration decides. It is planned, applied and undone like an import.

// YearEnd is what the administration has decided about the classes of earlier years.
type YearEnd struct {
	Year         string // the one that begins
	KeepTeachers bool
	Staying      []protocol.ID // students who neither leave with their class nor are promoted
	Classes      []protocol.YearEndChosen
}

// YearEndOf decodes a request.
func YearEndOf(r protocol.YearEndRequest) (YearEnd, error) {
	decided := YearEnd{Year: r.Year, KeepTeachers: r.KeepTeachers, Staying: r.Staying}
	if len(r.Classes) == 0 || string(r.Classes) == "null" {
		return decided, nil
	}
	if err := json.Unmarshal(r.Classes, &decided.Classes); err != nil {
		return decided, refusal.Invalid("classes", "classes must be a list of classes: {id, action, becomes, becomes_level}.")
	}
	return decided, nil
}

// accept decides as it was proposed.
func accept(p protocol.YearEnd) YearEnd {
	decided := YearEnd{Year: p.Year, KeepTeachers: p.KeepTeachers}
	for _, c := range p.Classes {
		decided.Classes = append(decided.Classes, protocol.YearEndChosen{ID: c.ID, YearEndDecision: c.YearEndDecision})
	}
	return decided
}

// ProposeYearEnd proposes what becomes of the classes of earlier years. Without a year it is the one
// that begins next, from June on.
func (s *Service) ProposeYearEnd(establishment protocol.ID, year string) (protocol.YearEnd, error) {
	none := protocol.YearEnd{}
	if year == "" {
		year = nextYearAt(s.now())
	}
	if err := checkNextYear(year, s.now()); err != nil {
		return none, err
	}
	format, err := s.lastFormat(establishment)
	if err != nil {
		return none, err
	}
	p, err := loadPresent(s.app, establishment)
	if err != nil {
		return none, err
	}
	hasImports := format != "" && format != FormatTable
	return protocol.YearEnd{Year: year, HasImports: hasImports, KeepTeachers: !hasImports, Classes: proposeClasses(p, year, hasImports)}, nil
}

// PlanYearEnd plans the end of a school year and returns the id of the plan. Nothing is changed yet.
// The importer is 0 for the command.
func (s *Service) PlanYearEnd(importer, establishment protocol.ID, decided YearEnd) (protocol.ID, error) {
	if err := checkNextYear(decided.Year, s.now()); err != nil {
		return 0, err
	}
	if !s.reading.TryLock() {
		return 0, errReading
	}
	defer s.reading.Unlock()
	p, err := loadPresent(s.app, establishment)
	if err != nil {
		return 0, err
	}
	fingerprint, err := p.fingerprint()
	if err != nil {
		return 0, err
	}
	var cut sections
	plan, err := newYearPlanner(p, decided, s.now(), cut.add)
	if err != nil {
		return 0, err
	}
	if err := plan.run(); err != nil {
		return 0, err
	}
	portions, err := cut.end()
	if err != nil {
		return 0, err
	}
	return s.keepPlan(&made{roster: &Roster{Format: FormatYearEnd}, year: decided.Year, fingerprint: fingerprint,
		counts: plan.counts, portions: portions}, importer, establishment)
}

// lastFormat returns the format of the last import of files; "" for none.
func (s *Service) lastFormat(establishment protocol.ID) (format string, err error) {
	err = s.app.ConcurrentDB().Select("format").From("roster_imports").
		Where(dbx.HashExp{"establishment": establishment.RecordID(), "state": protocol.RosterApplied}).
		AndWhere(dbx.Not(dbx.HashExp{"format": FormatYearEnd})).OrderBy("applied_at DESC", "id DESC").Limit(1).Row(&format)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find the last import: %w", err)
	}
	return format, nil
}

// nextYearAt returns the school year that is prepared on a day: from June on it is the next one.
func nextYearAt(now time.Time) string {
	first := now.Year()
	if now.Month() < time.June {
		first--
	}
	return fmt.Sprintf("%d-%d", first, first+1)
}

// checkNextYear refuses what isn't a school year, or one that begins in another calendar year.
func checkNextYear(year string, now time.Time) error {
	first, last, _ := strings.Cut(year, "-")
	from, err := strconv.Atoi(first)
	if err != nil || len(first) != 4 || last != strconv.Itoa(from+1) || from > now.Year() {
		return refusal.Invalid("year", "year must be a school year that begins in %d or before, such as %d-%d.", now.Year(), now.Year(), now.Year()+1)
	}
	return nil
}

// check refuses a decision that can't be followed.
func (d YearEnd) check(c protocol.YearEndChosen) error {
	switch {
	case !slices.Contains(protocol.YearEndActions, c.Action):
		return refusal.Invalid("classes", "action must be one of %s.", strings.Join(protocol.YearEndActions, ", "))
	case c.Action != protocol.YearEndPromoted:
		return nil
	case clean(c.Becomes) == "":
		return refusal.Invalid("classes", "becomes must be the name of the next class of %d.", c.ID)
	case utf8.RuneCountInString(clean(c.Becomes)) > maxName || utf8.RuneCountInString(clean(c.BecomesLevel)) > maxName:
		return refusal.Invalid("classes", "The name and the level of a class have at most %d characters.", maxName)
	}
	return nil
}

// proposeClasses proposes what becomes of each class of an earlier year, by level and name.
func proposeClasses(p *present, year string, hasImports bool) []protocol.YearEndClass {
	old := oldClasses(p, year)
	taught, names := map[level]bool{}, map[level][]string{}
	for _, c := range old {
		all := levelsOfClass(c)
		for _, at := range all {
			taught[at] = true
			names[at] = append(names[at], c.Name)
		}
	}
	students, teachers := countPlaces(p)
	classes := []protocol.YearEndClass{}
	for _, c := range old {
		decision := proposeClass(c, taught, names)
		if hasImports && decision.Action == protocol.YearEndPromoted {
			decision.Action = protocol.YearEndWaiting
		}
		classes = append(classes, protocol.YearEndClass{ID: protocol.ParseID(c.ID), Name: c.Name, Level: c.Level, Year: c.Year,
			Students: students[c.ID], Teachers: teachers[c.ID], YearEndDecision: decision})
	}
	return classes
}

// oldClasses are the classes of years before one that aren't archived, in the order of their levels.
func oldClasses(p *present, year string) (old []*classRow) {
	for _, c := range p.classes {
		if !c.Archived && c.Year < year {
			old = append(old, c)
		}
	}
	place := func(c *classRow) level {
		if all := levelsOfClass(c); len(all) > 0 {
			return all[0]
		}
		return level(len(levels))
	}
	slices.SortStableFunc(old, func(a, b *classRow) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(fold(a.Name), fold(b.Name)))
	})
	return old
}

// proposeClass proposes nothing for a class of several levels, or of none: its students wait.
func proposeClass(c *classRow, taught map[level]bool, names map[level][]string) protocol.YearEndDecision {
	all := levelsOfClass(c)
	if len(all) != 1 {
		return protocol.YearEndDecision{Action: protocol.YearEndWaiting}
	}
	at := all[0]
	if at.isLast(taught) {
		return protocol.YearEndDecision{Action: protocol.YearEndLeaving}
	}
	decision := protocol.YearEndDecision{
		Action: protocol.YearEndPromoted, Becomes: promotedName(c.Name, at), BecomesLevel: levels[at+1]}
	if next := names[at+1]; !slices.Contains(next, decision.Becomes) && len(next) == 1 && len(names[at]) == 1 {
		decision.Becomes = next[0] // each is the only one of its level
	}
	decision.Becomes = cmp.Or(decision.Becomes, levels[at+1])
	if at.mixes() {
		decision.Action = protocol.YearEndWaiting
	}
	return decision
}

// countPlaces counts the students and teachers of each class who haven't left.
func countPlaces(p *present) (students, teachers map[string]int) {
	students, teachers = map[string]int{}, map[string]int{}
	for _, e := range p.enrollments {
		switch a := p.byID[e.User]; {
		case a == nil || a.Disabled:
		case e.Role == protocol.InClassStudent:
			students[e.Class]++
		default:
			teachers[e.Class]++
		}
	}
	return students, teachers
}
