// Package pb_migrations is the schema, one collection a file. Importing it
// registers the migrations with PocketBase, which applies them at start.
//
// Ids are numbers on the wire and 16 zero-padded digits in the database, so that
// the order of texts is the order of numbers; hooks/store draws them. The generic
// record API stays closed on every collection (nil rules: superusers only), except
// for signing in and a narrow update of one's own profile.
package pb_migrations

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// idDigits is the length of every id: 2^53, the largest exact number of
// JavaScript, has 16 digits.
const idDigits = 16

// newCollection returns a collection with numeric ids and closed rules.
func newCollection(name string) *core.Collection {
	c := core.NewBaseCollection(name)
	useNumericIDs(c)
	return c
}

// useNumericIDs makes the ids of c 16 characters long. The pattern stays
// PocketBase's own, because any other makes each validated save scan the table; a
// hook checks that the characters are digits. The dashboard requires an id to be
// typed in unless there is a pattern to generate one from.
func useNumericIDs(c *core.Collection) {
	id := c.Fields.GetByName(core.FieldNameId).(*core.TextField)
	id.Min, id.Max = idDigits, idDigits
	id.AutogeneratePattern = "[0-9]{16}"
	id.Help = "A number of 16 digits. Leave it empty to have one drawn."
}

func addTimes(c *core.Collection) {
	c.Fields.Add(
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
}

// dropCollection reverts a migration that created a collection.
func dropCollection(name string) func(core.App) error {
	return func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		return app.Delete(c)
	}
}

// relationTo completes a relation field to the collection with that name.
func relationTo(app core.App, collection string, field core.RelationField) (*core.RelationField, error) {
	target, err := app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	field.CollectionId = target.Id
	if field.MaxSelect == 0 {
		field.MaxSelect = 1
	}
	return &field, nil
}

// execute runs plain SQL, for tables that aren't collections.
func execute(app core.App, purpose string, statements []string) error {
	for _, statement := range statements {
		if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
			return fmt.Errorf("%s: %w", purpose, err)
		}
	}
	return nil
}

func rule(expression string) *string { return types.Pointer(expression) }
