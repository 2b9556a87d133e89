package ops

import (
	"fmt"
	"io"
	"math"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/backup"
)

// BindInstaller says how the first superuser is created, in place of PocketBase's installer: that one prints a link which
// makes whoever reads the terminal or the journal within half an hour a superuser.
func BindInstaller(app core.App, out io.Writer) {
	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Priority: math.MaxInt, // after the one of the configuration was created, and after those who want no installer
		Func: func(se *core.ServeEvent) error {
			if se.InstallerFunc == nil {
				return se.Next()
			}
			se.InstallerFunc = nil
			dir, err := filepath.Abs(se.App.DataDir())
			if err != nil {
				return err
			}
			count, err := countSuperusers(se.App)
			if err != nil {
				return err
			}
			if count == 0 {
				fmt.Fprintf(out, "Nobody can open the dashboard yet. To create its first administrator: messagerie superuser create ADDRESS 'A LONG PASSWORD' --dir %s\n", backup.Quoted(dir))
			}
			return se.Next()
		},
	})
}

// countSuperusers leaves out the one that PocketBase's installer made for itself in earlier versions.
func countSuperusers(app core.App) (int64, error) {
	return app.CountRecords(core.CollectionNameSuperusers, dbx.Not(dbx.HashExp{"email": core.DefaultInstallerEmail}))
}
