package doctor

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/backup"
	"messagerie/hooks/ops"
	"messagerie/hooks/store"
)

// A commit waits for the disk: with more than slowSync everybody notices, with more than tooSlowSync a school's
// messages queue up.
const (
	syncs       = 20
	slowSync    = 20 * time.Millisecond
	tooSlowSync = 200 * time.Millisecond
)

const backupAge = 8 * 24 * time.Hour // a week, the longest sensible pause, and a day

func (d *Doctor) directory() {
	const check = "data directory"
	dir := d.App.DataDir()
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.note(check, Warning, "The first start makes it", "%s doesn't exist yet", dir)
		return
	case err != nil:
		d.note(check, Fault, "Run this as the user of the server", "%v", err)
		return
	case !info.IsDir():
		d.note(check, Fault, "Name a directory in server.data_dir", "%s isn't a directory", dir)
		return
	case info.Mode().Perm()&0o077 != 0:
		d.note(check, Warning, "The server closes it when it starts: chmod 700", "%s can be read by other users of this machine", dir)
	default:
		d.note(check, OK, "", "%s is closed to other users", dir)
	}
	lock := flock.New(filepath.Join(dir, ops.LockFile), flock.SetFlag(os.O_RDONLY))
	switch locked, err := lock.TryLock(); {
	case errors.Is(err, fs.ErrNotExist):
		d.note("lock", OK, "", "no server has used the directory yet")
	case err != nil:
		d.note("lock", Fault, "Run this as the user of the server", "%v", err)
	case !locked:
		d.isRunning = true
		d.note("lock", OK, "", "a server is using the directory")
	default:
		_ = lock.Unlock()
		d.note("lock", OK, "", "no server is using the directory")
	}
}

func (d *Doctor) disk() {
	dir := d.App.DataDir()
	if _, err := os.Stat(dir); err != nil {
		return
	}
	reserve := d.Config.Storage.ReserveBytes()
	switch free, err := store.FreeBytes(dir); {
	case err != nil:
		d.note("free space", Fault, "", "%v", err)
	case free < 16<<20:
		d.note("free space", Fault, "Make room: nothing can be stored", "%d MB are left", free>>20)
	case free < reserve:
		d.note("free space", Warning, "Make room: files of messages are refused (storage.reserve)", "%d MB are left, less than the reserve of %d MB", free>>20, reserve>>20)
	default:
		d.note("free space", OK, "", "%d MB", free>>20)
	}
	switch took, err := syncTime(dir); {
	case err != nil:
		d.note("disk", Fault, "Messages can only be read until it can be written", "%v", err)
	case took > tooSlowSync:
		d.note("disk", Fault, "Use a disk of this machine, preferably an SSD", "a write takes %v", took)
	case took > slowSync:
		d.note("disk", Warning, "An SSD would be faster", "a write takes %v", took)
	default:
		d.note("disk", OK, "", "a write takes %v", took)
	}
}

// syncTime returns how long a small write usually takes until it is on the disk.
func syncTime(dir string) (time.Duration, error) {
	file, err := os.CreateTemp(dir, "doctor-*.tmp")
	if err != nil {
		return 0, err
	}
	defer func() { // it is only there to be measured
		_ = file.Close()
		_ = os.Remove(file.Name())
	}()
	times := make([]time.Duration, 0, syncs)
	for range syncs {
		began := time.Now()
		if _, err := file.Write(make([]byte, 4096)); err != nil {
			return 0, err
		}
		if err := file.Sync(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	return times[syncs/2].Round(10 * time.Microsecond), nil
}

// database reads it, if there is one, and the settings that are in it. PocketBase isn't started on it: that would make
// files, and migrate PocketBase's own tables.
func (d *Doctor) database() {
	const check = "database"
	if backup.Unfinished(d.App.DataDir()) {
		d.note(check, Fault, "Start the server: it finishes the restore", "a restore was interrupted")
		return
	}
	path := filepath.Join(d.App.DataDir(), "data.db")
	if _, err := os.Stat(path); err != nil {
		d.note(check, Warning, "The first start makes it", "there is none yet")
		return
	}
	db, err := store.ConnectReadOnly(path)
	if err != nil {
		d.note(check, Fault, "Restore a backup if it is damaged", "it can't be opened: %v", err)
		return
	}
	defer func() { _ = db.Close() }() // it was only read
	if d.settings, err = d.storedSettings(db); err != nil {
		d.note(check, Fault, "Restore a backup if it is damaged", "its settings can't be read: %v", err)
		return
	}
	switch err := ops.CheckSchema(db); {
	case errors.Is(err, ops.ErrPending):
		d.note(check, Warning, "The next start migrates it, after it has taken a restore point", "%v", err)
	case err != nil:
		d.note(check, Fault, "", "%v", err)
	default:
		d.note(check, OK, "", "the schema is that of this version")
	}
}

// storedSettings are those of the dashboard, with those of the configuration over them.
func (d *Doctor) storedSettings(db dbx.Builder) (*core.Settings, error) {
	var stored string
	if err := db.NewQuery("SELECT value FROM {{_params}} WHERE id = 'settings'").Row(&stored); err != nil {
		return nil, err
	}
	settings, err := d.App.Settings().Clone() // PocketBase's defaults, as nothing was loaded
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(stored), settings); err != nil {
		key := os.Getenv(d.App.EncryptionEnv())
		if key == "" {
			return nil, err
		}
		decrypted, err := security.Decrypt(stored, key)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(decrypted, settings); err != nil {
			return nil, err
		}
	}
	ops.Overlay(settings, d.Config)
	return settings, nil
}

func (d *Doctor) backup() {
	const check = "backup"
	last, err := backup.Last(d.App.DataDir())
	switch {
	case err != nil:
		d.note(check, Warning, "", "how the last one ended can't be read: %v", err)
	case last.Finished.IsZero():
		d.note(check, Warning, "Name a place for backups (backup.to), on another machine", "none was ever made")
	case !last.Good():
		d.note(check, Fault, "Make one by hand (messagerie backup)", "the last one, on %s, failed: %s", last.Finished.Format(time.DateTime), last.Error)
	case d.Now().Sub(last.Finished) > backupAge:
		d.note(check, Warning, "Check the schedule", "the last one is of %s", last.Finished.Format(time.DateTime))
	default:
		d.note(check, OK, "", "the last one is of %s, %d MB", last.Finished.Format(time.DateTime), last.Bytes>>20)
	}
}

func (d *Doctor) backupPlace() {
	const check = "place of backups"
	to := d.Config.Backup.To
	if to == "" {
		return // told with the last backup
	}
	if weakness := backup.WeaknessOf(d.App.DataDir(), to); weakness != backup.Sound {
		d.note(check, Warning, "Name another disk in backup.to, or s3", "backups in %s would be lost together with the data: %s", to, weakness)
		return
	}
	d.note(check, OK, "", "%s", to)
}
