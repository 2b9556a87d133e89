package backup

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// ErrRestoreStopped is why PocketBase doesn't restore: it would exchange the files under a database that is in use.
var ErrRestoreStopped = errors.New("a backup is restored while the server is stopped: messagerie restore FILE")

// errEncrypted is why PocketBase's button and schedule make no backup.
var errEncrypted = errors.New("backups are encrypted here (backup.age_recipient), which the dashboard can't do: use messagerie backup")

// bindDashboard lets PocketBase's button and schedule make the same archives as this program's. PocketBase would write
// them inside a transaction, and nobody could send a message until it has ended.
func (s *Service) bindDashboard() {
	s.app.OnBackupCreate().BindFunc(func(e *core.BackupEvent) error {
		if s.settings.AgeRecipient != "" {
			return errEncrypted
		}
		return s.createFor(e)
	})
	s.app.OnBackupRestore().BindFunc(func(*core.BackupEvent) error { return ErrRestoreStopped })
}

// createFor takes the place of PocketBase's own handler, which is last.
func (s *Service) createFor(e *core.BackupEvent) error {
	lock, err := s.lock()
	if err != nil {
		return err
	}
	defer lock()
	if e.Name == "" {
		e.Name = backupName(s.now(), false)
	}
	work := filepath.Join(s.app.DataDir(), workDir+"-dashboard")
	if err := emptyDir(work); err != nil {
		return err
	}
	defer removeAll(work)
	path := filepath.Join(work, "archive.zip")
	if _, err := s.write(e.Context, path, archive{contents: withFiles, gentle: true, twice: !e.App.Settings().Backups.S3.Enabled}); err != nil {
		return err
	}
	bucket, err := e.App.NewBackupsFilesystem()
	if err != nil {
		return err
	}
	defer func() { _ = bucket.Close() }()
	bucket.SetContext(e.Context)
	file, err := filesystem.NewFileFromPath(path)
	if err != nil {
		return err
	}
	if err := bucket.UploadFile(file, e.Name); err != nil {
		return fmt.Errorf("store the backup: %w", err)
	}
	return nil
}
