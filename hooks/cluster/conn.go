package cluster

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	"modernc.org/sqlite"

	"messagerie/hooks/refusal"
)

// proposer decides whether a transaction may be committed.
type proposer interface {
	// term returns the term in which this node leads, an error if it doesn't: then nothing may be changed here.
	term() (uint64, error)
	// propose returns once a majority has the transaction on disk. If it returns an error the transaction is rolled
	// back; otherwise ended is called with what became of the commit.
	propose(e *entry) (ended func(committed bool), err error)
	// announced returns what the running transaction tells the listeners, and forgets it.
	announced() []byte
}

// maxEntryBytes bounds what one transaction may change: the others wait while it is sent to every node.
const maxEntryBytes = 64 << 20

var (
	errMixed     = errors.New("in a cluster a text can't change the schema together with something else")
	errSavepoint = errors.New("in a cluster there are no savepoints")
	errTooLarge  = fmt.Errorf("in a cluster a transaction may change at most %d MB", maxEntryBytes>>20)
)

// sqliteConn is what the driver's connections can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// connection is a connection to data.db whose transactions pass through the log. SQLite itself refuses those that
// didn't: see mayCommit.
type connection struct {
	inner sqliteConn
	log   proposer

	inTx    bool
	wrote   bool         // the running transaction, or tried to
	granted bool         // the log has the running transaction
	seen    []seenChange // since the last step was made
	steps   []step
	bytes   int
	failure error // why the running transaction can't be committed
	tables  map[string]*table
	schema  int64 // that tables belong to
}

func newConnection(inner driver.Conn, log proposer) (*connection, error) {
	c := &connection{log: log}
	var ok bool
	if c.inner, ok = inner.(sqliteConn); !ok {
		return nil, fmt.Errorf("%T lacks what a cluster needs", inner)
	}
	hooks, ok := inner.(sqlite.HookRegisterer)
	if !ok {
		return nil, fmt.Errorf("%T has no hooks", inner)
	}
	hooks.RegisterPreUpdateHook(c.note)
	hooks.RegisterCommitHook(c.mayCommit)
	hooks.RegisterRollbackHook(c.forget)
	return c, nil
}

// note is called by SQLite before each change of a row, also those of triggers.
func (c *connection) note(data sqlite.SQLitePreUpdateData) {
	if data.DatabaseName != "main" || data.TableName == stateTable {
		return
	}
	c.wrote = true
	seen := see(data)
	for _, values := range [][]any{seen.before, seen.after} {
		for _, value := range values {
			c.bytes += 8
			switch v := value.(type) {
			case string:
				c.bytes += len(v)
			case []byte:
				c.bytes += len(v)
			}
		}
	}
	if c.bytes > maxEntryBytes {
		c.failure = errTooLarge
		c.seen, c.steps = c.seen[:0], nil
		return
	}
	c.seen = append(c.seen, seen)
}

// mayCommit is called by SQLite before each commit; what it doesn't return 0 for is rolled back.
func (c *connection) mayCommit() int32 {
	if c.granted || c.failure == nil && len(c.seen) == 0 && len(c.steps) == 0 {
		return 0
	}
	return 1
}

func (c *connection) forget() {
	c.seen, c.steps, c.bytes, c.failure, c.granted = c.seen[:0], nil, 0, nil, false
}

func (c *connection) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.inner.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	c.forget()
	c.inTx, c.wrote = true, false
	return &transaction{connection: c, inner: tx}, nil
}

func (c *connection) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

// transaction is one of a connection.
type transaction struct {
	*connection
	inner driver.Tx
}

func (t *transaction) Rollback() error {
	t.inTx = false
	err := t.inner.Rollback()
	if t.wrote {
		t.log.announced()
	}
	t.forget()
	return err
}

func (t *transaction) Commit() error {
	ended, err := t.propose()
	if err != nil {
		return errors.Join(err, t.Rollback())
	}
	t.inTx = false
	err = t.inner.Commit() // rolls back if it fails
	if ended != nil {
		ended(err == nil)
		if err != nil { // for want of room, say, but the other machines have it: this one will
			err = fmt.Errorf("%w: %s", refusal.OutcomeUnknown, err.Error())
		}
	}
	t.forget()
	return err
}

