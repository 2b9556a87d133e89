package cluster_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks"
	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/cluster"
	"messagerie/hooks/config"
	"messagerie/hooks/store"
)

// child is a node in a process of its own, so that it can be killed.
type child struct {
	Dir, Node, Listen, Advertise, HTTP string
	Begin                              cluster.Begin
}

const childVariable = "MESSAGERIE_TEST_NODE"

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		if err := runChild(text); err != nil {
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
	cfg := config.Default()
	cfg.Cluster = config.Cluster{Node: c.Node, Listen: c.Listen, Advertise: c.Advertise, Voter: true,
		Key: config.Secret(strings.Repeat("k", 32)), SnapshotEntries: 200}
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
	return apis.Serve(app, apis.ServeConfig{HttpAddr: c.HTTP})
}

// gate is a TCP proxy before the port of a node, which can be shut.
type gate struct {
	listener net.Listener
	to       string
	shut     atomic.Bool
	mu       sync.Mutex
	conns    []net.Conn
}

func newGate(t testing.TB, to string) *gate {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: listener, to: to}
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
	if g.shut.Load() {
		return
	}
	inner, err := net.Dial("tcp", g.to)
	if err != nil {
		return
	}
	defer inner.Close()
	g.mu.Lock()
	g.conns = append(g.conns, conn, inner)
	g.mu.Unlock()
	go func() {
		_, _ = io.Copy(inner, conn)
		_ = inner.Close()
	}()
	_, _ = io.Copy(conn, inner)
}

// cut shuts the gate and breaks what goes through it.
func (g *gate) cut() {
	g.shut.Store(true)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, conn := range g.conns {
		_ = conn.Close()
	}
	g.conns = nil
}

// chaos is a cluster of processes, and those who write to it.
type chaos struct {
	t        testing.TB
	children []child
	gates    []*gate
	running  []*exec.Cmd
	log      *os.File

	client       http.Client
	people       []apptest.Person
	conversation string

	mu      sync.Mutex
	acked   map[string]string // id by client_id
	lastAck time.Time
	longest time.Duration // without an acknowledgement since the last look
}

func newChaos(t testing.TB) *chaos {
	t.Helper()
	dir := plainapp.DataDir(t)
	c := &chaos{t: t, acked: map[string]string{}}
	c.client.Timeout = 3 * time.Second
	app := apptest.Open(t, dir)
	school := app.EstablishmentWithRules("Collège")
	for i := range 8 {
		c.people = append(c.people, app.Person(school, "teacher", fmt.Sprint("Prénom", i), "Nom"))
	}
	c.conversation = fmt.Sprint(app.Conversation(c.people...))
	app.Stop()
	var err error
	if c.log, err = os.Create(filepath.Join(t.ArtifactDir(), "nodes.log")); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		node := child{Dir: dir, Node: fmt.Sprint("node", i), Listen: freeAddress(t), HTTP: freeAddress(t)}
		if i > 0 {
			node.Dir = t.TempDir()
		}
		c.gates = append(c.gates, newGate(t, node.Listen))
		node.Advertise = c.gates[i].listener.Addr().String()
		c.children = append(c.children, node)
	}
	c.running = make([]*exec.Cmd, 3)
	t.Cleanup(func() {
		for i := range c.running {
			c.kill(i)
		}
	})
	c.run(0, cluster.Begin{Init: true})
	c.awaitHTTP(0)
	for i := 1; i < 3; i++ {
		c.run(i, cluster.Begin{Join: c.children[0].Advertise})
		c.awaitHTTP(i)
	}
	return c
}

func (c *chaos) run(i int, begin cluster.Begin) {
	c.t.Helper()
	node := c.children[i]
	node.Begin = begin
	text, err := json.Marshal(node)
	if err != nil {
		c.t.Fatal(err)
	}
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childVariable+"="+string(text))
	command.Stdout, command.Stderr = c.log, c.log
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.running[i] = command
}

func (c *chaos) kill(i int) {
	if command := c.running[i]; command != nil {
		_ = command.Process.Kill()
		_ = command.Wait()
		c.running[i] = nil
	}
}

func (c *chaos) awaitHTTP(i int) {
	c.t.Helper()
	eventually(c.t, c.children[i].Node+" serves", func() bool {
		resp, err := c.client.Get("http://" + c.children[i].HTTP + "/api/health")
		if err != nil {
			return false
		}
		return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
}

// status asks a node by its real address.
func (c *chaos) status(i int) (cluster.Status, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return cluster.Ask(ctx, c.children[i].Listen, strings.Repeat("k", 32))
}

func (c *chaos) leader() int {
	c.t.Helper()
	found := 0
	eventually(c.t, "somebody leads", func() bool {
		for i := range c.children {
			if s, err := c.status(i); err == nil && s.Role == "leader" {
				found = i
				return true
			}
		}
		return false
	})
	return found
}

// write sends one message until it is acknowledged, to whichever node.
func (c *chaos) write(ctx context.Context, who int, clientID string) {
	body, _ := json.Marshal(map[string]any{"content": "Message " + clientID, "client_id": clientID})
	for ctx.Err() == nil {
		to := c.children[rand.IntN(len(c.children))].HTTP
		req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+to+"/api/messagerie/messages/"+c.conversation+"/", bytes.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+c.people[who].Token)
		req.Header.Set("Content-Type", "application/json")
		resp, err := c.client.Do(req)
		if err == nil {
			var message struct{ ID json.Number }
			err = json.NewDecoder(resp.Body).Decode(&message)
			_ = resp.Body.Close()
			if err == nil && (resp.StatusCode == http.StatusCreated || resp.StatusCode == http.StatusOK) {
				c.note(clientID, message.ID.String())
				return
			}
		}
		time.Sleep(20 * time.Millisecond) // as a client does before it tries again
	}
}

func (c *chaos) note(clientID, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acked[clientID] = id
	now := time.Now()
	c.longest = max(c.longest, now.Sub(c.lastAck))
	c.lastAck = now
}

// pause returns the longest time without an acknowledgement since the last call.
func (c *chaos) pause() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	longest := c.longest
	c.longest = 0
	return longest
}

