package cluster_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"messagerie/hooks/cluster"
)

// chaos is a cluster of processes to which eight people write.
type chaos struct {
	*processes

	mu      sync.Mutex
	acked   map[string]string // id by client_id
	lastAck time.Time
	longest time.Duration // without an acknowledgement since the last look
}

// write sends one message until it is acknowledged, to whichever node.
func (c *chaos) write(ctx context.Context, who int, clientID string) {
	for ctx.Err() == nil {
		if status, id := c.send(ctx, rand.IntN(len(c.children)), who, clientID); isStored(status) {
			c.note(clientID, id)
			return
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
	{"isolate the leader", func(c *chaos) { c.isolated(c.leader()) }},
	{"fill the leader's disk", func(c *chaos) { c.filled(c.leader()) }},
	{"restart one after the other", func(c *chaos) {
		for i := range c.children {
			c.end(i, syscall.SIGTERM)
			c.progress()
			c.run(i, cluster.Begin{})
			c.awaitHTTP(i)
		}
	}},
	{"kill -9 a follower", func(c *chaos) { c.killed(c.follower()) }},
	{"stop the leader for 5 s", func(c *chaos) { c.stopped(c.leader()) }},
	{"isolate a follower", func(c *chaos) { c.isolated(c.follower()) }},
	{"cut the way to the leader", func(c *chaos) {
		gate := c.gates[c.leader()]
		gate.shut.Store(true)
		gate.cut()
		c.progress()
		gate.shut.Store(false)
	}},
	{"fill a follower's disk", func(c *chaos) { c.filled(c.follower()) }},
	{"a follower away for longer than the log", func(c *chaos) {
		i := c.follower()
		c.kill(i)
		for end := c.count() + 900; c.count() < end; {
			time.Sleep(10 * time.Millisecond)
		}
		c.run(i, cluster.Begin{})
		c.awaitHTTP(i)
	}},
	{"stop a follower for 5 s", func(c *chaos) { c.stopped(c.follower()) }},
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

// follower is one that doesn't lead.
func (c *chaos) follower() int { return (c.leader() + 1 + rand.IntN(2)) % 3 }

func (c *chaos) isolated(i int) {
	c.isolate(i)
	c.progress()
	c.heal(i)
}

func (c *chaos) filled(i int) {
	c.fill(i)
	c.progress()
	c.empty(i)
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
	return 4
}

func TestChaos_losesAndDoublesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills processes for half a minute")
	}
	t.Parallel()
	c := &chaos{processes: newProcesses(t), acked: map[string]string{}}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
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
		if t.Failed() {
			break
		}
	}
	stop()
	writers.Wait()
	c.settle()
	c.report(pauses)
}

// settle compares what was acknowledged with what is stored.
func (c *chaos) settle() {
	t := c.t
	t.Helper()
	stored := c.compare().Strings(t, "SELECT client_id, id FROM messages WHERE client_id != ''")
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
