package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Names in a data directory while it is restored, and afterwards.
const (
	stagingDir   = ".restore"       // what is restored, until everything was checked
	journalFile  = ".restore.json"  // from the first rename to the last
	asideDir     = "before_restore" // with the time: what was there before
	meanwhileDir = "made_meanwhile" // in asideDir: of an interrupted restore
)

// ErrInterrupted is why data aren't restored, or a server doesn't start.
var ErrInterrupted = errors.New("a restore was interrupted and can't be finished")

// replaced are the names that a restored database replaces. The index of messages is made again; it belongs to the
// messages before. With the files of messages storageDir is replaced as well.
var replaced = []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm", "search.db", "search.db-wal", "search.db-shm"}

// journal is what a restore renames. It can be carried out again after it was interrupted.
type journal struct {
	From    string   `json:"from"`  // a directory in the data directory
	Aside   string   `json:"aside"` // likewise; what is replaced goes there
	Names   []string `json:"names"`
	Cleared bool     `json:"cleared"` // everything is aside
}

// Restored is what Restore did.
type Restored struct {
	Verified
	Aside string // where the data from before are
}

// Restore replaces the data in dir by those of an archive, or by those that an earlier Restore has put aside, once
// everything was checked. The caller holds the lock of the data directory.
func Restore(ctx context.Context, dir, from, identity string, now time.Time) (r Restored, err error) {
	if err := FinishRestore(dir); err != nil {
		return r, err
	}
	j := journal{From: stagingDir, Aside: unusedAside(dir, now), Names: slices.Clone(replaced)}
	r.Aside = filepath.Join(dir, j.Aside)
	info, err := os.Stat(from)
	switch {
	case err != nil:
		return r, err
	case info.IsDir():
		r.Verified, err = j.fromAside(ctx, dir, from)
	default:
		r.Verified, err = j.fromArchive(ctx, dir, from, identity)
	}
	if err != nil {
		removeAll(filepath.Join(dir, stagingDir))
		return r, err
	}
	return r, errors.Join(j.write(dir), FinishRestore(dir))
}

// unusedAside is a name that no earlier restore has used, not even one of the same second.
func unusedAside(dir string, now time.Time) string {
	first := asideDir + "_" + now.Local().Format("2006-01-02_150405")
	name := first
	for n := 2; exists(filepath.Join(dir, name)); n++ {
		name = fmt.Sprintf("%s_%d", first, n)
	}
	return name
}

func (j *journal) fromArchive(ctx context.Context, dir, path, identity string) (v Verified, err error) {
	o, err := open(path, identity)
	if err != nil {
		return v, err
	}
	defer o.close()
	staging := filepath.Join(dir, stagingDir)
	if err := emptyDir(staging); err != nil {
		return v, err
	}
	if err := o.extract(ctx, staging, true); err != nil {
		return v, err
	}
	if o.manifest.Contents == withFiles {
		j.Names = append(j.Names, storageDir)
	}
	return o.verified(), syncTree(staging)
}

// fromAside goes back to what an earlier restore has replaced.
func (j *journal) fromAside(ctx context.Context, dir, path string) (v Verified, err error) {
	inside, err := filepath.Rel(dir, path)
	if err != nil || filepath.Dir(inside) != "." || !strings.HasPrefix(inside, asideDir+"_") {
		return v, fmt.Errorf("%s: %w: a directory is restored if it is a %s_… in %s", path, ErrForeign, asideDir, dir)
	}
	snap, err := openSnapshot(ctx, filepath.Join(path, databaseFile)) // with its write-ahead log
	if err != nil {
		return v, err
	}
	defer snap.close()
	if err := checkIntegrity(ctx, snap.db, "integrity_check"); err != nil {
		return v, err
	}
	rows, err := countRows(ctx, snap.db)
	if err != nil {
		return v, err
	}
	j.From = inside
	if exists(filepath.Join(path, storageDir)) {
		j.Names = append(j.Names, storageDir)
	}
	return Verified{Rows: manifest{Rows: rows}.total()}, nil
}

func (j journal) write(dir string) error { return writeJSON(filepath.Join(dir, journalFile), j) }

// FinishRestore carries out the renames of a restore that was interrupted between them, if there was one. The caller
// holds the lock of the data directory.
func FinishRestore(dir string) error {
	path := filepath.Join(dir, journalFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		removeAll(filepath.Join(dir, stagingDir)) // of a restore that was killed before it changed anything
		return nil
	}
	var j journal
	if err == nil {
		err = json.Unmarshal(data, &j)
	}
	if err == nil {
		err = j.carryOut(dir)
	}
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInterrupted, err)
	}
	removeAll(filepath.Join(dir, j.From)) // what is left in it was an index
	return syncDir(dir)
}

// carryOut puts the old names aside, then the new ones in their places. Until the journal says that everything is aside,
// what is in a place is old; afterwards it is new.
func (j journal) carryOut(dir string) error {
	from, aside := filepath.Join(dir, j.From), filepath.Join(dir, j.Aside)
	if !j.Cleared {
		if err := os.MkdirAll(aside, 0o700); err != nil {
			return err
		}
		if err := putAside(j.Names, dir, aside); err != nil {
			return err
		}
		j.Cleared = true
		if err := j.write(dir); err != nil {
			return err
		}
	}
	return moveAll(j.Names, from, dir)
}

// putAside is moveAll, but replaces nothing: what has come in the place of a name that is aside already, by a database
// that was made after the interruption, goes to a directory of its own.
func putAside(names []string, dir, aside string) error {
	var first, later []string
	for _, name := range names {
		if exists(filepath.Join(aside, name)) {
			later = append(later, name)
		} else {
			first = append(first, name)
		}
	}
	if len(later) > 0 {
		meanwhile := filepath.Join(aside, meanwhileDir)
		if err := os.MkdirAll(meanwhile, 0o700); err != nil {
			return err
		}
		if err := moveAll(later, dir, meanwhile); err != nil {
			return err
		}
	}
	return moveAll(first, dir, aside)
}

// moveAll renames what is there of names.
func moveAll(names []string, from, to string) error {
	for _, name := range names {
		err := os.Rename(filepath.Join(from, name), filepath.Join(to, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return errors.Join(syncDir(from), syncDir(to))
}
