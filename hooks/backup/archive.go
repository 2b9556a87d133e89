package backup

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
)

const (
	storageDir = "storage" // the files of records, as PocketBase keeps them on the disk
	bufferSize = 1 << 20
)

// archive is what write puts into a file.
type archive struct {
	dataDir   string
	database  string // the copied one
	contents  contents
	manifest  manifest
	recipient age.Recipient // nil doesn't encrypt
	gentle    bool          // leaves half of the time to others
	twice     bool          // is copied once more to the same disk before it is removed
}

// written is an archive that is there.
type written struct {
	manifest manifest
	bytes    int64
	sum      string // SHA-256 of the file
}

// write creates the file, which its owner alone may read; it is on the disk when write returns. Where that fails nothing is left.
func (a archive) write(ctx context.Context, path string) (w written, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return w, err
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			_ = os.Remove(path) // the error says why
		}
	}()
	sum := sha256.New()
	counted := &counter{to: io.MultiWriter(file, sum), flush: file.Sync}
	buffered := bufio.NewWriterSize(counted, bufferSize)
	if err := a.encrypt(ctx, buffered); err != nil {
		return w, err
	}
	if err := buffered.Flush(); err != nil {
		return w, err
	}
	return written{a.manifest, counted.bytes, hexSum(sum)}, file.Sync()
}

func (a archive) encrypt(ctx context.Context, to io.Writer) error {
	if a.recipient == nil {
		return a.zip(ctx, to)
	}
	encrypted, err := age.Encrypt(to, a.recipient)
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	if err := a.zip(ctx, encrypted); err != nil {
		return err
	}
	return encrypted.Close()
}

func (a archive) zip(ctx context.Context, to io.Writer) error {
	z := zip.NewWriter(to)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	if err := a.add(ctx, z, databaseFile, a.database, zip.Deflate); err != nil {
		return err
	}
	if a.manifest.Contents == withFiles {
		if err := a.addFiles(ctx, z); err != nil {
			return err
		}
	}
	out, err := z.CreateHeader(&zip.FileHeader{Name: manifestFile, Method: zip.Deflate, Modified: a.manifest.Created})
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(a.manifest); err != nil {
		return err
	}
	return z.Close()
}

// addFiles adds the files of records. They are read after the snapshot, so that all which it refers to are there; one
// that is deleted while the archive is written is left out.
func (a archive) addFiles(ctx context.Context, z *zip.Writer) error {
	root := filepath.Join(a.dataDir, storageDir)
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(a.dataDir, path)
		if err != nil {
			return err
		}
		// Most are pictures and documents, which are compressed already.
		if err := a.add(ctx, z, filepath.ToSlash(name), path, zip.Store); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

func (a archive) add(ctx context.Context, z *zip.Writer, name, path string, method uint16) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: time.Time{}})
	if err != nil {
		return err
	}
	sum := sha256.New()
	size, err := a.copy(ctx, io.MultiWriter(out, sum), file)
	if err != nil {
		return fmt.Errorf("add %s: %w", name, err)
	}
	a.manifest.Entries[name] = entry{size, hexSum(sum)}
	return nil
}

func (a archive) copy(ctx context.Context, to io.Writer, from io.Reader) (size int64, err error) {
	pace := pace{gentle: a.gentle}
	for {
		if err := ctx.Err(); err != nil {
			return size, err
		}
		count, err := io.CopyN(to, from, bufferSize)
		size += count
		if errors.Is(err, io.EOF) {
			return size, nil
		}
		if err != nil {
			return size, err
		}
		pace.rest(ctx)
	}
}

// reread compares the file with what was written. It can do so without the key of an encrypted archive.
func (w written) reread(ctx context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	sum := sha256.New()
	if _, err := (archive{}).copy(ctx, sum, file); err != nil {
		return fmt.Errorf("read the backup again: %w", err)
	}
	if hexSum(sum) != w.sum {
		return fmt.Errorf("%w: the disk returns something else than was written", ErrDamaged)
	}
	return nil
}

// counter counts what passes to a file, and flushes it now and then, as the copy of the database is.
type counter struct {
	to      io.Writer
	flush   func() error
	bytes   int64
	flushed int64
}

func (c *counter) Write(data []byte) (int, error) {
	n, err := c.to.Write(data)
	c.bytes += int64(n)
	if err == nil && c.bytes-c.flushed >= stepsFlushed*bufferSize {
		c.flushed, err = c.bytes, c.flush()
	}
	return n, err
}

func hexSum(sum hash.Hash) string { return hex.EncodeToString(sum.Sum(nil)) }
