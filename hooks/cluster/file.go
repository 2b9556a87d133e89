package cluster

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"reflect"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// position is how much of the log a database contains: everything up to the transaction seq, which was written in term.
type position struct{ term, seq uint64 }

// contains reports whether an entry lies before the position.
func (p position) contains(e *entry) bool {
	return e.term < p.term || e.term == p.term && e.seq <= p.seq
}

const createState = `CREATE TABLE IF NOT EXISTS ` + stateTable + ` (
	id INTEGER PRIMARY KEY CHECK (id = 1), cluster TEXT NOT NULL, term INTEGER NOT NULL, seq INTEGER NOT NULL)`

func readPosition(query queryFunc) (position, error) {
	rows, err := query("SELECT term, seq FROM " + stateTable)
	if err != nil {
		return position{}, err
	}
	if len(rows) != 1 {
		return position{}, errors.New("the database belongs to no cluster")
	}
	return position{uint64(rows[0][0].(int64)), uint64(rows[0][1].(int64))}, nil
}

func writePosition(run func(string, ...any) error, p position) error {
	return run("UPDATE "+stateTable+" SET term = ?, seq = ?", int64(p.term), int64(p.seq))
}

// sqliteDriver is the registered driver, for connections to be wrapped.
func sqliteDriver() driver.Driver {
	db, err := sql.Open("sqlite", "")
	if err != nil {
		panic(err) // not registered
	}
	defer func() { _ = db.Close() }()
	return db.Driver()
}

// file is data.db as the log writes it: by a connection of its own, on which triggers don't run, because what they
// changed is in the log as well.
type file struct {
	path string
	conn driver.Conn

	tables map[string]*table
	schema int64 // that tables belong to
	at     position
}

// filePragmas are those of store.Connect, except that a commit doesn't wait for the disk: what a power cut takes from
// the end of the database is in the log, which isn't cut before flush.
const filePragmas = "?_pragma=busy_timeout(2000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(OFF)&_pragma=temp_store(MEMORY)" +
	"&_pragma=synchronous(NORMAL)&_pragma=wal_autocheckpoint(4000)&_pragma=journal_size_limit(200000000)"

// openFile opens a database that may be new.
func openFile(path string) (*file, error) {
	conn, err := sqliteDriver().Open(path + filePragmas)
	if err != nil {
		return nil, err
	}
	f := &file{path: path, conn: conn}
	if err := withoutTriggers(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return f, nil
}

// withoutTriggers turns triggers off on a connection, for which the driver has no function.
func withoutTriggers(conn driver.Conn) error {
	fields := reflect.ValueOf(conn).Elem()
	db, tls := fields.FieldByName("db"), fields.FieldByName("tls")
	if db.Kind() != reflect.Uintptr || tls.Kind() != reflect.Pointer {
		return fmt.Errorf("%T isn't the connection that is known", conn)
	}
	t := (*libc.TLS)(tls.UnsafePointer())
	const slots = 2 * int(unsafe.Sizeof(int64(0))) // of the two variable arguments
	args := t.Alloc(slots)
	defer t.Free(slots)
	if rc := sqlite3.Xsqlite3_db_config(t, uintptr(db.Uint()), sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER,
		libc.VaList(args, int32(0), uintptr(0))); rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("turn triggers off: %d", rc)
	}
	return nil
}

func (f *file) close() error { return f.conn.Close() }

func (f *file) run(text string, args ...any) error {
	_, err := f.conn.(driver.ExecerContext).ExecContext(context.Background(), text, named(args))
	return err
}

func (f *file) query(text string, args ...any) ([][]any, error) {
	return queryAll(f.conn.(driver.QueryerContext), text, args)
}

// found begins a cluster in the database, unless one has begun. It returns the cluster's id.
func (f *file) found(id string) (string, error) {
	if err := f.run(createState); err != nil {
		return "", err
	}
	if err := f.run("INSERT OR IGNORE INTO "+stateTable+" VALUES (1, ?, 0, 0)", id); err != nil {
		return "", err
	}
	return f.cluster()
}

