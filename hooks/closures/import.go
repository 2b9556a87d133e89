package closures

import (
	"database/sql"
	"errors"
	"fmt"
	"io"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
	"messagerie/hooks/text"
)

// Service changes the closures of establishments. Its methods may be called from any goroutine, but
// not from within a transaction.
type Service struct {
	app     core.App
	store   *store.Store
	changes *school.Budget // by the administration: each makes the server look at what waits
}

// New creates the service of an app that needn't be bootstrapped yet.
func New(app core.App, st *store.Store) *Service {
	return &Service{app: app, store: st, changes: school.NewBudget(500, 500)}
}

// Imported is what an import has done.
type Imported struct {
	Added, Unchanged int
	Ignored          []string // the names of events that aren't holidays
	Closures         []protocol.Closure
}

// MayChange returns nil if somebody may change the closures of an establishment.
func MayChange(caller school.Person, establishment protocol.ID) error {
	if caller.Role != protocol.RoleAdmin || !caller.Belongs(establishment) {
		return school.ErrNotAdministration
	}
	return nil
}

// Spend spends the caller's budget for one change.
func (s *Service) Spend(caller school.Person) error { return s.changes.Spend(caller, 1) }

// Add adds a closure. One that exists already is returned as it is.
func (s *Service) Add(establishment protocol.ID, holiday Holiday) (protocol.Closure, error) {
	if holiday.Name = text.Line(holiday.Name); holiday.Name == "" {
		return protocol.Closure{}, refusal.Invalid("name", "A closure needs a name.")
	}
	imported, err := s.addAll(establishment, []Holiday{holiday})
	if err != nil {
		return protocol.Closure{}, err
	}
	return imported.Closures[0], nil
}

// Import adds the holidays of a calendar to an establishment. The same calendar again changes nothing.
func (s *Service) Import(establishment protocol.ID, file io.Reader) (Imported, error) {
	holidays, ignored, err := ReadCalendar(file)
	if err != nil {
		return Imported{}, err
	}
	imported, err := s.addAll(establishment, holidays)
	imported.Ignored = ignored
	return imported, err
}

func (s *Service) addAll(establishment protocol.ID, holidays []Holiday) (imported Imported, err error) {
	err = s.store.Transaction(func(tx core.App) error {
		imported = Imported{}
		collection, err := tx.FindCachedCollectionByNameOrId("closures")
		if err != nil {
			return err
		}
		for _, holiday := range holidays {
			record := core.NewRecord(collection)
			err := tx.RecordQuery(collection).AndWhere(dbx.HashExp{"establishment": establishment.RecordID(), "name": holiday.Name,
				"first_day": holiday.FirstDay, "last_day": holiday.LastDay}).Limit(1).One(record)
			switch {
			case err == nil:
				imported.Unchanged++
			case !errors.Is(err, sql.ErrNoRows):
				return err
			default:
				record.Load(map[string]any{"establishment": establishment.RecordID(), "name": holiday.Name,
					"first_day": holiday.FirstDay, "last_day": holiday.LastDay})
				if err := tx.Save(record); err != nil {
					return err
				}
				imported.Added++
			}
			imported.Closures = append(imported.Closures, view(record))
		}
		return nil
	})
	if err != nil {
		return Imported{}, fmt.Errorf("save closures: %w", err)
	}
	return imported, nil
}

// Remove deletes a closure of an establishment.
func (s *Service) Remove(establishment, id protocol.ID) error {
	err := s.store.Transaction(func(tx core.App) error {
		record, err := tx.FindRecordById("closures", id.RecordID())
		if errors.Is(err, sql.ErrNoRows) || err == nil && record.GetString("establishment") != establishment.RecordID() {
			return refusal.NotFound
		}
		if err != nil {
			return err
		}
		return tx.Delete(record)
	})
	if err != nil {
		return fmt.Errorf("delete closure: %w", err)
	}
	return nil
}

func view(record *core.Record) protocol.Closure {
	return protocol.Closure{ID: protocol.ParseID(record.Id), Name: record.GetString("name"),
		FirstDay: record.GetString("first_day"), LastDay: record.GetString("last_day")}
}
