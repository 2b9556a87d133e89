package hooks

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
)

// The fast paths of messages and participants pass handlers by (store.FastPath), so what those
// handlers do has to be done there as well. A new handler for other collections only changes
// the number here.
func TestRegister_bindsNoHandlerThatTheFastPathsDoNotKnow(t *testing.T) {
	counts := func(app core.App) [4]int {
		return [4]int{
			app.OnModelCreate().Length() + app.OnModelCreateExecute().Length() + app.OnRecordCreate().Length() + app.OnRecordCreateExecute().Length(),
			app.OnModelAfterCreateSuccess().Length() + app.OnRecordAfterCreateSuccess().Length(),
			app.OnModelUpdate().Length() + app.OnModelUpdateExecute().Length() + app.OnRecordUpdate().Length() + app.OnRecordUpdateExecute().Length(),
			app.OnModelAfterUpdateSuccess().Length() + app.OnRecordAfterUpdateSuccess().Length(),
		}
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	before := counts(app)
	Register(app, config.Default())
	after := counts(app)
	for moment, want := range [4]int{33, 1, 39, 1} {
		if got := after[moment] - before[moment]; got != want {
			t.Errorf("%d handlers of %s, want %d: is another one for messages or participants? Then messagerie's fast paths must do the same",
				got, [4]string{"creates", "committed creates", "updates", "committed updates"}[moment], want)
		}
	}
}
