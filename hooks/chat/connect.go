package chat

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/auth"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// Refusals before the upgrade.
var (
	errNotWebSocket = &messagerie.Error{Kind: protocol.CodeInvalidRequest, Message: "This address speaks WebSocket."}
	errUnauthorized = &messagerie.Error{Kind: protocol.CodeUnauthorized, Message: "A valid token is needed."}
	errNotYou       = &messagerie.Error{Kind: protocol.CodeNotYourAccount, Message: "This is somebody else's socket."}
	errOrigin       = &messagerie.Error{Kind: protocol.CodeOriginNotAllowed, Message: "Pages of this origin may not connect."}
	errTooMany      = &messagerie.Error{Kind: protocol.CodeTooManySockets, Message: "Too many sockets of this person are open."}
	errTooOften     = &messagerie.Error{Kind: protocol.CodeTooManyRequests, Message: "This person's sockets are opened too often."}
	errNotUpgraded  = &messagerie.Error{Kind: protocol.CodeInvalidRequest, Message: "The upgrade to WebSocket failed."}
	errStopping     = &messagerie.Error{Kind: protocol.CodeUnavailable, Message: "The server is stopping."}
)

// connect checks who is calling, from where, and upgrades the request.
func (h *Hub) connect(e *core.RequestEvent) error {
	caller, ok := auth.Caller(e)
	switch {
	case !ok:
		return errUnauthorized
	case protocol.ParseID(e.Request.PathValue("userId")) != caller.ID:
		return errNotYou
	case !auth.OriginAllowed(e.Request, h.origins):
		return errOrigin
	case !websocket.IsWebSocketUpgrade(e.Request):
		return errNotWebSocket
	case h.closing.Load():
		return errStopping
	}
	s := &socket{
		hub:      h,
		user:     caller.ID,
		expires:  auth.TokenExpiry(e),
		limiter:  newLimiter(h.limits),
		upgraded: make(chan struct{}),
	}
	s.outbox.holding = true // until its list has been sent
	if !h.arrivals.allow(caller.ID) {
		return errTooOften
	}
	if !h.index.add(s) {
		for _, other := range h.index.of(caller.ID) {
			other.mustAnswer()
		}
		return errTooMany
	}
	// Revoked between the look at the token and the entry into the index, nobody
	// would close this socket.
	if valid, err := auth.StillValid(e, h.people); err != nil || !valid {
		h.index.remove(s)
		if err != nil {
			return err
		}
		return errUnauthorized
	}
	return h.upgrade(e.Response, e.Request, s)
}

// upgrade serves the socket on a goroutine of its own and returns once the
// connection has changed hands: kept in the handler, the HTTP server's buffers
// and stack would triple what an idle socket costs.
func (h *Hub) upgrade(w http.ResponseWriter, r *http.Request, s *socket) error {
	failed := make(chan struct{})
	go func() {
		defer close(failed)
		defer h.index.remove(s)
		defer h.recoverPanic()
		gathering := gatheringWriter{ResponseWriter: w, following: &s.outbox.queued}
		_ = h.melody.HandleRequestWithKeys(gathering, r, map[string]any{keySocket: s})
	}()
	select {
	case <-s.upgraded:
		return nil
	case <-failed:
	}
	select {
	case <-s.upgraded: // and closed since
		return nil
	default:
		return errNotUpgraded // the upgrader has answered: it is for the log
	}
}

// recoverPanic logs one: PocketBase's own recovery was left behind with the request.
func (h *Hub) recoverPanic() {
	if r := recover(); r != nil {
		h.app.Logger().Error("socket", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
	}
}

// opened sends the list, before which nothing else may go out.
func (h *Hub) opened(session *melody.Session) {
	s := socketOf(session)
	session.Request = nil // a request is a few KiB, and nobody asks for it any more
	if !s.open(session) {
		return
	}
	s.keepAlive()
	s.limitPings()
	h.lists.arrived.add(s)
}

// greet sends the first list to a socket.
func (h *Hub) greet(s *socket) {
	defer h.recoverPanic()
	h.lists.send(s.user, []*socket{s})
	if h.closing.Load() {
		s.close(protocol.CloseGoingAway, "the server is stopping")
	}
}

// written hears of every frame that went to the network.
func (h *Hub) written(s *socket, frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outbox.written()
	s.sentLocked(frame)
}

// closed forgets a socket, whichever side closed it.
func (h *Hub) closed(session *melody.Session) {
	s := socketOf(session)
	s.typedAll()
	s.stopPinging()
	h.index.remove(s)
	if conn, ok := session.WebsocketConnection().NetConn().(*gatherer); ok {
		conn.drain()
	}
}
