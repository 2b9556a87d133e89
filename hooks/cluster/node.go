package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
	raftboltdb "github.com/hashicorp/raft-boltdb/v2"
	"github.com/pocketbase/dbx"
	"go.etcd.io/bbolt"
	"golang.org/x/time/rate"

	"messagerie/hooks/config"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// PingPause is how often clients are told to ask for a sign of life, because a node that is frozen can't close their
// sockets. They wait 6 s for it, and at most 1 s before they connect again: so they are elsewhere within ten seconds.
const PingPause = 2500 * time.Millisecond

// Begin is how a node without a cluster gets one.
type Begin struct {
	Init bool   // it founds one, with its own database
	Join string // the address of a node whose cluster it joins, with a copy of that cluster's database
}

// Node is this machine's part in a cluster. Its database can be written to only while it leads.
type Node struct {
	cfg   config.Cluster
	dir   string
	begin Begin
	who   *identity
	log   *slog.Logger

	file      *file
	listener  *listener
	logs      *raftboltdb.BoltStore
	transport *raft.NetworkTransport
	raft      *raft.Raft
	cluster   string // its id
	http      *http.Server
	client    *http.Client
	closing   chan struct{}
	stop      sync.Once

	leads    atomic.Uint64          // the term in which it may write, 0 if it doesn't lead
	stuck    atomic.Pointer[error]  // why entries can't be applied
	unstored atomic.Pointer[error]  // why the log can't be stored
	strayed  atomic.Bool            // it has been unready for strayedAfter
	served   atomic.Pointer[served] // the app, once it is there
	link     link

	position   atomic.Uint64 // the number of the last transaction that the database has
	quorum     atomic.Int64  // nanoseconds that the last transaction waited for the majority
	restored   atomic.Int64  // how often the database was replaced by a copy of the leader's
	forwarding *http.Transport

	mu     sync.Mutex
	flight *flight

	eras sync.Mutex
	era  era // of the leader that this node knows

	announcing sync.Mutex
	pending    []store.Change // of the running transaction
}

// Of returns the node of a configuration, nil without the key cluster.node. It isn't started.
func Of(cfg config.Config, log *slog.Logger) (*Node, error) {
	if cfg.Cluster.Node == "" {
		return nil, nil
	}
	who, err := newIdentity(cfg.Cluster)
	if err != nil {
		return nil, err
	}
	n := &Node{cfg: cfg.Cluster, who: who, log: log, closing: make(chan struct{})}
	n.forwarding = n.transportTo(protocolHTTP)
	n.client = &http.Client{Transport: n.transportTo(protocolHTTP)}
	n.link.node = n
	return n, nil
}

// Begin says how the node gets a cluster if it has none.
func (n *Node) Begin(how Begin) {
	if n != nil {
		n.begin = how
	}
}

// Connect opens a database of PocketBase's. On a nil node it is store.Connect.
func (n *Node) Connect(path string) (*dbx.DB, error) {
	if n == nil || filepath.Base(path) != "data.db" || store.IsReadOnly(filepath.Dir(path)) {
		return store.Connect(path)
	}
	return connect(path, n), nil
}

func (n *Node) clusterDir() string { return filepath.Join(n.dir, "cluster") }

// ErrNoCluster: a node that belongs to no cluster was started as if it did.
var ErrNoCluster = errors.New("this node belongs to no cluster yet: start it once with --cluster-init, or with --cluster-join ADDRESS")

// start takes up this node's part. dir is the data directory.
func (n *Node) start(ctx context.Context, dir string) (err error) {
	n.dir = dir
	if err := os.MkdirAll(n.clusterDir(), 0o700); err != nil {
		return err
	}
	removeTemporary(n.clusterDir())
	defer func() {
		if err != nil {
			n.close()
		}
	}()
	if n.listener, err = listen(n.cfg.Listen, n.cfg.Reached(), n.who); err != nil {
		return fmt.Errorf("cluster.listen: %w", err)
	}
	if n.logs, err = raftboltdb.New(raftboltdb.Options{Path: filepath.Join(n.clusterDir(), "log.db"), BoltOptions: &bbolt.Options{Timeout: time.Second}}); err != nil {
		return fmt.Errorf("open the cluster's log: %w", err)
	}
	kept, err := raft.NewFileSnapshotStoreWithLogger(n.clusterDir(), 1, n.raftLog())
	if err != nil {
		return err
	}
	shots := &snapshots{SnapshotStore: kept, dir: n.clusterDir(), copy: func(path string) error { return n.file.copyTo(path) }}
	n.transport = raft.NewNetworkTransportWithLogger(lane{n.listener, n.listener.raft}, 3, 10*time.Second, n.raftLog())
	isMember, err := raft.HasExistingState(n.logs, n.logs, shots)
	if err != nil {
		return err
	}
	if err := n.prepare(ctx, isMember, shots); err != nil {
		return err
	}
	at, err := readPosition(n.file.query)
	if err != nil {
		return err
	}
	n.position.Store(at.seq)
	stored := watchedLog{n.logs, n.logs, n}
	if n.raft, err = raft.NewRaft(n.raftConfig(), machine{n}, cached(stored), stored, shots, n.transport); err != nil {
		return err
	}
	if err := n.checkAddress(); err != nil {
		return err
	}
	n.serveNodes()
	go n.watchLead()
	n.watchLeader()
	go n.watchHealth()
	if !isMember && !n.begin.Init {
		return n.askToJoin(ctx)
	}
	return nil
}

