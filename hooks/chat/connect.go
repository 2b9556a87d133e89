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
	errNotWebSocket = refusal.New(protocol.CodeInvalidRequest, "This address expects a WebSocket handshake.")
	errNotUpgraded  = refusal.New(protocol.CodeInvalidRequest, "The upgrade to WebSocket failed.")
)

// connect checks the caller and the origin, and upgrades the request.
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
		return h.respondToPlain(e, caller.ID)
	}
	s := &socket{
		hub:      h,
		user:     caller.ID,
		device:   auth.DeviceOf(e),
		request:  e.Request.Header.Get("X-Request-Id"), // the log has set it
		expires:  auth.TokenExpiry(e),
		limiter:  newLimiter(h.limits),
		upgraded: make(chan struct{}),
	}
	s.sendQueue.holding = true // until the first list has been sent
	if err := h.connectLimiter.allow(caller.ID); err != nil {
		return err
	}
	if !h.index.add(s) {
		for _, other := range h.index.of(caller.ID) {
			other.cutUnlessAlive()
		}
		return refusal.TooManySockets(h.limits.SocketsPerUser)
	}
	// If the token was revoked between its first check and the entry into the index, nothing
	// else would close this socket.
	if valid, err := auth.StillValid(e, h.people); err != nil || !valid {
		h.index.remove(s)
		if err != nil {
			return err
		}
		return refusal.Unauthorized
	}
	return h.upgrade(e.Response, e.Request, s)
}

// respondToPlain says whether a socket would be accepted: a page can't read why the browser's
// handshake was refused, so it sends a plain request. A handshake whose Upgrade header a proxy has
// stripped is still refused.
func (h *Hub) respondToPlain(e *core.RequestEvent, user protocol.ID) error {
	switch {
	case e.Request.Header.Get("Sec-WebSocket-Key") != "":
		return errNotWebSocket
	case len(h.index.of(user)) >= h.limits.SocketsPerUser:
		return refusal.TooManySockets(h.limits.SocketsPerUser)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.NoContent(http.StatusNoContent)
}

// upgrade serves the socket on a goroutine of its own and returns once the connection is hijacked:
// staying in the handler, with the HTTP server's buffers and stack, would triple the cost of an
// idle socket.
func (h *Hub) upgrade(w http.ResponseWriter, r *http.Request, s *socket) error {
	failed := make(chan struct{})
	go func() {
		defer close(failed)
		defer h.index.remove(s)
		defer h.recoverPanic()
		coalescing := coalescingWriter{ResponseWriter: w, socket: s}
		_ = h.melody.HandleRequestWithKeys(coalescing, r, map[string]any{keySocket: s})
	}()
	select {
	case <-s.upgraded:
		return nil
	case <-failed:
		if s.isOpen() { // it was upgraded, and is closed already
			return nil
		}
		return errNotUpgraded // for the log: the upgrader has responded
	}
}

// recoverPanic logs a panic: PocketBase's own recovery covers only the request's goroutine.
func (h *Hub) recoverPanic() {
	if r := recover(); r != nil {
		h.app.Logger().Error("socket", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
	}
}

// opened queues the socket for its first list, before which nothing else is sent.
func (h *Hub) opened(session *melody.Session) {
	s := socketOf(session)
	session.Request = nil // a request takes a few KiB, and isn't needed any more
	if !s.open(session) {
		return
	}
	s.keepAlive()
	s.handlePings()
	h.lists.firstLists.add(s)
}

// sendFirstList sends a new socket its list.
func (h *Hub) sendFirstList(s *socket) {
	defer h.recoverPanic()
	h.lists.send(s.user, []*socket{s})
	if h.closing.Load() {
		s.close(protocol.CloseGoingAway, "the server is stopping")
	}
}

// written is called for every frame that was written to the network.
func (h *Hub) written(s *socket, frame []byte) {
	h.framesOut.addEncoded(frame)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sendQueue.written(frame)
	s.sentLocked(frame)
}

// closed cleans up after a socket, whichever side closed it.
func (h *Hub) closed(session *melody.Session) {
	s := socketOf(session)
	s.endAllTyping()
	s.stopPinging()
	h.index.remove(s)
	if conn, ok := session.WebsocketConnection().NetConn().(*coalescingConn); ok {
		conn.drain()
	}
}