// cluster returns the id of the cluster that the database belongs to, "" if none.
func (f *file) cluster() (string, error) {
	rows, err := f.query("SELECT 1 FROM sqlite_schema WHERE name = ?", stateTable)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	if rows, err = f.query("SELECT cluster FROM " + stateTable); err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0][0].(string), nil
}

// forget makes the database that of a single machine again.
func (f *file) forget() error { return f.run("DROP TABLE IF EXISTS " + stateTable) }

// refresh reads where the database stands.
func (f *file) refresh() error {
	at, err := readPosition(f.query)
	f.at, f.tables = at, nil
	return err
}

// errGap: an entry follows one that this database never got.
var errGap = errors.New("the database lacks a part of the cluster's log: this node has to join again")

// errDiverged: an entry changes a row that this database doesn't have.
var errDiverged = errors.New("the database isn't what the cluster's log was written for: this node has to join again")

// apply applies an entry, unless the database contains it or it follows another one. It returns whether it did.
func (f *file) apply(e *entry) (applied bool, err error) {
	at, err := readPosition(f.query)
	if err != nil {
		return false, err
	}
	f.at = at
	switch {
	case at.contains(e), e.seq <= at.seq:
		return false, nil
	case e.seq > at.seq+1:
		return false, fmt.Errorf("%w (%d after %d)", errGap, e.seq, at.seq)
	}
	if err := f.run("BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	err = f.applySteps(e)
	if err == nil {
		err = f.run("COMMIT")
	}
	if err != nil {
		_ = f.run("ROLLBACK") // a full disk has rolled back already
		f.tables = nil
		return false, err
	}
	f.at = position{e.term, e.seq}
	return true, nil
}

func (f *file) applySteps(e *entry) error {
	rows, err := f.query("PRAGMA schema_version")
	if err != nil {
		return err
	}
	if version := rows[0][0].(int64); f.tables == nil || f.schema != version {
		f.tables, f.schema = map[string]*table{}, version
	}
	for i := range e.steps {
		if err := f.applyStep(&e.steps[i]); err != nil {
			return err
		}
	}
	return writePosition(f.run, position{e.term, e.seq})
}

func (f *file) applyStep(s *step) error {
	if s.op == ddl {
		f.tables = map[string]*table{}
		return f.run(s.text)
	}
	t := f.tables[s.table]
	if t == nil {
		var err error
		if t, err = readTable(f.query, s.table); err != nil {
			return err
		}
		f.tables[s.table] = t
	}
	text, args, err := t.statement(s)
	if err != nil {
		return err
	}
	result, err := f.conn.(driver.ExecerContext).ExecContext(context.Background(), text, named(args))
	if err != nil {
		return fmt.Errorf("%s: %w", s.table, err)
	}
	if n, err := result.RowsAffected(); err == nil && n != 1 {
		return fmt.Errorf("%w (%s: %d rows instead of one)", errDiverged, s.table, n)
	}
	return nil
}

// copyTo copies the database, as it is at this moment, into a new file.
func (f *file) copyTo(path string) error {
	source, err := sqliteDriver().Open(f.path + "?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	backup, err := source.(interface {
		NewBackup(uri string) (*sqlite.Backup, error)
	}).NewBackup(path + "?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)")
	if err != nil {
		return errors.Join(err, source.Close())
	}
	_, err = backup.Step(-1)
	return errors.Join(err, backup.Finish(), source.Close())
}

// replaceBy makes the database a copy of another, in one transaction: connections that are open see it as a change.
func (f *file) replaceBy(path string) error {
	restore, err := f.conn.(interface {
		NewRestore(uri string) (*sqlite.Backup, error)
	}).NewRestore(path)
	if err != nil {
		return err
	}
	_, err = restore.Step(-1)
	if err = errors.Join(err, restore.Finish()); err != nil {
		return err
	}
	return f.refresh()
}

// flush makes sure that what was applied survives a power cut. Frames that have left the write-ahead log were synced by
// SQLite's checkpoint.
func (f *file) flush() error {
	wal, err := os.OpenFile(f.path+"-wal", os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(wal.Sync(), wal.Close())
}
