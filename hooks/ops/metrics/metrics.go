// Package metrics shows what the server does in Prometheus's text format: at /metrics for whoever has the configured
// token, or on an address of its own. Everything is counted where it happens, without a lock, and read when it is asked for.
package metrics

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
	"messagerie/hooks/store"
)

// Hub is what the sockets count.
type Hub interface {
	Sockets() int
	Messages() int64
	Frames() (in, out map[string]int64)
}

// Metrics are those of one app.
type Metrics struct {
	app     core.App
	cfg     config.Metrics
	store   *store.Store
	hub     Hub
	version string
	token   [sha256.Size]byte
	set     *metrics.Set
	mail    mailStates
	server  *http.Server // nil without an address of its own

	// Cluster has figures of this machine's part in a cluster, by the end of their name; nil for a single machine.
	Cluster func() map[string]float64
}

// New creates the metrics of an app; version is that of the program.
func New(app core.App, cfg config.Metrics, st *store.Store, hub Hub, version string) *Metrics {
	m := &Metrics{app: app, cfg: cfg, store: st, hub: hub, version: version,
		token: sha256.Sum256([]byte(cfg.Token)), set: metrics.NewSet(), mail: mailStates{app: app, now: time.Now}}
	m.set.RegisterMetricsWriter(m.write)
	return m
}

// IsOn reports whether anybody may read them.
func (m *Metrics) IsOn() bool { return m.cfg.Token != "" || m.cfg.Address != "" }

// Request counts a request by the pattern of its route. It is called by the log, which knows the status.
func (m *Metrics) Request(pattern string, status int) {
	m.set.GetOrCreateCounter(fmt.Sprintf(`messagerie_http_requests_total{route=%q,status="%dxx"}`,
		strings.TrimSuffix(pattern, "/{$}"), status/100)).Inc()
}

// Bind listens on the address of its own with the server, if there is one.
func (m *Metrics) Bind() {
	if m.cfg.Address == "" {
		return
	}
	m.server = &http.Server{Handler: http.HandlerFunc(m.serve), ReadHeaderTimeout: 5 * time.Second}
	m.app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", m.cfg.Address)
		if err != nil {
			return fmt.Errorf("listen for metrics (metrics.address): %w", err)
		}
		go func() {
			if err := m.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				m.app.Logger().Error("Serving metrics ended.", "error", err)
			}
		}()
		return se.Next()
	})
	m.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = m.server.Shutdown(ctx) // whoever is still reading is cut
		return e.Next()
	})
}

// Mount adds /metrics to the server's own routes. It is a 404 without a token, or if they have an address of their own.
func (m *Metrics) Mount(se *core.ServeEvent) {
	se.Router.GET("/metrics", func(e *core.RequestEvent) error {
		if m.cfg.Token == "" || m.cfg.Address != "" {
			return e.NotFoundError("", nil)
		}
		m.serve(e.Response, e.Request)
		return nil
	}).Bind(apis.SkipSuccessActivityLog())
}

func (m *Metrics) serve(w http.ResponseWriter, r *http.Request) {
	if !m.allows(r) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "metrics.token is needed", http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	m.set.WritePrometheus(w)
	if m.Cluster != nil {
		figures := m.Cluster()
		for _, name := range slices.Sorted(maps.Keys(figures)) {
			metrics.WriteGaugeFloat64(w, "messagerie_cluster_"+name, figures[name])
		}
	}
	metrics.WriteProcessMetrics(w)
}

// allows compares the token in constant time.
func (m *Metrics) allows(r *http.Request) bool {
	if m.cfg.Token == "" {
		return true
	}
	given, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	hash := sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(hash[:], m.token[:]) == 1
}
