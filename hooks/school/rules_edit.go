package school

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// What the administration of an establishment does with its rules. Each change is logged with who made it.

// RulesFor returns the rules of an establishment for its administration.
func (s *Service) RulesFor(caller Person, establishment protocol.ID) (protocol.Rules, error) {
	rules, err := s.administered(caller, establishment)
	if err != nil {
		return protocol.Rules{}, err
	}
	return rules.wire(s.now()), nil
}

// administered returns the rules of an establishment, or a refusal if the caller doesn't administer it.
func (s *Service) administered(caller Person, establishment protocol.ID) (*Rules, error) {
	if caller.Role != protocol.RoleAdmin || establishment == 0 || !caller.Belongs(establishment) {
		return nil, ErrNotAdministration
	}
	rules, err := s.Rules(establishment)
	if err == nil && rules == nil {
		err = ErrNotAdministration // just deleted
	}
	return rules, err
}

// wire returns the rules as the administration sees them.
func (r *Rules) wire(now time.Time) protocol.Rules {
	view := protocol.Rules{
		Contacts: protocol.ContactsRules, ContactRules: make([]protocol.ContactRule, 0, roleCount*roleCount),
		GuardiansJoin: protocol.GuardiansNever, Pauses: []protocol.Pause{},
		Quiet: r.Quiet.Mode, QuietFrom: r.Quiet.From, QuietTo: r.Quiet.To, QuietDays: orNone(r.Quiet.Days),
		QuietRoles: orNone(r.Quiet.ProtectRoles), UrgentRoles: orNone(r.Quiet.UrgentRoles), Closures: []protocol.Closure{},
	}
	if r.Open {
		view.Contacts = protocol.ContactsOpen
	}
	if r.GuardiansJoin > 0 {
		view.GuardiansJoin = fmt.Sprint(r.GuardiansJoin)
	}
	for i, from := range protocol.Roles {
		for j, to := range protocol.Roles {
			view.ContactRules = append(view.ContactRules, protocol.ContactRule{FromRole: from, ToRole: to,
				Rule: r.contacts[i][j].String(), DefaultRule: defaultContacts[i][j].String()})
		}
	}
	for _, pause := range r.Pauses {
		if pause.Until.IsZero() || now.Before(pause.Until) {
			view.Pauses = append(view.Pauses, pause.wire())
		}
	}
	year := fmt.Sprintf("%04d-", now.Year())
	for _, closure := range r.Closures {
		if closure.LastDay >= year {
			view.Closures = append(view.Closures, protocol.Closure{ID: closure.ID, Name: closure.Name,
				FirstDay: closure.FirstDay, LastDay: closure.LastDay})
		}
	}
	return view
}

func orNone(words []string) []string {
	if words == nil {
		return []string{}
	}
	return words
}

// ruleEdit is a change of rules, checked.
type ruleEdit struct {
	fields   map[string]any // of the establishment
	contacts []protocol.ContactRule
}

func readRuleEdit(change protocol.RulesChange) (ruleEdit, error) {
	edit := ruleEdit{fields: make(map[string]any)}
	for _, f := range []struct {
		name  string
		value *string
		words []string // nil: checked as a record is
	}{
		{"contacts", change.Contacts, protocol.Contacts}, {"guardians_join", change.GuardiansJoin, nil},
		{"quiet", change.Quiet, protocol.QuietModes}, {"quiet_from", change.QuietFrom, nil}, {"quiet_to", change.QuietTo, nil},
	} {
		if f.value == nil {
			continue
		}
		if *f.value == "" || f.words != nil && !slices.Contains(f.words, *f.value) {
			return ruleEdit{}, refusal.Invalid(f.name, "%s has no valid value.", f.name)
		}
		edit.fields[f.name] = *f.value
	}
	for _, f := range []struct {
		name  string
		list  json.RawMessage
		words []string
	}{
		{"quiet_days", change.QuietDays, protocol.Days}, {"quiet_roles", change.QuietRoles, protocol.Roles},
		{"urgent_roles", change.UrgentRoles, protocol.Roles},
	} {
		if f.list == nil {
			continue
		}
		var words []string
		if json.Unmarshal(f.list, &words) != nil || slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(f.words, w) }) {
			return ruleEdit{}, refusal.Invalid(f.name, "%s is a list of some of %v.", f.name, f.words)
		}
		edit.fields[f.name] = orNone(words)
	}
	for _, raw := range change.ContactRules {
		var rule protocol.ContactRule
		if json.Unmarshal(raw, &rule) != nil || roleIndex(rule.FromRole) < 0 || roleIndex(rule.ToRole) < 0 ||
			!slices.Contains(protocol.ContactRules, rule.Rule) {
			return ruleEdit{}, refusal.Invalid("contact_rules", "A contact rule has from_role and to_role, and a rule that is one of %v.", protocol.ContactRules)
		}
		edit.contacts = append(edit.contacts, rule)
	}
	return edit, nil
}

