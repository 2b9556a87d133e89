package backup

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
)

// Why an archive isn't restored.
var (
	ErrForeign = errors.New("this isn't a backup of this program")
	ErrNewer   = errors.New("this backup is of a newer version of the program")
	ErrDamaged = errors.New("the backup is damaged")
	// ErrIdentity is of an encrypted archive without its key.
	ErrIdentity = errors.New("the backup is encrypted")
)

// ageHeader begins every file of age.
const ageHeader = "age-encryption.org/v1\n"

// manifestMost is how large a manifest may be: some million files.
const manifestMost = 256 << 20

// opened is an archive that is read.
type opened struct {
	file      *os.File
	encrypted bool
	zip       *zip.Reader
	manifest  manifest
}

// open opens an archive, with the file of its age identity if it is encrypted, and refuses one that this program didn't
// make, that isn't whole or that is newer.
func open(path, identity string) (*opened, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	o := &opened{file: file}
	if err := o.read(identity); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return o, nil
}

func (o *opened) close() { _ = o.file.Close() }

func (o *opened) read(identity string) error {
	info, err := o.file.Stat()
	if err != nil {
		return err
	}
	var content io.ReaderAt = o.file
	size := info.Size()
	begins := make([]byte, len(ageHeader))
	if _, err := o.file.ReadAt(begins, 0); err == nil && string(begins) == ageHeader {
		o.encrypted = true
		if content, size, err = decrypt(o.file, size, identity); err != nil {
			return err
		}
	}
	if o.zip, err = zip.NewReader(content, size); err != nil {
		return o.notAnArchive(begins)
	}
	if err := o.readManifest(); err != nil {
		return err
	}
	return o.checkNames()
}

// notAnArchive tells what was cut off from what was never one.
func (o *opened) notAnArchive(begins []byte) error {
	if strings.HasPrefix(string(begins), "PK\x03\x04") || string(begins) == ageHeader {
		return fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	return ErrForeign
}

func decrypt(file *os.File, size int64, identity string) (io.ReaderAt, int64, error) {
	if identity == "" {
		return nil, 0, fmt.Errorf("%w: name the file of its age identity with --identity", ErrIdentity)
	}
	keys, err := os.Open(identity)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = keys.Close() }() // it was only read
	identities, err := age.ParseIdentities(keys)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", identity, err)
	}
	content, plain, err := age.DecryptReaderAt(file, size, identities...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, 0, fmt.Errorf("%w for another key than that in %s", ErrIdentity, identity)
	case err != nil:
		return nil, 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return content, plain, nil
}

func (o *opened) readManifest() error {
	file, err := o.zip.Open(manifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrForeign
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(file, manifestMost))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err := json.Unmarshal(data, &o.manifest); err != nil {
		return ErrForeign
	}
	return o.manifest.check()
}

// checkNames refuses what isn't in the manifest, and names that lead out of the data directory.
func (o *opened) checkNames() error {
	found := map[string]bool{}
	for _, file := range o.zip.File {
		if file.Name == manifestFile {
			continue
		}
		if _, listed := o.manifest.Entries[file.Name]; !listed || found[file.Name] {
			return fmt.Errorf("%w: the manifest doesn't have %q", ErrDamaged, file.Name)
		}
		if !isOurs(file.Name) {
			return fmt.Errorf("%w: %q doesn't belong into one", ErrForeign, file.Name)
		}
		found[file.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(o.manifest.Entries)) {
		if !found[name] {
			return fmt.Errorf("%w: %s is missing", ErrDamaged, name)
		}
	}
	return nil
}

func isOurs(name string) bool {
	return name == databaseFile || strings.HasPrefix(name, storageDir+"/") && filepath.IsLocal(filepath.FromSlash(name)) &&
		!strings.Contains(name, `\`)
}

// extract writes everything to a directory, compares it with the manifest and checks the database. Files of messages
// are only read if dir is to have the database alone.
func (o *opened) extract(ctx context.Context, dir string, files bool) error {
	for _, file := range o.zip.File {
		if file.Name == manifestFile {
			continue
		}
		to := ""
		if files || file.Name == databaseFile {
			to = filepath.Join(dir, filepath.FromSlash(file.Name))
		}
		if err := o.extractFile(ctx, file, to); err != nil {
			return fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	return o.checkDatabase(ctx, filepath.Join(dir, databaseFile))
}

func (o *opened) extractFile(ctx context.Context, file *zip.File, to string) (err error) {
	in, err := file.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer func() { _ = in.Close() }() // it was only read
	out := io.Discard
	if to != "" {
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		created, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, created.Sync(), created.Close()) }()
		out = created
	}
	want, sum := o.manifest.Entries[file.Name], sha256.New()
	size, err := archive{}.copy(ctx, io.MultiWriter(out, sum), damageReader{io.LimitReader(in, want.Bytes+1)})
	if err != nil {
		return err
	}
	if size != want.Bytes || hexSum(sum) != want.SHA256 {
		return fmt.Errorf("%w: its content isn't what was written", ErrDamaged)
	}
	return nil
}

// damageReader tells an archive that can't be read from a disk that can't be written.
type damageReader struct{ from io.Reader }

func (d damageReader) Read(data []byte) (int, error) {
	n, err := d.from.Read(data)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return n, err
}

func (o *opened) checkDatabase(ctx context.Context, path string) error {
	db, err := openCopy(path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it was only read
	if err := checkIntegrity(ctx, db, "integrity_check"); err != nil {
		return err
	}
	rows, err := countRows(ctx, db)
	if err != nil {
		return err
	}
	if !maps.Equal(rows, o.manifest.Rows) {
		return fmt.Errorf("%w: its tables have other numbers of rows than the manifest", ErrDamaged)
	}
	return nil
}

// Verified is what an archive has.
type Verified struct {
	Version  string // of the program that made it
	Created  time.Time
	Contents string
	Files    int
	Rows     int64
}

// Verify reads a whole archive, as Restore would. identity is the file of the age identity, "" for an archive that
// isn't encrypted. The database is unpacked in the directory for temporary files, which is often small and in memory, or
// else in one of others, or beside the archive: the first that has room. What was encrypted isn't unpacked beside it,
// where others may read.
func Verify(ctx context.Context, path, identity string, others ...string) (v Verified, err error) {
	o, err := open(path, identity)
	if err != nil {
		return v, err
	}
	defer o.close()
	places := append([]string{os.TempDir()}, others...)
	if !o.encrypted {
		places = append(places, filepath.Dir(path))
	}
	dir, err := temporaryDir(o.manifest.Entries[databaseFile].Bytes, places)
	if err != nil {
		return v, err
	}
	defer removeAll(dir)
	return o.verified(), o.extract(ctx, dir, false)
}

// temporaryDir makes a directory in the first place that has room and can be written.
func temporaryDir(needed int64, places []string) (dir string, err error) {
	for _, place := range places {
		failed := hasRoom(place, needed)
		if failed == nil {
			if dir, failed = os.MkdirTemp(place, "messagerie-verify-*"); failed == nil {
				return dir, nil
			}
		}
		err = errors.Join(err, failed)
	}
	return "", err
}

func (o *opened) verified() Verified {
	m := o.manifest
	return Verified{m.Version, m.Created, string(m.Contents), len(m.Entries) - 1, m.total()}
}