// propose passes the running transaction through the log, if it has changed anything.
func (c *connection) propose() (ended func(bool), err error) {
	if c.failure == nil {
		c.failure = c.makeSteps()
	}
	if c.failure != nil {
		return nil, c.failure
	}
	if !c.wrote {
		return nil, nil
	}
	announcements := c.log.announced()
	if len(c.steps) == 0 {
		return nil, nil
	}
	term, err := c.log.term()
	if err != nil {
		return nil, err
	}
	at, err := readPosition(c.query)
	if err != nil {
		return nil, err
	}
	e := &entry{term: term, seq: at.seq + 1, steps: c.steps, announcements: announcements}
	if err := writePosition(c.run, position{e.term, e.seq}); err != nil {
		return nil, err
	}
	ended, err = c.log.propose(e)
	if err != nil {
		return nil, err
	}
	c.granted = true
	return ended, nil
}

// makeSteps makes steps of what the hook has seen, with the schema as it is now.
func (c *connection) makeSteps() error {
	if len(c.seen) == 0 {
		return nil
	}
	version, err := c.schemaVersion()
	if err != nil {
		return err
	}
	if c.tables == nil || c.schema != version {
		c.tables, c.schema = map[string]*table{}, version
	}
	for i := range c.seen {
		t := c.tables[c.seen[i].table]
		if t == nil {
			if t, err = readTable(c.query, c.seen[i].table); err != nil {
				return err
			}
			c.tables[t.name] = t
		}
		s, err := t.step(&c.seen[i])
		if err != nil {
			return err
		}
		if s.op != updated || len(s.columns) > 0 {
			c.steps = append(c.steps, s)
		}
	}
	clear(c.seen)
	c.seen = c.seen[:0]
	return nil
}

func (c *connection) schemaVersion() (int64, error) {
	rows, err := c.query("PRAGMA schema_version")
	if err != nil {
		return 0, err
	}
	return rows[0][0].(int64), nil
}

// execute runs a statement, in a transaction of its own if there is none.
func (c *connection) execute(ctx context.Context, text string, run func() (driver.Result, error)) (driver.Result, error) {
	kind := kindOf(text)
	switch kind {
	case kindOther:
		if isScript(text) {
			return nil, errMixed
		}
		return run()
	case kindSavepoint:
		return nil, errSavepoint
	}
	if c.inTx {
		return c.noted(kind, text, run)
	}
	tx, err := c.BeginTx(ctx, driver.TxOptions{})
	if err != nil {
		return nil, err
	}
	result, err := c.noted(kind, text, run)
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return result, tx.Commit()
}

// noted runs a statement and notes what it changes. A statement that fails has changed nothing.
func (c *connection) noted(kind statementKind, text string, run func() (driver.Result, error)) (driver.Result, error) {
	if kind == kindSchema {
		return c.notedSchema(text, run)
	}
	before := len(c.seen)
	version, err := c.versionBefore(text)
	if err != nil {
		return nil, err
	}
	result, err := run()
	if after, versionErr := c.versionBefore(text); versionErr != nil || after != version {
		c.failure = errors.Join(errMixed, versionErr)
		return nil, c.failure
	}
	if err != nil && len(c.seen) > before {
		c.seen = c.seen[:before]
		if strings.Contains(strings.ToUpper(text), "OR FAIL") {
			c.failure = errors.New("in a cluster OR FAIL isn't possible")
		}
	}
	return result, err
}

// versionBefore is the version of the schema if a text may change it although it begins otherwise.
func (c *connection) versionBefore(text string) (int64, error) {
	if !isScript(text) {
		return 0, nil
	}
	return c.schemaVersion()
}

