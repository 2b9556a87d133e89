package auth

import (
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/ratelimit"
	"messagerie/hooks/refusal"
)

// profileChanges is how often people may change their own record. Each change is a save
// and a new list for everybody in one of their conversations; PocketBase hashes a
// password that is sent along before any rule runs.
var profileChanges = ratelimit.Rate{Burst: 30, Every: 10 * time.Minute}

// BindProfileLimit limits how often people change their own record.
func BindProfileLimit(app core.App) {
	changes := ratelimit.New[string](profileChanges, limitedKeys)
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		se.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id:       "messagerieLimitProfileChanges",
			Priority: apis.DefaultRateLimitMiddlewarePriority - 1,
			Func: func(e *core.RequestEvent) error {
				if e.Request.Pattern != "PATCH /api/collections/{collection}/records/{id}" || e.Auth == nil || e.HasSuperuserAuth() {
					return e.Next()
				}
				if wait, ok := changes.Take(e.Auth.Id, 1); !ok {
					return refusal.TooManyRequests(wait, "Your profile was changed too often.")
				}
				return e.Next()
			},
		})
		return se.Next()
	})
}
