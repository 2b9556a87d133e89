// Package email is the school's outbox. [Outbox.Send] stores a letter with one
// record per recipient, and a worker sends those records one after the other
// through PocketBase's mailer, again and again if need be. What is stored survives
// a restart, and the dashboard shows and changes it: a record set back to queued
// is sent again.
package email

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// The collections of the outbox: what was written, and its way to each recipient.
const (
	letters    = "emails"
	recipients = "email_recipients"
)

// Priorities of the hooks. Rules run before PocketBase's own (-99); the worker
// stops before the log is closed (-999) and the database after it.
const (
	priorityRule = -500
	priorityStop = -9000
)

// stopTimeout bounds the wait for the letter that is being sent when the server
// stops: Docker kills a container after 10 s. A letter cut off is sent again at
// the next start, with the Message-ID that it had.
const stopTimeout = 8 * time.Second

// Outbox takes letters and sends them. Its methods may be called from any
// goroutine, but not from within a transaction.
type Outbox struct {
	app    core.App
	people *messagerie.Service
	limits config.Limits

	now           func() time.Time
	answerTimeout time.Duration
	wake          chan struct{} // one slot: a waker never waits, and no wake is lost
	settings      atomic.Pointer[mailSettings]

	mu     sync.Mutex
	worker *worker // nil while nothing is served
}

// mailSettings is what the outbox reads of PocketBase's settings, copied at each
// reload because a save in the dashboard writes them from another goroutine.
type mailSettings struct {
	smtp core.SMTPConfig
	meta core.MetaConfig
}

// New makes the outbox of an app that needn't be bootstrapped yet.
func New(app core.App, people *messagerie.Service, limits config.Limits) *Outbox {
	return &Outbox{
		app: app, people: people, limits: limits,
		now: time.Now, answerTimeout: answerTimeout, wake: make(chan struct{}, 1),
	}
}

// Bind registers the rules of the letters and the life of the worker.
func (o *Outbox) Bind() {
	for _, on := range []func(...string) *hook.TaggedHook[*core.RecordEvent]{o.app.OnRecordCreate, o.app.OnRecordUpdate} {
		on(letters).Bind(rule(o.checkLetter))
		on(recipients).Bind(rule(o.queueAgain))
	}
	o.app.OnRecordAfterCreateSuccess(recipients).BindFunc(o.wakeForQueued)
	o.app.OnRecordAfterUpdateSuccess(recipients).BindFunc(o.wakeForQueued)
	o.app.OnSettingsReload().BindFunc(func(e *core.SettingsReloadEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		o.readSettings(e.App)
		o.signal()
		return nil
	})
	o.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
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

// own marks the saves of this package: they obey the rules already, and the worker
// isn't to be woken by itself.
type own struct{}

var ownSave = context.WithValue(context.Background(), own{}, true)

func isOwn(e *core.RecordEvent) bool { return e.Context.Value(own{}) != nil }

// checkLetter holds for a letter written in the dashboard what holds for one that
// was sent: a subject of one line, a content that is sanitised.
func (o *Outbox) checkLetter(e *core.RecordEvent) error {
	before := e.Record.Original()
	unchanged := before.GetString("subject") == e.Record.GetString("subject") &&
		before.GetString("content") == e.Record.GetString("content")
	if isOwn(e) || unchanged && !e.Record.IsNew() {
		return e.Next()
	}
	subject, err := checkSubject(e.Record.GetString("subject"))
	if err != nil {
		return validation.Errors{"subject": err}
	}
	e.Record.Set("subject", subject)
	e.Record.Set("content", toHTML(e.Record.GetString("content")))
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

func (o *Outbox) readSettings(app core.App) {
	o.settings.Store(&mailSettings{smtp: app.Settings().SMTP, meta: app.Settings().Meta})
}

func (o *Outbox) start() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.worker != nil {
		return
	}
	o.readSettings(o.app)
	o.worker = newWorker(o)
	go o.worker.run()
}

func (o *Outbox) stop() {
	o.mu.Lock()
	w := o.worker
	o.worker = nil
	o.mu.Unlock()
	if w == nil {
		return
	}
	close(w.quit)
	select {
	case <-w.done:
	case <-time.After(stopTimeout):
		o.app.Logger().Warn("The letter being sent was cut off; it will be sent again at the next start.")
	}
}
