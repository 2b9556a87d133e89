package school

import (
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/store"
	"messagerie/hooks/text"
)

// BindNames normalises the fields of a collection that are names on other people's screens to
// one line, without control characters and those that change the direction of writing, whether
// people, the dashboard or an import set them. A blank one becomes empty, which PocketBase
// refuses if the field is required.
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
