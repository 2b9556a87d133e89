package logs

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// HeaderRequestID has the id of a request, by which the line in the log, the response and the log of a proxy
// are found together.
const HeaderRequestID = "X-Request-Id"

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identify gives each request an id, which the response has as well. A trusted proxy's is kept: where its
// headers are configured, every request comes through it.
func identify() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieRequestID",
		Priority: apis.DefaultCorsMiddlewarePriority - 20,
		Func: func(e *core.RequestEvent) error {
			id := e.Request.Header.Get(HeaderRequestID)
			if len(e.App.Settings().TrustedProxy.Headers) == 0 || !requestID.MatchString(id) {
				id = rand.Text()[:16] // 80 bits
			}
			id = strings.Clone(id) // a socket keeps it, and would keep all headers with it
			e.Request.Header.Set(HeaderRequestID, id)
			e.Response.Header().Set(HeaderRequestID, id)
			return e.Next()
		},
	}
}

// print logs a request on standard error: without its query, names and addresses.
func (l *Log) print(e *core.RequestEvent, err error, began time.Time, status int, code string, account *core.Record) {
	level, message := slog.LevelDebug, "request"
	switch {
	case status >= http.StatusInternalServerError && !isRefusal(code):
		level, message = slog.LevelError, "request failed"
	case status >= http.StatusBadRequest:
		level, message = slog.LevelWarn, "request refused"
	}
	attributes := []slog.Attr{
		slog.String("method", cut(e.Request.Method, 20)),
		slog.String("path", pathOf(e.Request.URL.Path)),
		slog.Int("status", status),
		slog.String("code", code),
		slog.String("request_id", e.Request.Header.Get(HeaderRequestID)),
		slog.Duration("took", time.Since(began).Round(time.Microsecond)),
	}
	if account != nil {
		attributes = append(attributes, slog.String("user", account.Id), slog.String("collection", account.Collection().Name))
	}
	if err != nil && level == slog.LevelError {
		attributes = append(attributes, slog.String("error", scrub(cut(err.Error(), 1000))))
	}
	l.stderr.log(time.Now(), level, message, attributes...)
}

// isRefusal reports whether a status of 500 and more is an answer rather than a fault of this program.
func isRefusal(code string) bool {
	return code != "internal" && code != "outcome_unknown" && code != ""
}

// plainPart is a part of a path that is a word of a route or an id.
var plainPart = regexp.MustCompile(`^[A-Za-z0-9_-]{0,32}$`)

// pathOf returns a path without parts that may be a token, the name of a file or text.
func pathOf(path string) string {
	parts := strings.SplitN(path, "/", 12)
	for i, part := range parts {
		if !plainPart.MatchString(part) {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "/")
}
