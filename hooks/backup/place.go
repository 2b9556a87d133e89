package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"messagerie/hooks/config"
)

// ErrNoPlace is why no backup is made.
var ErrNoPlace = errors.New("no place for backups is named: set backup.to in the configuration, or use --to")

// Names of backups: the time in UTC orders them.
const (
	stamp        = "20060102T150405Z"
	plainSuffix  = ".zip"
	secretSuffix = ".zip.age"
	partial      = ".partial" // while it is written
)

var namePattern = regexp.MustCompile(`^messagerie_(\d{8}T\d{6}Z)\.zip(\.age)?$`)

func backupName(now time.Time, encrypted bool) string {
	suffix := plainSuffix
	if encrypted {
		suffix = secretSuffix
	}
	return "messagerie_" + now.UTC().Format(stamp) + suffix
}

// timeOf is when a backup of that name was made.
func timeOf(name string) (made time.Time, ok bool) {
	match := namePattern.FindStringSubmatch(name)
	if match == nil {
		return made, false
	}
	made, err := time.Parse(stamp, match[1])
	return made, err == nil
}

// Stored is a backup in a place.
type Stored struct {
	Name  string
	Made  time.Time
	Bytes int64
}

// place is where backups are kept.
type place interface {
	begin(name string) (local string, err error) // where the archive is to be written; one that was killed leaves nothing
	finish(local, name string) error             // gives the whole archive its name there
	abandon(local string)                        // removes what is left after a failure
	list() ([]Stored, error)                     // newest first
	remove(name string) error
	close()
}

// place opens the one that to names: a directory, or config.BackupS3.
func (s *Service) place(ctx context.Context, to string) (place, error) {
	switch to {
	case "":
		return nil, ErrNoPlace
	case config.BackupS3:
		if !s.app.Settings().Backups.S3.Enabled {
			return nil, errors.New("S3 isn't set up for backups: do so in the dashboard, Settings → Backups")
		}
		bucket, err := s.app.NewBackupsFilesystem()
		if err != nil {
			return nil, fmt.Errorf("open S3: %w", err)
		}
		bucket.SetContext(ctx)
		return s3{bucket, filepath.Join(s.app.DataDir(), workDir+"-s3")}, nil
	}
	last, err := Last(s.app.DataDir())
	if err != nil { // damaged: begun again
		last = Status{}
	}
	dir := s.app.DataDir()
	return directory{path: to, used: sameTarget(to, last.goodTo()), status: filepath.Join(dir, statusFile), refused: filepath.Join(dir, storageDir)}, nil
}

// List returns the backups of a place ("" for the configured one), newest first.
func (s *Service) List(ctx context.Context, to string) ([]Stored, error) {
	if to == "" {
		to = s.settings.To
	}
	place, err := s.place(ctx, to)
	if err != nil {
		return nil, err
	}
	defer place.close()
	return place.list()
}

// recipient is for whom backups are encrypted, nil for nobody.
func (s *Service) recipient() (age.Recipient, error) {
	if s.settings.AgeRecipient == "" {
		return nil, nil
	}
	recipients, err := age.ParseRecipients(strings.NewReader(s.settings.AgeRecipient))
	if err != nil {
		return nil, fmt.Errorf("backup.age_recipient: %w", err)
	}
	return recipients[0], nil
}

// ErrLostPlace is why no backup is made: it would fill the disk below instead.
var ErrLostPlace = errors.New("none of the backups that were made there is left")

// directory is a place on a disk.
type directory struct {
	path    string
	used    bool   // the last good backup was made there
	status  string // the file that says so
	refused string // a directory whose content is in each backup
}

func (d directory) file(name string) string { return filepath.Join(d.path, name) }

func (d directory) begin(name string) (string, error) {
	if err := d.prepare(); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		unfinished, ok := strings.CutSuffix(entry.Name(), partial)
		if _, ours := timeOf(unfinished); ok && ours {
			if err := os.Remove(d.file(entry.Name())); err != nil {
				return "", err
			}
		}
	}
	return d.file(name + partial), nil
}

// prepare makes sure that the directory is the one that was meant: what was used before and is empty or missing, and what
// is above it and missing, may be on a disk that isn't mounted now. So only the last directory is made, before the first
// backup.
func (d directory) prepare() error {
	if isInside(d.path, d.refused) {
		return fmt.Errorf("%s is inside of what is backed up: choose another place", d.path)
	}
	found, err := d.list()
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case err != nil && !missing:
		return err
	case len(found) == 0 && d.used:
		return fmt.Errorf("%w (%s): mount its disk. If it is a new one, remove %s first", ErrLostPlace, d.path, d.status)
	case missing:
		if err := os.Mkdir(d.path, 0o700); err != nil {
			return fmt.Errorf("create the place for backups, of which only the last directory is made: %w", err)
		}
	}
	return nil
}

func (d directory) finish(local, name string) error {
	if err := os.Rename(local, d.file(name)); err != nil {
		return err
	}
	return syncDir(d.path)
}

func (d directory) abandon(local string)     { _ = os.Remove(local) }
func (d directory) remove(name string) error { return os.Remove(d.file(name)) }
func (d directory) close()                   {}

func (d directory) list() (found []Stored, err error) {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			continue // removed since the directory was read
		}
		if made, ok := timeOf(entry.Name()); ok {
			found = append(found, Stored{entry.Name(), made, info.Size()})
		}
	}
	return newestFirst(found), nil
}

func newestFirst(found []Stored) []Stored {
	slices.SortFunc(found, func(a, b Stored) int { return b.Made.Compare(a.Made) })
	return found
}

// s3 is a bucket, as set in the dashboard.
type s3 struct {
	bucket *filesystem.System
	work   string // holds the archive until it is there
}

func (p s3) begin(name string) (string, error) {
	return filepath.Join(p.work, name), emptyDir(p.work)
}

func (p s3) finish(local, name string) error {
	file, err := filesystem.NewFileFromPath(local)
	if err != nil {
		return err
	}
	if err := p.bucket.UploadFile(file, name); err != nil {
		return err
	}
	there, err := p.bucket.Attributes(name)
	if err != nil {
		return err
	}
	if there.Size != file.Size {
		return fmt.Errorf("%w: %d of %d bytes have arrived", ErrDamaged, there.Size, file.Size)
	}
	return nil
}

func (p s3) abandon(string)           { removeAll(p.work) }
func (p s3) remove(name string) error { return p.bucket.Delete(name) }
func (p s3) close()                   { _ = p.bucket.Close() }

func (p s3) list() (found []Stored, err error) {
	objects, err := p.bucket.List("messagerie_")
	if err != nil {
		return nil, err
	}
	for _, object := range objects {
		if made, ok := timeOf(object.Key); ok {
			found = append(found, Stored{object.Key, made, object.Size})
		}
	}
	return newestFirst(found), nil
}
