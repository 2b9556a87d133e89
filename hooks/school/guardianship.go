package school

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// bindGuardianships checks who becomes responsible for whom, and announces it.
func (s *Service) bindGuardianships() {
	announce := func(tx core.App, guardian string) {
		s.store.Announce(tx, TiesChanged{People: []protocol.ID{protocol.ParseID(guardian)}})
	}
	save := func(e *core.RecordEvent) error {
		if err := checkGuardianship(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		announce(e.App, e.Record.GetString("guardian"))
		return nil
	}
	s.app.OnRecordCreate("guardianships").Bind(store.Handler(store.PriorityRule, save))
	s.app.OnRecordUpdate("guardianships").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before := e.Record.Original().GetString("guardian")
		if err := save(e); err != nil {
			return err
		}
		if before != e.Record.GetString("guardian") {
			announce(e.App, before)
		}
		return nil
	}))
	s.app.OnRecordDelete("guardianships").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		announce(e.App, e.Record.GetString("guardian"))
		return nil
	}))
}

const guardianshipSQL = `SELECT s.role,
	EXISTS (SELECT 1 FROM json_each(g.establishments) AS page_g JOIN json_each(s.establishments) AS page_s ON page_s.value = page_g.value) AS shares
	FROM users g, users s WHERE g.id = {:guardian} AND s.id = {:student}`

// checkGuardianship applies to every guardian, however they are entered.
func checkGuardianship(tx core.App, record *core.Record) error {
	guardian, student := record.GetString("guardian"), record.GetString("student")
	if guardian == student && guardian != "" {
		return refusal.OnField("guardian", refusal.New(protocol.CodeOwnGuardian, "Nobody is their own guardian."))
	}
	var found struct {
		Role   string `db:"role"`
		Shares bool   `db:"shares"`
	}
	err := tx.ConcurrentDB().NewQuery(guardianshipSQL).Bind(dbx.Params{"guardian": guardian, "student": student}).One(&found)
	if isNoRows(err) {
		return nil // the relations' own checks name the field
	}
	if err != nil {
		return fmt.Errorf("check guardianship: %w", err)
	}
	switch {
	case found.Role != protocol.RoleStudent:
		return refusal.OnField("student", refusal.New(protocol.CodeNotAStudent, "Only somebody whose role is student has guardians."))
	case !found.Shares:
		return refusal.OnField("guardian", refusal.New(protocol.CodeNoSharedEstablishment, "The guardian and the student have no establishment in common."))
	}
	return nil
}

const guardiansToJoinSQL = `SELECT u.id FROM guardianships g JOIN users u ON u.id = g.guardian
	WHERE g.student = {:student} AND g.legal = TRUE AND u.disabled = FALSE AND u.id != {:adult}
		AND EXISTS (SELECT 1 FROM json_each(u.establishments) WHERE value = {:establishment}) ORDER BY u.id`

// GuardiansToJoin returns the legal guardians who, by the rules of an establishment, take part in what
// one person begins with another: an adult with a student who is younger than the age set there. A
// student whose birth date isn't known is younger. The guardians themselves write to their child alone.
func (s *Service) GuardiansToJoin(adult, student Person, establishment protocol.ID) ([]protocol.ID, error) {
	rules, err := s.Rules(establishment)
	if err != nil || rules == nil || rules.GuardiansJoin == 0 {
		return nil, err
	}
	if adult.Role == protocol.RoleStudent || student.Role != protocol.RoleStudent || adult.isResponsibleFor(student.ID) {
		return nil, nil
	}
	var born string
	err = s.app.ConcurrentDB().Select("birth_date").From("users").Where(dbx.HashExp{"id": student.ID.RecordID()}).Row(&born)
	if err != nil {
		return nil, fmt.Errorf("load birth date: %w", err)
	}
	if isOlderThan(born, rules.GuardiansJoin, s.now()) {
		return nil, nil
	}
	var found []string
	err = s.app.ConcurrentDB().NewQuery(guardiansToJoinSQL).Bind(dbx.Params{"student": student.ID.RecordID(),
		"adult": adult.ID.RecordID(), "establishment": establishment.RecordID()}).Column(&found)
	if err != nil {
		return nil, fmt.Errorf("find guardians: %w", err)
	}
	guardians := make([]protocol.ID, len(found))
	for i, id := range found {
		guardians[i] = protocol.ParseID(id)
	}
	return guardians, nil
}

// isOlderThan reports whether somebody born on a day, as stored, has reached an age.
func isOlderThan(born string, age int, now time.Time) bool {
	day, err := time.Parse(time.DateOnly, born)
	return err == nil && !now.Before(day.AddDate(age, 0, 0))
}
