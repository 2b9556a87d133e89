package rest

import (
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// A refusal waits refusalStep for each one of the same source that waits already: twenty a second, however many
// loops ask. Of more than a hundred loops each gets one in longestDelay. A client that is refused now and then
// doesn't notice: Retry-After is a second at least.
const (
	refusalStep  = 50 * time.Millisecond
	longestDelay = 5 * time.Second
)

// How many refusals wait, at some 25 KB each; more of them are sent at once, and end their connections.
const (
	waitingRefusals       = 2000
	waitingRefusalsPerOne = 500
)

// source is who is refused: an account, or strangers by address and route, as for requestLimiter.
type source struct {
	account string
	visit   visit
}

// refusalDelay lets those wait who ask again and again although they were refused because of too many requests.
// A refusal costs little, but four thousand a second take a processor from everybody else: a loop that
// has to wait for its response makes twenty.
type refusalDelay struct {
	mu      sync.Mutex
	waiting map[source]int
	all     int
}

func newRefusalDelay() *refusalDelay {
	return &refusalDelay{waiting: make(map[source]int)}
}

// delay runs inside of writeErrors and outside of what refuses and of the log.
func (d *refusalDelay) delay() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieDelayRefusals",
		Priority: apis.DefaultCorsMiddlewarePriority - 4,
		Func: func(e *core.RequestEvent) error {
			err := e.Next()
			if err == nil || e.Written() || errorBody(err, e.Request.Method).Status != http.StatusTooManyRequests {
				return err
			}
			from := sourceOf(e)
			wait, ok := d.join(from)
			if !ok {
				e.Response.Header().Set("Connection", "close")
				return err
			}
			defer d.leave(from)
			select {
			case <-time.After(wait):
			case <-e.Request.Context().Done(): // hung up, or the server is stopping
			}
			return err
		},
	}
}

func sourceOf(e *core.RequestEvent) source {
	if e.Auth != nil {
		return source{account: e.Auth.Id}
	}
	return source{visit: visitOf(e)}
}

// join adds a refusal to those that wait, and returns how long it has to, unless there are too many.
func (d *refusalDelay) join(from source) (wait time.Duration, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all >= waitingRefusals || d.waiting[from] >= waitingRefusalsPerOne {
		return 0, false
	}
	d.all++
	d.waiting[from]++
	return min(longestDelay, time.Duration(d.waiting[from])*refusalStep), true
}

func (d *refusalDelay) leave(from source) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all--
	if d.waiting[from]--; d.waiting[from] == 0 {
		delete(d.waiting, from)
	}
}
