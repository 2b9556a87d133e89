package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/types"
)

// RecordWriter saves records of one collection in the writer's transactions, as tx.Save does
// and with the same hooks in the same order, but without the most expensive parts of a save:
// it doesn't validate what the rules have checked already, prepares its statements once per
// transaction, and updates only the changed columns, so that the indexes of the others aren't
// touched. It may only be used in functions run by Save and Transaction.
//
// Unlike tx.Save it doesn't trigger OnRecordValidate: a rule belongs in OnRecordCreate or
// OnRecordUpdate.
type RecordWriter struct {
	app     core.App
	checked []string // fields that the rules in OnRecordCreate validate

	tx         core.App // the transaction that the statements belong to, and that closes them
	collection *core.Collection
	insertion  *dbx.Query
	lookup     *dbx.Query
	updates    map[string]*dbx.Query // by text, which depends on the changed columns
	executed   bool                  // whether the statement of the current save was executed
}

// RecordWriter creates one for a collection. The rules in OnRecordCreate validate the checked fields.
func (s *Store) RecordWriter(checked ...string) *RecordWriter {
	return &RecordWriter{app: s.app, checked: checked}
}

// saveHooks are the hooks of a save.
type saveHooks struct {
	around, execute, succeeded func(core.App, ...string) *hook.TaggedHook[*core.ModelEvent]
	failed                     func(core.App, ...string) *hook.TaggedHook[*core.ModelErrorEvent]
}

var (
	creation = saveHooks{core.App.OnModelCreate, core.App.OnModelCreateExecute,
		core.App.OnModelAfterCreateSuccess, core.App.OnModelAfterCreateError}
	change = saveHooks{core.App.OnModelUpdate, core.App.OnModelUpdateExecute,
		core.App.OnModelAfterUpdateSuccess, core.App.OnModelAfterUpdateError}
)

// Insert saves a new record in tx. As with tx.Save, the after-hooks run once tx has ended.
// It validates what an administrator may have configured in the dashboard, on our own and
// on other fields.
func (w *RecordWriter) Insert(tx core.App, record *core.Record) error {
	event := &core.ModelEvent{App: tx, Context: context.Background(), Type: core.ModelEventTypeCreate}
	event.Model = record
	validate := func(e *core.ModelEvent) error {
		if err := w.validate(e, record); err != nil {
			return err
		}
		stamp(record)
		return nil
	}
	return w.save(event, creation, validate, func(e *core.ModelEvent) error { return w.executeInsert(e.App, record) })
}

// Find loads a record that Update may save, sql.ErrNoRows if there is none.
func (w *RecordWriter) Find(tx core.App, collection, id string) (*core.Record, error) {
	c, err := tx.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	w.prepareFor(tx, c)
	if w.lookup == nil {
		w.lookup = tx.RecordQuery(c).AndWhere(dbx.NewExp("[[id]] = {:id}")).
			WithContext(context.Background()).Build().Prepare()
	}
	record := &core.Record{}
	if err := w.lookup.Bind(dbx.Params{"id": id}).One(record); err != nil {
		return nil, err
	}
	return record.IgnoreUnchangedFields(true), nil
}

// Update saves, like Insert, the changes of a record that Find has loaded in the same
// transaction.
func (w *RecordWriter) Update(ctx context.Context, tx core.App, record *core.Record) error {
	event := &core.ModelEvent{App: tx, Context: ctx, Type: core.ModelEventTypeUpdate}
	event.Model = record
	accept := func(*core.ModelEvent) error { return nil }
	return w.save(event, change, accept, func(e *core.ModelEvent) error { return w.executeUpdate(e.App, record) })
}

func (w *RecordWriter) save(event *core.ModelEvent, on saveHooks, validate, execute func(*core.ModelEvent) error) error {
	tx := event.App
	w.executed = false
	err := on.around(tx).Trigger(event, func(e *core.ModelEvent) error {
		if err := validate(e); err != nil {
			return err
		}
		return on.execute(e.App).Trigger(event, execute)
	})
	if err != nil {
		if w.executed {
			err = executedError{err}
		}
		return w.failed(event, on, err)
	}
	tx.TxInfo().OnComplete(func(txErr error) error {
		event.App = w.app
		if txErr != nil {
			return w.failed(event, on, txErr)
		}
		return on.succeeded(w.app).Trigger(event)
	})
	return nil
}

