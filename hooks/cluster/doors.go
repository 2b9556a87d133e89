package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/raft"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// Headers of requests between nodes; those of visitors are removed.
const (
	headerVisitor  = "Messagerie-Visitor"  // the address that the request came from
	headerPosition = "Messagerie-Position" // of a response: what a reader must have to see its effect
)

// isForLeader reports whether a request may write, or shows what only the leader has: everything but reading messages
// and the pages. Mail and backups, of which server-problems tells, are the leader's.
func isForLeader(r *http.Request) bool {
	path := r.URL.Path
	switch {
	case path == "/api/health", path == "/api/ready", path == "/api/ready/":
		return false
	case path == "/api/messagerie/server-problems", path == "/api/messagerie/server-problems/":
		return true
	case strings.HasPrefix(path, "/api/messagerie/"), strings.HasPrefix(path, "/api/files/"):
		return r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions
	case strings.HasPrefix(path, "/api/"):
		return r.Method != http.MethodOptions
	}
	return false
}

// takesFile reports whether a request brings a file to be kept: on the disk of one node the others wouldn't find it.
func (s *served) takesFile(r *http.Request) bool {
	path := r.URL.Path
	switch {
	case r.Method == http.MethodGet, r.Method == http.MethodHead, r.Method == http.MethodOptions:
		return false
	case strings.HasPrefix(path, "/api/messagerie/attachments/"):
		return r.Method == http.MethodPost
	}
	rest, isRecord := strings.CutPrefix(path, "/api/collections/")
	if !isRecord || !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return false
	}
	name, _, _ := strings.Cut(rest, "/")
	collection, err := s.app.FindCachedCollectionByNameOrId(name)
	return err == nil && slices.ContainsFunc(collection.Fields, func(f core.Field) bool { return f.Type() == core.FieldTypeFile })
}

// bindDoors puts the node before the app's own handler.
func (s *served) bindDoors() {
	s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		led := s.node.leads.Load()
		if err := e.Next(); err != nil {
			return err
		}
		if s.serving.Store(true); s.node.Leads() && s.node.leads.Load() != led { // otherwise the others have seen that it leads
			s.leads()
		}
		inner := e.Server.Handler
		s.handler.Store(&inner)
		e.Server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del(headerVisitor)
			if s.takesFile(r) && !s.app.Settings().S3.Enabled {
				refuse(w, http.StatusForbidden, protocol.CodeForbidden, "In a cluster files are kept in S3 alone: set it in the dashboard under Settings, Files storage.")
				return
			}
			if strings.HasPrefix(r.URL.Path, "/ws/") && s.node.strayed.Load() && s.node.Ready() != nil {
				refuseUnled(w)
				return
			}
			if !isForLeader(r) || s.node.Leads() {
				inner.ServeHTTP(w, r)
				return
			}
			s.node.forward(w, r)
		})
		return nil
	})
}

// positionTimeout is how long a response waits for this node to have what it tells of.
const positionTimeout = 2 * time.Second

// forward lets the leader answer a request, as if it had come there.
func (n *Node) forward(w http.ResponseWriter, r *http.Request) {
	leader, id := n.raft.LeaderWithID()
	if leader == "" || id == raft.ServerID(n.cfg.Node) {
		refuseUnled(w)
		return
	}
	ctx, cancel := n.whileLed(r.Context(), string(leader))
	defer cancel()
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(&url.URL{Scheme: "https", Host: string(leader)})
			p.Out.Host = p.In.Host
			for _, name := range n.proxyHeaders() {
				if values, ok := p.In.Header[name]; ok {
					p.Out.Header[name] = values
				}
			}
			p.Out.Header.Set(headerVisitor, p.In.RemoteAddr)
		},
		Transport:     n.forwarding,
		FlushInterval: -1, // PocketBase's realtime API
		ErrorLog:      log.New(io.Discard, "", 0),
		ModifyResponse: func(resp *http.Response) error {
			seq, err := strconv.ParseUint(resp.Header.Get(headerPosition), 10, 64)
			resp.Header.Del(headerPosition)
			if err == nil {
				n.waitFor(resp.Request.Context(), seq)
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if changes := r.Method != http.MethodGet && r.Method != http.MethodHead; changes && !errors.Is(err, errUnreached) {
				refuse(w, http.StatusServiceUnavailable, protocol.CodeOutcomeUnknown, refusal.OutcomeUnknown.Message)
				return
			}
			refuseUnled(w)
		},
	}
	proxy.ServeHTTP(w, r.WithContext(ctx))
}

// proxyHeaders are those of the proxy in front, which the leader believes as well: they are passed on even if a visitor has
// named them in Connection, so that they be dropped on the way.
func (n *Node) proxyHeaders() []string {
	names := []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}
	for _, name := range n.served.Load().app.Settings().TrustedProxy.Headers {
		names = append(names, http.CanonicalHeaderKey(name))
	}
	return names
}

// refuseUnled refuses a request that was passed on to nobody.
func refuseUnled(w http.ResponseWriter) {
	refuse(w, http.StatusServiceUnavailable, refusal.NoLeader.Code(), refusal.NoLeader.Message)
}

// refuse refuses a request in the shape of other refusals.
func refuse(w http.ResponseWriter, status int, code, why string) {
	w.Header().Set("Content-Type", "application/json")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(protocol.Error{Status: status, Code: code, Message: why, Data: map[string]any{}})
}

// Position implements store.Cluster.
func (n *Node) Position() uint64 { return n.position.Load() }

// WaitFor implements store.Cluster.
func (n *Node) WaitFor(position uint64) bool { return n.waitFor(context.Background(), position) }

// waitFor waits until this node has applied a transaction, so that people can read what they have just written. It doesn't
// wait if this node can't follow. It returns whether the node has it.
func (n *Node) waitFor(ctx context.Context, seq uint64) bool {
	ctx, cancel := context.WithTimeout(ctx, positionTimeout)
	defer cancel()
	for n.position.Load() < seq && n.failure() == nil {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(time.Millisecond):
		}
	}
	return n.position.Load() >= seq
}

// serveForwarded handles requests that another node has forwarded.
func (n *Node) serveForwarded(w http.ResponseWriter, r *http.Request) {
	s := n.served.Load()
	if s == nil || s.handler.Load() == nil || !n.Leads() {
		refuseUnled(w)
		return
	}
	if visitor := r.Header.Get(headerVisitor); visitor != "" {
		r.RemoteAddr = visitor
	}
	r.Header.Del(headerVisitor)
	r.TLS = nil // what the visitor used, the proxy in front says
	(*s.handler.Load()).ServeHTTP(&positioned{ResponseWriter: w, node: n}, r)
}

// positioned adds the position to a response.
type positioned struct {
	http.ResponseWriter
	node *Node
	done bool
}

func (p *positioned) WriteHeader(status int) {
	if !p.done {
		p.done = true
		p.Header().Set(headerPosition, strconv.FormatUint(p.node.position.Load(), 10))
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *positioned) Write(data []byte) (int, error) {
	if !p.done {
		p.WriteHeader(http.StatusOK)
	}
	return p.ResponseWriter.Write(data)
}

// Unwrap serves http.ResponseController.
func (p *positioned) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// Flush serves those who ask for an http.Flusher.
func (p *positioned) Flush() { _ = http.NewResponseController(p.ResponseWriter).Flush() }
