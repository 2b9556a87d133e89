package cluster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hashicorp/raft"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// flight is a transaction of this node that waits for the majority, its database locked.
type flight struct {
	term, seq uint64
	landed    chan error    // nil: a majority has it; otherwise no node applies it
	ended     chan struct{} // closed when the local commit has succeeded or failed
	committed bool
}

// machine is what the log is applied to: raft's FSM.
type machine struct{ *Node }

// Apply brings a committed entry into the database. It returns only when that is done: what doesn't fit on the disk is
// tried again until there is room, and nothing after it is applied before.
func (m machine) Apply(entry *raft.Log) any {
	e, err := decodeEntry(entry.Data)
	if err != nil {
		return m.fail(err)
	}
	void := e.term != entry.Term // written by a leader that had lost its term
	if m.land(e, void) || void {
		return nil
	}
	for attempt := 0; ; attempt++ {
		applied, err := m.file.apply(e)
		if err == nil {
			m.stuck.Store(nil)
			if applied {
				m.applied(e)
				m.position.Store(e.seq) // whoever waits for it finds caches up to date
			}
			return nil
		}
		if !isPassing(err) {
			return m.fail(err)
		}
		if attempt == 0 {
			m.log.Warn("an entry of the log can't be stored yet", "error", err)
		}
		if !isBusy(err) {
			m.stuck.Store(&err)
			m.giveUpLead()
		}
		select {
		case <-time.After(min(time.Duration(attempt+1)*10*time.Millisecond, time.Second)):
		case <-m.closing:
			return nil
		}
	}
}

// land lets the transaction that waits for this entry commit, and returns whether it did. A transaction that the entry
// makes impossible is told so, because it holds the lock that the entry needs.
func (m machine) land(e *entry, void bool) (committed bool) {
	at, err := readPosition(m.file.query)
	valid := err == nil && !void && e.seq == at.seq+1 && !at.contains(e)
	m.mu.Lock()
	waiting := m.flight
	own := waiting != nil && waiting.term == e.term && waiting.seq == e.seq
	if own || valid {
		m.flight = nil
	}
	m.mu.Unlock()
	switch {
	case waiting == nil || !own && !valid:
		return false
	case own && valid:
		waiting.landed <- nil
		<-waiting.ended
		return waiting.committed
	}
	waiting.landed <- errOvertaken
	return false
}

var errOvertaken = errors.New("another leader's transaction came first")

// fail ends this node's part in the cluster: it goes on showing what it has.
func (m machine) fail(err error) error {
	m.log.Error("this node can't follow the cluster any more", "error", err)
	m.stuck.Store(&err)
	m.giveUpLead()
	<-m.closing
	return err
}

// isPassing reports whether an entry may be applied later.
func isPassing(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && (isBusy(err) || isDisk(failure))
}

func isBusy(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && (failure.Code()&0xff == sqlite3.SQLITE_BUSY || failure.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

func isDisk(failure *sqlite.Error) bool {
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM:
		return true
	}
	return false
}

// Snapshot lets the log be cut: what was applied reaches the disk first.
func (m machine) Snapshot() (raft.FSMSnapshot, error) {
	if err := m.file.flush(); err != nil {
		return nil, fmt.Errorf("flush the database: %w", err)
	}
	return live{}, nil
}

type live struct{}

func (live) Persist(sink raft.SnapshotSink) error {
	if _, err := sink.Write(liveMark); err != nil {
		return errors.Join(err, sink.Cancel())
	}
	return sink.Close()
}

func (live) Release() {}

// Restore makes the database a copy of the leader's.
func (m machine) Restore(content io.ReadCloser) error {
	path, err := temporaryPath(m.clusterDir())
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(path) }()
	file, err := os.OpenFile(path, os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	if err = errors.Join(err, file.Close(), content.Close()); err != nil {
		return err
	}
	for {
		err := m.file.replaceBy(path)
		if err == nil {
			break
		}
		if !isPassing(err) {
			return err
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-m.closing:
			return err
		}
	}
	if err := m.file.flush(); err != nil {
		return err
	}
	m.position.Store(m.file.at.seq)
	m.restored.Add(1)
	m.replaced()
	return nil
}
