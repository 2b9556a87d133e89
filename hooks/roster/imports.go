package roster

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

const (
	keptImports  = 20   // of an establishment
	keptProblems = 1000 // of a plan, and all questions
)

// importRow is an import as stored, without what the files say.
type importRow struct {
	ID            string                  `db:"id"`
	Establishment string                  `db:"establishment"`
	State         string                  `db:"state"`
	CreatedBy     string                  `db:"created_by"`
	Format        string                  `db:"format"`
	Encoding      string                  `db:"encoding"`
	Year          string                  `db:"year"`
	Files         types.JSONRaw           `db:"files"`
	Complete      types.JSONArray[string] `db:"complete"`
	Columns       types.JSONRaw           `db:"columns"`
	Counts        types.JSONRaw           `db:"counts"`
	Problems      types.JSONRaw           `db:"problems"`
	ProblemCount  int                     `db:"problem_count"`
	Portions      int                     `db:"portions"`
	Fingerprint   string                  `db:"fingerprint"`
	Created       types.DateTime          `db:"created"`
	AppliedAt     types.DateTime          `db:"applied_at"`
}

var importColumns = []string{
	"id", "establishment", "state", "created_by", "format", "encoding", "year", "files", "complete", "columns", "counts", "problems",
	"problem_count", "portions", "fingerprint", "created", "applied_at",
}

func (r importRow) id() protocol.ID { return protocol.ParseID(r.ID) }

// storePlan stores the portions before the import, so that nobody sees half a plan.
func (s *Service) storePlan(m *made, importer, establishment protocol.ID) (protocol.ID, error) {
	var id protocol.ID
	err := s.store.Transaction(func(core.App) error {
		id = s.store.NextID()
		return nil
	})
	if err != nil {
		return 0, err
	}
	if err := s.storePortions(id, m.portions); err != nil {
		return 0, err
	}
	fields, err := m.fields()
	if err != nil {
		return 0, err
	}
	fields["establishment"], fields["created_by"], fields["state"] = establishment.RecordID(), importer.RecordID(), protocol.RosterPlanned
	err = s.store.Transaction(func(tx core.App) error {
		record, err := newRecord(tx, "roster_imports", fields)
		if err != nil {
			return err
		}
		record.Id = id.RecordID()
		return s.writers["roster_imports"].Insert(tx, record)
	})
	if err != nil {
		return 0, fmt.Errorf("store a plan: %w", err)
	}
	return id, nil
}

// fields are those of the record.
func (m *made) fields() (map[string]any, error) {
	packed, err := pack(m.roster)
	if err != nil {
		return nil, err
	}
	files := []protocol.RosterFile{}
	for _, f := range m.roster.Files {
		files = append(files, protocol.RosterFile(f))
	}
	columns := []protocol.RosterColumn{}
	for _, c := range m.roster.Columns {
		columns = append(columns, protocol.RosterColumn(c))
	}
	return map[string]any{
		"format": m.roster.Format, "encoding": m.roster.Encoding, "year": m.year, "files": files, "columns": columns,
		"complete": append([]string{}, m.roster.Complete...), "counts": m.counts,
		"problems": keptProblemsOf(m.problems), "problem_count": len(m.problems),
		"portions": len(m.portions), "fingerprint": m.fingerprint, "roster": packed,
	}, nil
}

// keptProblemsOf returns the problems that are stored.
func keptProblemsOf(problems []protocol.RosterProblem) []protocol.RosterProblem {
	kept := []protocol.RosterProblem{}
	others := 0
	for _, p := range problems {
		isQuestion := p.Code == ProblemNeedsDecision
		if !isQuestion {
			others++
		}
		if isQuestion || others <= keptProblems {
			kept = append(kept, p)
		}
	}
	return kept
}