// checkAddress refuses to start where the others don't look for this node: its data were copied to a second machine, which
// must not vote beside the first one.
func (n *Node) checkAddress() error {
	for _, server := range n.servers() {
		if string(server.ID) == n.cfg.Node && string(server.Address) != n.cfg.Reached() {
			return fmt.Errorf("these are the data of the node %s, which the cluster reaches at %s, not at %s: if it has moved, remove it (messagerie cluster remove %s) and join with an empty data directory",
				n.cfg.Node, server.Address, n.cfg.Reached(), n.cfg.Node)
		}
	}
	return nil
}

func cached(logs raft.LogStore) raft.LogStore {
	cache, err := raft.NewLogCache(512, logs)
	if err != nil {
		return logs // only of a negative size
	}
	return cache
}

// prepare opens the database, and makes it one of a cluster if it isn't yet.
func (n *Node) prepare(ctx context.Context, isMember bool, shots *snapshots) (err error) {
	path := filepath.Join(n.dir, "data.db")
	switch {
	case isMember:
	case n.begin.Join != "":
		if err := n.fetch(ctx, n.begin.Join, path); err != nil {
			return fmt.Errorf("join: %w", err)
		}
	case !n.begin.Init:
		return ErrNoCluster
	}
	if n.file, err = openFile(path); err != nil {
		return err
	}
	if n.begin.Init && !isMember {
		if n.cluster, err = n.file.cluster(); err != nil {
			return err
		}
		if n.cluster != "" {
			return errors.New("the database belongs to a cluster already, whose log is missing: messagerie cluster recover makes it a single node again")
		}
		if n.cluster, err = n.file.found(rand.Text()); err != nil {
			return err
		}
		return raft.BootstrapCluster(n.raftConfig(), n.logs, n.logs, shots, n.transport, raft.Configuration{
			Servers: []raft.Server{{ID: raft.ServerID(n.cfg.Node), Address: raft.ServerAddress(n.cfg.Reached())}}})
	}
	if n.cluster, err = n.file.cluster(); err != nil {
		return err
	}
	if n.cluster == "" {
		return errors.New("the database belongs to no cluster, but there is a log of one: was it replaced?")
	}
	return n.finishRestore(shots)
}

// finishRestore brings a copy of the leader's database into use that a process has received and not finished with.
func (n *Node) finishRestore(shots *snapshots) error {
	list, err := shots.List()
	if err != nil || len(list) == 0 || list[0].Size == int64(len(liveMark)) {
		return err
	}
	_, content, err := shots.Open(list[0].ID)
	if err != nil {
		return err
	}
	defer content.Close()
	path, err := temporaryPath(n.clusterDir())
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(path) }()
	if err := writeFile(path, content); err != nil {
		return err
	}
	received, err := openFile(path)
	if err != nil {
		return err
	}
	theirs, err := readPosition(received.query)
	if err = errors.Join(err, received.close()); err != nil {
		return err
	}
	if ours, err := readPosition(n.file.query); err == nil && ours.seq >= theirs.seq {
		return nil
	}
	return errors.Join(n.file.replaceBy(path), n.file.flush())
}

// snapshotInterval is how often a node looks whether its log can be cut.
const snapshotInterval = 10 * time.Second

// raftLog passes what raft has to say on, from warnings upwards.
func (n *Node) raftLog() hclog.Logger {
	return hclog.New(&hclog.LoggerOptions{Level: hclog.Warn, Output: logWriter{n.log, rate.NewLimiter(0.2, 10)}, DisableTime: true})
}

// logWriter passes lines on, a few each second: a node that is down is the subject of dozens.
type logWriter struct {
	log   *slog.Logger
	limit *rate.Limiter
}

func (w logWriter) Write(line []byte) (int, error) {
	if w.limit.Allow() {
		w.log.Warn("cluster: " + strings.TrimSpace(string(line)))
	}
	return len(line), nil
}

