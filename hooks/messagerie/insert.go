package messagerie

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

// inserter saves new records of one collection in the writer's transactions, as
// tx.Save does and with the same hooks in the same order, but for two things that
// cost more than all the rest of a message: it doesn't validate what the rules
// have checked already, and its statement is prepared once a transaction.
//
// What it leaves out of tx.Save is OnRecordValidate: a rule belongs into
// OnRecordCreate, where all of ours are.
type inserter struct {
	app     core.App
	checked []string // fields that the rules in OnRecordCreate vouch for

	tx         core.App // the transaction that statement belongs to, and that closes it
	collection *core.Collection
	statement  *dbx.Query
}

// insert saves a record in tx, whose end decides, as ever, about its after-hooks.
func (i *inserter) insert(tx core.App, record *core.Record) error {
	event := &core.ModelEvent{App: tx, Context: context.Background(), Type: core.ModelEventTypeCreate}
	event.Model = record
	err := tx.OnModelCreate().Trigger(event, func(e *core.ModelEvent) error {
		if err := i.validate(e, record); err != nil {
			return err
		}
		return e.App.OnModelCreateExecute().Trigger(event, func(e *core.ModelEvent) error {
			return i.execute(e.App, record)
		})
	})
	if err != nil {
		return i.failed(event, err)
	}
	tx.TxInfo().OnComplete(func(txErr error) error {
		event.App = i.app
		if txErr != nil {
			return i.failed(event, txErr)
		}
		return i.app.OnModelAfterCreateSuccess().Trigger(event)
	})
	return nil
}

// failed tells the hooks that wait for it, and answers err. A record that failed
// can be saved again.
func (i *inserter) failed(event *core.ModelEvent, err error) error {
	event.Model.MarkAsNew()
	failure := &core.ModelErrorEvent{ModelEvent: *event, Error: err}
	if hookErr := event.App.OnModelAfterCreateError().Trigger(failure); hookErr != nil {
		return fmt.Errorf("%w; then: %w", err, hookErr)
	}
	return err
}

// validate checks what an administrator may have configured in the dashboard, on
// fields of ours and on others.
func (i *inserter) validate(e *core.ModelEvent, record *core.Record) error {
	var wrong validation.Errors
	for _, field := range record.Collection().Fields {
		if slices.Contains(i.checked, field.GetName()) {
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

func (i *inserter) execute(tx core.App, record *core.Record) error {
	columns, err := record.DBExport(tx)
	if err != nil {
		return err
	}
	if i.tx != tx || i.collection != record.Collection() {
		i.tx, i.collection = tx, record.Collection()
		i.statement = tx.DB().NewQuery(insertSQL(record.TableName(), columns)).Prepare()
	}
	if _, err := i.statement.Bind(columns).Execute(); err != nil {
		return err
	}
	record.MarkAsNotNew()
	return nil
}

func insertSQL(table string, columns map[string]any) string {
	names := slices.Sorted(maps.Keys(columns))
	return fmt.Sprintf("INSERT INTO {{%s}} ([[%s]]) VALUES ({:%s})",
		table, strings.Join(names, "]], [["), strings.Join(names, "}, {:"))
}
