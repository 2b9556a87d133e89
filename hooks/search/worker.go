package search

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"messagerie/hooks/protocol"
)

// How the worker leaves the processor and the disk to messages.
const (
	// gathering is how long it waits before it writes: one transaction for many messages.
	gathering = 300 * time.Millisecond
	// portion is how many messages one transaction has; rebuildPortion, when nothing else runs.
	portion        = 250
	rebuildPortion = 4000
	// busy is how many messages a second are much for one machine. Up to that the index keeps up;
	// beyond, it gets a small share of one processor, and what it lacks is indexed later.
	busy        = 200
	shareIfBusy = 0.02
	share       = 0.5
	// retryPause is the pause after a fault.
	retryPause = 5 * time.Second
)

// worker writes the index. Only its own goroutine touches its fields.
type worker struct {
	*Service
	quit chan struct{}
	done chan struct{}

	portion int    // of new messages in one transaction
	index   *index // nil until it is open
	state   state
	changed []protocol.ID   // taken from pending, not yet written
	compare *comparison     // nil if nothing is to be compared
	waiting []chan struct{} // closed once nothing is left to do
	merging merging

	looked time.Time // at how many messages were sent
	sent   int       // until then
	isBusy bool      // since then
}

func newWorker(s *Service) *worker {
	return &worker{Service: s, quit: make(chan struct{}), done: make(chan struct{}), portion: portion, looked: s.now()}
}

func (w *worker) run() {
	defer close(w.done)
	defer w.end()
	if w.index == nil && !w.hasMessages() {
		w.idle() // creates nothing before there is a message, or a search
	}
	for !w.stopping() {
		begun := time.Now()
		more, err := w.safeRound()
		switch {
		case err != nil:
			w.app.Logger().Error("Indexing messages failed; it will be retried.", "error", err)
			w.sleep(retryPause)
		case !more:
			w.idle()
		case len(w.waiting) > 0: // somebody waits: no pause
		case w.isBusy:
			w.sleep(pause(time.Since(begun), shareIfBusy))
		default:
			w.sleep(pause(time.Since(begun), share))
		}
	}
}

// openExisting opens the index, if there is one. If it fails, the first round tries again.
func (w *worker) openExisting() {
	if _, err := os.Stat(w.path()); err != nil {
		return
	}
	if err := w.open(); err != nil {
		w.app.Logger().Error("open the index of messages", "error", err)
	}
}

// hasMessages reports whether there is something to index.
func (w *worker) hasMessages() bool {
	newest, err := w.conversations.NewestMessage(protocol.MaxID)
	return newest != 0 || err != nil // if it can't be read, the rounds report it
}

// pause is how long to rest after work, so that it takes that share of the time.
func pause(worked time.Duration, share float64) time.Duration {
	return time.Duration(float64(worked) * (1/share - 1))
}

// sleep ends early when the server stops, or when somebody waits for the index.
func (w *worker) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-w.quit:
	case <-timer.C:
	case <-w.pending.hurry:
	}
}

// idle waits for something to do, then for more of it.
func (w *worker) idle() {
	rested := time.NewTimer(w.untilMerge())
	defer rested.Stop()
	select {
	case <-w.quit:
	case <-w.pending.hurry:
	case <-w.pending.wake:
		w.sleep(gathering)
	case <-rested.C:
		w.merging = beginsMerging
	}
}

func (w *worker) stopping() bool {
	select {
	case <-w.quit:
		return true
	default:
		return false
	}
}

// safeRound opens the index if need be, and does one portion of what there is to do.
func (w *worker) safeRound() (more bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	if w.index == nil {
		if err := w.open(); err != nil {
			return false, err
		}
	}
	if more, err = w.round(); isDamaged(err) {
		w.discard()
		err = fmt.Errorf("%w; the index is made anew", err)
	}
	return more, err
}

// open opens the index and finds out what it lacks.
func (w *worker) open() error {
	newest, err := w.conversations.NewestMessage(protocol.MaxID)
	if err != nil {
		return err
	}
	opened, st, err := openIndex(w.path())
	if err != nil {
		return err
	}
	if newest < st.Newest { // it is of other messages: those of today were restored from a backup
		if err := errors.Join(opened.close(), removeIndex(w.path())); err != nil {
			return err
		}
		if opened, st, err = openIndex(w.path()); err != nil {
			return err
		}
	}
	if !st.IsClean && st.Newest > 0 {
		w.compare = newComparison(st)
	}
	if st.IsClean {
		st.IsClean = false
		if err := opened.writeDurably(st); err != nil { // before a change could be missed
			return errors.Join(err, opened.close())
		}
	}
	w.index, w.state = opened, st
	w.pending.open(newest)
	w.use(opened)
	return nil
}

