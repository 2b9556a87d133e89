// Package chat serves the WebSocket /ws/chat/{userId}/: it accepts connections, passes clients'
// frames to messagerie and sends what messagerie announces to every socket concerned.
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
	"messagerie/hooks/store"
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

	melody         *melody.Melody
	index          index
	connectLimiter connectLimiter
	lists          *lister
	pauses         *pauseWatch
	receipts       *receipts
	typed          *store.Call[typed, bool]
	reactions      *reactions
	events         *events
	pacer          *pacer
	quiet          *quietWatch
	closing        atomic.Bool
	framesIn       frameCounts
	framesOut      frameCounts
	messages       atomic.Int64                              // announced
	onRefused      func(what, code, account, request string) // never nil

	starting   sync.Mutex     // the server may be stopped while it starts
	background sync.WaitGroup // goroutines that end when stop is called or their socket is closed
	stop       context.CancelFunc
}

// New makes a hub that accepts browser pages of its own host and of origins.
func New(
	app core.App, people *school.Service, conversations *messagerie.Service, limits config.Limits, origins []string,
) *Hub {
	h := &Hub{app: app, people: people, conversations: conversations, limits: limits, origins: origins}
	h.onRefused = func(string, string, string, string) {}
	h.fields = messagerie.LimitsOf(limits).Of(protocol.ClientFrame{})
	h.framesIn, h.framesOut = framesIn(), framesOut()
	h.connectLimiter = newConnectLimiter()
	h.index.limit = limits.SocketsPerUser
	h.lists = newLister(h)
	h.pauses = newPauseWatch(h)
	h.receipts = newReceipts(h)
	h.reactions = newReactions(h)
	h.events = newEvents(h)
	h.pacer = newPacer()
	h.quiet = newQuietWatch(h)
	h.melody = melody.New()
	h.melody.Config = &melody.Config{
		WriteWait:         writeWait,
		PongWait:          pongWait,
		PingPeriod:        math.MaxInt64, // never: we send pings ourselves, see receipt
		MaxMessageSize:    int64(limits.FrameBytes),
		MessageBufferSize: queueSlots + 1, // one for the close frame
	}
	h.melody.Upgrader = &websocket.Upgrader{
		ReadBufferSize:  readBuffer,
		WriteBufferSize: writeBuffer,
		WriteBufferPool: &sync.Pool{},
		Subprotocols:    []string{auth.Subprotocol},
		CheckOrigin:     func(*http.Request) bool { return true }, // connect has checked it
	}
	h.melody.HandleConnect(h.opened)
	h.melody.HandleMessage(h.receive)
	h.melody.HandleMessageBinary(func(s *melody.Session, _ []byte) {
		socketOf(s).refuse(protocol.ErrorFrame{Code: protocol.CodeInvalidRequest, Message: "Frames must be JSON texts."})
	})
	h.melody.HandleSentMessage(func(s *melody.Session, frame []byte) { h.written(socketOf(s), frame) })
	h.melody.HandlePong(func(s *melody.Session) { h.receipts.pong(socketOf(s)) })
	h.melody.HandleError(func(s *melody.Session, err error) { socketOf(s).failed(err) })
	h.melody.HandleDisconnect(h.closed)
	return h
}

// OnRefused calls fn, which must not block, with each frame that is refused and each socket that is closed for its
// client's sake: the code, the account, and the id of the request that opened the socket. It must be called before Mount.
func (h *Hub) OnRefused(fn func(what, code, account, request string)) { h.onRefused = fn }

// Mount adds the socket's route and starts the hub's goroutines.
func (h *Hub) Mount(se *core.ServeEvent) {
	for _, path := range []string{"/ws/chat/{userId}", "/ws/chat/{userId}/{$}"} {
		// Accepted sockets aren't in the request log, as with PocketBase's own realtime: when
		// everybody reconnects at once, those lines are a sixth of the work.
		se.Router.GET(path, h.connect).Bind(apis.SkipSuccessActivityLog())
	}
	h.start()
}

// start starts the hub's goroutines, unless the server is stopped already.
func (h *Hub) start() {
	h.starting.Lock()
	defer h.starting.Unlock()
	if h.closing.Load() {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	for _, run := range []func(context.Context){h.lists.run, h.pauses.run, h.receipts.run, h.reactions.run, h.events.run, h.pacer.run, h.quiet.run, h.expire, h.releaseMemory} {
		h.background.Go(func() { run(ctx) })
	}
}

// Bind closes the sockets when the server stops, before PocketBase's own shutdown (priority
// -9999), which doesn't wait for them.
func (h *Hub) Bind() {
	h.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Priority: -10000,
		Func: func(e *core.TerminateEvent) error {
			h.Close(e.IsRestart)
			return e.Next()
		},
	})
}

// closeWait is how long a closing socket may take for its last frames.
const closeWait = 2 * time.Second

// Close closes every socket because the server stops or restarts, and waits until their last
// frames are written. New sockets are refused.
func (h *Hub) Close(restarting bool) {
	code := protocol.CloseGoingAway
	if restarting {
		code = protocol.CloseServiceRestart
	}
	h.starting.Lock()
	stop, isClosed := h.stop, h.closing.Swap(true)
	h.starting.Unlock()
	if stop == nil || isClosed {
		return // never served, or closed before
	}
	h.conversations.Flush() // what is stored is sent before the close frame
	for _, s := range h.index.all() {
		s.close(code, "the server is stopping")
	}
	deadline := time.NewTimer(closeWait)
	defer deadline.Stop()
	select {
	case <-h.index.emptied():
	case <-deadline.C:
	}
	stop()
	h.background.Wait() // they use the database, which is closed next
}

// expirySweep is the interval of checks for expired tokens.
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
