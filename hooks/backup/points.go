package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Restore points are archives of the database alone, in the data directory.
const (
	pointsDir  = "restore_points"
	pointsDays = 30 // what was erased stays in them until then
	pointsWork = ".work-"
	leftOver   = 24 * time.Hour // the age from which a work directory is one of a program that was killed

	kindDeleting = "before_deleting"
)

// pointPattern has the time and what comes next, without its details.
var pointPattern = regexp.MustCompile(`^(\d{8}T\d{6}Z)_(before_[a-z]+)[a-z0-9_]*\.zip$`)

// Point takes a restore point, named after what comes next ("before_update"), and returns its path: "" if none are
// kept here.
func (s *Service) Point(ctx context.Context, before string) (path string, err error) {
	if s.settings.RestorePoints == 0 {
		return "", nil
	}
	snap, err := openSnapshot(ctx, filepath.Join(s.app.DataDir(), databaseFile))
	if err != nil {
		return "", err
	}
	return s.pointOf(ctx, snap, before)
}

// pointOf writes a snapshot, which it closes, as a restore point, and removes those that are too many.
func (s *Service) pointOf(ctx context.Context, snap *snapshot, before string) (path string, err error) {
	defer snap.close()
	dir := filepath.Join(s.app.DataDir(), pointsDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(dir, pointsWork+"*")
	if err != nil {
		return "", err
	}
	defer removeAll(work)
	unfinished := filepath.Join(work, "point.zip")
	if _, err := s.writeSnapshot(ctx, snap, work, unfinished, archive{contents: databaseOnly}); err != nil {
		return "", fmt.Errorf("take a restore point: %w", err)
	}
	path = filepath.Join(dir, s.now().UTC().Format(stamp)+"_"+before+plainSuffix)
	if err := errors.Join(os.Rename(unfinished, path), syncDir(dir)); err != nil {
		return "", fmt.Errorf("take a restore point: %w", err)
	}
	return path, s.prunePoints()
}

// prunePoints removes the restore points that are too old, and of each kind those that are too many.
func (s *Service) prunePoints() error {
	dir := filepath.Join(s.app.DataDir(), pointsDir)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && strings.HasPrefix(entry.Name(), pointsWork) && s.now().Sub(info.ModTime()) > leftOver {
			removeAll(filepath.Join(dir, entry.Name()))
		}
	}
	kinds := map[string]int{}
	for _, stored := range pointsIn(entries) {
		kind := kindOf(stored.Name)
		if kinds[kind]++; kinds[kind] > s.settings.RestorePoints || stored.Made.Before(s.now().AddDate(0, 0, -pointsDays)) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, stored.Name)))
		}
	}
	return err
}

// hasPoint reports whether there is a restore point of a kind that was taken since.
func (s *Service) hasPoint(kind string, since time.Time) (bool, error) {
	entries, err := os.ReadDir(filepath.Join(s.app.DataDir(), pointsDir))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return slices.ContainsFunc(pointsIn(entries), func(p Stored) bool { return kindOf(p.Name) == kind && p.Made.After(since) }), err
}

// pointsIn are the restore points of a directory, newest first.
func pointsIn(entries []os.DirEntry) (found []Stored) {
	for _, entry := range entries {
		if match := pointPattern.FindStringSubmatch(entry.Name()); match != nil {
			if taken, err := time.Parse(stamp, match[1]); err == nil {
				found = append(found, Stored{Name: entry.Name(), Made: taken})
			}
		}
	}
	return newestFirst(found)
}

// kindOf is what comes next, in the name of a restore point.
func kindOf(name string) string { return pointPattern.FindStringSubmatch(name)[2] }
