package messagerie

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

// saver saves records of one collection in the writer's transactions, as tx.Save does
// and with the same hooks in the same order, but for what costs more than all the rest
// of a message or a marker: it doesn't validate what the rules have checked already,
// its statements are prepared once a transaction, and an update writes what has changed
// alone, so that the indexes of the other columns aren't touched.
//
// What it leaves out of tx.Save is OnRecordValidate: a rule belongs into OnRecordCreate
// or OnRecordUpdate, where all of ours are.
type saver struct {
	app     core.App
	checked []string // fields that the rules in OnRecordCreate vouch for

	tx         core.App // the transaction that the statements belong to, and that closes them
	collection *core.Collection
	insertion  *dbx.Query
	lookup     *dbx.Query
	updates    map[string]*dbx.Query // by their text: others change other columns
}

// moments are the hooks of a save.
type moments struct {
	around, execute, succeeded func(core.App, ...string) *hook.TaggedHook[*core.ModelEvent]
	failed                     func(core.App, ...string) *hook.TaggedHook[*core.ModelErrorEvent]
}

var (
	creation = moments{core.App.OnModelCreate, core.App.OnModelCreateExecute,
		core.App.OnModelAfterCreateSuccess, core.App.OnModelAfterCreateError}
	change = moments{core.App.OnModelUpdate, core.App.OnModelUpdateExecute,
		core.App.OnModelAfterUpdateSuccess, core.App.OnModelAfterUpdateError}
)

// insert saves a new record in tx, whose end decides, as ever, about its after-hooks.
// It validates what an administrator may have configured in the dashboard, on fields of
// ours and on others.
func (s *saver) insert(tx core.App, record *core.Record) error {
	event := &core.ModelEvent{App: tx, Context: context.Background(), Type: core.ModelEventTypeCreate}
	event.Model = record
	validate := func(e *core.ModelEvent) error {
		if err := s.validate(e, record); err != nil {
			return err
		}
		stamp(record)
		return nil
	}
	return s.save(event, creation, validate, func(e *core.ModelEvent) error { return s.executeInsert(e.App, record) })
}

// find loads a record that update may save, sql.ErrNoRows if there is none.
func (s *saver) find(tx core.App, collection, id string) (*core.Record, error) {
	c, err := tx.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	s.prepareFor(tx, c)
	if s.lookup == nil {
		s.lookup = tx.RecordQuery(c).AndWhere(dbx.NewExp("[[id]] = {:id}")).
			WithContext(context.Background()).Build().Prepare()
	}
	record := &core.Record{}
	if err := s.lookup.Bind(dbx.Params{"id": id}).One(record); err != nil {
		return nil, err
	}
	return record.IgnoreUnchangedFields(true), nil
}

// update saves, like insert, what has changed of a record that find has loaded in the
// same transaction.
func (s *saver) update(ctx context.Context, tx core.App, record *core.Record) error {
	event := &core.ModelEvent{App: tx, Context: ctx, Type: core.ModelEventTypeUpdate}
	event.Model = record
	accept := func(*core.ModelEvent) error { return nil }
	return s.save(event, change, accept, func(e *core.ModelEvent) error { return s.executeUpdate(e.App, record) })
}

func (s *saver) save(event *core.ModelEvent, on moments, validate, execute func(*core.ModelEvent) error) error {
	tx := event.App
	err := on.around(tx).Trigger(event, func(e *core.ModelEvent) error {
		if err := validate(e); err != nil {
			return err
		}
		return on.execute(e.App).Trigger(event, execute)
	})
	if err != nil {
		return s.failed(event, on, err)
	}
	tx.TxInfo().OnComplete(func(txErr error) error {
		event.App = s.app
		if txErr != nil {
			return s.failed(event, on, txErr)
		}
		return on.succeeded(s.app).Trigger(event)
	})
	return nil
}

// failed tells the hooks that wait for it, and answers err. A new record that failed
// can be saved again.
func (s *saver) failed(event *core.ModelEvent, on moments, err error) error {
	if event.Type == core.ModelEventTypeCreate {
		event.Model.MarkAsNew()
	}
	failure := &core.ModelErrorEvent{ModelEvent: *event, Error: err}
	if hookErr := on.failed(event.App).Trigger(failure); hookErr != nil {
		return fmt.Errorf("%w; then: %w", err, hookErr)
	}
	return err
}

func (s *saver) validate(e *core.ModelEvent, record *core.Record) error {
	var wrong validation.Errors
	for _, field := range record.Collection().Fields {
		if slices.Contains(s.checked, field.GetName()) {
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

func (s *saver) executeInsert(tx core.App, record *core.Record) error {
	columns, err := record.DBExport(tx)
	if err != nil {
		return err
	}
	s.prepareFor(tx, record.Collection())
	if s.insertion == nil {
		s.insertion = tx.DB().NewQuery(insertSQL(record.TableName(), columns)).Prepare()
	}
	if _, err := s.insertion.Bind(columns).Execute(); err != nil {
		return err
	}
	record.MarkAsNotNew()
	return nil
}

func (s *saver) executeUpdate(tx core.App, record *core.Record) error {
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
	s.prepareFor(tx, record.Collection())
	text := updateSQL(record.TableName(), columns)
	query := s.updates[text]
	if query == nil {
		query = tx.DB().NewQuery(text).Prepare()
		s.updates[text] = query
	}
	_, err = query.Bind(columns).Execute()
	return err
}

// prepareFor forgets the statements of another transaction, which closed them.
func (s *saver) prepareFor(tx core.App, collection *core.Collection) {
	if s.tx == tx && s.collection == collection {
		return
	}
	s.tx, s.collection = tx, collection
	s.insertion, s.lookup, s.updates = nil, nil, make(map[string]*dbx.Query)
}

func insertSQL(table string, columns map[string]any) string {
	names := slices.Sorted(maps.Keys(columns))
	return fmt.Sprintf("INSERT INTO {{%s}} ([[%s]]) VALUES ({:%s})",
		table, strings.Join(names, "]], [["), strings.Join(names, "}, {:"))
}

func updateSQL(table string, columns map[string]any) string {
	var set []string
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if name != core.FieldNameId {
			set = append(set, "[["+name+"]] = {:"+name+"}")
		}
	}
	return "UPDATE {{" + table + "}} SET " + strings.Join(set, ", ") + " WHERE [[id]] = {:id}"
}

// lastKnown is where PocketBase keeps, in the record, the time that it gave to a field.
// Where it finds none it looks at a copy of the record, for each field anew.
const lastKnown = "@pbInternal_last_autodate_"

// stamp spares a new record those copies. PocketBase puts the time of the insert there.
func stamp(record *core.Record) {
	for _, field := range record.Collection().Fields {
		if f, ok := field.(*core.AutodateField); ok && f.OnCreate && record.GetDateTime(f.Name).IsZero() {
			now := types.NowDateTime()
			record.SetRaw(f.Name, now)
			record.SetRaw(lastKnown+f.Name, now)
		}
	}
}
