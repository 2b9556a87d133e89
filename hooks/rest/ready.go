package rest

import (
	"errors"
	"net/http"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// readyRoutes are for whatever watches the server. PocketBase's /api/health says that the program is alive.
func (a *API) readyRoutes() []route {
	return []route{
		{"GET", "/ready", anyone, nil, a.isReady},
	}
}

// isReady is 200 if changes can be stored, else 503 with the cause.
func (a *API) isReady(r request) error {
	r.Response.Header().Set("Cache-Control", "no-store")
	if err := a.ready(); err != nil {
		refused := refusal.New(protocol.CodeUnavailable, "The server can't store anything at the moment.")
		_ = errors.As(err, &refused)
		if refusal.IsStorage(err) {
			refused = refusal.New(protocol.CodeStorageFull, "%s", refusal.StorageFull.Message)
			refused.Data = map[string]any{"cause": refusal.Cause(err)}
		}
		return refused
	}
	return r.JSON(http.StatusOK, map[string]bool{"ready": true})
}
