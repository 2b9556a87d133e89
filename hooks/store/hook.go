package store

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// RecordHook is the type of app.OnRecordCreate() and the like.
type RecordHook = hook.TaggedHook[*core.RecordEvent]

// Handler creates a handler of a RecordHook with a priority.
func Handler(priority int, fn func(*core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
	return &hook.Handler[*core.RecordEvent]{Func: fn, Priority: priority}
}
