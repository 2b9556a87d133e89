package ops

import (
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/store"
)

// onLead calls apply when the server starts. In a cluster it is called where something can be stored: on the machine
// that leads, again whenever another begins to.
func onLead(app core.App, st *store.Store, apply func(core.App) error) {
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		if st.Leads() {
			if err := apply(se.App); err != nil {
				return err
			}
		}
		return se.Next()
	})
	st.OnLead(func() {
		if err := apply(app); err != nil {
			app.Logger().Error("write the configuration into the database", "error", err)
		}
	})
}
