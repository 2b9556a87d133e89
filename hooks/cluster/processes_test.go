package cluster_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/sys/unix"

	"messagerie/hooks"
	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/cluster"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// child is a node in a process of its own, so that it can be killed. Without a name it is a single machine.
type child struct {
	Dir, Node, Listen, Advertise, HTTP string
	Begin                              cluster.Begin
	IsNew                              bool   // of the version that follows; see migrates
	IsReader                           bool   // doesn't vote
	Program                            string // runs instead of the test
	Unlimited                          bool   // takes frames as fast as they come, and cuts its log as by default
}

// testKey is what the nodes of a test have in common.
var testKey = strings.Repeat("k", 32)

const childVariable = "MESSAGERIE_TEST_NODE"

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		if err := runChild(text); err != nil && !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func runChild(text string) error {
	var c child
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // a full disk is an error of the write; see fill
	cfg := config.Default()
	if c.Node != "" {
		cfg.Cluster = config.Cluster{Node: c.Node, Listen: c.Listen, Advertise: c.Advertise, Voter: !c.IsReader,
			Key: config.Secret(testKey), SnapshotEntries: 200}
	}
	if c.IsNew {
		migrates()
	}
	if c.Unlimited {
		cfg.Limits.FramesPerSecond, cfg.Limits.FramesBurst = 1000, 10_000
		cfg.Cluster.SnapshotEntries = config.Default().Cluster.SnapshotEntries
	}
	node, err := cluster.Of(cfg, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	node.Begin(c.Begin)
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: c.Dir, DBConnect: node.Connect,
		DataMaxOpenConns: store.DataMaxOpenConns, DataMaxIdleConns: store.DataMaxIdleConns})
	hooks.RegisterNode(app, cfg, node, func() bool { return true })
	if err := app.Bootstrap(); err != nil {
		return err
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil
		return e.Next()
	})
	served := make(chan error, 1)
	go func() { served <- apis.Serve(app, apis.ServeConfig{HttpAddr: c.HTTP}) }()
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	select {
	case err := <-served:
		return err
	case <-asked:
		return app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(e *core.TerminateEvent) error {
			return e.App.ResetBootstrapState()
		})
	}
}

// processes are a cluster of three, and a proxy before the port of each.
type processes struct {
	t        testing.TB
	children []child
	gates    []*gate
	running  []*exec.Cmd
	log      *os.File
	client   http.Client
	network

	people       []apptest.Person
	conversation string
}

func newProcesses(t testing.TB) *processes {
	t.Helper()
	return newProcessesOf(t, 3)
}

// newProcessesOf is newProcesses with another number of nodes.
func newProcessesOf(t testing.TB, nodes int, changes ...func(*child)) *processes {
	t.Helper()
	dir := plainapp.DataDir(t)
	app := apptest.Open(t, dir)
	school := app.EstablishmentWithRules("Collège")
	var people []apptest.Person
	for i := range 8 {
		people = append(people, app.Person(school, "teacher", fmt.Sprint("Prénom", i), "Nom"))
	}
	conversation := app.Conversation(people...)
	app.Stop()
	c := newProcessesIn(t, dir, nodes, changes...)
	c.people, c.conversation = people, fmt.Sprint(conversation)
	return c
}

// newProcessesIn begins a cluster with the data of a directory. At most three of the nodes vote. None is a single machine
// without a cluster. Each change touches a node before it starts.
func newProcessesIn(t testing.TB, dir string, nodes int, changes ...func(*child)) *processes {
	t.Helper()
	alone := nodes == 0
	nodes = max(nodes, 1)
	c := &processes{t: t, running: make([]*exec.Cmd, nodes)}
	c.client.Timeout = 3 * time.Second
	var err error
	if c.log, err = os.Create(filepath.Join(t.ArtifactDir(), "nodes.log")); err != nil {
		t.Fatal(err)
	}
	for i := range nodes {
		node := child{Dir: dir, Node: fmt.Sprint("node", i), Listen: freeAddress(t), HTTP: freeAddress(t)}
		if i > 0 {
			node.Dir = t.TempDir()
		}
		node.IsReader = i >= 3
		c.gates = append(c.gates, newGate(t, &c.network, i, node.Listen))
		node.Advertise = c.gates[i].listener.Addr().String()
		if alone {
			node.Node = ""
		}
		for _, change := range changes {
			change(&node)
		}
		c.children = append(c.children, node)
	}
	t.Cleanup(func() {
		c.endAll()
		if t.Failed() {
			c.showLog()
		}
	})
	c.run(0, cluster.Begin{Init: !alone})
	c.awaitHTTP(0)
	for i := 1; i < nodes; i++ {
		c.run(i, cluster.Begin{Join: c.children[0].Advertise})
		c.awaitHTTP(i)
	}
	return c
}

