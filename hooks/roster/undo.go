package roster

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// Undo takes back, in the background, the last import of an establishment. What people have
// changed since is kept, and so are people who were created by it and are in a conversation:
// they are disabled.
func (s *Service) Undo(establishment, id protocol.ID) error {
	row, err := s.find(establishment, id)
	if err != nil {
		return err
	}
	if row.State == protocol.RosterUndoing || row.State == protocol.RosterUndone {
		return nil
	}
	last, err := s.lastApplied(s.app.ConcurrentDB(), establishment)
	switch {
	case err != nil:
		return err
	case last != id:
		return errNotLast
	}
	if err := s.enter(&row, protocol.RosterApplied, protocol.RosterUndoing, map[string]any{}); err != nil {
		return err
	}
	s.running.Go(func() {
		s.changing.Lock()
		defer s.changing.Unlock()
		if err := s.takeBack(row, protocol.RosterUndone); err != nil {
			s.app.Logger().Error("undo an import", "import", row.ID, "error", err)
		}
	})
	return nil
}

// Recover takes back the imports that were being applied or undone when the server ended.
func (s *Service) Recover() {
	var rows []importRow
	err := s.app.ConcurrentDB().Select(importColumns...).From("roster_imports").
		Where(dbx.In("state", protocol.RosterApplying, protocol.RosterUndoing)).OrderBy("id").All(&rows)
	for _, row := range rows {
		to := protocol.RosterFailed
		if row.State == protocol.RosterUndoing {
			to = protocol.RosterUndone
		}
		err = errors.Join(err, s.takeBack(row, to))
	}
	if err == nil {
		err = s.deleteOrphans()
	}
	if err != nil { // the next start tries again
		s.app.Logger().Error("take back interrupted imports", "error", err)
	}
}

// deleteOrphans deletes the portions of plans that weren't stored whole.
func (s *Service) deleteOrphans() error {
	var ids []string
	err := s.app.ConcurrentDB().NewQuery(
		"SELECT DISTINCT import FROM roster_portions WHERE import NOT IN (SELECT id FROM roster_imports)").Column(&ids)
	for _, id := range ids {
		err = errors.Join(err, s.deletePortions(protocol.ParseID(id)))
	}
	return err
}

// takeBack takes back the portions of an import that were applied, the last one first, and sets
// the state. If the last commit was stored although it had failed, the import is applied.
func (s *Service) takeBack(row importRow, to string) error {
	now, err := s.find(protocol.ParseID(row.Establishment), row.id())
	if err != nil || now.State == protocol.RosterApplied {
		return err
	}
	defer s.progress.Delete(row.id())
	ids, err := s.portionIDs(row.id(), dbx.HashExp{"applied": true})
	if err != nil {
		return err
	}
	slices.Reverse(ids)
	for n, id := range ids {
		if s.stopping.Load() { // the next start continues
			return refusal.Unavailable
		}
		s.progress.Store(row.id(), float64(len(ids)-n)/float64(max(row.Portions, 1)))
		if err := s.store.Transaction(func(tx core.App) error { return s.takeBackPortion(tx, id) }); err != nil {
			return fmt.Errorf("portion %d from the end: %w", n, err)
		}
	}
	return s.store.Transaction(func(tx core.App) error {
		return s.set(tx, row.id(), map[string]any{"state": to})
	})
}

func (s *Service) takeBackPortion(tx core.App, id string) error {
	writer := s.writers["roster_portions"]
	record, err := writer.Find(tx, "roster_portions", id)
	if err != nil {
		return err
	}
	var steps []step
	var journal []journalEntry
	if err := errors.Join(record.UnmarshalJSONField("steps", &steps), record.UnmarshalJSONField("journal", &journal)); err != nil {
		return err
	}
	for i, done := range slices.Backward(journal) {
		err := s.takeBackStep(tx, steps[i], done)
		if isRefused(err) {
			s.app.Logger().Warn("A change of an import can't be taken back.", "kind", steps[i].Kind, "record", done.Record, "error", err)
		} else if err != nil {
			return fmt.Errorf("%s %s: %w", steps[i].Kind, steps[i].Action, err)
		}
	}
	record.Set("journal", types.JSONRaw("null"))
	record.Set("applied", false)
	return writer.Update(context.Background(), tx, record)
}

