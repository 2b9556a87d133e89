package email

import (
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/text"
)

// worker sends what is due, one letter after the other, then sleeps until the next
// one is due or until it is woken. Only its own goroutine touches its fields.
type worker struct {
	*Queue
	quit chan struct{}
	done chan struct{}

	smtp    core.SMTPConfig // as last seen
	paused  time.Time       // no letter before this time
	unsaved []*core.Record  // attempted, but the database failed
	pace    pace
}

func newWorker(q *Queue) *worker {
	return &worker{
		Queue: q,
		quit:  make(chan struct{}), done: make(chan struct{}),
		smtp: q.settings.Load().smtp, pace: newPace(q.limits.EmailsPerHour),
	}
}

func (w *worker) run() {
	defer close(w.done)
	for {
		var due <-chan time.Time
		if next := w.round(); !next.IsZero() {
			due = time.After(next.Sub(w.now()))
		}
		select {
		case <-w.quit:
			return
		case <-w.wake:
		case <-due:
		}
	}
}

// round sends what is due and returns when to look again; the zero time is never. An
// error here is a fault of this program: it is logged, and retried after a pause.
func (w *worker) round() (next time.Time) {
	var err error
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		if err != nil && !w.stopping() {
			w.app.Logger().Error("Sending queued letters failed; it will be retried.", "error", err)
			next = w.now().Add(outagePause)
		}
	}()
	next, err = w.sendDue()
	return next
}

func (w *worker) sendDue() (next time.Time, err error) {
	if !w.store.Leads() { // it is woken when it does
		return time.Time{}, nil
	}
	if err := w.saveAttempted(); err != nil {
		return time.Time{}, err
	}
	for !w.stopping() {
		settings := w.settings.Load()
		if err := w.noticeServer(settings.smtp); err != nil {
			return time.Time{}, err
		}
		if err := w.noticeHours(); err != nil {
			return time.Time{}, err
		}
		if err := settings.hindrance(); err != nil {
			return time.Time{}, w.explain(waiting(err)) // new settings wake us
		}
		if w.now().Before(w.paused) {
			return w.paused, nil
		}
		recipient, err := w.nextDue()
		if err != nil || recipient == nil {
			return w.nextAttempt(err)
		}
		rests, err := w.rest(recipient)
		if err != nil {
			return time.Time{}, err
		}
		if rests {
			continue
		}
		if free := w.pace.next(); w.now().Before(free) {
			return free, nil
		}
		if err := w.deliver(recipient, settings.meta); err != nil {
			return time.Time{}, err
		}
	}
	return time.Time{}, nil
}

func (w *worker) stopping() bool {
	select {
	case <-w.quit:
		return true
	default:
		return false
	}
}

// noticeServer makes every waiting letter due when the mail server's settings have
// changed: letters that failed because of a wrong password needn't wait for hours more.
func (w *worker) noticeServer(now core.SMTPConfig) error {
	if now == w.smtp {
		return nil
	}
	due, err := types.ParseDateTime(w.now())
	if err != nil {
		return err
	}
	err = w.editQueued(dbx.NewExp("next_attempt > {:now}", dbx.Params{"now": due.String()}),
		func(recipient *core.Record) { recipient.Set("next_attempt", due) })
	if err != nil {
		return err
	}
	w.smtp, w.paused = now, time.Time{}
	return nil
}

// explain records in the queued letters why they wait. It doesn't count as an attempt.
func (w *worker) explain(why string) error {
	return w.editQueued(dbx.NewExp("error != {:error}", dbx.Params{"error": why}),
		func(recipient *core.Record) { recipient.Set("error", why) })
}

