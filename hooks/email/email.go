// Package email is the school's mail queue. [Queue.Send] stores a letter with one
// record per recipient, and a worker sends those records one after the other through
// PocketBase's mailer, repeatedly if need be; an SMTP client of this package sends
// whatever goes through that mailer. The queue survives a restart and can be viewed
// and edited in the dashboard: a record set back to queued is sent again.
package email

import (
	"context"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// The collections of the queue: what was written, and its state for each recipient.
const (
	letters    = "emails"
	recipients = "email_recipients"
)

// Priorities of the hooks. Rules run before PocketBase's own (-99); the worker
// stops before the log is closed (-999) and the database after it.
const (
	priorityRule      = -500
	priorityStop      = -9000
	priorityTransport = 9000
)

// stopTimeout bounds the wait for the letter that is being sent when the server
// stops: Docker kills a container after 10 s. An interrupted letter is sent again at
// the next start, with the same Message-ID.
const stopTimeout = 8 * time.Second

// Queue stores letters and sends them. Its methods may be called from any goroutine,
// but not from within a transaction.
type Queue struct {
	app    core.App
	store  *store.Store
	people *school.Service
	limits config.Limits

	addressed *school.Budget // of recipients
	written   *school.Budget // of KiB of contents, which are stored

	now            func() time.Time
	attemptTimeout time.Duration
	wake           chan struct{} // one slot: signal never waits, and no signal is lost
	hoursChanged   atomic.Bool   // quiet hours
	settings       atomic.Pointer[mailSettings]
	stderr         io.Writer
	outage         atomic.Pointer[outage] // nil while the mail server works, as far as is known
	complaint      atomic.Pointer[string] // of warn, so that it isn't repeated

	mu      sync.Mutex
	worker  *worker // nil while nothing is served
	stopped bool    // for good: a server may be stopped before it has started
}

// New creates the queue of an app that needn't be bootstrapped yet.
func New(app core.App, st *store.Store, people *school.Service, limits config.Limits) *Queue {
	q := &Queue{
		app: app, store: st, people: people, limits: limits,
		addressed: school.NewBudget(200, 100_000), written: school.NewBudget(2<<10, 500<<10),
		now: time.Now, attemptTimeout: attemptTimeout, wake: make(chan struct{}, 1), stderr: os.Stderr,
	}
	st.Listen(q.noteHours)
	return q
}

// Bind registers the rules for letters, and starts and stops the worker with the server.
func (q *Queue) Bind() {
	q.store.BindIDs(letters, recipients)
	for _, on := range []func(...string) *hook.TaggedHook[*core.RecordEvent]{q.app.OnRecordCreate, q.app.OnRecordUpdate} {
		on(letters).Bind(rule(q.checkLetter))
		on(recipients).Bind(rule(q.queueAgain))
	}
	q.app.OnRecordAfterCreateSuccess(recipients).BindFunc(q.wakeForQueued)
	q.app.OnRecordAfterUpdateSuccess(recipients).BindFunc(q.wakeForQueued)
	q.bindTransport()
	q.app.OnSettingsReload().BindFunc(func(e *core.SettingsReloadEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		q.readSettings(e.App)
		if q.isServing() {
			q.warn()
		}
		q.signal()
		return nil
	})
	q.store.OnLead(q.signal)
	q.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		q.readSettings(e.App) // before requests may change them
		if err := e.Next(); err != nil {
			return err
		}
		q.start()
		return nil
	})
	q.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Priority: priorityStop,
		Func: func(e *core.TerminateEvent) error {
			q.stop()
			return e.Next()
		},
	})
}

func rule(fn func(*core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
	return &hook.Handler[*core.RecordEvent]{Func: fn, Priority: priorityRule}
}

// bindTransport sends whatever is passed to PocketBase's mailer: letters, and the mails
// for passwords. It runs last, so that other hooks may change a message first.
func (q *Queue) bindTransport() {
	q.app.OnMailerSend().Bind(&hook.Handler[*core.MailerEvent]{
		Priority: priorityTransport,
		Func: func(e *core.MailerEvent) error {
			settings := q.current()
			if err := settings.hindrance(); err != nil {
				return err
			}
			if len(e.Message.Attachments) > 0 {
				return e.Next() // nothing of ours has any: PocketBase's own client
			}
			if e.Message.Text == "" {
				e.Message.Text = textOf(e.Message.HTML)
			}
			return smtpClient{settings.smtp, q.attemptTimeout, q.now}.send(e.Message)
		},
	})
	linked := func(e *core.MailerRecordEvent) error {
		if err := q.current().linkHindrance(); err != nil {
			return err
		}
		return e.Next()
	}
	q.app.OnMailerRecordPasswordResetSend().BindFunc(linked)
	q.app.OnMailerRecordVerificationSend().BindFunc(linked)
	q.app.OnMailerRecordEmailChangeSend().BindFunc(linked)
}

// own marks the saves of this package: they follow the rules already, and must not wake
// the worker.
type own struct{}

var ownSave = context.WithValue(context.Background(), own{}, true)

func isOwn(e *core.RecordEvent) bool { return e.Context.Value(own{}) != nil }

// checkLetter applies the rules of Send to a letter that is written in the dashboard: a
// subject of one line, a sanitised content.
func (q *Queue) checkLetter(e *core.RecordEvent) error {
	record, before := e.Record, e.Record.Original()
	if isOwn(e) {
		return e.Next()
	}
	changed := func(field string) bool { return record.IsNew() || before.GetString(field) != record.GetString(field) }
	if changed("subject") {
		subject, err := checkSubject(record.GetString("subject"))
		if err != nil {
			return validation.Errors{"subject": err}
		}
		record.Set("subject", subject)
	}
	if changed("content") {
		content, err := toHTML(record.GetString("content"), "")
		if err != nil {
			return validation.Errors{"content": err}
		}
		record.Set("content", content)
	}
	return e.Next()
}

// queueAgain makes a record that somebody sets back to queued due at once, with its
// attempts counted from 0, unless another time was chosen.
func (q *Queue) queueAgain(e *core.RecordEvent) error {
	before, record := e.Record.Original(), e.Record
	if isOwn(e) || record.GetString("state") != protocol.EmailQueued {
		return e.Next()
	}
	again := !record.IsNew() && before.GetString("state") != protocol.EmailQueued
	if again {
		record.Set("attempts", 0)
		record.Set("error", "")
	}
	chosen := !record.GetDateTime("next_attempt").Equal(before.GetDateTime("next_attempt"))
	if !chosen && (again || record.IsNew()) {
		record.Set("next_attempt", q.now())
	}
	return e.Next()
}

func (q *Queue) wakeForQueued(e *core.RecordEvent) error {
	if !isOwn(e) && e.Record.GetString("state") == protocol.EmailQueued {
		q.signal()
	}
	return e.Next()
}

// signal makes the worker look for due records, at once or after the current round.
func (q *Queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default: // it is going to look anyway
	}
}

func (q *Queue) isServing() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.worker != nil
}

func (q *Queue) start() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.worker != nil || q.stopped {
		return
	}
	q.warn()
	q.worker = newWorker(q)
	go q.worker.run()
}

func (q *Queue) stop() {
	q.mu.Lock()
	w := q.worker
	q.worker, q.stopped = nil, true
	q.mu.Unlock()
	if w == nil {
		return
	}
	close(w.quit)
	select {
	case <-w.done:
	case <-time.After(stopTimeout):
		q.app.Logger().Warn("A letter was interrupted while it was being sent; it will be sent again at the next start.")
	}
}
