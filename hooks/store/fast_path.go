package store

import (
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// FastPath writes rows of one collection in the writer's transactions by a prepared statement,
// without a core.Record and the hooks of a save, which cost more than the statement. Its user
// does what this program's own handlers would do.
//
// It is open only while nobody could tell the difference: the collection's fields are those
// that its user knows, no handler of a save was bound but PocketBase's and this program's, and
// nobody listens to PocketBase's realtime API. Otherwise its user saves a record.
type FastPath struct {
	store      *Store
	collection string
	fits       func(*core.Collection) bool
	seen       atomic.Pointer[fitting]

	tx         core.App // the transaction that the statements belong to, and that closes them
	statements map[string]*dbx.Query
}

// fitting is whether a version of the collection fits.
type fitting struct {
	collection *core.Collection
	fits       bool
}

// FastPath makes one for a collection. fits reports whether rows that its user writes are
// valid, and complete, for the fields that the collection has.
func (s *Store) FastPath(collection string, fits func(*core.Collection) bool) *FastPath {
	return &FastPath{store: s, collection: collection, fits: fits}
}

// IsOpen reports whether a row may take the fast path now.
func (f *FastPath) IsOpen(tx core.App) bool {
	s := f.store
	if s.sealed == (handlerCounts{}) || s.saves.count() != s.expected() || s.app.SubscriptionsBroker().TotalClients() > 0 {
		return false
	}
	collection, err := tx.FindCachedCollectionByNameOrId(f.collection)
	if err != nil {
		return false
	}
	seen := f.seen.Load()
	if seen == nil || seen.collection != collection {
		seen = &fitting{collection, f.fits(collection)}
		f.seen.Store(seen)
	}
	return seen.fits
}

// Execute runs a statement such as "UPDATE messages SET … WHERE id = {:id}", which is prepared
// once a transaction.
func (f *FastPath) Execute(tx core.App, sql string, params dbx.Params) error {
	_, err := f.prepared(tx, sql).Bind(params).Execute()
	return err
}

// One reads a row into a struct by a statement that is prepared once a transaction,
// sql.ErrNoRows if there is none.
func (f *FastPath) One(tx core.App, sql string, params dbx.Params, row any) error {
	return f.prepared(tx, sql).Bind(params).One(row)
}

func (f *FastPath) prepared(tx core.App, sql string) *dbx.Query {
	if f.tx != tx {
		f.tx, f.statements = tx, make(map[string]*dbx.Query)
	}
	query := f.statements[sql]
	if query == nil {
		query = tx.DB().NewQuery(sql).Prepare()
		f.statements[sql] = query
	}
	return query
}

// NextID draws the id of a new record. Only what Save and Transaction run may call it.
func (s *Store) NextID() protocol.ID { return s.ids.next() }

// Seal says that every handler of this program is bound: the fast paths may open, and those
// that somebody else binds from now on close them.
func (s *Store) Seal() {
	s.saves = watchedHooksOf(s.app)
	s.sealed = s.saves.count()
	s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		s.isServing.Store(true)
		return e.Next()
	})
}

// watchedHooks are the hooks that a save of a record passes: a handler that somebody else binds to one closes the fast path.
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

// InsertSQL is the statement that inserts a row with these columns, from parameters of their names.
func InsertSQL(table string, columns ...string) string {
	return fmt.Sprintf("INSERT INTO {{%s}} ([[%s]]) VALUES ({:%s})",
		table, strings.Join(columns, "]], [["), strings.Join(columns, "}, {:"))
}
