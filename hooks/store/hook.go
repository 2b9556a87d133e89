package store

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// RecordHook is what app.OnRecordCreate and its like return.
type RecordHook = hook.TaggedHook[*core.RecordEvent]

// Handler is one of a RecordHook, with its priority.
func Handler(priority int, fn func(*core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
	return &hook.Handler[*core.RecordEvent]{Func: fn, Priority: priority}
}
