package school

import (
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/store"
	"messagerie/hooks/text"
)

// BindNames makes the fields of a collection that name somebody or something on other people's
// screens one line without control characters, and without those that change the direction of
// writing, whether people, the dashboard or an import set them. A blank one is empty, which
// PocketBase refuses where the field is required.
func BindNames(app core.App, collection string, fields ...string) {
	tidy := func(e *core.RecordEvent) error {
		for _, field := range fields {
			e.Record.Set(field, text.Line(e.Record.GetString(field)))
		}
		return e.Next()
	}
	app.OnRecordCreate(collection).Bind(store.Handler(store.PriorityRule-1, tidy))
	app.OnRecordUpdate(collection).Bind(store.Handler(store.PriorityRule-1, tidy))
}
