package store

import (
	"fmt"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest/plainapp"
)

// A caller asks two queries with the same params, and others do so at once: each gets what it asked for.
func TestQuery_keepsNothingOfACallersParams(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plainapp.Terminate(app); err != nil {
			t.Error(err)
		}
	})
	s := New(app)
	var asking sync.WaitGroup
	for caller := range 8 {
		asking.Go(func() {
			for i := range 50 {
				want := fmt.Sprint(caller, "/", i)
				params := dbx.Params{"value": want}
				for _, text := range []string{"SELECT {:value} AS value", "SELECT {:value} || '' AS value"} {
					var rows []struct {
						Value string `db:"value"`
					}
					if err := s.Query(text, params, &rows); err != nil || rows[0].Value != want || params["value"] != want {
						t.Errorf("%s with %s: %v, %v, params %v", text, want, rows, err, params)
						return
					}
				}
			}
		})
	}
	asking.Wait()
}
