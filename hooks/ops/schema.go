package ops

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/store"
)

// ErrSchema is why a server doesn't start on a data directory; what is wrong is named.
var ErrSchema = errors.New("the database isn't as this version needs it")

// StatusSchema is the program's exit status then.
const StatusSchema = 3

// schema is what the migrations have made of a database. schema.json is that of a fresh one.
type schema struct {
	Collections map[string]collection
	Triggers    map[string]string // their SQL
	Indexes     map[string]string
}

// collection is what this program relies on of a collection.
type collection struct {
	Type   string
	Rules  map[string]*string // nil closes it to all but superusers
	Fields map[string]string  // their types
	Needs  []string           // fields that must be filled
}

//go:embed schema.json
var schemaJSON []byte

// expected is the schema of this version.
func expected() (s schema, err error) {
	err = json.Unmarshal(schemaJSON, &s)
	return s, err
}

// ErrPending is an ErrSchema: an earlier version made the database, and this one migrates it when it starts.
var ErrPending = fmt.Errorf("%w yet", ErrSchema)

// ReadSchema reads the schema of a migrated database.
func ReadSchema(db dbx.Builder) ([]byte, error) {
	s, err := readSchema(db)
	if err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(s, "", " ")
	return append(data, '\n'), err
}

func readSchema(db dbx.Builder) (s schema, err error) {
	s.Collections, s.Triggers, s.Indexes = map[string]collection{}, map[string]string{}, map[string]string{}
	var all []*core.Collection
	if err := db.Select().From((&core.Collection{}).TableName()).All(&all); err != nil {
		return s, fmt.Errorf("read the collections: %w", err)
	}
	for _, c := range all {
		if !c.System { // PocketBase's own are its affair
			s.Collections[c.Name] = collectionOf(c)
		}
	}
	var rows []struct{ Type, Name, SQL string }
	err = db.NewQuery("SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'index') AND sql != ''").All(&rows)
	for _, row := range rows {
		text := strings.Join(strings.Fields(row.SQL), " ")
		if row.Type == "trigger" {
			s.Triggers[row.Name] = text
		} else {
			s.Indexes[row.Name] = text
		}
	}
	return s, err
}

func collectionOf(c *core.Collection) collection {
	of := collection{Type: c.Type, Fields: map[string]string{}, Rules: map[string]*string{
		"list": c.ListRule, "view": c.ViewRule, "create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule}}
	if c.IsAuth() {
		of.Rules["auth"], of.Rules["manage"] = c.AuthRule, c.ManageRule
	}
	for _, field := range c.Fields {
		of.Fields[field.GetName()] = field.Type()
		if needs(field) {
			of.Needs = append(of.Needs, field.GetName())
		}
	}
	slices.Sort(of.Needs)
	return of
}

// needs reports whether a field must be filled, so that an insert which doesn't know it fails.
func needs(field core.Field) bool {
	data, err := json.Marshal(field)
	var traits struct{ Required bool }
	return err == nil && json.Unmarshal(data, &traits) == nil && traits.Required
}

// differences lists what of the schema is missing or was changed. What was added and may stay empty isn't listed.
func (s schema) differences(is schema) (found []string) {
	for _, name := range slices.Sorted(maps.Keys(s.Collections)) {
		if c, ok := is.Collections[name]; ok {
			for _, difference := range s.Collections[name].differences(c) {
				found = append(found, name+": "+difference)
			}
		} else {
			found = append(found, "the collection "+name+" is missing")
		}
	}
	for kind, pair := range map[string][2]map[string]string{"trigger": {s.Triggers, is.Triggers}, "index": {s.Indexes, is.Indexes}} {
		for _, name := range slices.Sorted(maps.Keys(pair[0])) {
			if text, ok := pair[1][name]; !ok {
				found = append(found, "the "+kind+" "+name+" is missing")
			} else if text != pair[0][name] {
				found = append(found, "the "+kind+" "+name+" was changed")
			}
		}
	}
	return found
}

func (c collection) differences(is collection) (found []string) {
	if is.Type != c.Type {
		found = append(found, "it is of the type "+is.Type+", not "+c.Type)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		if kind, ok := is.Fields[name]; !ok {
			found = append(found, "the field "+name+" is missing")
		} else if kind != c.Fields[name] {
			found = append(found, "the field "+name+" is of the type "+kind+", not "+c.Fields[name])
		}
	}
	for _, name := range is.Needs {
		if !slices.Contains(c.Needs, name) {
			found = append(found, "the field "+name+" may not be required")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Rules)) {
		if !reflect.DeepEqual(is.Rules[name], c.Rules[name]) {
			found = append(found, "the "+name+" rule was changed")
		}
	}
	return found
}

// BindSchema keeps the schema and the rules of this program's collections as its migrations made them, whoever changes
// them, and refuses to serve a database in which they aren't. Added fields that may stay empty, and added collections,
// are welcome.
func BindSchema(app core.App, st *store.Store) {
	serving := false // until then migrations change it
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		if err := CheckSchema(se.App.DB()); err != nil {
			return err
		}
		if settings := se.App.Settings(); !settings.Meta.HideControls && st.Leads() {
			settings.Meta.HideControls = true
			if err := saveSettings(se.App); err != nil {
				return err
			}
		}
		serving = true
		return se.Next()
	})
	app.OnCollectionUpdate().BindFunc(func(e *core.CollectionEvent) error {
		if serving {
			if err := checkChange(e.App, e.Collection); err != nil {
				return err
			}
		}
		return e.Next()
	})
	app.OnCollectionDeleteRequest().BindFunc(func(e *core.CollectionRequestEvent) error { // PocketBase would blame references
		if err := checkDeletion(e.Collection); err != nil {
			return err
		}
		return e.Next()
	})
	app.OnCollectionDelete().BindFunc(func(e *core.CollectionEvent) error {
		if serving {
			if err := checkDeletion(e.Collection); err != nil {
				return err
			}
		}
		return e.Next()
	})
}