// editQueued changes the queued records that match where, until none is left; a hundred
// at a time, so that nobody waits long for the write lock.
func (w *worker) editQueued(where dbx.Expression, edit func(*core.Record)) error {
	for !w.stopping() {
		var queued []*core.Record
		err := w.app.RecordQuery(recipients).AndWhere(dbx.NewExp(isQueued)).AndWhere(where).Limit(100).All(&queued)
		if err != nil || len(queued) == 0 {
			return err
		}
		err = w.app.RunInTransaction(func(tx core.App) error {
			for _, recipient := range queued {
				edit(recipient)
				if err := saveState(tx, recipient); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// isQueued has the text of the partial index's condition: SQLite uses the index for no
// other.
const isQueued = "state = 'queued'"

// nextDue loads the record that has been due for the longest, nil if none is: of a letter
// if there is one, of an invitation only otherwise. After a night all of them are due at
// once. They are loaded one by one, so that what the dashboard cancels isn't sent.
func (w *worker) nextDue() (*core.Record, error) {
	now, err := types.ParseDateTime(w.now())
	if err != nil {
		return nil, err
	}
	for _, query := range []*dbx.SelectQuery{dueLetterQuery(w.app, now), dueQuery(w.app, now)} {
		recipient := &core.Record{}
		err := query.Limit(1).One(recipient)
		if err == nil {
			return recipient, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("read the mail queue: %w", err)
		}
	}
	return nil, nil
}

// dueLetterQuery finds what is due and no invitation.
func dueLetterQuery(app core.App, now types.DateTime) *dbx.SelectQuery {
	return dueQuery(app, now).AndWhere(dbx.NewExp("email NOT IN (SELECT id FROM emails WHERE invites_to > '')"))
}

func dueQuery(app core.App, now types.DateTime) *dbx.SelectQuery {
	return app.RecordQuery(recipients).AndWhere(dbx.NewExp(isQueued)).
		AndWhere(dbx.NewExp("next_attempt <= {:now}", dbx.Params{"now": now.String()})).
		OrderBy("next_attempt", "rowid") // the order of the index
}

// nextAttempt returns when a letter will be due, the zero time if none is queued.
func (w *worker) nextAttempt(err error) (time.Time, error) {
	if err != nil {
		return time.Time{}, err
	}
	var next sql.NullString
	err = w.app.ConcurrentDB().Select("min(next_attempt)").From(recipients).
		Where(dbx.NewExp(isQueued)).Row(&next)
	if err != nil || !next.Valid {
		return time.Time{}, err
	}
	at, err := types.ParseDateTime(next.String)
	return at.Time(), err
}

// deliver makes one attempt and saves the outcome.
func (w *worker) deliver(recipient *core.Record, school core.MetaConfig) error {
	err := w.attempt(recipient, school)
	w.record(recipient, err)
	if err != nil && isOutage(err) {
		w.paused = w.now().Add(outagePause)
	}
	w.unsaved = append(w.unsaved, recipient)
	return w.saveAttempted()
}

// record notes the outcome of an attempt; err is nil when the server took the letter.
func (w *worker) record(recipient *core.Record, err error) {
	attempts := recipient.GetInt("attempts") + 1
	recipient.Set("attempts", attempts)
	if err == nil {
		recipient.Set("state", protocol.EmailSent)
		recipient.Set("sent_at", w.now())
		recipient.Set("error", "")
		return
	}
	recipient.Set("error", text.Truncate(err.Error(), maxError))
	if isPermanent(err) || attempts > len(delays) {
		recipient.Set("state", protocol.EmailFailed)
		return
	}
	recipient.Set("next_attempt", w.now().Add(delays[attempts-1]))
}

// saveAttempted saves the outcomes. While that fails no other letter is sent: this one
// would still count as due, and be sent over and over.
func (w *worker) saveAttempted() error {
	for len(w.unsaved) > 0 {
		if err := saveState(w.app, w.unsaved[0]); err != nil {
			return fmt.Errorf("save the state of a letter: %w", err)
		}
		w.unsaved = w.unsaved[1:]
	}
	return nil
}

// saveState writes only what has changed, because the dashboard may be editing the record
// at the same time. Nothing is validated: a rule that was added to the collection must not
// make the queue send a letter again.
func saveState(app core.App, recipient *core.Record) error {
	recipient.IgnoreUnchangedFields(true)
	return app.SaveNoValidateWithContext(ownSave, recipient)
}

// maxError is in characters; email_recipients.error holds no more.
const maxError = 2000