func (c *connection) notedSchema(text string, run func() (driver.Result, error)) (driver.Result, error) {
	if err := c.makeSteps(); err != nil {
		return nil, err
	}
	before, err := c.schemaVersion()
	if err != nil {
		return nil, err
	}
	result, err := run()
	if len(c.seen) > 0 {
		c.failure = errMixed
		return result, errors.Join(err, errMixed)
	}
	if err != nil {
		return result, err
	}
	after, err := c.schemaVersion()
	if err == nil && before != after {
		c.steps = append(c.steps, step{op: ddl, text: text})
		c.tables, c.wrote = nil, true
	}
	return result, err
}

func (c *connection) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	return c.execute(ctx, text, func() (driver.Result, error) { return c.inner.ExecContext(ctx, text, args) })
}

func (c *connection) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	return c.queryNoted(text, func() (driver.Rows, error) { return c.inner.QueryContext(ctx, text, args) })
}

// queryNoted runs a statement that returns rows, such as INSERT … RETURNING.
func (c *connection) queryNoted(text string, run func() (driver.Rows, error)) (driver.Rows, error) {
	switch kind := kindOf(text); {
	case kind == kindSavepoint:
		return nil, errSavepoint
	case kind == kindSchema, isScript(text):
		return nil, errMixed
	}
	before := len(c.seen)
	rows, err := run()
	if err != nil {
		c.seen = c.seen[:min(before, len(c.seen))]
	}
	return rows, err
}

func (c *connection) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	inner, err := c.inner.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &statement{connection: c, text: text, Stmt: inner}, nil
}

func (c *connection) Prepare(text string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), text)
}

func (c *connection) Close() error                           { return c.inner.Close() }
func (c *connection) Ping(ctx context.Context) error         { return c.inner.Ping(ctx) }
func (c *connection) ResetSession(ctx context.Context) error { return c.inner.ResetSession(ctx) }
func (c *connection) IsValid() bool                          { return c.inner.IsValid() }

// statement is a prepared one.
type statement struct {
	driver.Stmt
	connection *connection
	text       string
}

func (s *statement) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.connection.execute(ctx, s.text, func() (driver.Result, error) {
		return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	})
}

func (s *statement) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.connection.queryNoted(s.text, func() (driver.Rows, error) {
		return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	})
}

// run and query are for the connection's own statements, which no hook notes.
func (c *connection) run(text string, args ...any) error {
	_, err := c.inner.ExecContext(context.Background(), text, named(args))
	return err
}

func (c *connection) query(text string, args ...any) ([][]any, error) {
	return queryAll(c.inner, text, args)
}

func queryAll(conn driver.QueryerContext, text string, args []any) ([][]any, error) {
	rows, err := conn.QueryContext(context.Background(), text, named(args))
	if err != nil {
		return nil, err
	}
	var all [][]any
	for {
		values := make([]driver.Value, len(rows.Columns()))
		if err = rows.Next(values); err != nil {
			break
		}
		row := make([]any, len(values))
		for i, value := range values {
			row[i] = value
		}
		all = append(all, row)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return all, errors.Join(err, rows.Close())
}

func named(args []any) []driver.NamedValue {
	out := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
	}
	return out
}

type statementKind int

const (
	kindOther statementKind = iota
	kindRows
	kindSchema
	kindSavepoint
)

// kindOf tells from the first word of a statement what it may change.
func kindOf(text string) statementKind {
	switch strings.ToUpper(firstWord(text)) {
	case "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH":
		return kindRows
	case "CREATE", "ALTER", "DROP", "REINDEX":
		return kindSchema
	case "SAVEPOINT", "RELEASE", "ROLLBACK":
		return kindSavepoint
	}
	return kindOther
}

// isScript reports whether a text may have several statements.
func isScript(text string) bool {
	semicolon := strings.IndexByte(text, ';')
	return semicolon >= 0 && strings.Trim(text[semicolon:], "; \t\r\n") != ""
}

func firstWord(text string) string {
	for {
		text = strings.TrimLeft(text, " \t\r\n;")
		switch {
		case strings.HasPrefix(text, "--"):
			_, text, _ = strings.Cut(text, "\n")
		case strings.HasPrefix(text, "/*"):
			_, text, _ = strings.Cut(text, "*/")
		default:
			end := strings.IndexFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
			if end >= 0 {
				text = text[:end]
			}
			return text
		}
	}
}
