package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"
	raftboltdb "github.com/hashicorp/raft-boltdb/v2"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Recorder stands in for the log: it lets every transaction pass and keeps it.
type Recorder struct {
	Refuse  error
	entries [][]byte
}

func (r *Recorder) term() (uint64, error) { return 1, r.Refuse }

func (r *Recorder) propose(e *entry) (func(bool), error) {
	at := len(r.entries)
	r.entries = append(r.entries, e.encode())
	return func(committed bool) {
		if !committed {
			r.entries = r.entries[:at]
		}
	}, nil
}

func (r *Recorder) announced() []byte { return nil }

// Len is the number of transactions.
func (r *Recorder) Len() int { return len(r.entries) }

// Connect opens data.db through the recorder.
func (r *Recorder) Connect(path string) *dbx.DB { return connect(path, r) }

// File is a database that the recorder's transactions are applied to.
type File struct{ *file }

// Found opens a database and begins a cluster in it.
func Found(t testing.TB, path string) *File {
	t.Helper()
	f, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.close() })
	if _, err := f.found("test"); err != nil {
		t.Fatal(err)
	}
	return &File{f}
}

// CopyTo copies the database.
func (f *File) CopyTo(t testing.TB, path string) {
	t.Helper()
	if err := f.copyTo(path); err != nil {
		t.Fatal(err)
	}
}

// Apply applies the transactions that the recorder has from a position on.
func (f *File) Apply(r *Recorder, from int) error {
	for i, data := range r.entries[from:] {
		e, err := decodeEntry(data)
		if err != nil {
			return err
		}
		if _, err := f.apply(e); err != nil {
			return fmt.Errorf("transaction %d: %w", from+i, err)
		}
	}
	return nil
}

// Differences are the tables whose rows differ.
func (f *File) Differences(t testing.TB, other *File) (different []string) {
	t.Helper()
	a, err := f.hashes()
	if err != nil {
		t.Fatal(err)
	}
	b, err := other.hashes()
	if err != nil {
		t.Fatal(err)
	}
	if len(a) < 10 && len(a) != len(b) {
		t.Fatalf("%d and %d tables", len(a), len(b))
	}
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if a[name] != b[name] {
			different = append(different, name)
		}
	}
	return different
}

// Exec runs a statement on the database itself.
func (f *File) Exec(t testing.TB, text string, args ...any) {
	t.Helper()
	if err := f.run(text, args...); err != nil {
		t.Fatal(err)
	}
}

// Open opens a database for comparing.
func Open(t testing.TB, path string) *File {
	t.Helper()
	f, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.close() })
	return &File{f}
}

// CopyTo copies the node's database.
func (n *Node) CopyTo(t testing.TB, path string) {
	t.Helper()
	if err := n.file.copyTo(path); err != nil {
		t.Fatal(err)
	}
}

// Ask asks a node how it is.
func Ask(ctx context.Context, at, key string) (s Status, err error) {
	err = asking(key, func(n *Node) error {
		s, err = n.statusOf(ctx, at)
		return err
	})
	return s, err
}

// Remove removes a node from the cluster of the one that is asked.
func Remove(ctx context.Context, at, key, node string) error {
	return post(ctx, at, key, pathRemove, joining{Node: node})
}

// Snapshot cuts the log of a node.
func Snapshot(ctx context.Context, at, key string) error {
	return post(ctx, at, key, pathSnapshot, nil)
}

// Join asks for a node to be admitted.
func Join(ctx context.Context, at, key, node, address, id string) error {
	return post(ctx, at, key, pathJoin, joining{Node: node, Address: address, Voter: true, Cluster: id})
}

func post(ctx context.Context, at, key, path string, body any) error {
	return asking(key, func(n *Node) error {
		resp, err := n.ask(ctx, at, http.MethodPost, path, body)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	})
}

// asking calls ask with a node that only has the key of a cluster, and can ask its nodes.
func asking(key string, ask func(n *Node) error) error {
	who, err := identityOfKey(key)
	if err != nil {
		return err
	}
	n := &Node{who: who}
	transport := n.transportTo(protocolHTTP)
	defer transport.CloseIdleConnections()
	n.client = &http.Client{Transport: transport}
	return ask(n)
}

// Flushed is the number of the last transaction that a node which was killed had certainly brought to its disk: what its
// log was cut behind. It returns false if the log doesn't tell.
func Flushed(t testing.TB, dir string) (seq uint64, known bool) {
	t.Helper()
	within := filepath.Join(dir, "cluster")
	kept, err := raft.NewFileSnapshotStoreWithLogger(within, 1, hclog.NewNullLogger())
	if err != nil {
		t.Fatal(err)
	}
	list, err := kept.List()
	if err != nil || len(list) == 0 {
		return 0, false
	}
	logs, err := raftboltdb.New(raftboltdb.Options{Path: filepath.Join(within, "log.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer logs.Close()
	for index := list[0].Index; index > 0; index-- {
		var entry raft.Log
		if logs.GetLog(index, &entry) != nil {
			break
		}
		if entry.Type != raft.LogCommand {
			continue
		}
		e, err := decodeEntry(entry.Data)
		if err != nil {
			t.Fatal(err)
		}
		if e.term == entry.Term {
			return e.seq, true
		}
	}
	return 0, false
}

// SeqOf is the number of the last transaction that a database contains.
func SeqOf(t testing.TB, path string) uint64 {
	t.Helper()
	f, err := openFile(path)
	if err == nil {
		err = errors.Join(f.refresh(), f.close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return f.at.seq
}

// Strings runs a query whose columns are texts.
func (f *File) Strings(t testing.TB, text string) (out [][]string) {
	t.Helper()
	rows, err := f.query(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		var texts []string
		for _, value := range row {
			texts = append(texts, value.(string))
		}
		out = append(out, texts)
	}
	return out
}

// CutLog cuts the node's log.
func (n *Node) CutLog(t testing.TB) {
	t.Helper()
	if err := n.raft.Snapshot().Error(); err != nil {
		t.Fatal(err)
	}
}

// Restored is how often the node's database was replaced by a copy of the leader's.
func (n *Node) Restored() int64 { return n.restored.Load() }

// RecoverNode is messagerie cluster recover.
func RecoverNode(dir string) (uint64, error) { return recoverNode(dir) }

// OpenAlone opens a data directory as a single machine does.
func OpenAlone(dir string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	refuseMembers(app)
	err := app.Bootstrap()
	return errors.Join(err, app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(e *core.TerminateEvent) error {
		return e.App.ResetBootstrapState()
	}))
}
