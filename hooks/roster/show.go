package roster

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// Page is a part of a plan's changes.
type Page struct {
	Cursor string // of Next; "" for the first
	Limit  int    // 0 for the default
	Kind   string // of the changes; "" for all
	Action string
}

// The number of changes of a page.
const (
	pageDefault = 50
	pageMax     = 200
)

// Get returns an import of an establishment with a page of its changes, and the cursor of the next
// page, "" if there is none.
func (s *Service) Get(establishment, id protocol.ID, page Page) (plan protocol.RosterPlan, next string, err error) {
	row, err := s.find(establishment, id)
	if err != nil {
		return plan, "", err
	}
	last, err := s.lastApplied(s.app.ConcurrentDB(), establishment)
	if err != nil {
		return plan, "", err
	}
	if plan, err = s.shown(row, last); err != nil {
		return plan, "", err
	}
	plan.Changes, next, err = s.changes(row, page)
	return plan, next, err
}

// List returns the imports of an establishment, the newest first, without their changes and
// problems.
func (s *Service) List(establishment protocol.ID) ([]protocol.RosterPlan, error) {
	var rows []importRow
	err := s.app.ConcurrentDB().Select(importColumns...).From("roster_imports").
		Where(dbx.HashExp{"establishment": establishment.RecordID()}).OrderBy("id DESC").All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load imports: %w", err)
	}
	last, err := s.lastApplied(s.app.ConcurrentDB(), establishment)
	if err != nil {
		return nil, err
	}
	plans := []protocol.RosterPlan{}
	for _, row := range rows {
		row.Problems = nil
		plan, err := s.shown(row, last)
		if err != nil {
			return nil, err
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

func (s *Service) shown(row importRow, last protocol.ID) (protocol.RosterPlan, error) {
	plan := protocol.RosterPlan{
		ID: row.id(), State: row.State, Progress: s.progressOf(row), Format: row.Format, Encoding: row.Encoding,
		Files: []protocol.RosterFile{}, Changes: []protocol.RosterChange{}, Problems: []protocol.RosterProblem{},
		ProblemCount: row.ProblemCount, Year: row.Year, Complete: append([]string{}, row.Complete...), Columns: []protocol.RosterColumn{},
		CreatedAt: protocolTime(row.Created), CreatedBy: protocol.ParseID(row.CreatedBy), CanUndo: row.id() == last,
	}
	if !row.AppliedAt.IsZero() {
		at := protocolTime(row.AppliedAt)
		plan.AppliedAt = &at
	}
	for _, part := range []struct {
		data types.JSONRaw
		into any
	}{{row.Files, &plan.Files}, {row.Columns, &plan.Columns}, {row.Counts, &plan.Counts}, {row.Problems, &plan.Problems}} {
		if len(part.data) == 0 {
			continue
		}
		if err := json.Unmarshal(part.data, part.into); err != nil {
			return plan, fmt.Errorf("decode an import: %w", err)
		}
	}
	return plan, nil
}

func protocolTime(at types.DateTime) string {
	return at.Time().UTC().Format("2006-01-02T15:04:05.000Z")
}

// progressOf returns how far an import is.
func (s *Service) progressOf(row importRow) float64 {
	if done, ok := s.progress.Load(row.id()); ok {
		return done.(float64)
	}
	if row.State == protocol.RosterApplied {
		return 1
	}
	return 0
}

// changes returns a page of the steps that people see, and the cursor of the next one.
func (s *Service) changes(row importRow, page Page) (changes []protocol.RosterChange, next string, err error) {
	from := 0
	if page.Cursor != "" {
		if from, err = strconv.Atoi(page.Cursor); err != nil || from < 0 {
			return nil, "", refusal.Invalid("cursor", "This cursor isn't one of this list's.")
		}
	}
	if page.Limit == 0 {
		page.Limit = pageDefault
	}
	changes = []protocol.RosterChange{}
	for number := from / portionSteps; number < row.Portions; number++ {
		steps, err := s.steps(row.id(), number)
		if err != nil {
			return nil, "", err
		}
		for i, step := range steps {
			at := number*portionSteps + i
			if at < from || step.Hidden || page.Kind != "" && step.Kind != page.Kind || page.Action != "" && step.Action != page.Action {
				continue
			}
			if len(changes) == min(page.Limit, pageMax) {
				return changes, strconv.Itoa(at), nil
			}
			changes = append(changes, protocol.RosterChange{Kind: step.Kind, Action: step.Action, Before: step.Before, After: step.After})
		}
	}
	return changes, "", nil
}

// steps returns those of a portion.
func (s *Service) steps(id protocol.ID, number int) (steps []step, err error) {
	var data types.JSONRaw
	err = s.app.ConcurrentDB().Select("steps").From("roster_portions").
		Where(dbx.HashExp{"import": id.RecordID(), "number": number}).Row(&data)
	if err != nil {
		return nil, fmt.Errorf("load changes: %w", err)
	}
	return steps, json.Unmarshal(data, &steps)
}
