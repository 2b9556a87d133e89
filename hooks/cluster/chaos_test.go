package cluster_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"messagerie/hooks/protocol"
)

// chaos is a cluster of processes to which eight people write, half of them by their sockets.
type chaos struct {
	*processes
	listeners []*listener
	ready     [mostNodes]atomic.Bool // what the load balancer knows
	random    *rand.Rand             // of whoever causes the faults

	mu      sync.Mutex
	acked   map[string]string // id by client_id
	newest  protocol.ID       // of what was acknowledged
	lastAck time.Time
	longest time.Duration // without an acknowledgement since the last look
}

// write sends one message until it is acknowledged, to whichever node.
func (c *chaos) write(ctx context.Context, who int, clientID string) {
	for ctx.Err() == nil {
		if c.writeOnce(ctx, who, clientID) {
			return
		}
		time.Sleep(20 * time.Millisecond) // as a client does before it tries again
	}
}

func (c *chaos) writeOnce(ctx context.Context, who int, clientID string) bool {
	if who%2 == 1 {
		time.Sleep(50 * time.Millisecond) // a socket takes twenty frames a second
		id, ok := c.listeners[who].say(ctx, clientID)
		if ok {
			c.note(clientID, id)
		}
		return ok
	}
	status, id := c.send(ctx, rand.IntN(len(c.children)), who, clientID)
	if isStored(status) {
		c.note(clientID, protocol.ParseID(id))
	}
	return isStored(status)
}

func (c *chaos) note(clientID string, id protocol.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acked[clientID], c.newest = fmt.Sprint(id), max(c.newest, id)
	now := time.Now()
	c.longest = max(c.longest, now.Sub(c.lastAck))
	c.lastAck = now
}

// suffered is what came of a fault: the longest time without an acknowledgement to anybody, without a message for one
// person, and without a living socket for one person.
type suffered struct{ pause, silence, dead time.Duration }

// look returns what has come of everything since the last call.
func (c *chaos) look() (s suffered) {
	for _, l := range c.listeners {
		silence, dead := l.look()
		s.silence, s.dead = max(s.silence, silence), max(s.dead, dead)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s.pause, c.longest = c.longest, 0
	return s
}

func (c *chaos) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.acked)
}

// progress waits until messages are acknowledged again.
func (c *chaos) progress() {
	c.t.Helper()
	before := c.count()
	eventually(c.t, "messages are acknowledged again", func() bool { return c.count() > before+20 })
}

// hears waits until everybody has heard what is acknowledged by now.
func (c *chaos) hears() {
	c.t.Helper()
	c.mu.Lock()
	newest := c.newest
	c.mu.Unlock()
	for _, l := range c.listeners {
		eventually(c.t, "everybody hears what is acknowledged", func() bool { return l.newest() >= newest })
	}
}

// spread waits until everybody is at home: so there are people on each node.
func (c *chaos) spread() {
	c.t.Helper()
	for _, l := range c.listeners {
		eventually(c.t, "everybody is at home", func() bool {
			l.move()
			return l.node() == l.home()
		})
	}
}

// hearsAll waits until everybody has heard everything, also what was stored without having been acknowledged. Nobody
// writes any more.
func (c *chaos) hearsAll() {
	c.t.Helper()
	var before []uint64
	eventually(c.t, "nothing is stored any more", func() bool {
		at := c.positions()
		defer func() { before = at }()
		time.Sleep(300 * time.Millisecond)
		return at != nil && slices.Equal(at, before) && len(slices.Compact(slices.Clone(at))) == 1
	})
	newest := c.newestOn(&c.children[0])
	for _, l := range c.listeners {
		eventually(c.t, "everybody hears everything", func() bool { return l.newest() >= newest })
	}
}

