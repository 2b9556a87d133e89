package school

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// ruleCollections are those whose rows belong to an establishment's rules.
var ruleCollections = []string{"contact_rules", "pauses", "closures"}

// The quiet hours of an establishment that hasn't set others.
const (
	defaultQuietFrom = "20:00"
	defaultQuietTo   = "07:00"
)

// bindRules checks the records that rules are made of, and announces changed rules, whoever saves.
func (s *Service) bindRules() {
	checks := map[string]func(*core.Record) error{
		"establishments": checkEstablishmentRules,
		"contact_rules":  checkContactRule,
		"pauses":         checkPause,
		"closures":       checkClosure,
	}
	for collection, check := range checks {
		save := store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
			if err := check(e.Record); err != nil {
				return err
			}
			return s.announceRules(e)
		})
		s.app.OnRecordCreate(collection).Bind(save)
		s.app.OnRecordUpdate(collection).Bind(save)
		s.app.OnRecordDelete(collection).Bind(store.Handler(store.PriorityRule, s.announceRules))
	}
}

// announceRules saves or deletes a record, and announces what that makes of the rules.
func (s *Service) announceRules(e *core.RecordEvent) error {
	id := establishmentOf(e.Record)
	before, err := loadRules(e.App, []protocol.ID{id})
	if err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	if id == 0 { // a new establishment has its id now
		id = establishmentOf(e.Record)
	}
	after, err := loadRules(e.App, []protocol.ID{id})
	if err != nil {
		return err
	}
	s.store.Announce(e.App, RulesChanged{Establishment: id, Before: before[id], After: after[id]})
	return nil
}

func establishmentOf(record *core.Record) protocol.ID {
	if record.Collection().Name == "establishments" {
		return protocol.ParseID(record.Id)
	}
	return protocol.ParseID(record.GetString("establishment"))
}

// checkEstablishmentRules fills in what isn't set. A new establishment has contact rules, and no
// quiet hours until it turns them on.
func checkEstablishmentRules(record *core.Record) error {
	for field, value := range map[string]string{
		"contacts": protocol.ContactsRules, "guardians_join": protocol.GuardiansNever,
		"quiet": protocol.QuietOff, "quiet_from": defaultQuietFrom, "quiet_to": defaultQuietTo,
	} {
		if record.GetString(field) == "" {
			record.Set(field, value)
		}
	}
	if record.IsNew() {
		for field, values := range map[string][]string{
			"quiet_days":   {"saturday", "sunday"},
			"quiet_roles":  {protocol.RoleTeacher, protocol.RoleStaff, protocol.RoleParent, protocol.RoleStudent},
			"urgent_roles": {protocol.RoleAdmin},
		} {
			if len(record.GetStringSlice(field)) == 0 {
				record.Set(field, values)
			}
		}
	}
	for _, field := range []string{"quiet_from", "quiet_to"} {
		if _, err := time.Parse("15:04", record.GetString(field)); err != nil || len(record.GetString(field)) != len("15:04") {
			return invalidRule(field, "%s is a time such as 20:00.", field)
		}
	}
	if refused := checkDays("quiet_days", record.GetStringSlice("quiet_days")); refused != nil {
		return refusal.OnField("quiet_days", refused)
	}
	if !isAge(record.GetString("guardians_join")) {
		return invalidRule("guardians_join", "guardians_join is %q or an age such as 16.", protocol.GuardiansNever)
	}
	return checkValues(record, map[string][]string{
		"contacts": protocol.Contacts, "quiet": protocol.QuietModes, "quiet_days": protocol.Days,
		"quiet_roles": protocol.Roles, "urgent_roles": protocol.Roles,
	})
}

// isAge reports whether guardians_join has a valid value.
func isAge(value string) bool {
	if value == protocol.GuardiansNever {
		return true
	}
	return len(value) > 0 && len(value) <= 2 && value[0] != '0' && strings.Trim(value, "0123456789") == ""
}

func checkContactRule(record *core.Record) error {
	if before := record.Original(); !record.IsNew() && record.GetString("establishment") != before.GetString("establishment") {
		return errRuleMoved()
	}
	return checkValues(record, map[string][]string{
		"from_role": protocol.Roles, "to_role": protocol.Roles, "rule": protocol.ContactRules,
	})
}

func checkPause(record *core.Record) error {
	if before := record.Original(); !record.IsNew() && record.GetString("establishment") != before.GetString("establishment") {
		return errRuleMoved()
	}
	if len(record.GetStringSlice("roles")) == 0 {
		return invalidRule("roles", "A pause needs the roles that it is for.")
	}
	if record.GetDateTime("from").IsZero() {
		record.Set("from", types.NowDateTime())
	}
	until := record.GetDateTime("until")
	if !until.IsZero() && !until.After(record.GetDateTime("from")) {
		return invalidRule("until", "A pause ends after it begins.")
	}
	return checkValues(record, map[string][]string{"roles": protocol.Roles})
}

func checkClosure(record *core.Record) error {
	if before := record.Original(); !record.IsNew() && record.GetString("establishment") != before.GetString("establishment") {
		return errRuleMoved()
	}
	for _, field := range []string{"first_day", "last_day"} {
		if _, err := time.Parse(time.DateOnly, record.GetString(field)); err != nil {
			return invalidRule(field, "%s is a day such as 2026-12-19.", field)
		}
	}
	if record.GetString("last_day") < record.GetString("first_day") {
		return invalidRule("last_day", "A closure ends on its first day or later.")
	}
	return nil
}

// checkValues refuses words that aren't the protocol's. Empty fields are left to the fields' own checks.
func checkValues(record *core.Record, allowed map[string][]string) error {
	for field, values := range allowed {
		for _, value := range record.GetStringSlice(field) {
			if value != "" && !slices.Contains(values, value) {
				return invalidRule(field, "%s is one of %s.", field, strings.Join(values, ", "))
			}
		}
	}
	return nil
}

func invalidRule(field, format string, args ...any) error {
	return refusal.OnField(field, refusal.Invalid(field, "%s", fmt.Sprintf(format, args...)))
}

func errRuleMoved() error {
	return invalidRule("establishment", "The establishment of a rule can't be changed.")
}
