package store

import (
	"sync/atomic"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// FastPath writes rows of one collection in the writer's transactions by a prepared statement,
// without a core.Record and the hooks of a save, which cost more than the statement. The caller
// does what this program's own handlers would do. Only what Save and Transaction run may use it.
//
// It is open only while the collection's fields are those that the caller knows, no handler of a
// save is bound but PocketBase's and this program's, of whatever collection, and nobody listens to
// PocketBase's realtime API. Otherwise the caller saves a record. Handlers that replace others
// under the same id go unnoticed.
type FastPath struct {
	store      *Store
	collection string
	fits       func(*core.Collection) bool
	checked    atomic.Pointer[checkedFields]
	insert     string // the statements
	update     string

	tx         core.App // the transaction that the prepared statements belong to, and that closes them
	statements map[string]*dbx.Query
}

// checkedFields is whether the caller knows the fields of a version of the collection.
type checkedFields struct {
	collection *core.Collection
	fit        bool
}

// FastPath creates the fast path of a collection for the columns that its rows are written with,
// apart from the id. fits reports whether rows that the caller writes are valid and complete for
// the fields that the collection has.
func (s *Store) FastPath(collection string, columns []string, fits func(*core.Collection) bool) *FastPath {
	return &FastPath{store: s, collection: collection, fits: fits,
		insert: insertSQL(collection, append([]string{core.FieldNameId}, columns...)), update: updateSQL(collection, columns)}
}

// IsOpen reports whether a row may take the fast path now.
func (f *FastPath) IsOpen(tx core.App) bool {
	s := f.store
	if !s.isSealed || s.saves.count() != s.expected() || s.app.SubscriptionsBroker().TotalClients() > 0 {
		return false
	}
	collection, err := tx.FindCachedCollectionByNameOrId(f.collection)
	if err != nil {
		return false
	}
	checked := f.checked.Load()
	if checked == nil || checked.collection != collection {
		checked = &checkedFields{collection, f.fits(collection)}
		f.checked.Store(checked)
	}
	return checked.fit
}

// Insert adds a row, whose id and columns are in params.
func (f *FastPath) Insert(tx core.App, params dbx.Params) error {
	_, err := f.bound(tx, f.insert, params).Execute()
	return err
}

// Update changes the row of an id; it and the columns are in params.
func (f *FastPath) Update(tx core.App, params dbx.Params) error {
	_, err := f.bound(tx, f.update, params).Execute()
	return err
}

// One reads a row into a struct by a query that is prepared once per transaction,
// sql.ErrNoRows if there is none.
func (f *FastPath) One(tx core.App, query string, params dbx.Params, row any) error {
	return f.bound(tx, query, params).One(row)
}

func (f *FastPath) bound(tx core.App, sql string, params dbx.Params) *dbx.Query {
	if f.tx != tx {
		f.tx, f.statements = tx, make(map[string]*dbx.Query)
	}
	query := f.statements[sql]
	if query == nil {
		query = prepare(tx.DB(), sql, params)
		f.statements[sql] = query
	}
	return query.Bind(params)
}

// NextID draws the id of a new record. Only what Save and Transaction run may call it.
func (s *Store) NextID() protocol.ID { return s.ids.next() }

// Seal marks the end of registration: handlers that are bound later close the fast paths. So do
// those that were bound before New.
func (s *Store) Seal() {
	s.sealed, s.isSealed = s.saves.count(), s.isFirst
	s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		s.isServing.Store(true)
		return e.Next()
	})
}

// watchedHooks are the hooks that a save of a record passes.
type watchedHooks struct{ create, created, update, updated []interface{ Length() int } }

func watchedHooksOf(app core.App) watchedHooks {
	type hooks = []interface{ Length() int }
	return watchedHooks{
		create: hooks{app.OnModelCreate(), app.OnModelCreateExecute(), app.OnRecordCreate(), app.OnRecordCreateExecute()},
		created: hooks{app.OnModelAfterCreateSuccess(), app.OnModelAfterCreateError(),
			app.OnRecordAfterCreateSuccess(), app.OnRecordAfterCreateError()},
		update: hooks{app.OnModelUpdate(), app.OnModelUpdateExecute(), app.OnRecordUpdate(), app.OnRecordUpdateExecute()},
		updated: hooks{app.OnModelAfterUpdateSuccess(), app.OnModelAfterUpdateError(),
			app.OnRecordAfterUpdateSuccess(), app.OnRecordAfterUpdateError()},
	}
}

// handlerCounts are how many handlers those have.
type handlerCounts struct{ create, created, update, updated int }

func (h watchedHooks) count() handlerCounts {
	sum := func(hooks []interface{ Length() int }) (n int) {
		for _, hook := range hooks {
			n += hook.Length()
		}
		return n
	}
	return handlerCounts{sum(h.create), sum(h.created), sum(h.update), sum(h.updated)}
}

// What PocketBase binds for its realtime API when it makes its router, before OnServe
// (apis/realtime.go in v0.39).
const (
	realtimeCreated = 1
	realtimeUpdated = 2
)

// expected are the handlers of PocketBase and of this program.
func (s *Store) expected() handlerCounts {
	expected := s.sealed
	if s.isServing.Load() {
		expected.created += realtimeCreated
		expected.updated += realtimeUpdated
	}
	return expected
}
