package logs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Names in the data of a line. The dashboard knows those of requests.
const (
	keyType     = "type"
	typeRequest = "request"
	typeSummary = "summary"
)

// skipSuccess is the key, private in PocketBase, by which its SkipSuccessActivityLog leaves a
// request out of the log.
const skipSuccess = "__skipSuccessActivityLogger"

// Skip leaves a request out of the log if it succeeds.
func Skip(e *core.RequestEvent) { e.Set(skipSuccess, true) }

// keyLoggedIn is the request's key for the account that has logged in.
const keyLoggedIn = "messagerieLoggedIn"

// statusGone is nginx's status for a client that didn't wait for the response.
const statusGone = 499

// request is a queued line, already cut: it doesn't keep the request in memory.
type request struct {
	took       time.Duration
	method     string
	url        string
	status     int
	code       string
	err        string
	details    any
	meta       any
	referer    string
	agent      string
	collection string // of the caller's account
	id         string
	ip, peer   string
}

// middleware logs every request. It runs after tokens are removed from URLs, and outside of
// the recovery from panics.
func (l *Log) middleware() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieActivityLogger",
		Priority: apis.DefaultActivityLoggerMiddlewarePriority,
		Func: func(e *core.RequestEvent) error {
			began := time.Now()
			err := e.Next()
			l.request(e, err, began)
			return err
		},
	}
}

// noteLogIn stores the account for the line of a successful log-in, whose request has no token.
func noteLogIn(e *core.RecordAuthRequestEvent) error {
	e.Set(keyLoggedIn, e.Record)
	return e.Next()
}

func (l *Log) request(e *core.RequestEvent, err error, began time.Time) {
	status, code := l.outcomeOf(e, err)
	account := e.Auth
	if account == nil {
		account, _ = e.Get(keyLoggedIn).(*core.Record)
	}
	refused := status >= http.StatusBadRequest && status < http.StatusInternalServerError
	l.print(e, err, began, status, code, account)
	if l.observe != nil {
		l.observe(e.Request.Pattern, status)
	}
	switch {
	case e.App.Settings().Logs.MaxDays == 0: // the dashboard keeps none
		return
	case err == nil && e.Get(skipSuccess) != nil:
		return
	case refused && !e.HasSuperuserAuth(), // a superuser needs the reason
		!refused && status < http.StatusInternalServerError && account == nil:
		l.counts.add(kind{status, code}, func() example { return exampleOf(e) })
		return
	case !l.isEnabled(levelOf(status)):
		return
	}
	if _, ok := l.requests.Take(struct{}{}, 1); !ok {
		l.counts.drop()
		return
	}
	select {
	case l.queue <- l.lineOf(e, err, began, status, code, account):
	default:
		l.counts.drop()
	}
}

// outcomeOf returns the status and code that the client has been sent, or will be.
func (l *Log) outcomeOf(e *core.RequestEvent, err error) (status int, code string) {
	status = e.Status()
	switch {
	case err == nil && status == 0:
		return http.StatusOK, "" // a handler that writes nothing; a socket
	case err == nil:
		return status, ""
	case errors.Is(err, context.Canceled) && e.Request.Context().Err() != nil:
		return statusGone, "client_gone"
	}
	sent, code := l.outcome(e.Request.Method, err)
	if status == 0 {
		status = sent
	}
	return status, code
}

// isEnabled reports whether lines of a level are to be logged. While the settings are replaced, all are.
func (l *Log) isEnabled(level slog.Level) bool {
	if !l.settings.TryRLock() {
		return true
	}
	defer l.settings.RUnlock()
	return l.app.Logger().Enabled(context.Background(), level)
}

func levelOf(status int) slog.Level {
	if status >= http.StatusBadRequest {
		return slog.LevelError
	}
	return slog.LevelInfo
}

func (l *Log) lineOf(e *core.RequestEvent, err error, began time.Time, status int, code string, account *core.Record) request {
	r := request{
		took:   time.Since(began),
		method: cut(e.Request.Method, 20), url: cut(addressOf(e.Request.URL), 500),
		status: status, code: code,
		referer: cut(e.Request.Referer(), 200), agent: cut(e.Request.UserAgent(), 200),
	}
	if meta := e.Get(apis.RequestEventKeyLogMeta); meta != nil {
		r.meta = bounded(meta)
	}
	if err != nil {
		r.err = cut(err.Error(), 1000)
		var refused *router.ApiError
		if errors.As(err, &refused) && refused.RawData() != nil {
			r.details = bounded(refused.RawData())
		}
	}
	settings := e.App.Settings().Logs
	if account != nil {
		r.collection = account.Collection().Name
		if settings.LogAuthId {
			r.id = account.Id
		}
	}
	if settings.LogIP {
		r.ip, r.peer = e.RealIP(), e.RemoteIP()
	}
	return r
}

// privateParameters are those of a query that have what somebody searches for, or give access: such as the file
// token with which the dashboard loads a backup.
var privateParameters = []string{"q", "filter", "token", "code", "state"}

// addressOf returns an address without what is nobody else's business.
func addressOf(u *url.URL) string {
	query := u.Query()
	isPrivate := false
	for _, name := range privateParameters {
		if query.Has(name) {
			query.Set(name, "…")
			isPrivate = true
		}
	}
	if !isPrivate {
		return u.RequestURI()
	}
	shown := *u
	shown.RawQuery = query.Encode()
	return shown.RequestURI()
}

// bounded returns a value as JSON, or its beginning.
func bounded(value any) any {
	if err, ok := value.(error); ok {
		if _, encodes := value.(json.Marshaler); !encodes {
			return cut(err.Error(), 1000)
		}
	}
	encoded, err := json.Marshal(value)
	switch {
	case err != nil:
		return cut(err.Error(), 1000)
	case len(encoded) > 1000:
		return cut(string(encoded), 1000)
	}
	return json.RawMessage(encoded)
}

// write passes a line to PocketBase's logger, which writes up to 200 at a time.
func (l *Log) write(r request) {
	attributes := []slog.Attr{
		slog.String(keyType, typeRequest),
		slog.Float64("execTime", float64(r.took)/float64(time.Millisecond)),
		slog.String("url", r.url),
		slog.String("method", r.method),
		slog.Int("status", r.status),
		slog.String("referer", r.referer),
		slog.String("userAgent", r.agent),
		slog.String("auth", r.collection),
	}
	for _, a := range []slog.Attr{slog.String("code", r.code), slog.String("error", r.err), slog.String("authId", r.id),
		slog.String("userIP", r.ip), slog.String("remoteIP", r.peer)} {
		if a.Value.String() != "" {
			attributes = append(attributes, a)
		}
	}
	if r.details != nil {
		attributes = append(attributes, slog.Any("details", r.details))
	}
	if r.meta != nil {
		attributes = append(attributes, slog.Any("meta", r.meta))
	}
	l.app.Logger().LogAttrs(context.Background(), levelOf(r.status), r.method+" "+readable(r.url), attributes...)
}

func readable(address string) string {
	if unescaped, err := url.PathUnescape(address); err == nil {
		return unescaped
	}
	return address
}