// failed triggers the error hooks and returns err. A new record that failed can be saved
// again.
func (w *RecordWriter) failed(event *core.ModelEvent, on saveHooks, err error) error {
	if event.Type == core.ModelEventTypeCreate {
		event.Model.MarkAsNew()
	}
	failure := &core.ModelErrorEvent{ModelEvent: *event, Error: err}
	if hookErr := on.failed(event.App).Trigger(failure); hookErr != nil {
		return fmt.Errorf("%w; then: %w", err, hookErr)
	}
	return err
}

func (w *RecordWriter) validate(e *core.ModelEvent, record *core.Record) error {
	var wrong validation.Errors
	for _, field := range record.Collection().Fields {
		if slices.Contains(w.checked, field.GetName()) {
			continue
		}
		if err := field.ValidateValue(e.Context, e.App, record); err != nil {
			if wrong == nil {
				wrong = validation.Errors{}
			}
			wrong[field.GetName()] = err
		}
	}
	if wrong != nil {
		return wrong
	}
	return nil
}

func (w *RecordWriter) executeInsert(tx core.App, record *core.Record) error {
	columns, err := record.DBExport(tx)
	if err != nil {
		return err
	}
	w.prepareFor(tx, record.Collection())
	if w.insertion == nil {
		w.insertion = tx.DB().NewQuery(insertSQL(record.TableName(), slices.Sorted(maps.Keys(columns)))).Prepare()
	}
	if _, err := w.insertion.Bind(columns).Execute(); err != nil {
		return err
	}
	w.executed = true
	record.MarkAsNotNew()
	return nil
}

func (w *RecordWriter) executeUpdate(tx core.App, record *core.Record) error {
	columns, err := record.DBExport(tx)
	if err != nil {
		return err
	}
	if record.Id != record.LastSavedPK() {
		return errors.New("a record keeps its id")
	}
	if len(columns) == 1 { // the id is always among them
		return nil
	}
	w.prepareFor(tx, record.Collection())
	text := updateSQL(record.TableName(), slices.Sorted(maps.Keys(columns)))
	query := w.updates[text]
	if query == nil {
		query = tx.DB().NewQuery(text).Prepare()
		w.updates[text] = query
	}
	_, err = query.Bind(columns).Execute()
	w.executed = err == nil
	return err
}

// prepareFor drops the statements of another transaction, which has closed them.
func (w *RecordWriter) prepareFor(tx core.App, collection *core.Collection) {
	if w.tx == tx && w.collection == collection {
		return
	}
	w.tx, w.collection = tx, collection
	w.insertion, w.lookup, w.updates = nil, nil, make(map[string]*dbx.Query)
}

// insertSQL and updateSQL take the values of the columns, and the id, from parameters of their names.
func insertSQL(table string, columns []string) string {
	return fmt.Sprintf("INSERT INTO {{%s}} ([[%s]]) VALUES ({:%s})",
		table, strings.Join(columns, "]], [["), strings.Join(columns, "}, {:"))
}

func updateSQL(table string, columns []string) string {
	var set []string
	for _, name := range columns {
		if name != core.FieldNameId {
			set = append(set, "[["+name+"]] = {:"+name+"}")
		}
	}
	return "UPDATE {{" + table + "}} SET " + strings.Join(set, ", ") + " WHERE [[id]] = {:id}"
}

// lastKnown is the prefix under which PocketBase keeps, in the record, the time that it gave
// to a field. If there is none, it looks at a copy of the record, a new one for each field.
const lastKnown = "@pbInternal_last_autodate_"

// stamp saves a new record those copies. PocketBase replaces it with the time of the insert.
func stamp(record *core.Record) {
	for _, field := range record.Collection().Fields {
		if f, ok := field.(*core.AutodateField); ok && f.OnCreate && record.GetDateTime(f.Name).IsZero() {
			now := types.NowDateTime()
			record.SetRaw(f.Name, now)
			record.SetRaw(lastKnown+f.Name, now)
		}
	}
}