func (n *Node) raftConfig() *raft.Config {
	cfg := raft.DefaultConfig()
	cfg.LocalID = raft.ServerID(n.cfg.Node)
	cfg.Logger = n.raftLog()
	cfg.CommitTimeout = 10 * time.Millisecond // how long followers are behind on an idle leader, at most
	cfg.NoSnapshotRestoreOnStart = true       // the database is the state; see finishRestore
	cfg.NoLegacyTelemetry = true
	cfg.SnapshotInterval = snapshotInterval
	if n.cfg.SnapshotEntries > 0 {
		cfg.SnapshotThreshold, cfg.TrailingLogs = uint64(n.cfg.SnapshotEntries), uint64(n.cfg.SnapshotEntries)
	}
	return cfg
}

// watchLead notes when this node gains or loses the lead.
func (n *Node) watchLead() {
	for {
		select {
		case leads := <-n.raft.LeaderCh():
			if leads {
				n.gainLead()
			} else {
				n.leads.Store(0)
			}
		case <-n.closing:
			return
		}
	}
}

// gainLead lets this node write once it has applied everything that leaders before it have written.
func (n *Node) gainLead() {
	for n.raft.State() == raft.Leader {
		term := n.raft.CurrentTerm()
		if err := n.raft.Barrier(10 * time.Second).Error(); err != nil || n.raft.CurrentTerm() != term {
			continue
		}
		app := n.served.Load()
		if app != nil {
			if err := app.prepareToLead(); err != nil {
				n.log.Error("this node can't lead", "error", err)
				n.giveUpLead()
				return
			}
		}
		n.log.Info("this node leads the cluster", "term", term)
		n.leads.Store(term)
		if app != nil {
			app.leads()
		}
		return
	}
}

// giveUpLead lets another node lead, if there is one.
func (n *Node) giveUpLead() {
	go func() { _ = n.raft.LeadershipTransfer().Error() }()
}

// Leads reports whether this node may write now.
func (n *Node) Leads() bool { return n.leads.Load() != 0 }

func (n *Node) term() (uint64, error) {
	if term := n.leads.Load(); term != 0 {
		return term, nil
	}
	return 0, refusal.NoLeader
}

// enqueueTimeout is how long a transaction waits to be taken by the log; it has the database's lock.
const enqueueTimeout = 5 * time.Second

// propose implements proposer.
func (n *Node) propose(e *entry) (ended func(bool), err error) {
	f := &flight{term: e.term, seq: e.seq, landed: make(chan error, 1), ended: make(chan struct{})}
	n.mu.Lock()
	n.flight = f
	n.mu.Unlock()
	begun := time.Now()
	future := n.raft.Apply(e.encode(), enqueueTimeout)
	answered := make(chan error, 1)
	go func() { answered <- future.Error() }()
	select {
	case err = <-f.landed:
	case failure := <-answered:
		if n.takeBack(f) {
			return nil, outcomeOf(failure)
		}
		err = <-f.landed
	}
	if err != nil {
		return nil, errors.Join(refusal.NoLeader, err)
	}
	n.quorum.Store(int64(time.Since(begun)))
	return func(committed bool) {
		if committed {
			n.position.Store(e.seq)
		}
		f.committed = committed
		close(f.ended)
	}, nil
}

// takeBack reports whether nobody else has decided about a flight.
func (n *Node) takeBack(f *flight) bool {
	if len(f.landed) > 0 {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.flight != f {
		return false
	}
	n.flight = nil
	return true
}

// outcomeOf tells what was refused from what may be stored after all.
func outcomeOf(failure error) error {
	switch {
	case errors.Is(failure, raft.ErrNotLeader), errors.Is(failure, raft.ErrEnqueueTimeout), errors.Is(failure, raft.ErrLeadershipTransferInProgress):
		return errors.Join(refusal.NoLeader, failure)
	case failure == nil:
		return refusal.OutcomeUnknown
	}
	return errors.Join(refusal.OutcomeUnknown, failure)
}

// shutdownTimeout is how long raft may take to end: on a full disk it doesn't.
const shutdownTimeout = 5 * time.Second

// close ends this node's part; the database can be read until it is closed.
func (n *Node) close() {
	n.stop.Do(func() {
		close(n.closing)
		n.leads.Store(0)
		n.link.close()
		if n.http != nil {
			_ = n.http.Close()
		}
		if n.raft != nil {
			if n.raft.State() == raft.Leader {
				_ = n.raft.LeadershipTransfer().Error() // quicker than to be missed
			}
			ended := make(chan struct{})
			go func() {
				_ = n.raft.Shutdown().Error()
				close(ended)
			}()
			select {
			case <-ended:
			case <-time.After(shutdownTimeout):
			}
		}
		if n.listener != nil {
			n.listener.close()
		}
		if n.transport != nil {
			_ = n.transport.Close()
		}
		if n.logs != nil {
			_ = n.logs.Close()
		}
		if n.file != nil {
			_ = n.file.close()
		}
	})
}
