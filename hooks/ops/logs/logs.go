// Package logs bounds PocketBase's log, which the dashboard shows: the length of a line, lines
// per second, the queue in memory and the size on disk. Requests that were refused, or that
// strangers made, are counted rather than logged, since anybody can make any number of them.
package logs

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/logger"

	"messagerie/hooks/ratelimit"
)

// How many lines may be written: those of requests, and all others.
var (
	requestRate = ratelimit.Rate{Burst: 1000, Every: time.Second / 50}
	otherRate   = ratelimit.Rate{Burst: 500, Every: time.Second / 20}
)

const (
	queueLength  = 500         // lines of requests, of 2 KB at most
	summaryPause = time.Minute // between two lines that sum up what was counted
)

// Log is the log of one app.
type Log struct {
	app      core.App
	outcome  func(method string, err error) (status int, code string)
	maxBytes int64

	queue    chan request
	requests *ratelimit.Limiter[struct{}]
	others   *ratelimit.Limiter[struct{}]
	flush    chan chan struct{}
	counts   counts

	settings   sync.RWMutex // locked while they are replaced, and read-locked while a line is written, for which PocketBase reads them
	stored     atomic.Int64 // bytes since the size was last checked
	background sync.WaitGroup
	stop       context.CancelFunc // nil until the server is started

	stderr  *stderr
	observe func(pattern string, status int) // nil without metrics
}

// Bind replaces PocketBase's own log of requests. outcome returns the status and the code of the response
// to an error.
func Bind(app core.App, options Options, outcome func(method string, err error) (status int, code string)) *Log {
	l := &Log{
		app: app, outcome: outcome, maxBytes: options.MaxBytes, stderr: newStderr(options),
		queue:    make(chan request, queueLength),
		requests: ratelimit.New[struct{}](requestRate, 1),
		others:   ratelimit.New[struct{}](otherRate, 1),
		flush:    make(chan chan struct{}),
	}
	app.OnSettingsReload().BindFunc(func(e *core.SettingsReloadEvent) error {
		l.settings.Lock()
		defer l.settings.Unlock()
		return e.Next()
	})
	app.OnModelCreate(core.LogsTableName).BindFunc(l.keep)
	app.OnRecordAuthRequest().BindFunc(noteLogIn)
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		se.Router.Unbind(apis.DefaultActivityLoggerMiddlewareId)
		se.Router.Bind(identify(), l.middleware())
		ctx, stop := context.WithCancel(context.Background())
		l.stop = stop
		l.background.Go(func() { l.run(ctx) })
		l.background.Go(func() { l.stderr.run(ctx) })
		return se.Next()
	})
	app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Priority: -1000, // after the server's own shutdown, before PocketBase writes what its handler holds
		Func: func(e *core.TerminateEvent) error {
			if l.stop != nil {
				l.stop()
				l.background.Wait()
				l.stderr.printAll()
			}
			return e.Next()
		},
	})
	return l
}

// Observe calls fn with the route's pattern and the status of each request. It must be called before the server starts.
func (l *Log) Observe(fn func(pattern string, status int)) { l.observe = fn }

// Flush writes what has been counted and queued so far. The server must be running.
func (l *Log) Flush() {
	done := make(chan struct{})
	l.flush <- done
	<-done
	l.stderr.printAll()
}

// run writes the queued lines. If the disk is slow the queue fills up, and further lines are
// dropped: no request ever waits for the log.
func (l *Log) run(ctx context.Context) {
	tick := time.NewTicker(summaryPause)
	defer tick.Stop()
	l.trim()
	for {
		select {
		case r := <-l.queue:
			l.withSettings(func() { l.write(r) })
		case <-tick.C:
			l.withSettings(l.summarise)
		case done := <-l.flush:
			l.withSettings(func() { l.writeAll(ctx) })
			close(done)
		case <-ctx.Done():
			l.withSettings(func() { l.writeAll(context.WithoutCancel(ctx)) })
			return
		}
		if l.stored.Load() >= l.maxBytes/trimParts {
			l.trim()
		}
	}
}

// withSettings runs do while the settings stay as they are.
func (l *Log) withSettings(do func()) {
	l.settings.RLock()
	defer l.settings.RUnlock()
	do()
}

func (l *Log) writeAll(ctx context.Context) {
	for len(l.queue) > 0 {
		l.write(<-l.queue)
	}
	l.summarise()
	if batch, ok := l.app.Logger().Handler().(*logger.BatchHandler); ok {
		_ = batch.WriteAll(ctx) // it reports its errors itself
	}
}

// keep limits every line before it is written, whichever code logs it.
func (l *Log) keep(e *core.ModelEvent) error {
	line, ok := e.Model.(*core.Log)
	if !ok {
		return e.Next()
	}
	if kind := line.Data[keyType]; kind != typeRequest && kind != typeSummary { // those are there already
		l.stderr.repeat(line)
		if _, ok := l.others.Take(struct{}{}, 1); !ok {
			l.counts.drop()
			return nil
		}
	}
	l.stored.Add(int64(shorten(line)))
	return e.Next()
}
