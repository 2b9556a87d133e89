package rest

import (
	"io"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/refusal"
)

// nextWithBody calls the handler with a body of at most maxBytes, which must arrive in time.
func nextWithBody(e *core.RequestEvent, maxBytes int64) error {
	switch length := e.Request.ContentLength; {
	case length == 0:
		return e.Next()
	case maxBytes == none:
		leaveUnread(e)
		withoutBody := *e.Request // a copy, because net/http uses the length to find the next request
		withoutBody.Body, withoutBody.ContentLength = http.NoBody, 0
		e.Request = &withoutBody
		return e.Next()
	case length > maxBytes:
		leaveUnread(e)
		return refusal.TooLarge
	}
	body := &boundedBody{ReadCloser: bodyOf(e), left: maxBytes}
	replaceBody(e, body)
	setReadDeadline(e, bodyTimeout+time.Duration(maxBytes/slowestLink)*time.Second)
	err := e.Next()
	if err != nil && body.left < 0 {
		return refusal.TooLarge
	}
	return err
}

// How long a body may take to arrive: a phone with a poor signal sends 16 KiB a second.
// A slower client only occupies a connection.
const (
	bodyTimeout   = 30 * time.Second
	slowestLink   = 16 << 10
	unreadTimeout = 5 * time.Second // for a body that no handler reads
)

// leaveUnread lets the response be sent without waiting for a large body.
func leaveUnread(e *core.RequestEvent) {
	if e.Request.ContentLength == 0 {
		return
	}
	setReadDeadline(e, unreadTimeout)
	if isLarge(e.Request) {
		replaceBody(e, http.NoBody) // the router would read part of it on Close
	}
}

// setReadDeadline replaces the server's deadline; net/http resets it for the next request.
func setReadDeadline(e *core.RequestEvent, in time.Duration) {
	// A connection without support for deadlines keeps the server's.
	_ = http.NewResponseController(e.Response).SetReadDeadline(time.Now().Add(in))
}

// boundedBody fails once more than left bytes are read, whatever length was declared.
type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, apis.ErrRequestEntityTooLarge
	}
	// One byte more distinguishes a body of exactly this size from a larger one.
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n, apis.ErrRequestEntityTooLarge
	}
	return n, err
}
