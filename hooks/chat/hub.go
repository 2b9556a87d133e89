// Package chat is the WebSocket /ws/chat/{userId}/: it connects people, hands
// their frames to messagerie and carries what messagerie announces to every
// socket concerned.
package chat

import (
	"context"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/auth"
	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// Per socket.
const (
	readBuffer  = 512  // most frames of clients are shorter
	writeBuffer = 1024 // from a pool, while a frame is written
	writeWait   = 10 * time.Second
	pingPeriod  = 25 * time.Second // below the 30 s after which some proxies and mobile networks forget a quiet connection
	pongWait    = 60 * time.Second
)

// Hub holds the open sockets.
type Hub struct {
	app           core.App
	limits        config.Limits
	fields        []protocol.Field // of a client's frame, with their limits
	origins       []string
	people        *school.Service
	conversations *messagerie.Service

	melody   *melody.Melody
	index    index
	arrivals arrivals
	lists    *lister
	receipts *courier
	pacer    *pacer
	closing  atomic.Bool

	background sync.WaitGroup // what run under the context that stop ends
	stop       context.CancelFunc
}

// New makes a hub that accepts browser pages of its own host and of origins.
func New(
	app core.App, people *school.Service, conversations *messagerie.Service, limits config.Limits, origins []string,
) *Hub {
	h := &Hub{app: app, people: people, conversations: conversations, limits: limits, origins: origins}
	h.fields = messagerie.LimitsOf(limits).Of(protocol.ClientFrame{})
	h.arrivals = newArrivals()
	h.index.limit = limits.SocketsPerUser
	h.lists = newLister(h)
	h.receipts = newCourier(h)
	h.pacer = newPacer()
	h.melody = melody.New()
	h.melody.Config = &melody.Config{
		WriteWait:         writeWait,
		PongWait:          pongWait,
		PingPeriod:        math.MaxInt64, // never: our own pings carry meaning, see receipt
		MaxMessageSize:    int64(limits.FrameBytes),
		MessageBufferSize: queueSlots + 1, // one for the close frame
	}
	h.melody.Upgrader = &websocket.Upgrader{
		ReadBufferSize:  readBuffer,
		WriteBufferSize: writeBuffer,
		WriteBufferPool: &sync.Pool{},
		Subprotocols:    []string{auth.Subprotocol},
		CheckOrigin:     func(*http.Request) bool { return true }, // connect has
	}
	h.melody.HandleConnect(h.opened)
	h.melody.HandleMessage(h.receive)
	h.melody.HandleMessageBinary(func(s *melody.Session, _ []byte) {
		socketOf(s).refuse(protocol.ErrorFrame{Code: protocol.CodeInvalidRequest, Message: "Frames are JSON texts."})
	})
	h.melody.HandleSentMessage(func(s *melody.Session, frame []byte) { h.written(socketOf(s), frame) })
	h.melody.HandlePong(func(s *melody.Session) { h.receipts.proven(socketOf(s)) })
	h.melody.HandleError(func(s *melody.Session, err error) { socketOf(s).failed(err) })
	h.melody.HandleDisconnect(h.closed)
	return h
}

// Mount adds the socket's route and ties the hub to the life of the server.
func (h *Hub) Mount(se *core.ServeEvent) {
	se.Router.Bind(auth.LoadCallerFromMemory(h.people))
	for _, path := range []string{"/ws/chat/{userId}", "/ws/chat/{userId}/{$}"} {
		// A socket that was let in leaves no line in the log of requests, as with PocketBase's
		// own realtime: when everybody comes back at once, those lines are a sixth of the work.
		se.Router.GET(path, h.connect).Bind(apis.SkipSuccessActivityLog())
	}
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	for _, run := range []func(context.Context){h.lists.run, h.receipts.run, h.pacer.run, h.expire, h.tidy} {
		h.background.Go(func() { run(ctx) })
	}
}

// Bind closes the sockets when the server stops: before PocketBase's own
// shutdown, which doesn't wait for them (its priority is -9999).
func (h *Hub) Bind() {
	h.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Priority: -10000,
		Func: func(e *core.TerminateEvent) error {
			h.Close(e.IsRestart)
			return e.Next()
		},
	})
}

// closeWait is how long a socket that is closed may take for its last frames.
const closeWait = 2 * time.Second

// Close tells every socket that the server stops, or restarts, and waits until
// they have taken what was sent before. New ones are refused.
func (h *Hub) Close(restarting bool) {
	code := protocol.CloseGoingAway
	if restarting {
		code = protocol.CloseServiceRestart
	}
	if h.stop == nil || h.closing.Swap(true) {
		return // never served, or closed before
	}
	h.conversations.Flush() // what is stored goes out before the close frame
	for _, s := range h.index.all() {
		s.close(code, "the server is stopping")
	}
	deadline := time.NewTimer(closeWait)
	defer deadline.Stop()
	select {
	case <-h.index.emptied():
	case <-deadline.C:
	}
	h.stop()
	h.background.Wait() // they read the database, which is closed next
}

// expirySweep is how late an expired token may be noticed.
const expirySweep = 15 * time.Second

// expire closes the sockets whose token has expired.
func (h *Hub) expire(ctx context.Context) {
	tick := time.NewTicker(expirySweep)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			h.CloseExpired(now)
		}
	}
}

// CloseExpired closes the sockets whose token has expired by now.
func (h *Hub) CloseExpired(now time.Time) {
	for _, s := range h.index.all() {
		if !s.expires.IsZero() && now.After(s.expires) {
			s.close(protocol.CloseUnauthorized, "the token has expired")
		}
	}
}
