package messagerie

import (
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// A group takes those that wait when it begins. Those that come meanwhile are the next
// one: while it is written, the people of the last one are told and answer, so that
// processors and disk are busy at once. These bound what the first of a group waits for.
const (
	groupSize = 512
	groupTime = 20 * time.Millisecond
)

var errClosed = refuse(protocol.CodeUnavailable, "The server is stopping.")

// writer is the one place where conversations change. It commits those that wait
// together: alone, a save waits for nobody; under load, one fsync serves many.
// One writer also makes one order: ids, commits and announcements agree.
type writer struct {
	app   core.App
	jobs  chan *job
	group []*job // of the transaction that is running; reused

	mu     sync.RWMutex // held for reading while a job is handed over
	closed bool
	done   chan struct{}
}

// job is one change. A change of several saves runs alone, in a transaction that
// it can fail; single saves share one, where a failed save leaves no trace.
type job struct {
	run   func(tx core.App) error
	alone bool
	err   error
	done  func(error) // hears err once the job is on the disk and announced, or has failed
}

func newWriter(app core.App) *writer {
	w := &writer{app: app, jobs: make(chan *job, 2*groupSize), done: make(chan struct{})}
	go w.loop()
	return w
}

// save runs one save together with its neighbours and returns once it is on the
// disk and announced.
func (w *writer) save(run func(tx core.App) error) error {
	return w.do(&job{run: run})
}

// transaction runs several saves that hold or fail as one.
func (w *writer) transaction(run func(tx core.App) error) error {
	return w.do(&job{run: run, alone: true})
}

func (w *writer) do(j *job) error {
	answer := make(chan error, 1)
	j.done = func(err error) { answer <- err }
	w.hand(j)
	return <-answer
}

// hand puts a job in line, behind those that were handed over before it.
func (w *writer) hand(j *job) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		j.done(errClosed)
		return
	}
	w.jobs <- j
}

// close lets what was handed over finish and refuses the rest.
func (w *writer) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.jobs)
	}
	w.mu.Unlock()
	<-w.done
}

func (w *writer) loop() {
	defer close(w.done)
	for first := range w.jobs {
		for next := first; next != nil; {
			next = w.commit(next)
		}
	}
}

// commit runs a job and its neighbours in one transaction. It answers a job that
// was taken but didn't fit the group.
func (w *writer) commit(first *job) (next *job) {
	group := append(w.group[:0], first)
	err := w.app.RunInTransaction(func(tx core.App) error {
		first.err = runJob(first, tx)
		if first.alone {
			return first.err
		}
		begun := time.Now()
		for range min(len(w.jobs), groupSize-1) {
			if time.Since(begun) > groupTime {
				break
			}
			j := <-w.jobs
			if j == nil || j.alone {
				next = j
				break
			}
			group = append(group, j)
			j.err = runJob(j, tx)
		}
		return nil
	})
	for i, j := range group {
		if j.err == nil && err != nil {
			j.err = fmt.Errorf("commit: %w", err)
		}
		j.done(j.err)
		group[i] = nil
	}
	w.group = group
	return next
}

// runJob turns a panic into an error of its job: the next request is served.
func runJob(j *job, tx core.App) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic while saving: %v\n%s", r, debug.Stack())
		}
	}()
	return j.run(tx)
}
