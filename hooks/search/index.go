package search

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// always is the context of what nobody waits for: the worker stops between its portions.
var always = context.Background()

const indexFile = "search.db"

// indexConns is how many connections read and write the index, each with a page cache of 2 MB: as many
// searches run at a time, whoever asks, and others wait.
var indexConns = max(2, runtime.GOMAXPROCS(0))

// state says what is in the index. It is written in the transaction of what it is about.
type state struct {
	Newest  protocol.ID // all messages up to this one are in it
	Checked string      // RFC 3339; all changes of messages before that are in it, but for what comparing finds
	IsClean bool        // nothing was missing when the server stopped
	Merged  string      // RFC 3339: when its segments were merged into one; "" for never
}

// index is the open search.db. The words have no content: FTS5 keeps only which messages have them,
// by their ids, and neither how often nor where.
type index struct {
	db   *sql.DB
	path string
}

var schema = fmt.Sprintf(`
	CREATE TABLE state (format INTEGER NOT NULL, newest INTEGER NOT NULL, checked TEXT NOT NULL, clean INTEGER NOT NULL, merged TEXT NOT NULL);
	INSERT INTO state VALUES (%d, 0, '', 0, '');
	CREATE TABLE filters (conversation INTEGER PRIMARY KEY, words BLOB NOT NULL);
	CREATE VIRTUAL TABLE messages USING fts5(tokens, content='', contentless_delete=1, detail=none, tokenize="%s");`, format, tokenizer)

// openIndex opens the index, or creates an empty one: the first time, and if there is one of another
// format or one that can't be read.
func openIndex(path string) (*index, state, error) {
	i, st, err := tryOpen(path)
	isTableMissing := codeOf(err) == sqlite3.SQLITE_ERROR
	if !errors.Is(err, errOtherFormat) && !isDamaged(err) && !isTableMissing {
		return i, st, err
	}
	if err := removeIndex(path); err != nil {
		return nil, state{}, err
	}
	return tryOpen(path)
}

var (
	errOtherFormat = errors.New("the index has another format")
	errDamaged     = errors.New("the index of messages is damaged")
)

func tryOpen(path string) (*index, state, error) {
	db, err := store.Connect(path)
	if err != nil {
		return nil, state{}, fmt.Errorf("open %s: %w", indexFile, err)
	}
	i := &index{db: db.DB(), path: path}
	i.db.SetMaxOpenConns(indexConns)
	i.db.SetMaxIdleConns(indexConns)
	st, err := i.prepare()
	if err != nil {
		return nil, state{}, errors.Join(fmt.Errorf("open %s: %w", indexFile, err), i.close())
	}
	return i, st, nil
}

func (i *index) prepare() (st state, err error) {
	var tables int
	if err := i.db.QueryRowContext(always, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return st, err
	}
	if tables == 0 {
		err = i.transaction(func(tx *sql.Tx) error {
			_, err := tx.ExecContext(always, schema)
			return err
		})
		return st, err
	}
	var found int
	err = i.db.QueryRowContext(always, "SELECT format, newest, checked, clean, merged FROM state").Scan(&found, &st.Newest, &st.Checked, &st.IsClean, &st.Merged)
	if errors.Is(err, sql.ErrNoRows) || err == nil && found != format {
		err = errOtherFormat
	}
	return st, err
}

// isDamaged reports whether an index can't be read any more.
func isDamaged(err error) bool {
	code := codeOf(err)
	return errors.Is(err, errDamaged) || code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// codeOf returns SQLite's code of an error, without its details; 0 for other errors.
func codeOf(err error) int {
	var failed *sqlite.Error
	if errors.As(err, &failed) {
		return failed.Code() & 0xff
	}
	return 0
}

func removeIndex(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", indexFile, err)
		}
	}
	return nil
}

func (i *index) close() error { return i.db.Close() }

func (i *index) transaction(run func(*sql.Tx) error) error {
	tx, err := i.db.BeginTx(always, nil)
	if err != nil {
		return err
	}
	if err := run(tx); err != nil {
		_ = tx.Rollback() // err says more
		return err
	}
	return tx.Commit()
}

// batch is what one transaction changes.
type batch struct {
	added   []messagerie.StoredMessage // not in the index yet
	changed []messagerie.StoredMessage
	gone    []protocol.ID // not among changed
	state   state
}

// write writes a batch. Nothing waits for the disk: what a power cut takes is indexed again.
func (i *index) write(b batch) error {
	err := i.transaction(func(tx *sql.Tx) error {
		if err := b.remove(tx); err != nil {
			return err
		}
		if err := b.insert(tx); err != nil {
			return err
		}
		if err := b.widen(tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(always, "UPDATE state SET newest = ?, checked = ?, clean = ?, merged = ?",
			b.state.Newest, b.state.Checked, b.state.IsClean, b.state.Merged)
		return err
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", indexFile, err)
	}
	return nil
}

func (b batch) remove(tx *sql.Tx) error {
	gone := b.gone
	for _, m := range b.changed {
		gone = append(gone, m.ID)
	}
	if len(gone) == 0 {
		return nil
	}
	deletion, err := tx.PrepareContext(always, "DELETE FROM messages WHERE rowid = ?")
	if err != nil {
		return err
	}
	defer func() { _ = deletion.Close() }() // the transaction closes it anyway
	for _, id := range gone {
		if _, err := deletion.ExecContext(always, id); err != nil {
			return err
		}
	}
	return nil
}

func (b batch) insert(tx *sql.Tx) error {
	if len(b.added)+len(b.changed) == 0 {
		return nil
	}
	insertion, err := tx.PrepareContext(always, "INSERT INTO messages (rowid, tokens) VALUES (?, ?)")
	if err != nil {
		return err
	}
	defer func() { _ = insertion.Close() }() // likewise
	for _, list := range [][]messagerie.StoredMessage{b.added, b.changed} {
		for _, m := range list {
			if text := tokens(m); text != "" {
				if _, err := insertion.ExecContext(always, m.ID, text); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// writeDurably writes the state, and returns once it is on the disk.
func (i *index) writeDurably(st state) error {
	if err := i.write(batch{state: st}); err != nil {
		return err
	}
	return i.checkpoint()
}

// checkpoint puts on the disk what was written so far.
func (i *index) checkpoint() error {
	if _, err := i.db.ExecContext(always, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("checkpoint %s: %w", indexFile, err)
	}
	return nil
}

// present returns which messages after one id, up to another, are in the index, in order.
func (i *index) present(after, upTo protocol.ID) ([]protocol.ID, error) {
	return i.ids(always, "SELECT rowid FROM messages WHERE rowid > ? AND rowid <= ? ORDER BY rowid", after, upTo)
}

// find returns the newest messages before an id that match an expression of FTS5.
func (i *index) find(ctx context.Context, matching string, before protocol.ID, limit int) ([]protocol.ID, error) {
	return i.ids(ctx, "SELECT rowid FROM messages WHERE messages MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?", matching, before, limit)
}

func (i *index) ids(ctx context.Context, query string, args ...any) ([]protocol.ID, error) {
	rows, err := i.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", indexFile, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err says what has failed
	var ids []protocol.ID
	for rows.Next() {
		var id protocol.ID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read %s: %w", indexFile, err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", indexFile, err)
	}
	return ids, nil
}

// size is that of the files, in bytes.
func (i *index) size() (size int64) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(i.path + suffix); err == nil {
			size += info.Size()
		}
	}
	return size
}
