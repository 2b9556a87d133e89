package chat

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/auth"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// Refusals before the upgrade.
var (
	errNotWebSocket = refusal.New(protocol.CodeInvalidRequest, "This address speaks WebSocket.")
	errNotUpgraded  = refusal.New(protocol.CodeInvalidRequest, "The upgrade to WebSocket failed.")
)

// connect checks who is calling, from where, and upgrades the request.
func (h *Hub) connect(e *core.RequestEvent) error {
	caller, ok := auth.Caller(e)
	switch {
	case !ok:
		return refusal.Unauthorized
	case protocol.ParseID(e.Request.PathValue("userId")) != caller.ID:
		return refusal.NotYourAccount
	case !auth.OriginAllowed(e.Request, h.origins):
		return refusal.OriginNotAllowed
	case h.closing.Load():
		return refusal.Unavailable
	case !websocket.IsWebSocketUpgrade(e.Request):
		return h.answerPlain(e, caller.ID)
	}
	s := &socket{
		hub:      h,
		user:     caller.ID,
		expires:  auth.TokenExpiry(e),
		limiter:  newLimiter(h.limits),
		upgraded: make(chan struct{}),
	}
	s.outbox.holding = true // until its list has been sent
	if err := h.arrivals.arrive(caller.ID); err != nil {
		return err
	}
	if !h.index.add(s) {
		for _, other := range h.index.of(caller.ID) {
			other.mustAnswer()
		}
		return refusal.TooManySockets(h.limits.SocketsPerUser)
	}
	// Revoked between the look at the token and the entry into the index, nobody
	// would close this socket.
	if valid, err := auth.StillValid(e, h.people); err != nil || !valid {
		h.index.remove(s)
		if err != nil {
			return err
		}
		return refusal.Unauthorized
	}
	return h.upgrade(e.Response, e.Request, s)
}

// answerPlain returns whether a socket would be accepted: a page can't read why the browser's
// handshake was refused, so it asks with a plain request. A handshake whose Upgrade header a proxy
// has stripped is still refused as one.
func (h *Hub) answerPlain(e *core.RequestEvent, user protocol.ID) error {
	switch {
	case e.Request.Header.Get("Sec-WebSocket-Key") != "":
		return errNotWebSocket
	case len(h.index.of(user)) >= h.limits.SocketsPerUser:
		return refusal.TooManySockets(h.limits.SocketsPerUser)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.NoContent(http.StatusNoContent)
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
		gathering := gatheringWriter{ResponseWriter: w, socket: s}
		_ = h.melody.HandleRequestWithKeys(gathering, r, map[string]any{keySocket: s})
	}()
	select {
	case <-s.upgraded:
		return nil
	case <-failed:
		if s.isOpen() { // it was, and is closed already
			return nil
		}
		return errNotUpgraded // for the log: the upgrader has answered
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
	s.answerPings()
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
	s.outbox.written(frame)
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