// discard removes an index that is damaged; the next round begins another one.
func (w *worker) discard() {
	w.use(nil)
	_ = w.index.close() // it is damaged anyway
	w.index, w.state, w.compare, w.changed, w.merging = nil, state{}, nil, nil, notMerging
	if err := removeIndex(w.path()); err != nil {
		w.app.Logger().Error("remove the index of messages", "error", err)
	}
}

// round does one portion of what there is to do, and reports whether there may be more.
func (w *worker) round() (more bool, err error) {
	if err := w.look(); err != nil {
		return false, err
	}
	if added, err := w.addNew(); added > 0 || err != nil {
		return true, err
	}
	for _, step := range []func() (did bool, err error){w.writeChanged, w.compareSome} {
		if did, err := step(); did || err != nil {
			return true, err
		}
	}
	for _, waiting := range w.waiting {
		close(waiting)
	}
	w.waiting = nil
	return w.mergeSome()
}

// look takes what was announced.
func (w *worker) look() error {
	t := w.pending.take()
	if now := w.now(); now.Sub(w.looked) >= gathering {
		w.isBusy = float64(t.sent-w.sent) > busy*now.Sub(w.looked).Seconds()
		w.looked, w.sent = now, t.sent
	}
	w.changed = append(w.changed, t.changed...)
	w.waiting = append(w.waiting, t.waiting...)
	if t.lost {
		w.compare = newComparison(w.state)
	}
	if t.damaged {
		return errDamaged
	}
	return nil
}

// addNew indexes the messages after the newest that is indexed, and returns how many it has read.
func (w *worker) addNew() (count int, err error) {
	added, err := w.conversations.MessagesAfter(w.state.Newest, w.portion)
	if err != nil || len(added) == 0 {
		return 0, err
	}
	next := w.state
	next.Newest = added[len(added)-1].ID
	return len(added), w.write(batch{added: added, state: next})
}

// writeChanged indexes messages that have changed.
func (w *worker) writeChanged() (did bool, err error) {
	if len(w.changed) == 0 {
		return false, nil
	}
	before := w.changed
	some := before[:min(portion, len(before))]
	b, err := w.batchOf(some)
	if err != nil {
		return false, err
	}
	w.changed = before[len(some):]
	if err := w.write(b); err != nil {
		w.changed = before
		return false, err
	}
	return true, nil
}

// batchOf loads messages that are to be indexed again. Those after the newest are still to be added.
func (w *worker) batchOf(ids []protocol.ID) (batch, error) {
	found, err := w.conversations.MessagesByID(ids)
	if err != nil {
		return batch{}, err
	}
	b := batch{state: w.state}
	exists := make(map[protocol.ID]bool, len(found))
	for _, m := range found {
		exists[m.ID] = true
		if m.ID <= w.state.Newest {
			b.changed = append(b.changed, m)
		}
	}
	for _, id := range ids {
		if exists[id] {
			continue
		}
		b.gone = append(b.gone, id)
		if id == w.state.Newest { // else the index would seem to be of other messages
			if b.state.Newest, err = w.conversations.NewestMessage(id); err != nil {
				return batch{}, err
			}
		}
	}
	return b, nil
}

// write writes a batch, and notes the time if no change is missing any more.
func (w *worker) write(b batch) error {
	if w.compare == nil && len(w.changed) == 0 {
		b.state.Checked = protocol.Time(w.looked)
	}
	if err := w.index.write(b); err != nil {
		return err
	}
	w.state = b.state
	return nil
}

// end writes the changes that are left, and closes the index. New messages are found again by their ids.
func (w *worker) end() {
	if w.index == nil {
		return
	}
	w.use(nil)
	if err := errors.Join(w.finish(), w.index.close()); err != nil {
		w.app.Logger().Error("close the index of messages", "error", err)
	}
}

// maxLast is how many portions are written while the server stops.
const maxLast = 4

func (w *worker) finish() error {
	if err := w.look(); err != nil {
		return err
	}
	for n := 0; n < maxLast && len(w.changed) > 0; n++ {
		if _, err := w.writeChanged(); err != nil {
			return err
		}
	}
	w.state.IsClean = len(w.changed) == 0 && w.compare == nil
	return w.write(batch{state: w.state})
}