// isRefused reports whether a rule, or an address that somebody else has by now, stands against a
// save. Nothing of it was stored.
func isRefused(err error) bool {
	var refused *refusal.Error
	var fields validation.Errors
	return errors.As(err, &refused) || errors.As(err, &fields)
}

func (s *Service) takeBackStep(tx core.App, made step, done journalEntry) error {
	collection := collections[made.Kind]
	if made.Action == protocol.RosterRemoved {
		return s.restore(tx, collection, done)
	}
	record, err := s.writers[collection].Find(tx, collection, done.Record)
	switch {
	case errors.Is(err, sql.ErrNoRows): // somebody has deleted it since
		return nil
	case err != nil:
		return err
	case made.Action != protocol.RosterCreated:
		return s.reset(tx, record, done)
	case made.Kind == protocol.RosterPeople:
		return s.takeBackPerson(tx, record, made)
	}
	return tx.Delete(record)
}

// takeBackPerson deletes somebody whom the import has created, unless they are in a conversation,
// or were in one and wrote. Who has come to another establishment since only leaves this one.
func (s *Service) takeBackPerson(tx core.App, record *core.Record, made step) error {
	own, _ := made.Fields["establishments"].([]any) // as the step was stored
	others := slices.DeleteFunc(record.GetStringSlice("establishments"), func(id string) bool { return slices.Contains(own, any(id)) })
	if len(others) > 0 {
		record.Set("establishments", others)
		return s.writers["users"].Update(context.Background(), tx, record)
	}
	var conversations, written int
	err := errors.Join(
		tx.DB().Select("count(*)").From("participants").Where(dbx.HashExp{"user": record.Id}).Row(&conversations),
		tx.DB().Select("count(*)").From("message_authors").Where(dbx.HashExp{"sender": record.Id}).Row(&written))
	if err != nil {
		return err
	}
	if conversations+written == 0 {
		return tx.Delete(record)
	}
	record.Set("disabled", true)
	record.Set("left_at", s.now())
	return s.writers["users"].Update(context.Background(), tx, record)
}

// reset sets the fields of a record that are still as the import left them to what they were.
func (s *Service) reset(tx core.App, record *core.Record, done journalEntry) error {
	for field, was := range done.Was {
		now, err := json.Marshal(record.Get(field))
		if err != nil {
			return err
		}
		set, err := json.Marshal(done.Is[field])
		if err != nil {
			return err
		}
		if bytes.Equal(now, set) {
			record.Set(field, was)
		}
	}
	return s.writers[record.Collection().Name].Update(context.Background(), tx, record)
}

// restore creates a record again that the import has removed, unless what it refers to is gone,
// or somebody has created it since.
func (s *Service) restore(tx core.App, collection string, done journalEntry) error {
	record, err := newRecord(tx, collection, done.Was)
	if err != nil {
		return err
	}
	record.Id = done.Record
	for _, field := range record.Collection().Fields {
		relation, ok := field.(*core.RelationField)
		if !ok {
			continue
		}
		if _, err := tx.FindRecordById(relation.CollectionId, record.GetString(relation.Name)); err != nil {
			return ignoreNoRows(err)
		}
	}
	var there int
	pair := pairs[collection]
	err = tx.DB().Select("count(*)").From(collection).
		Where(dbx.HashExp{pair[0]: record.GetString(pair[0]), pair[1]: record.GetString(pair[1])}).Row(&there)
	if err != nil || there > 0 {
		return err
	}
	if created, err := types.ParseDateTime(done.Was["created"]); err == nil {
		record.SetRaw("created", created) // Set would be ignored: PocketBase writes it by itself
	}
	return s.writers[collection].Insert(tx, record)
}

// pairs are the fields that are unique together in the collections whose records imports remove.
var pairs = map[string][2]string{
	"enrollments":   {"class", "user"},
	"guardianships": {"guardian", "student"},
}

func ignoreNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
