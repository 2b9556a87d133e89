package rest

import (
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// maxUnread is how much of a body that no handler has read net/http reads itself,
// so that the connection can serve another request.
const maxUnread = 256 << 10

// endConnectionAfterLargeBody keeps what a refused request sends on from being
// taken for the next request on its connection, whose answer somebody else would
// get behind a proxy. net/http closes such a connection by itself, but doesn't
// recognise it: PocketBase's router puts a reader of its own in the body's place.
func endConnectionAfterLargeBody() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieEndConnectionAfterLargeBody",
		Priority: apis.DefaultCorsMiddlewarePriority - 20,
		Func: func(e *core.RequestEvent) error {
			if length := e.Request.ContentLength; length < 0 || length > maxUnread {
				e.Response.Header().Set("Connection", "close")
			}
			return e.Next()
		},
	}
}