// Edited returns what a change would make of the contact rules of an establishment, for its
// administration. Nothing is stored.
func (s *Service) Edited(caller Person, establishment protocol.ID, change protocol.RulesChange) (before, after *Rules, err error) {
	before, err = s.administered(caller, establishment)
	if err != nil {
		return nil, nil, err
	}
	edit, err := readRuleEdit(change)
	if err != nil {
		return nil, nil, err
	}
	edited := *before
	if contacts, ok := edit.fields["contacts"]; ok {
		edited.Open = contacts == protocol.ContactsOpen
	}
	for _, rule := range edit.contacts {
		edited.contacts.set(rule.FromRole, rule.ToRole, rule.Rule)
	}
	return before, &edited, nil
}

// EditRules changes rules, for the administration of an establishment.
func (s *Service) EditRules(caller Person, establishment protocol.ID, change protocol.RulesChange) (protocol.Rules, error) {
	if _, err := s.administered(caller, establishment); err != nil {
		return protocol.Rules{}, err
	}
	edit, err := readRuleEdit(change)
	if err != nil {
		return protocol.Rules{}, err
	}
	err = s.store.Transaction(func(tx core.App) error {
		if len(edit.fields) > 0 {
			record, err := tx.FindRecordById("establishments", establishment.RecordID())
			if err != nil {
				return err
			}
			record.Load(edit.fields)
			if err := tx.Save(record); err != nil {
				return err
			}
		}
		return saveContactRules(tx, establishment, edit.contacts)
	})
	if err != nil {
		return protocol.Rules{}, fmt.Errorf("edit rules: %w", err)
	}
	s.audit(caller, establishment, "rules", "fields", edit.fields, "contact_rules", edit.contacts)
	return s.RulesFor(caller, establishment)
}

// audit logs what the administration has done.
func (s *Service) audit(caller Person, establishment protocol.ID, what string, details ...any) {
	s.app.Logger().Info("administration: "+what, append([]any{"user", caller.ID, "establishment", establishment}, details...)...)
}

// saveContactRules stores rules; one that is the default needs no row.
func saveContactRules(tx core.App, establishment protocol.ID, rules []protocol.ContactRule) error {
	if len(rules) == 0 {
		return nil
	}
	var stored []*core.Record
	err := tx.RecordQuery("contact_rules").AndWhere(dbx.HashExp{"establishment": establishment.RecordID()}).All(&stored)
	if err != nil {
		return err
	}
	collection, err := tx.FindCachedCollectionByNameOrId("contact_rules")
	if err != nil {
		return err
	}
	for _, rule := range rules {
		i := slices.IndexFunc(stored, func(r *core.Record) bool {
			return r.GetString("from_role") == rule.FromRole && r.GetString("to_role") == rule.ToRole
		})
		isDefault := defaultContacts[roleIndex(rule.FromRole)][roleIndex(rule.ToRole)].String() == rule.Rule
		switch {
		case i < 0 && isDefault:
			continue
		case i < 0:
			record := core.NewRecord(collection)
			record.Load(map[string]any{"establishment": establishment.RecordID(), "from_role": rule.FromRole, "to_role": rule.ToRole, "rule": rule.Rule})
			err = tx.Save(record)
			stored = append(stored, record)
		case isDefault:
			err = tx.Delete(stored[i])
			stored = slices.Delete(stored, i, i+1)
		case stored[i].GetString("rule") != rule.Rule:
			stored[i].Set("rule", rule.Rule)
			err = tx.Save(stored[i])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func checkRoles(roles []string) error {
	if len(roles) == 0 || slices.ContainsFunc(roles, func(role string) bool { return roleIndex(role) < 0 }) {
		return refusal.Invalid("roles", "roles is a list of some of %v.", protocol.Roles)
	}
	return nil
}
