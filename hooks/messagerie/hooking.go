package messagerie

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// recordHook is what app.OnRecord… answers.
type recordHook = hook.TaggedHook[*core.RecordEvent]

func handler(priority int, fn func(*core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
	return &hook.Handler[*core.RecordEvent]{Func: fn, Priority: priority}
}