// CheckSchema compares a migrated database with what this version needs. It only reads.
func CheckSchema(db dbx.Builder) error {
	want, err := expected()
	if err != nil {
		return err
	}
	newer, pending, err := migrationsOf(db)
	if err != nil {
		return err
	}
	if len(newer) > 0 {
		return fmt.Errorf("%w: a newer version of the program has used it (%s). Start that version, or restore a backup from before the update",
			ErrSchema, strings.Join(newer, ", "))
	}
	if len(pending) > 0 {
		return fmt.Errorf("%w: an earlier version made it (migrations to be run: %d, the first is %s)", ErrPending, len(pending), pending[0])
	}
	is, err := readSchema(db)
	if err != nil {
		return err
	}
	if found := want.differences(is); len(found) > 0 {
		return fmt.Errorf("%w:\n  %s\nUndo that in the database, or restore a backup from before", ErrSchema, strings.Join(found, "\n  "))
	}
	return nil
}

// migrationsOf returns the migrations that the database has seen and this program doesn't know, and those that are still
// to be run.
func migrationsOf(db dbx.Builder) (newer, pending []string, err error) {
	var applied []string
	if err := db.NewQuery("SELECT file FROM {{_migrations}} ORDER BY file").Column(&applied); err != nil {
		return nil, nil, fmt.Errorf("read the migrations: %w", err)
	}
	known := map[string]bool{}
	for _, list := range []core.MigrationsList{core.SystemMigrations, core.AppMigrations} {
		for _, m := range list.Items() {
			known[m.File] = true
			if !slices.Contains(applied, m.File) {
				pending = append(pending, m.File)
			}
		}
	}
	for _, file := range applied {
		if !known[file] {
			newer = append(newer, file)
		}
	}
	return newer, pending, nil
}

// checkChange refuses what would break this program. The collection is found by its id, as it may be renamed.
func checkChange(app core.App, changed *core.Collection) error {
	want, err := expected()
	if err != nil {
		return err
	}
	before, err := app.FindCachedCollectionByNameOrId(changed.Id)
	if err != nil {
		return err
	}
	ours, ok := want.Collections[before.Name]
	if !ok {
		return nil
	}
	found := ours.differences(collectionOf(changed))
	if changed.Name != before.Name {
		found = append(found, "it keeps its name")
	}
	for name := range ours.Fields { // a renamed field keeps its id
		old, field := before.Fields.GetByName(name), changed.Fields.GetByName(name)
		if old != nil && field != nil && old.GetId() != field.GetId() {
			found = append(found, "the field "+name+" was replaced by another one")
		}
	}
	for _, index := range before.Indexes {
		if isOurs(want, index) && !slices.Contains(changed.Indexes, index) {
			found = append(found, "this index is needed: "+index)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return refusedChange(before.Name, found...)
}

// isOurs reports whether an index is one of the migrations'.
func isOurs(want schema, index string) bool {
	for name := range want.Indexes {
		if strings.Contains(index, "`"+name+"`") {
			return true
		}
	}
	return false
}

func checkDeletion(deleted *core.Collection) error {
	want, err := expected()
	if err != nil {
		return err
	}
	if _, ok := want.Collections[deleted.Name]; ok {
		return refusedChange(deleted.Name, "it can't be deleted")
	}
	return nil
}

func refusedChange(name string, found ...string) error {
	return apis.NewBadRequestError(fmt.Sprintf("The schema and the rules of %s belong to this program: %s.", name, strings.Join(found, "; ")), nil)
}

// IsSchema reports whether data is the stored schema, for its test.
func IsSchema(data []byte) bool { return bytes.Equal(data, schemaJSON) }
