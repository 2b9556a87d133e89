package apptest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/config"
)

// Faults makes commits of data.db fail at the last moment: half of those that fail are
// stored nevertheless, as when the disk has the data and only its response is lost.
type Faults struct {
	mu     sync.Mutex
	random *rand.Rand
	share  float64 // of the commits
	stored int
	lost   int
}

// NewFaulty is New on a database whose commits fail once Fail is called. The same seed
// gives the same outcomes, in the order of the commits.
func NewFaulty(t testing.TB, seed uint64, changes ...func(*config.Config)) (*App, *Faults) {
	t.Helper()
	f := NewFaults(seed)
	return open(t, plainapp.DataDir(t), f.Connect, changes...), f
}

// NewFaults makes commits fail on the databases that Connect opens.
func NewFaults(seed uint64) *Faults { return &Faults{random: rand.New(rand.NewPCG(seed, seed))} }

// Fail makes a share of the commits fail, from 0 to 1, from now on.
func (f *Faults) Fail(share float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.share = share
}

// Counts is how many commits have failed so far: those stored nevertheless, and those lost.
func (f *Faults) Counts() (stored, lost int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stored, f.lost
}

var errFault = errors.New("disk I/O error (injected)")

func (f *Faults) commit(tx driver.Tx) error {
	f.mu.Lock()
	fails, keeps := f.random.Float64() < f.share, f.random.IntN(2) == 0
	if fails && keeps {
		f.stored++
	} else if fails {
		f.lost++
	}
	f.mu.Unlock()
	switch {
	case !fails:
		return tx.Commit()
	case keeps:
		return errors.Join(errFault, tx.Commit())
	}
	return errors.Join(errFault, tx.Rollback())
}

// Connect opens a database of an app.
func (f *Faults) Connect(path string) (*dbx.DB, error) {
	// Like store.Connect, without what tests don't need.
	source := path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(ON)"
	if filepath.Base(path) != "data.db" {
		return dbx.Open("sqlite", source)
	}
	plain, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	defer plain.Close()
	db := sql.OpenDB(faultyConnector{driver: plain.Driver(), source: source, faults: f})
	return dbx.NewFromDB(db, "sqlite"), nil
}

// faultyConnector opens connections of another driver whose transactions end as Faults decides.
type faultyConnector struct {
	driver driver.Driver
	source string
	faults *Faults
}

func (c faultyConnector) Driver() driver.Driver { return c.driver }

func (c faultyConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.source)
	if err != nil {
		return nil, err
	}
	return &faultyConn{conn.(sqliteConn), c.faults}, nil
}

// sqliteConn is what database/sql uses of SQLite's connections.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type faultyConn struct {
	sqliteConn
	faults *Faults
}

func (c *faultyConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	tx, err := c.sqliteConn.BeginTx(ctx, options)
	if err != nil {
		return nil, err
	}
	return faultyTx{tx, c.faults}, nil
}

type faultyTx struct {
	driver.Tx
	faults *Faults
}

func (tx faultyTx) Commit() error { return tx.faults.commit(tx.Tx) }
