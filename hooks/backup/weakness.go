package backup

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/store"
)

// Weakness is why backups would be lost together with the data.
type Weakness string

// The weaknesses of a place.
const (
	Sound      Weakness = ""
	InsideData Weakness = "inside_data" // whoever deletes the data directory deletes them as well
	SameDisk   Weakness = "same_disk"   // a disk that fails takes both
)

// WeaknessOf looks at where backups go: what config.Backup.To says.
func WeaknessOf(dataDir, to string) Weakness {
	if to == "" || to == config.BackupS3 {
		return Sound
	}
	at := resolved(to)
	if isInside(at, dataDir) {
		return InsideData
	}
	if !exists(at) { // it is made with the first backup
		at = filepath.Dir(at)
	}
	if store.SameDisk(at, dataDir) {
		return SameDisk
	}
	return Sound
}

// String says it to whoever looks after the server.
func (w Weakness) String() string {
	switch w {
	case InsideData:
		return "they are inside of the data directory"
	case SameDisk:
		return "they are on the disk of the data"
	}
	return ""
}

// bindWeakness warns at each start.
func (s *Service) bindWeakness() {
	s.app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		if weakness := WeaknessOf(se.App.DataDir(), s.settings.To); weakness != Sound {
			se.App.Logger().Warn("Backups would be lost together with the data.", "to", s.settings.To, "weakness", string(weakness))
			fmt.Fprintf(os.Stderr, "Warning: backups in %s would be lost together with the data: %s. Name another disk, or s3, in backup.to.\n", s.settings.To, weakness)
		}
		return se.Next()
	})
}
