package backup

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

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

const cronWeakness = "messagerieBackupPlace"

// placeWatch remembers the weakness of the place of backups, because a disk on the network may not answer for hours.
type placeWatch struct {
	look  func(dataDir, to string) Weakness
	busy  atomic.Bool
	found atomic.Value // Weakness
}

// Weakness is that of the configured place when it was last looked at: at start, after each backup and once an hour. It
// doesn't wait for the disk.
func (s *Service) Weakness() Weakness {
	found, _ := s.watch.found.Load().(Weakness)
	return found
}

// bindWeakness looks at the place while the server runs, and warns at each start.
func (s *Service) bindWeakness() {
	if s.settings.To == "" || s.settings.To == config.BackupS3 {
		return
	}
	s.app.Cron().MustAdd(cronWeakness, "23 * * * *", func() { s.lookAtPlace(nil) })
	s.app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		logger := se.App.Logger()
		s.lookAtPlace(func(weakness Weakness) {
			if weakness != Sound {
				logger.Warn("Backups would be lost together with the data.", "to", s.settings.To, "weakness", string(weakness))
				fmt.Fprintf(os.Stderr, "Warning: backups in %s would be lost together with the data: %s. Name another disk, or s3, in backup.to.\n", s.settings.To, weakness)
			}
		})
		return se.Next()
	})
}

// lookAtPlace looks beside everything else, unless a look hasn't ended. Nothing waits for it, not even the end of the process.
func (s *Service) lookAtPlace(then func(Weakness)) {
	if !s.watch.busy.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer s.watch.busy.Store(false)
		weakness := s.watch.look(s.app.DataDir(), s.settings.To)
		s.watch.found.Store(weakness)
		if then != nil {
			then(weakness)
		}
	}()
}