// showLog shows the end of what the nodes have said.
func (c *processes) showLog() {
	text, err := os.ReadFile(c.log.Name())
	if err == nil {
		c.t.Logf("the nodes' log ends with:\n%s", text[max(0, len(text)-8000):])
	}
}

func (c *processes) run(i int, begin cluster.Begin) {
	c.t.Helper()
	node := c.children[i]
	node.Begin = begin
	c.running[i] = c.launch(node)
	c.pids[i].Store(int64(c.running[i].Process.Pid))
}

func (c *processes) launch(node child) *exec.Cmd {
	c.t.Helper()
	text, err := json.Marshal(node)
	if err != nil {
		c.t.Fatal(err)
	}
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childVariable+"="+string(text))
	if node.Program != "" {
		command = node.program()
	}
	command.Stdout, command.Stderr = c.log, c.log
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	return command
}

// program is how the program itself is started.
func (c child) program() *exec.Cmd {
	command := exec.Command(c.Program, "serve", "--dir", c.Dir, "--http", c.HTTP)
	if c.Begin.Init {
		command.Args = append(command.Args, "--cluster-init")
	}
	if c.Begin.Join != "" {
		command.Args = append(command.Args, "--cluster-join", c.Begin.Join)
	}
	for name, value := range map[string]string{"NODE": c.Node, "LISTEN": c.Listen, "ADVERTISE": c.Advertise, "KEY": testKey, "SNAPSHOT_ENTRIES": "200"} {
		command.Env = append(command.Environ(), "MESSAGERIE_CLUSTER_"+name+"="+value)
	}
	return command
}

func (c *processes) endAll() {
	for i := range c.running {
		c.kill(i)
	}
}

func (c *processes) kill(i int) { c.end(i, syscall.SIGKILL) }

// end ends a node and waits for that.
func (c *processes) end(i int, by syscall.Signal) {
	if command := c.running[i]; command != nil {
		_ = command.Process.Signal(by)
		_ = command.Wait()
		c.running[i] = nil
		c.pids[i].Store(0)
	}
}

// fill makes the disk of a node full: no file can be written beyond its first byte. empty undoes it.
func (c *processes) fill(i int)  { c.limitFiles(i, 1) }
func (c *processes) empty(i int) { c.limitFiles(i, unix.RLIM_INFINITY) }

func (c *processes) limitFiles(i int, bytes uint64) {
	c.t.Helper()
	limit := unix.Rlimit{Cur: bytes, Max: unix.RLIM_INFINITY}
	if err := unix.Prlimit(c.running[i].Process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		c.t.Fatal(err)
	}
}

func (c *processes) awaitHTTP(i int) {
	c.t.Helper()
	c.awaitNode(&c.children[i])
}