func (c *chaos) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.acked)
}

// fault is what is done to the cluster, and undone.
type fault struct {
	name string
	run  func(c *chaos)
}

var chaosFaults = []fault{
	{"kill -9 the leader", func(c *chaos) { c.killed(c.leader()) }},
	{"kill -9 a follower", func(c *chaos) { c.killed((c.leader() + 1) % 3) }},
	{"stop the leader for 5 s", func(c *chaos) { c.stopped(c.leader()) }},
	{"cut a follower off", func(c *chaos) {
		gate := c.gates[(c.leader()+2)%3]
		gate.cut()
		c.progress()
		gate.shut.Store(false)
	}},
	{"cut the way to the leader", func(c *chaos) {
		gate := c.gates[c.leader()]
		gate.cut()
		c.progress()
		gate.shut.Store(false)
	}},
	{"a follower away for longer than the log", func(c *chaos) {
		i := (c.leader() + 1) % 3
		c.kill(i)
		for end := c.count() + 900; c.count() < end; {
			time.Sleep(10 * time.Millisecond)
		}
		c.run(i, cluster.Begin{})
		c.awaitHTTP(i)
	}},
	{"stop a follower for 5 s", func(c *chaos) { c.stopped((c.leader() + 1) % 3) }},
	{"kill -9 all", func(c *chaos) {
		for i := range c.children {
			c.kill(i)
		}
		for i := range c.children {
			c.run(i, cluster.Begin{})
		}
		for i := range c.children {
			c.awaitHTTP(i)
		}
	}},
}

func (c *chaos) killed(i int) {
	c.kill(i)
	c.progress()
	c.run(i, cluster.Begin{})
	c.awaitHTTP(i)
}

func (c *chaos) stopped(i int) {
	process := c.running[i].Process
	_ = process.Signal(syscall.SIGSTOP)
	time.Sleep(5 * time.Second) // how long the fault lasts
	_ = process.Signal(syscall.SIGCONT)
}

// progress waits until messages are acknowledged again.
func (c *chaos) progress() {
	c.t.Helper()
	before := c.count()
	eventually(c.t, "messages are acknowledged again", func() bool { return c.count() > before+20 })
}

// times is how many faults there are: a few in every test, more by make chaos-cluster.
func times() int {
	if n, err := strconv.Atoi(os.Getenv("FAULTS")); err == nil {
		return n
	}
	return 3
}

func TestChaos_losesAndDoublesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills processes for half a minute")
	}
	c := newChaos(t)
	ctx, stop := context.WithCancel(context.Background())
	var writers sync.WaitGroup
	c.lastAck = time.Now()
	for who := range c.people {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				c.write(ctx, who, fmt.Sprintf("%d-%d", who, n))
			}
		})
	}
	c.progress()
	pauses := map[string][]time.Duration{}
	for n := range times() {
		fault := chaosFaults[n%len(chaosFaults)]
		c.pause()
		fault.run(c)
		c.progress()
		pauses[fault.name] = append(pauses[fault.name], c.pause())
	}
	stop()
	writers.Wait()
	c.settle()
	c.report(pauses)
}

// settle waits until all nodes have everything, stops them and compares their files and what was acknowledged.
func (c *chaos) settle() {
	t := c.t
	t.Helper()
	eventually(t, "all nodes have everything", func() bool {
		var positions []uint64
		for i := range c.children {
			s, err := c.status(i)
			if err != nil || s.Stuck != "" {
				return false
			}
			positions = append(positions, s.Position)
		}
		return positions[0] == positions[1] && positions[1] == positions[2]
	})
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
	stored := files[0].Strings(t, "SELECT client_id, id FROM messages WHERE client_id != ''")
	byClient := map[string][]string{}
	for _, row := range stored {
		byClient[row[0]] = append(byClient[row[0]], strings.TrimLeft(row[1], "0"))
	}
	lost, doubled := 0, 0
	for clientID, id := range c.acked {
		if !slices.Contains(byClient[clientID], id) {
			lost++
		}
	}
	for _, ids := range byClient {
		if len(ids) > 1 {
			doubled++
		}
	}
	t.Logf("%d acknowledged, %d stored, %d lost, %d doubled", len(c.acked), len(stored), lost, doubled)
	if lost > 0 || doubled > 0 || len(c.acked) == 0 {
		t.Errorf("%d of %d acknowledged messages are lost, %d are doubled", lost, len(c.acked), doubled)
	}
}

func (c *chaos) report(pauses map[string][]time.Duration) {
	var text strings.Builder
	out := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "fault\ttimes\tpause p50\tmax")
	for _, fault := range chaosFaults {
		list := pauses[fault.name]
		if len(list) == 0 {
			continue
		}
		slices.Sort(list)
		fmt.Fprintf(out, "%s\t%d\t%v\t%v\n", fault.name, len(list), list[len(list)/2].Round(time.Millisecond), list[len(list)-1].Round(time.Millisecond))
	}
	_ = out.Flush()
	c.t.Log("\n" + text.String())
}