// pack encodes what the files say, for planning again once questions are decided.
func pack(r *Roster) (string, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if err := errors.Join(json.NewEncoder(zip).Encode(r), zip.Close()); err != nil {
		return "", fmt.Errorf("encode a roster: %w", err)
	}
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

func unpack(packed string) (*Roster, error) {
	zip, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader([]byte(packed))))
	if err != nil {
		return nil, fmt.Errorf("decode a roster: %w", err)
	}
	r := &Roster{}
	if err := json.NewDecoder(zip).Decode(r); err != nil {
		return nil, fmt.Errorf("decode a roster: %w", err)
	}
	return r, nil
}

// find loads an import of an establishment.
func (s *Service) find(establishment, id protocol.ID) (importRow, error) {
	var row importRow
	err := s.app.ConcurrentDB().Select(importColumns...).From("roster_imports").
		Where(dbx.HashExp{"id": id.RecordID(), "establishment": establishment.RecordID()}).One(&row)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return row, refusal.NotFound
	case err != nil:
		return row, fmt.Errorf("load an import: %w", err)
	}
	return row, nil
}

// set changes fields of an import, in a transaction of the writer.
func (s *Service) set(tx core.App, id protocol.ID, fields map[string]any) error {
	writer := s.writers["roster_imports"]
	record, err := writer.Find(tx, "roster_imports", id.RecordID())
	if err != nil {
		return err
	}
	record.Load(fields)
	return writer.Update(context.Background(), tx, record)
}

// lastApplied returns the id of the import that can be undone; 0 for none.
func (s *Service) lastApplied(db dbx.Builder, establishment protocol.ID) (protocol.ID, error) {
	var id string
	err := db.Select("id").From("roster_imports").
		Where(dbx.HashExp{"establishment": establishment.RecordID(), "state": protocol.RosterApplied}).
		OrderBy("applied_at DESC", "id DESC").Limit(1).Row(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("find the last import: %w", err)
	}
	return protocol.ParseID(id), nil
}

// prune deletes the oldest imports of an establishment, but never the one that can be undone.
func (s *Service) prune(establishment protocol.ID) {
	last, err := s.lastApplied(s.app.ConcurrentDB(), establishment)
	var ids []string
	if err == nil {
		err = s.app.ConcurrentDB().Select("id").From("roster_imports").
			Where(dbx.HashExp{"establishment": establishment.RecordID()}).
			AndWhere(dbx.NotIn("state", protocol.RosterApplying, protocol.RosterUndoing)).OrderBy("id DESC").Column(&ids)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == last.RecordID() })
	for _, id := range ids[min(keptImports, len(ids)):] {
		err = errors.Join(err, s.delete(protocol.ParseID(id)))
	}
	if err != nil { // the next import tries again
		s.app.Logger().Error("prune imports", "establishment", establishment, "error", err)
	}
}

// delete deletes an import, unless it is being applied or undone, or can be undone, by now.
func (s *Service) delete(id protocol.ID) error {
	withdrawn, err := s.withdraw(id)
	if err != nil || !withdrawn {
		return err
	}
	if err := s.deletePortions(id); err != nil {
		return err
	}
	return s.store.Transaction(func(tx core.App) error {
		record, err := tx.FindRecordById("roster_imports", id.RecordID())
		if err != nil {
			return err
		}
		return tx.Delete(record)
	})
}

// withdraw makes sure that nobody begins to apply or undo an import any more. It reports false if
// somebody has begun, or may.
func (s *Service) withdraw(id protocol.ID) (withdrawn bool, err error) {
	err = s.store.Transaction(func(tx core.App) error {
		record, err := tx.FindRecordById("roster_imports", id.RecordID())
		if err != nil {
			return err
		}
		last, err := s.lastApplied(tx.DB(), protocol.ParseID(record.GetString("establishment")))
		if err != nil {
			return err
		}
		state := record.GetString("state")
		if state == protocol.RosterApplying || state == protocol.RosterUndoing || last == id {
			return nil
		}
		withdrawn = true
		return s.set(tx, id, map[string]any{"fingerprint": ""})
	})
	return withdrawn, err
}
