package roster

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// ParseDecisions decodes the decisions of a request: the id of an account, or "new", by key.
func ParseDecisions(data json.RawMessage) (Decisions, error) {
	if len(data) == 0 || string(data) == "null" {
		return nil, nil
	}
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(data, &sent); err != nil {
		return nil, refusal.Invalid("decisions", "decisions must be an object.")
	}
	decisions := Decisions{}
	for key, value := range sent {
		var id protocol.ID
		if string(value) != `"`+protocol.RosterNew+`"` {
			if err := json.Unmarshal(value, &id); err != nil || id == 0 {
				return nil, refusal.Invalid("decisions", "A decision is the id of a candidate, or %q.", protocol.RosterNew)
			}
		}
		decisions[key] = id
	}
	return decisions, nil
}

// decide plans again with decisions about the open questions. Meanwhile the plan can't be applied.
func (s *Service) decide(row *importRow, establishment protocol.ID, decisions Decisions) error {
	if err := checkDecisions(*row, decisions); err != nil {
		return err
	}
	if !s.reading.TryLock() {
		return errReading
	}
	defer s.reading.Unlock()
	var packed string
	if err := s.app.ConcurrentDB().Select("roster").From("roster_imports").Where(dbx.HashExp{"id": row.ID}).Row(&packed); err != nil {
		return fmt.Errorf("load a roster: %w", err)
	}
	r, err := unpack(packed)
	if err != nil {
		return err
	}
	m, err := s.compare(r, establishment, planOf{importer: protocol.ParseID(row.CreatedBy), decisions: decisions, now: s.now()})
	if err != nil {
		return err
	}
	if m.fingerprint != row.Fingerprint {
		return errOutdated
	}
	if err := s.replacePlan(*row, m); err != nil {
		return err
	}
	*row, err = s.find(establishment, row.id())
	return err
}

// replacePlan replaces the steps of a plan that nobody has begun to apply since it was read. It is
// outdated until all of the new ones are stored.
func (s *Service) replacePlan(row importRow, m *made) error {
	id := row.id()
	err := s.store.Transaction(func(tx core.App) error {
		if err := s.checkUnchanged(tx, row, protocol.RosterPlanned); err != nil {
			return err
		}
		return s.set(tx, id, map[string]any{"fingerprint": ""})
	})
	if err != nil {
		return fmt.Errorf("replace a plan: %w", err)
	}
	if err := s.deletePortions(id); err != nil {
		return err
	}
	if err := s.storePortions(id, m.portions); err != nil {
		return err
	}
	fields, err := m.fields()
	if err != nil {
		return err
	}
	return s.store.Transaction(func(tx core.App) error { return s.set(tx, id, fields) })
}

// checkDecisions refuses decisions about other rows, or for other people, than those in question.
func checkDecisions(row importRow, decisions Decisions) error {
	var problems []protocol.RosterProblem
	if err := json.Unmarshal(row.Problems, &problems); err != nil {
		return fmt.Errorf("decode problems: %w", err)
	}
	candidates := map[string][]protocol.RosterCandidate{}
	for _, p := range problems {
		if p.Code == ProblemNeedsDecision {
			candidates[p.Key] = p.Candidates
		}
	}
	chosen := map[protocol.ID]bool{}
	for key, id := range decisions {
		among, isOpen := candidates[key]
		isCandidate := slices.ContainsFunc(among, func(c protocol.RosterCandidate) bool { return c.ID == id })
		switch {
		case !isOpen || id != 0 && !isCandidate:
			return refusal.Invalid("decisions", "There is no such question or candidate: %q.", key)
		case id != 0 && chosen[id]:
			return refusal.Invalid("decisions", "Two rows can't be the same person: %d.", id)
		}
		chosen[id] = true
	}
	return nil
}
