package roster

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/store"
	"messagerie/hooks/text"
)

// People whom an import creates are inserted many at a time. PocketBase's save of an account loads
// all collections each time, and SQLite allocates a journal for each statement with triggers:
// both take longer than all the rest.

// personColumns are all fields of users, apart from the id. With another one people are saved one
// by one.
var personColumns = []string{
	"birth_date", "created", "disabled", "email", "emailVisibility", "establishments", "external_id", "external_source",
	"first_name", "imported_as", "imported_email", "ine", "joined_at", "last_name", "left_at", "locale", "password",
	"quiet_days", "quiet_from", "quiet_to", "role",
	"temporary_password", "tokenKey", "updated", "username", "verified",
}

// newFastPeople is open while people may be inserted without the hooks of a save.
func newFastPeople(st *store.Store) *store.FastPath {
	return st.FastPath("users", personColumns, func(c *core.Collection) bool {
		names := slices.DeleteFunc(c.Fields.FieldNames(), func(name string) bool { return name == core.FieldNameId })
		slices.Sort(names)
		return slices.Equal(names, personColumns)
	})
}

// insertPeople stores people who are new. Nobody is told: caches don't hold who isn't there.
func (s *Service) insertPeople(tx core.App, records []*core.Record) error {
	if !s.fastPeople.IsOpen(tx) {
		for _, record := range records {
			if err := s.writers["users"].Insert(tx, record); err != nil {
				return err
			}
		}
		return nil
	}
	rows := make([]map[string]any, len(records))
	for i, record := range records {
		if err := s.prepare(tx, record); err != nil {
			return err
		}
		var err error
		if rows[i], err = columnsOf(tx, record); err != nil {
			return err
		}
	}
	data, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = tx.DB().NewQuery(insertPeopleSQL).Bind(dbx.Params{"rows": string(data)}).Execute()
	return err
}

var insertPeopleSQL = func() string {
	var values []string
	columns := append([]string{core.FieldNameId}, personColumns...)
	for _, name := range columns {
		values = append(values, "value->>'$."+name+"'")
	}
	return fmt.Sprintf("INSERT INTO users ([[%s]]) SELECT %s FROM json_each({:rows})",
		strings.Join(columns, "]], [["), strings.Join(values, ", "))
}()

// prepare does what the hooks and rules for a new person do.
func (s *Service) prepare(tx core.App, record *core.Record) error {
	for _, name := range []string{"first_name", "last_name"} {
		record.Set(name, text.Line(record.GetString(name))) // as school.BindNames does
	}
	record.Id = s.store.NextID().RecordID()
	record.RefreshTokenKey()
	now := types.NowDateTime()
	record.SetRaw("created", now)
	record.SetRaw("updated", now)
	wrong := validation.Errors{}
	for _, field := range record.Collection().Fields {
		if _, isRelation := field.(*core.RelationField); isRelation {
			continue // the establishment, which the plan is of
		}
		if err := field.ValidateValue(context.Background(), tx, record); err != nil {
			wrong[field.GetName()] = err
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// columnsOf returns a record as it is stored.
func columnsOf(tx core.App, record *core.Record) (map[string]any, error) {
	columns, err := record.DBExport(tx)
	if err != nil {
		return nil, err
	}
	for name, value := range columns {
		valuer, ok := value.(driver.Valuer)
		if !ok {
			continue
		}
		stored, err := valuer.Value()
		if err != nil {
			return nil, err
		}
		if data, isBytes := stored.([]byte); isBytes {
			stored = string(data)
		}
		columns[name] = stored
	}
	return columns, nil
}
