package store

import (
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/refusal"
)

// A group consists of the jobs that are waiting when it begins. Jobs that arrive while it is
// written form the next one: in that time the people of the previous group get their
// messages and reply, so that processors and disk work in parallel. These constants bound
// how long the first job of a group waits.
const (
	groupSize = 512
	GroupTime = 20 * time.Millisecond
)

// writer is the one place where records change. It commits waiting jobs together: a
// single save doesn't wait for others; under load, one fsync serves many. It also
// gives one order: ids, commits and announcements agree.
type writer struct {
	app   core.App
	jobs  chan *job
	group []*job // of the transaction that is running; reused

	// A failed commit may have been stored all the same. lost is called at once; settled
	// before the next changes are announced, which may depend on it.
	lost, settled func()
	unsettled     bool

	failed func(error)         // called with each error of the database
	took   func(time.Duration) // called after each transaction

	transactions sync.Mutex // held by the transaction that is queued or running

	mu     sync.RWMutex // read-locked while a job is queued
	closed bool
	done   chan struct{}
}

// job is one change. A change of several saves runs alone, in a transaction of its own.
// Single saves share one: a save that fails before its statement, or by a constraint,
// has changed nothing; after any other failure the transaction is rolled back and the
// rest of its group runs again, so run may be called more than once.
type job struct {
	run   func(tx core.App) error
	alone bool
	err   error
	done  func(error) // called with err once the job is on the disk and announced, or has failed
}

func newWriter(app core.App, lost, settled func(), failed func(error), took func(time.Duration)) *writer {
	w := &writer{app: app, lost: lost, settled: settled, failed: failed, took: took, jobs: make(chan *job, 2*groupSize), done: make(chan struct{})}
	go w.loop()
	return w
}

// save runs one save together with others in the queue and returns once it is on the
// disk and announced.
func (w *writer) save(run func(tx core.App) error) error {
	return w.do(&job{run: run})
}

// transaction runs several saves atomically. Transactions wait for each other outside of the queue,
// so that messages get in between: one for a large group takes tens of milliseconds.
func (w *writer) transaction(run func(tx core.App) error) error {
	w.transactions.Lock()
	defer w.transactions.Unlock()
	return w.do(&job{run: run, alone: true})
}

func (w *writer) do(j *job) error {
	result := make(chan error, 1)
	j.done = func(err error) { result <- err }
	w.enqueue(j)
	return <-result
}

// enqueue appends a job to the queue.
func (w *writer) enqueue(j *job) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		j.done(refusal.Unavailable)
		return
	}
	w.jobs <- j
}

// tryEnqueue is enqueue for a caller that can't wait: it returns false if the queue is full.
func (w *writer) tryEnqueue(j *job) bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		j.done(refusal.Unavailable)
		return true
	}
	select {
	case w.jobs <- j:
		return true
	default:
		return false
	}
}

// close finishes the queued jobs and refuses new ones.
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
			next = w.takeGroup(next)
			w.commitAll(w.group)
			clear(w.group)
		}
	}
}

// takeGroup forms a group of a job and those that are waiting after it. It returns the one
// that ends the group because it runs alone, if there is one.
func (w *writer) takeGroup(first *job) (next *job) {
	w.group = append(w.group[:0], first)
	if first.alone {
		return nil
	}
	for range min(len(w.jobs), groupSize-1) {
		j := <-w.jobs
		if j == nil || j.alone {
			return j
		}
		w.group = append(w.group, j)
	}
	return nil
}

func (w *writer) commitAll(jobs []*job) {
	for len(jobs) > 0 {
		jobs = jobs[w.commit(jobs):]
	}
}

// commit runs as many jobs as GroupTime allows in one transaction, reports their results and
// returns how many they were.
func (w *writer) commit(jobs []*job) (n int) {
	begun := time.Now()
	rollback := false // because of the last one
	err := RunInTransaction(w.app, func(tx core.App) error {
		w.settle(tx)
		for n = 0; n < len(jobs) && (n == 0 || time.Since(begun) <= GroupTime) && !rollback; n++ {
			j := jobs[n]
			j.err = runSafely(j.run, tx)
			rollback = j.err != nil && (j.alone || needsRollback(j.err))
		}
		if rollback {
			return jobs[n-1].err
		}
		return nil
	})
	w.took(time.Since(begun))
	switch {
	case rollback:
		w.commitAll(jobs[:n-1])
		w.failed(jobs[n-1].err)
		jobs[n-1].done(jobs[n-1].err)
		return n
	case n == 0: // the transaction couldn't begin
		n = len(jobs)
	case errors.Is(err, refusal.OutcomeUnknown):
		w.unsettled = true
		w.lost()
	}
	if err != nil {
		w.failed(err)
	}
	for _, j := range jobs[:n] {
		if j.err == nil {
			j.err = err
		}
		j.done(j.err)
	}
	return n
}

// settle calls settled, before the announcements of this transaction, if it commits after a
// failed one.
func (w *writer) settle(tx core.App) {
	if !w.unsettled {
		return
	}
	tx.TxInfo().OnComplete(func(txErr error) error {
		if txErr == nil {
			w.unsettled = false
			w.settled()
		}
		return nil
	})
}
