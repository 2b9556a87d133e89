// Package backup copies a school's data while people write, and brings it back. A backup is one file: a ZIP archive of
// a snapshot of the database, the files of messages and a manifest with their checksums, encrypted with age on request.
// What stands in the way of a backup is noted for the administration, see Last.
package backup

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/store"
)

// Names in the data directory.
const (
	databaseFile = "data.db"
	workDir      = ".backup" // of the backup that is being made
	lockFile     = "backup.lock"
)

// The first errors of this package are told apart by callers.
var (
	// ErrRunning is why a backup isn't begun: the disk and the processor are kept for one at a time.
	ErrRunning = errors.New("another backup of this data directory is being made")
	// ErrNoRoom is why a backup or a restore point isn't begun.
	ErrNoRoom = errors.New("there isn't enough room on the disk")
)

// Service makes backups and restore points of an app's data.
type Service struct {
	app      core.App
	settings config.Backup
	reserve  int64 // bytes to be left free beside the database
	now      func() time.Time

	// Leads reports whether this machine makes the scheduled backups; nil for a single one, which does.
	Leads func() bool

	watch     placeWatch
	deletions deletions
	pending   sync.WaitGroup // restore points and scheduled backups that are being made
}

// New creates the service of an app that needn't be bootstrapped yet.
func New(app core.App, settings config.Backup, storage config.Storage) *Service {
	return &Service{app: app, settings: settings, reserve: storage.ReserveBytes(), now: time.Now, watch: placeWatch{look: WeaknessOf}}
}

// Bind schedules the backups, makes PocketBase's own ones the same way, and takes restore points before many people or
// a whole collection are deleted.
func (s *Service) Bind() {
	s.bindSchedule()
	s.bindWeakness()
	s.bindDashboard()
	s.bindDeletions()
	s.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		s.deletions.forget()
		s.pending.Wait()
		return e.Next()
	})
}

// Made is a backup.
type Made struct {
	Name  string
	Bytes int64
	Files int // of messages
	Rows  int64
}

// Create makes a backup in a place ("" for the configured one; else see config.Backup.To) and checks it. In the
// configured one it removes those that are due, and notes how it ended; where none is configured it notes that as well.
func (s *Service) Create(ctx context.Context, to string) (made Made, err error) {
	if to == "" {
		to = s.settings.To
	}
	scheduled := sameTarget(to, s.settings.To)
	started := s.now()
	if scheduled || s.settings.To == "" {
		defer func() { err = errors.Join(err, s.note(started, to, made, err)) }()
	}
	place, err := s.place(ctx, to)
	if err != nil {
		return made, err
	}
	defer place.close()
	lock, err := s.lock()
	if err != nil {
		return made, err
	}
	defer lock()
	recipient, err := s.recipient()
	if err != nil {
		return made, err
	}
	name := backupName(started, recipient != nil)
	local, err := place.begin(name)
	if err != nil {
		return made, err
	}
	defer place.abandon(local)
	written, err := s.write(ctx, local, archive{contents: withFiles, recipient: recipient, gentle: true})
	if err != nil {
		return made, err
	}
	if err := place.finish(local, name); err != nil {
		return made, fmt.Errorf("store the backup in %s: %w", to, err)
	}
	made = Made{Name: name, Bytes: written.bytes, Files: len(written.manifest.Entries) - 1, Rows: written.manifest.total()}
	if !scheduled { // somebody keeps copies there as they like
		return made, nil
	}
	return made, s.prune(place, name)
}

// sameTarget reports whether two names of places mean the same one.
func sameTarget(a, b string) bool {
	if a == "" || b == "" || a == config.BackupS3 || b == config.BackupS3 {
		return a == b
	}
	return resolved(a) == resolved(b)
}

// write makes an archive at a path of this machine, through a snapshot in the data directory, and reads it again.
func (s *Service) write(ctx context.Context, path string, a archive) (written, error) {
	work := filepath.Join(s.app.DataDir(), workDir)
	if err := emptyDir(work); err != nil { // what a program that was killed has left
		return written{}, err
	}
	defer removeAll(work)
	snap, err := openSnapshot(ctx, filepath.Join(s.app.DataDir(), databaseFile))
	if err != nil {
		return written{}, err
	}
	defer snap.close()
	return s.writeSnapshot(ctx, snap, work, path, a)
}

func (s *Service) writeSnapshot(ctx context.Context, snap *snapshot, work, path string, a archive) (written, error) {
	if err := s.checkRoom(filepath.Dir(path), a); err != nil {
		return written{}, err
	}
	a.database, a.dataDir = filepath.Join(work, databaseFile), s.app.DataDir()
	if err := snap.copyTo(ctx, a.database, a.gentle); err != nil {
		return written{}, err
	}
	snap.close()
	a.manifest = newManifest(s.now(), a.contents)
	if a.contents == withFiles && s.app.Settings().S3.Enabled {
		a.manifest.Contents = filesElsewhere
	}
	if err := a.manifest.describe(ctx, a.database); err != nil {
		return written{}, err
	}
	w, err := a.write(ctx, path)
	if err != nil {
		return w, fmt.Errorf("write the backup: %w", err)
	}
	return w, w.reread(ctx, path)
}

// checkRoom refuses to begin what wouldn't fit: a copy of the database in the data directory, and the archive in a
// directory that may be on the same disk. The database is reckoned to be compressed to half of its size.
func (s *Service) checkRoom(target string, a archive) error {
	dir := s.app.DataDir()
	size, err := databaseBytes(dir)
	if err != nil {
		return err
	}
	packed := size / 2
	if a.contents == withFiles && !s.app.Settings().S3.Enabled {
		files, err := treeBytes(filepath.Join(dir, storageDir))
		if err != nil {
			return fmt.Errorf("measure the files of messages: %w", err)
		}
		packed += files
	}
	if a.twice {
		packed *= 2
	}
	if store.SameDisk(dir, target) {
		return hasRoom(dir, size+packed+s.reserve)
	}
	if err := hasRoom(dir, size+s.reserve); err != nil {
		return err
	}
	return hasRoom(target, packed)
}

func hasRoom(dir string, needed int64) error {
	free, err := store.FreeBytes(dir)
	if err != nil {
		return fmt.Errorf("measure the free space of %s: %w", dir, err)
	}
	if free < needed {
		return fmt.Errorf("%w in %s: %d MB are free, %d MB are needed", ErrNoRoom, dir, free>>20, megabytes(needed))
	}
	return nil
}

// lock lets one process at a time make a backup of the data directory, and removes what one that was killed has left there.
func (s *Service) lock() (release func(), err error) {
	lock := flock.New(filepath.Join(s.app.DataDir(), lockFile), flock.SetPermissions(0o600))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("lock the data directory for a backup: %w", err)
	case !locked:
		return nil, ErrRunning
	}
	for _, work := range []string{workDir, workDir + "-s3", workDir + "-dashboard"} {
		removeAll(filepath.Join(s.app.DataDir(), work))
	}
	return func() { _ = lock.Unlock() }, nil
}