func (c *processes) awaitNode(node *child) {
	c.t.Helper()
	eventually(c.t, node.Node+" serves", func() bool {
		resp, err := c.client.Get("http://" + node.HTTP + "/api/health")
		if err != nil {
			return false
		}
		return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
}

// status asks a node by its real address.
func (c *processes) status(i int) (cluster.Status, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return cluster.Ask(ctx, c.children[i].Listen, testKey)
}

// leader waits for the node that leads.
func (c *processes) leader(except ...int) int {
	c.t.Helper()
	found := 0
	eventually(c.t, "somebody leads", func() bool {
		for i := range c.children {
			if slices.Contains(except, i) {
				continue
			}
			if s, err := c.status(i); err == nil && s.Role == "leader" {
				found = i
				return true
			}
		}
		return false
	})
	return found
}

// send sends a message through a node once, and returns the status and the id.
func (c *processes) send(ctx context.Context, to, who int, clientID string) (status int, id string) {
	return c.sendTo(ctx, &c.children[to], who, clientID)
}

func (c *processes) sendTo(ctx context.Context, node *child, who int, clientID string) (status int, id string) {
	body, _ := json.Marshal(map[string]any{"content": "Message " + clientID, "client_id": clientID})
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+node.HTTP+"/api/messagerie/messages/"+c.conversation+"/", bytes.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+c.people[who].Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.client.Do(req)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	var message struct{ ID json.Number }
	if json.NewDecoder(resp.Body).Decode(&message) != nil {
		return 0, ""
	}
	return resp.StatusCode, message.ID.String()
}

// newestOn is the id of the newest message that a node has.
func (c *processes) newestOn(node *child) protocol.ID {
	var messages []protocol.Message
	path := "/api/messagerie/messages/" + c.conversation + "/?limit=1"
	apptest.At(c.t, "http://"+node.HTTP).Get(c.people[0], path).OK(http.StatusOK).Into(&messages)
	if len(messages) == 0 {
		return 0
	}
	return messages[0].ID
}

func isStored(status int) bool { return status == http.StatusOK || status == http.StatusCreated }

// positions returns how far the nodes are, nil if one of them doesn't follow.
func (c *processes) positions() (at []uint64) {
	for i := range c.children {
		s, err := c.status(i)
		if err != nil || s.Stuck != "" || s.Leader == "" {
			return nil
		}
		at = append(at, s.Position)
	}
	return at
}

// compare waits until all nodes have everything, stops them, compares their files and returns one.
func (c *processes) compare() *cluster.File {
	t := c.t
	t.Helper()
	eventually(t, "all nodes have everything", func() bool { return len(slices.Compact(c.positions())) == 1 })
	for i := range c.children {
		c.kill(i)
	}
	var files []*cluster.File
	for i := range c.children {
		files = append(files, cluster.Open(t, filepath.Join(c.children[i].Dir, "data.db")))
	}
	for i := 1; i < len(files); i++ {
		if different := files[0].Differences(t, files[i]); len(different) > 0 {
			t.Errorf("on nodes 0 and %d these tables differ: %q", i, different)
		}
	}
	return files[0]
}

// network is who reaches whom.
type network struct {
	pids [mostNodes]atomic.Int64
	off  [mostNodes]atomic.Bool // cut off from the others, in both directions
}

const mostNodes = 5

// gate is a TCP proxy before the port of a node.
type gate struct {
	listener net.Listener
	net      *network
	node     int
	to       string
	shut     atomic.Bool
	mu       sync.Mutex
	passing  map[*passing]bool
}

// passing is a connection through a gate.
type passing struct {
	from  int // the node that has opened it, -1 if none has
	conns [2]net.Conn
}

func newGate(t testing.TB, of *network, node int, to string) *gate {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: listener, net: of, node: node, to: to, passing: map[*passing]bool{}}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go g.pass(conn)
		}
	}()
	return g
}

func (g *gate) pass(conn net.Conn) {
	defer conn.Close()
	inner, err := net.Dial("tcp", g.to)
	if err != nil {
		return
	}
	defer inner.Close()
	p := &passing{g.net.opened(conn), [2]net.Conn{conn, inner}}
	g.mu.Lock()
	g.passing[p] = true
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.passing, p)
	}()
	if g.isShut(p) { // looked at last, so that cut misses nobody
		return
	}
	go func() {
		_, _ = io.Copy(inner, conn)
		_ = inner.Close()
	}()
	_, _ = io.Copy(conn, inner)
}

func (g *gate) isShut(p *passing) bool {
	return g.shut.Load() || g.net.off[g.node].Load() || p.from >= 0 && g.net.off[p.from].Load()
}

// cut breaks what may not pass any more.
func (g *gate) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for p := range g.passing {
		if g.isShut(p) {
			_ = p.conns[0].Close()
			_ = p.conns[1].Close()
		}
	}
}

// isolate cuts a node off from the others in both directions; clients still reach it.
func (c *processes) isolate(i int) {
	c.off[i].Store(true)
	for _, g := range c.gates {
		g.cut()
	}
}

func (c *processes) heal(i int) { c.off[i].Store(false) }

// opened finds the node that has opened a connection, in Linux's table of sockets.
func (n *network) opened(conn net.Conn) int {
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return -1
	}
	port := fmt.Sprintf(":%04X", conn.RemoteAddr().(*net.TCPAddr).Port)
	for line := range strings.Lines(string(table)) {
		fields := strings.Fields(line)
		if len(fields) < 10 || !strings.HasSuffix(fields[1], port) {
			continue
		}
		socket := "socket:[" + fields[9] + "]"
		for i := range n.pids {
			if n.pids[i].Load() == 0 {
				continue
			}
			files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", n.pids[i].Load()))
			for _, file := range files {
				if target, err := os.Readlink(file); err == nil && target == socket {
					return i
				}
			}
		}
	}
	return -1
}
