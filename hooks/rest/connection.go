package rest

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// limitConnections bounds what a client can occupy before it is authenticated: PocketBase
// allows headers a minute and a megabyte. The largest headers of browsers carry all cookies
// of a host name that this server shares with others.
func limitConnections(server *http.Server) {
	server.ReadHeaderTimeout = 15 * time.Second
	server.MaxHeaderBytes = 32 << 10     // what nginx lets through by default
	server.IdleTimeout = 3 * time.Minute // longer than the proxies' own: one in nginx, two in Caddy
}

// maxUnread is how much of an unread body net/http itself reads, so that the connection can
// serve another request.
const maxUnread = 256 << 10

// isLarge reports whether a body may be larger than maxUnread. A client that waits for a 100
// (Continue) may or may not send its body after another response.
func isLarge(r *http.Request) bool {
	return r.ContentLength < 0 || r.ContentLength > maxUnread || r.Header.Get("Expect") != ""
}

// endConnectionAfterUnreadBody keeps the rest of a body from being parsed as the next request
// on the connection: behind a proxy, somebody else would get its response. net/http closes the
// connection after a body that wasn't read to its end, but can't detect it here, because
// PocketBase's router replaces the body with a reader of its own.
func endConnectionAfterUnreadBody() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieEndConnectionAfterUnreadBody",
		Priority: apis.DefaultCorsMiddlewarePriority - 20,
		Func: func(e *core.RequestEvent) error {
			switch {
			case e.Request.ContentLength == 0:
				return e.Next()
			case !isLarge(e.Request): // the router reads the rest
				replaceBody(e, &watchedBody{bodyOf(e), e.Response})
				return e.Next()
			}
			endConnection(e.Response)
			err := e.Next()
			if err == nil && e.Response.Header().Get("Content-Length") != "" {
				// PocketBase closes the body before the response is sent, which waits for a client
				// that waits for the response (Expect: 100-continue).
				err = e.Flush()
			}
			return err
		},
	}
}

// watchedBody ends the connection if the rest of a body can't be read, for example if it
// doesn't arrive in time.
type watchedBody struct {
	io.ReadCloser
	response http.ResponseWriter
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		endConnection(b.response)
	}
	return n, err
}

// Close reads the rest, up to maxUnread.
func (b *watchedBody) Close() error {
	err := b.ReadCloser.Close()
	if err != nil {
		endConnection(b.response)
	}
	return err
}

// bodyOf returns the body as it comes from the network, without the reader with which
// PocketBase lets handlers read it again: each byte counts once.
func bodyOf(e *core.RequestEvent) io.ReadCloser {
	if copied, ok := e.Request.Body.(*router.RereadableReadCloser); ok {
		return copied.ReadCloser
	}
	return e.Request.Body
}

func replaceBody(e *core.RequestEvent, body io.ReadCloser) {
	if copied, ok := e.Request.Body.(*router.RereadableReadCloser); ok {
		copied.ReadCloser = body
		return
	}
	e.Request.Body = body
}

// endConnection makes net/http respond without reading the rest of the body, and close the
// connection half a second later: otherwise a client that is still sending wouldn't see the
// response. net/http does this for a body over the limit of a MaxBytesReader, and has no other
// API for it.
func endConnection(w http.ResponseWriter) {
	for {
		wrapper, ok := w.(router.RWUnwrapper)
		if !ok {
			break
		}
		w = wrapper.Unwrap()
	}
	oneByte := io.NopCloser(strings.NewReader("x"))
	_, _ = http.MaxBytesReader(w, oneByte, 0).Read(make([]byte, 1))
}
