package roster

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// An import is applied in portions, each in a transaction of the writer, so that messages get in
// between. The portion records in the same transaction how everything was before: if a later one
// fails, or the server is killed, the applied ones are taken back from that, at once or at the
// next start. The same record undoes the import later.

// Apply applies an import in the background. Repeating it does nothing. Questions without a
// decision are left out.
func (s *Service) Apply(establishment, id protocol.ID, decisions Decisions) error {
	row, err := s.begin(establishment, id, decisions)
	if err != nil || row == nil {
		return err
	}
	s.running.Go(func() { _ = s.apply(*row) }) // which logs the error
	return nil
}

// ApplyNow is Apply, but returns once everything is applied, or nothing.
func (s *Service) ApplyNow(establishment, id protocol.ID) error {
	row, err := s.begin(establishment, id, nil)
	if err != nil || row == nil {
		return err
	}
	return s.apply(*row)
}

// begin checks a plan and marks it as being applied. It returns nil if it is already.
func (s *Service) begin(establishment, id protocol.ID, decisions Decisions) (*importRow, error) {
	row, err := s.find(establishment, id)
	switch {
	case err != nil:
		return nil, err
	case row.State == protocol.RosterApplying || row.State == protocol.RosterApplied:
		return nil, nil
	case row.State != protocol.RosterPlanned:
		return nil, errOutdated
	}
	if err := s.checkFingerprint(establishment, row); err != nil {
		return nil, err
	}
	if len(decisions) > 0 {
		if err := s.decide(&row, establishment, decisions); err != nil {
			return nil, err
		}
	}
	err = s.enter(&row, protocol.RosterPlanned, protocol.RosterApplying, map[string]any{"roster": ""})
	if err != nil {
		return nil, err
	}
	return &row, nil
}

func (s *Service) checkFingerprint(establishment protocol.ID, row importRow) error {
	p, err := loadPresent(s.app, establishment)
	if err != nil {
		return err
	}
	fingerprint, err := p.fingerprint()
	if err != nil {
		return err
	}
	if fingerprint != row.Fingerprint {
		return errOutdated
	}
	return nil
}

// enter changes the state of an import, if it has the one it should have, the plan that
// was read, and no other import of the establishment is being applied or undone.
func (s *Service) enter(row *importRow, from, to string, fields map[string]any) error {
	err := s.store.Transaction(func(tx core.App) error {
		var busy int
		err := tx.DB().Select("count(*)").From("roster_imports").Where(dbx.HashExp{"establishment": row.Establishment}).
			AndWhere(dbx.In("state", protocol.RosterApplying, protocol.RosterUndoing)).Row(&busy)
		switch {
		case err != nil:
			return err
		case busy > 0:
			return errRunning
		}
		if err := s.checkUnchanged(tx, *row, from); err != nil {
			return err
		}
		fields["state"] = to
		return s.set(tx, row.id(), fields)
	})
	if err != nil {
		return fmt.Errorf("begin an import: %w", err)
	}
	row.State = to
	return nil
}

// checkUnchanged refuses an import that hasn't a state, or of which the portions aren't those of the
// row that was read: while they are replaced or deleted it has no fingerprint.
func (s *Service) checkUnchanged(tx core.App, row importRow, state string) error {
	var now importRow
	err := tx.DB().Select("state", "fingerprint").From("roster_imports").Where(dbx.HashExp{"id": row.ID}).One(&now)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return refusal.NotFound
	case err != nil:
		return err
	case now.State != state:
		return errRunning
	case now.Fingerprint == "" || now.Fingerprint != row.Fingerprint:
		return errOutdated
	}
	return nil
}

// apply applies an import that has begun. If that fails, it takes back what was applied.
func (s *Service) apply(row importRow) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.progress.Store(row.id(), 0.0)
	defer s.progress.Delete(row.id())
	err := s.applyPortions(row)
	switch {
	case err == nil:
		return nil
	case s.stopping.Load(): // the next start takes it back
		s.app.Logger().Warn("An import was interrupted.", "import", row.ID)
		return err
	}
	s.app.Logger().Error("apply an import", "import", row.ID, "error", err)
	if failed := s.takeBack(row, protocol.RosterFailed); failed != nil {
		s.app.Logger().Error("take an import back", "import", row.ID, "error", failed)
		return errors.Join(err, failed)
	}
	return err
}

func (s *Service) applyPortions(row importRow) error {
	ids, err := s.portionIDs(row.id(), dbx.HashExp{})
	if err != nil {
		return err
	}
	a := newApplier(s)
	for n, id := range ids {
		if s.stopping.Load() {
			return refusal.Unavailable
		}
		if err := s.store.Transaction(func(tx core.App) error { return a.portion(tx, id) }); err != nil {
			return fmt.Errorf("portion %d: %w", n, err)
		}
		s.progress.Store(row.id(), float64(n+1)/float64(len(ids)+1))
	}
	return s.store.Transaction(func(tx core.App) error {
		return s.set(tx, row.id(), map[string]any{"state": protocol.RosterApplied, "applied_at": s.now()})
	})
}

// applier applies the portions of one import.
type applier struct {
	service  *Service
	ids      map[string]string // of the records that were created, by the keys of their steps
	names    map[string]bool   // usernames that it has given, see school.FreeUsername
	password *core.PasswordFieldValue
}

func newApplier(s *Service) *applier {
	return &applier{service: s, ids: map[string]string{}, names: map[string]bool{}}
}

// journalEntry is what undoes a step.
type journalEntry struct {
	Record string         `json:"record"`
	Was    map[string]any `json:"was,omitempty"` // fields before; all of them, if it was removed
	Is     map[string]any `json:"is,omitempty"`  // the same after
}

// portion applies one portion and keeps how it was before.
func (a *applier) portion(tx core.App, id string) error {
	writer := a.service.writers["roster_portions"]
	record, err := writer.Find(tx, "roster_portions", id)
	if err != nil {
		return err
	}
	var steps []step
	if err := record.UnmarshalJSONField("steps", &steps); err != nil {
		return err
	}
	var journal []journalEntry
	for len(journal) < len(steps) {
		s := steps[len(journal)]
		done, err := a.steps(tx, steps[len(journal):])
		if err != nil {
			return fmt.Errorf("%s %s: %w", s.Kind, s.Action, err)
		}
		journal = append(journal, done...)
	}
	data, err := json.Marshal(journal)
	if err != nil {
		return err
	}
	record.Set("journal", string(data))
	record.Set("applied", true)
	return writer.Update(context.Background(), tx, record)
}