// newChaos begins a cluster and lets everybody write until stop is called.
func newChaos(t testing.TB, changes ...func(*child)) (c *chaos, stop func()) {
	t.Helper()
	c = &chaos{processes: newProcessesOf(t, 3, changes...), acked: map[string]string{}, lastAck: time.Now()}
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	c.random = rand.New(rand.NewPCG(seed, 0))
	writing, stopWriting := context.WithCancel(context.Background())
	hearing, stopHearing := context.WithCancel(context.Background())
	var writers, hearers sync.WaitGroup
	for who := range c.people {
		c.listeners = append(c.listeners, &listener{c: c, who: who, receipt: map[string]chan protocol.ID{}})
	}
	for i := range c.children {
		hearers.Go(func() { c.balance(hearing, i) })
	}
	for who, l := range c.listeners {
		hearers.Go(func() { l.run(hearing) })
		writers.Go(func() {
			for n := 0; writing.Err() == nil; n++ {
				c.write(writing, who, fmt.Sprintf("%d-%d", who, n))
			}
		})
	}
	var once sync.Once
	stop = func() {
		once.Do(func() {
			stopWriting()
			writers.Wait()
			if !t.Failed() {
				c.hearsAll()
			}
			stopHearing()
			hearers.Wait()
		})
	}
	t.Cleanup(stop) // before the nodes are killed
	c.progress()
	c.hears()
	return c, stop
}

// times is how many faults there are: a few in every test, more by make chaos-cluster.
func times() int {
	if n, err := strconv.Atoi(os.Getenv("FAULTS")); err == nil {
		return n
	}
	return 4
}

func TestChaos_losesAndDoublesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills processes for half a minute")
	}
	t.Parallel()
	c, stop := newChaos(t)
	came, impossible := map[string][]suffered{}, map[string]error{}
	list := chaosFaults
	if only := os.Getenv("ONLY"); only != "" {
		list = slices.DeleteFunc(slices.Clone(list), func(f fault) bool { return !strings.Contains(f.name, only) })
	}
	for n := range times() {
		fault := list[n%len(list)]
		c.spread()
		c.look()
		if err := fault.run(c); err != nil {
			impossible[fault.name] = err
			continue
		}
		c.progress()
		c.hears()
		came[fault.name] = append(came[fault.name], c.look())
		if t.Failed() {
			break
		}
	}
	stop()
	c.report(came, impossible)
	c.settle()
}

// settle compares what was acknowledged, and what was heard, with what is stored.
func (c *chaos) settle() {
	t := c.t
	t.Helper()
	stored := c.compare().Strings(t, "SELECT client_id, id FROM messages ORDER BY rowid")
	byClient := map[string][]string{}
	var ids []protocol.ID
	for _, row := range stored {
		byClient[row[0]] = append(byClient[row[0]], strings.TrimLeft(row[1], "0"))
		id := protocol.ParseID(row[1])
		if len(ids) > 0 && id <= ids[len(ids)-1] {
			t.Errorf("message %d was stored after %d", id, ids[len(ids)-1])
		}
		ids = append(ids, id)
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
	sockets := 0
	for _, l := range c.listeners {
		sockets += l.sockets
		if missing, others := l.missing(ids); missing > 0 || others > 0 {
			t.Errorf("person %d hasn't heard %d of %d messages, and has heard %d that aren't stored", l.who, missing, len(ids), others)
		}
	}
	t.Logf("%d acknowledged, %d stored, %d lost, %d doubled; heard by %d people on %d sockets", len(c.acked), len(stored), lost, doubled, len(c.listeners), sockets)
	if lost > 0 || doubled > 0 || len(c.acked) == 0 {
		t.Errorf("%d of %d acknowledged messages are lost, %d are doubled", lost, len(c.acked), doubled)
	}
}

func (c *chaos) report(came map[string][]suffered, impossible map[string]error) {
	var text strings.Builder
	out := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "fault\ttimes\tpause p50\tmax\tsilence max\twithout a socket max")
	for _, fault := range chaosFaults {
		list := came[fault.name]
		if err := impossible[fault.name]; err != nil {
			fmt.Fprintf(out, "%s\t0\t%v\n", fault.name, err)
		}
		if len(list) == 0 {
			continue
		}
		var most suffered
		for _, s := range list {
			most = suffered{max(most.pause, s.pause), max(most.silence, s.silence), max(most.dead, s.dead)}
		}
		slices.SortFunc(list, func(a, b suffered) int { return cmp.Compare(a.pause, b.pause) })
		fmt.Fprintf(out, "%s\t%d\t%v\t%v\t%v\t%v\n", fault.name, len(list), list[len(list)/2].pause.Round(time.Millisecond),
			most.pause.Round(time.Millisecond), most.silence.Round(time.Millisecond), most.dead.Round(time.Millisecond))
	}
	_ = out.Flush()
	c.t.Log("\n" + text.String())
}
