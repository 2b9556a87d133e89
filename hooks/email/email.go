// Package email is the school's outbox. [Outbox.Send] stores a letter with one
// record per recipient, and a worker sends those records one after the other
// through PocketBase's mailer, again and again if need be; a client of this package
// carries whatever goes through that mailer. What is stored survives
// a restart, and the dashboard shows and changes it: a record set back to queued
// is sent again.
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

// The collections of the outbox: what was written, and its way to each recipient.
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
// stops: Docker kills a container after 10 s. A letter cut off is sent again at
// the next start, with the Message-ID that it had.
const stopTimeout = 8 * time.Second

// Outbox takes letters and sends them. Its methods may be called from any
// goroutine, but not from within a transaction.
type Outbox struct {
	app    core.App
	store  *store.Store
	people *school.Service
	limits config.Limits

	addressed *school.Budget // of recipients
	written   *school.Budget // of KiB of contents, which are stored

	now           func() time.Time
	answerTimeout time.Duration
	wake          chan struct{} // one slot: a waker never waits, and no wake is lost
	settings      atomic.Pointer[mailSettings]
	stderr        io.Writer
	complaint     atomic.Pointer[string] // of warn, so that it isn't repeated

	mu      sync.Mutex
	worker  *worker // nil while nothing is served
	stopped bool    // for good: a server may be stopped before it has started
}

// New makes the outbox of an app that needn't be bootstrapped yet.
func New(app core.App, st *store.Store, people *school.Service, limits config.Limits) *Outbox {
	return &Outbox{
		app: app, store: st, people: people, limits: limits,
		addressed: school.NewBudget(200, 100_000), written: school.NewBudget(2<<10, 500<<10),
		now: time.Now, answerTimeout: answerTimeout, wake: make(chan struct{}, 1), stderr: os.Stderr,
	}
}

// Bind registers the rules of the letters and the life of the worker.
func (o *Outbox) Bind() {
	o.store.BindIDs(letters, recipients)
	for _, on := range []func(...string) *hook.TaggedHook[*core.RecordEvent]{o.app.OnRecordCreate, o.app.OnRecordUpdate} {
		on(letters).Bind(rule(o.checkLetter))
		on(recipients).Bind(rule(o.queueAgain))
	}
	o.app.OnRecordAfterCreateSuccess(recipients).BindFunc(o.wakeForQueued)
	o.app.OnRecordAfterUpdateSuccess(recipients).BindFunc(o.wakeForQueued)
	o.bindTransport()
	o.app.OnSettingsReload().BindFunc(func(e *core.SettingsReloadEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		o.readSettings(e.App)
		if o.isServing() {
			o.warn()
		}
		o.signal()
		return nil
	})
	o.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		o.readSettings(e.App) // before requests may change them
		if err := e.Next(); err != nil {
			return err
		}
		o.start()
		return nil
	})
	o.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Priority: priorityStop,
		Func: func(e *core.TerminateEvent) error {
			o.stop()
			return e.Next()
		},
	})
}

func rule(fn func(*core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
	return &hook.Handler[*core.RecordEvent]{Func: fn, Priority: priorityRule}
}

// bindTransport sends whatever PocketBase or the outbox hands to its mailer: letters, and
// the mails for passwords. It comes last, so that other hooks may change a message first.
func (o *Outbox) bindTransport() {
	o.app.OnMailerSend().Bind(&hook.Handler[*core.MailerEvent]{
		Priority: priorityTransport,
		Func: func(e *core.MailerEvent) error {
			settings := o.current()
			if err := settings.hindrance(); err != nil {
				return err
			}
			if len(e.Message.Attachments)+len(e.Message.InlineAttachments) > 0 {
				return e.Next() // nothing of ours has any: PocketBase's own client
			}
			if e.Message.Text == "" {
				e.Message.Text = textOf(e.Message.HTML)
			}
			return smtpClient{settings.smtp, o.answerTimeout, o.now}.send(e.Message)
		},
	})
	linked := func(e *core.MailerRecordEvent) error {
		if err := o.current().linkHindrance(); err != nil {
			return err
		}
		return e.Next()
	}
	o.app.OnMailerRecordPasswordResetSend().BindFunc(linked)
	o.app.OnMailerRecordVerificationSend().BindFunc(linked)
	o.app.OnMailerRecordEmailChangeSend().BindFunc(linked)
}

// own marks the saves of this package: they obey the rules already, and the worker
// isn't to be woken on its own.
type own struct{}

var ownSave = context.WithValue(context.Background(), own{}, true)

func isOwn(e *core.RecordEvent) bool { return e.Context.Value(own{}) != nil }

// checkLetter holds for a letter written in the dashboard what holds for one that
// was sent: a subject of one line, a content that is sanitised.
func (o *Outbox) checkLetter(e *core.RecordEvent) error {
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

// queueAgain makes a record that somebody sets back to queued due at once, with
// all its attempts before it, unless another time was chosen.
func (o *Outbox) queueAgain(e *core.RecordEvent) error {
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
		record.Set("next_attempt", o.now())
	}
	return e.Next()
}

func (o *Outbox) wakeForQueued(e *core.RecordEvent) error {
	if !isOwn(e) && e.Record.GetString("state") == protocol.EmailQueued {
		o.signal()
	}
	return e.Next()
}

// signal makes the worker look for due records, now or when it is next done.
func (o *Outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default: // it is going to look anyway
	}
}

func (o *Outbox) isServing() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.worker != nil
}

func (o *Outbox) start() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.worker != nil || o.stopped {
		return
	}
	o.warn()
	o.worker = newWorker(o)
	go o.worker.run()
}

func (o *Outbox) stop() {
	o.mu.Lock()
	w := o.worker
	o.worker, o.stopped = nil, true
	o.mu.Unlock()
	if w == nil {
		return
	}
	close(w.quit)
	select {
	case <-w.done:
	case <-time.After(stopTimeout):
		o.app.Logger().Warn("A letter was interrupted while it was being sent; it will be sent again at the next start.")
	}
}
