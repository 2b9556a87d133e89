package backup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// How the database is copied. While its snapshot is read, the write-ahead log can't be reset and grows.
const (
	stepPages = 256 // 1 MB with SQLite's pages of 4 KB
	// Steps after which the copy is flushed: else the commits of others would wait until the system has written all of it.
	stepsFlushed = 8
	walHurries   = 256 << 20 // bytes of the log from which the copy no longer pauses
	walMost      = 4 << 30   // bytes of the log at which the copy is given up
)

// snapshot is the state of a database at one moment, while others go on changing it.
type snapshot struct {
	path   string
	db     *sql.DB
	conn   *sql.Conn
	end    func() error // of the transaction
	closed sync.Once
}

// openSnapshot begins a read transaction on a connection of its own: readers and writers don't wait for each other.
func openSnapshot(ctx context.Context, path string) (*snapshot, error) {
	db, err := sql.Open("sqlite", fileURI(path, "mode=rw&_pragma=busy_timeout(10000)"))
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	s := &snapshot{path: path, db: db, conn: conn}
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err == nil {
		s.end = tx.Rollback
		err = tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(new(int)) // fixes the moment
	}
	if err != nil {
		s.close()
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return s, nil
}

// close ends the read transaction. A second call does nothing.
func (s *snapshot) close() {
	s.closed.Do(func() {
		if s.end != nil {
			_ = s.end()
		}
		_ = s.conn.Close()
		_ = s.db.Close()
	})
}

// copyTo copies the snapshot into a new file, by SQLite's online backup. Its steps don't begin again when somebody
// writes, because the read transaction lasts. VACUUM INTO would hold one as well, but could neither pause nor look at
// the log. A gentle copy pauses after each step for as long as the step took.
func (s *snapshot) copyTo(ctx context.Context, path string, gentle bool) error {
	err := s.conn.Raw(func(driver any) error {
		source, ok := driver.(interface {
			NewBackup(uri string) (*sqlite.Backup, error)
		})
		if !ok {
			return fmt.Errorf("%T can't be copied", driver)
		}
		// The copy is thrown away if the machine stops: it needs no journal and no fsync.
		backup, err := source.NewBackup(fileURI(path, "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"))
		if err != nil {
			return err
		}
		return errors.Join(s.steps(ctx, backup, path, gentle), backup.Finish())
	})
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	return nil
}

func (s *snapshot) steps(ctx context.Context, backup *sqlite.Backup, to string, gentle bool) error {
	pace := pace{gentle: gentle}
	for step := 1; ; step++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		more, err := backup.Step(stepPages)
		if err != nil || !more {
			return err
		}
		if step%stepsFlushed == 0 {
			if err := flush(to); err != nil {
				return err
			}
		}
		size := fileBytes(s.path + "-wal")
		if size > walMost {
			return fmt.Errorf("given up because the write-ahead log has grown to %d MB meanwhile", size>>20)
		}
		pace.gentle = gentle && size < walHurries
		pace.rest(ctx)
	}
}

func flush(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// pace leaves the disk and the processor to others for as long as it has used them.
type pace struct {
	gentle bool
	since  time.Time
}

func (p *pace) rest(ctx context.Context) {
	if p.gentle && !p.since.IsZero() {
		select {
		case <-ctx.Done():
		case <-time.After(time.Since(p.since)):
		}
	}
	p.since = time.Now()
}

// fileURI names a file to SQLite, whatever characters are in its path.
func fileURI(path, query string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	path = filepath.ToSlash(path)
	if path[0] != '/' { // C:/…
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query}).String()
}

// databaseBytes is how large a copy of the database becomes at most.
func databaseBytes(dir string) (int64, error) {
	path := filepath.Join(dir, databaseFile)
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size() + fileBytes(path+"-wal"), nil
}

func fileBytes(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
