package store

import (
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/refusal"
)

// A group takes those that wait when it begins. Those that come meanwhile are the next
// one: while it is written, the people of the last one are told and answer, so that
// processors and disk are busy at once. These bound what the first of a group waits for.
const (
	groupSize = 512
	GroupTime = 20 * time.Millisecond
)

// writer is the one place where records change. It commits those that wait
// together: alone, a save waits for nobody; under load, one fsync serves many.
// One writer also makes one order: ids, commits and announcements agree.
type writer struct {
	app   core.App
	jobs  chan *job
	group []*job // of the transaction that is running; reused

	// A commit that fails may have been stored all the same. lost is told at once; settled
	// before the next changes are announced, which others may then not understand.
	lost, settled func()
	unsettled     bool

	mu     sync.RWMutex // held for reading while a job is handed over
	closed bool
	done   chan struct{}
}

// job is one change. A change of several saves runs alone, in a transaction that it can
// fail. Single saves share one: one that fails before its statement, or by a constraint,
// leaves no trace there; after any other failure the transaction is rolled back and the
// rest of its group runs again, so run may be called more than once.
type job struct {
	run   func(tx core.App) error
	alone bool
	err   error
	done  func(error) // hears err once the job is on the disk and announced, or has failed
}

func newWriter(app core.App, lost, settled func()) *writer {
	w := &writer{app: app, lost: lost, settled: settled, jobs: make(chan *job, 2*groupSize), done: make(chan struct{})}
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
		j.done(refusal.Unavailable)
		return
	}
	w.jobs <- j
}

// offer is hand for a caller who can't wait: it returns false when the line is full.
func (w *writer) offer(j *job) bool {
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
			next = w.gather(next)
			w.commitAll(w.group)
			clear(w.group)
		}
	}
}

// gather makes a group of a job and those that wait behind it. It returns the one that
// ends the group because it runs alone, if there is one.
func (w *writer) gather(first *job) (next *job) {
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

// commit runs jobs in one transaction, as many as the time of a group allows, tells them
// how they ended and returns how many those are.
func (w *writer) commit(jobs []*job) (n int) {
	begun := time.Now()
	spoilt := false // by the last one
	err := RunInTransaction(w.app, func(tx core.App) error {
		w.settle(tx)
		for n = 0; n < len(jobs) && (n == 0 || time.Since(begun) <= GroupTime) && !spoilt; n++ {
			j := jobs[n]
			j.err = runSafely(j.run, tx)
			spoilt = j.err != nil && (j.alone || spoils(j.err))
		}
		if spoilt {
			return jobs[n-1].err
		}
		return nil
	})
	switch {
	case spoilt:
		w.commitAll(jobs[:n-1])
		jobs[n-1].done(jobs[n-1].err)
		return n
	case n == 0: // the transaction couldn't begin
		n = len(jobs)
	case errors.Is(err, refusal.OutcomeUnknown):
		w.unsettled = true
		w.lost()
	}
	for _, j := range jobs[:n] {
		if j.err == nil {
			j.err = err
		}
		j.done(j.err)
	}
	return n
}

// settle is told, before what this transaction announces, that the disk takes changes again.
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
