package cluster_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"messagerie/hooks/bench/wallclock"
	"messagerie/hooks/cluster"
)

// fault is what is done to the cluster, and undone. It returns an error if it isn't possible on this machine.
type fault struct {
	name string
	run  func(c *chaos) error
}

// always is a fault that is possible everywhere.
func always(run func(c *chaos)) func(c *chaos) error {
	return func(c *chaos) error {
		run(c)
		return nil
	}
}

// Every test has the first four.
var chaosFaults = []fault{
	{"kill -9 the leader", always(func(c *chaos) { c.killed(c.leader()) })},
	{"isolate the leader", always(func(c *chaos) {
		i := c.leader()
		c.isolate(i)
		c.progress()
		c.storesNothing(i)
		c.heal(i)
	})},
	{"fill the leader's disk", always(func(c *chaos) { c.filled(c.leader()) })},
	{"restart one after the other", always(func(c *chaos) {
		for i := range c.children {
			c.end(i, syscall.SIGTERM)
			c.progress()
			c.run(i, cluster.Begin{})
			c.awaitHTTP(i)
		}
	})},
	{"kill -9 a follower", always(func(c *chaos) { c.killed(c.follower()) })},
	{"stop the leader for 5 s", always(func(c *chaos) { c.stopped(c.leader()) })},
	{"isolate a follower for 7 s", always(func(c *chaos) { // long enough for its sockets to be closed
		i := c.follower()
		c.isolate(i)
		time.Sleep(7 * time.Second)
		c.storesNothing(i)
		c.heal(i)
	})},
	{"cut the way to the leader", always(func(c *chaos) {
		gate := c.gates[c.leader()]
		gate.shut.Store(true)
		gate.cut()
		c.progress()
		gate.shut.Store(false)
	})},
	{"fill a follower's disk", always(func(c *chaos) { c.filled(c.follower()) })},
	{"slow disk of the leader", func(c *chaos) error { return c.slowed(c.leader()) }},
	{"slow disk of a follower", func(c *chaos) error { return c.slowed(c.follower()) }},
	{"a follower away for longer than the log", always(func(c *chaos) {
		i := c.follower()
		c.kill(i)
		for end := c.count() + 900; c.count() < end; {
			time.Sleep(10 * time.Millisecond)
		}
		c.run(i, cluster.Begin{})
		c.awaitHTTP(i)
	})},
	{"stop a follower for 5 s", always(func(c *chaos) { c.stopped(c.follower()) })},
	{"the leader's clock an hour back", func(c *chaos) error { return c.shifted(c.leader(), -time.Hour) }},
	{"the leader's clock a day forward", func(c *chaos) error { return c.shifted(c.leader(), 24*time.Hour) }},
	{"a follower's clock a day forward", func(c *chaos) error { return c.shifted(c.follower(), 24*time.Hour) }},
	{"a fourth node joins and leaves", always((*chaos).grown)},
	{"cut the logs of all, ten times", always(func(c *chaos) {
		for range 10 {
			for i := range c.children {
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
				if err := cluster.Snapshot(ctx, c.children[i].Listen, testKey); err != nil {
					c.t.Errorf("cut the log of %s: %v", c.children[i].Node, err)
				}
				cancel()
			}
			c.progress()
		}
	})},
	{"kill -9 all", always(func(c *chaos) { c.killedAll(func(int) {}) })},
	{"all lose the end of their database", always(func(c *chaos) { c.killedAll(c.loseEnd) })},
}

// follower is one that doesn't lead.
func (c *chaos) follower() int {
	return (c.leader() + 1 + c.random.IntN(len(c.children)-1)) % len(c.children)
}

// storesNothing makes sure that a node which is cut off acknowledges nothing.
func (c *chaos) storesNothing(i int) {
	c.t.Helper()
	for n := range 3 {
		if status, _ := c.send(context.Background(), i, n, fmt.Sprintf("deposed-%d-%d", time.Now().UnixNano(), n)); isStored(status) {
			c.t.Errorf("%s is cut off and has acknowledged a message", c.children[i].Node)
		}
	}
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

func (c *chaos) killedAll(between func(i int)) {
	for i := range c.children {
		c.kill(i)
	}
	for i := range c.children {
		between(i)
		c.run(i, cluster.Begin{})
	}
	for i := range c.children {
		c.awaitHTTP(i)
	}
}

func (c *chaos) stopped(i int) {
	process := c.running[i].Process
	_ = process.Signal(syscall.SIGSTOP)
	time.Sleep(5 * time.Second) // how long the fault lasts
	_ = process.Signal(syscall.SIGCONT)
}

// slowed lets each fsync of a node take a tenth of a second longer, by a debugger.
func (c *chaos) slowed(i int) error {
	pid := c.running[i].Process.Pid
	tracer := exec.Command("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
		"-e", "inject=fsync,fdatasync:delay_enter=100000", "-p", strconv.Itoa(pid))
	if err := tracer.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- tracer.Wait() }()
	for !isTraced(pid) {
		select {
		case err := <-ended:
			return fmt.Errorf("strace: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	time.Sleep(3 * time.Second)
	c.progress()
	_ = tracer.Process.Signal(syscall.SIGINT) // then it lets the node go
	c.t.Log("strace has ended:", <-ended)
	return nil
}

func isTraced(pid int) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	return err == nil && !strings.Contains(string(status), "TracerPid:\t0\n")
}

// shifted shifts the clock of a node until it is killed.
func (c *chaos) shifted(i int, by time.Duration) error {
	if err := wallclock.Shift(context.Background(), c.running[i].Process.Pid, by); err != nil {
		return err
	}
	c.progress()
	c.hears()
	c.killed(i)
	return nil
}

// grown adds a fourth node, which has to catch up and store a message, and removes it again.
func (c *chaos) grown() {
	guest := child{Dir: c.t.TempDir(), Node: fmt.Sprint("guest", time.Now().UnixNano()), Listen: freeAddress(c.t), HTTP: freeAddress(c.t),
		Begin: cluster.Begin{Join: c.children[c.random.IntN(len(c.children))].Advertise}}
	guest.Advertise = guest.Listen
	process := c.launch(guest)
	defer func() {
		_ = process.Process.Kill()
		_ = process.Wait()
		_ = os.RemoveAll(guest.Dir)
	}()
	c.awaitNode(&guest)
	c.mu.Lock()
	newest := c.newest
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	clientID := "by-" + guest.Node
	eventually(c.t, "the new node stores a message", func() bool {
		status, id := c.sendTo(ctx, &guest, 0, clientID)
		if isStored(status) {
			c.note(clientID, idOf(id))
		}
		return isStored(status)
	})
	if last := c.newestOn(&guest); last < newest {
		c.t.Errorf("the new node has messages up to %d, and %d was acknowledged before", last, newest)
	}
	eventually(c.t, "the new node is removed", func() bool { // there may be no leader for a moment
		return cluster.Remove(ctx, c.children[0].Listen, testKey, guest.Node) == nil
	})
}

// The parts of SQLite's files that loseEnd reads (https://sqlite.org/walformat.html).
const (
	walHeader      = 32
	walFrameHeader = 24
	shmFrames      = 16 // how many frames the log has
	shmCopied      = 96 // how many of them are in the database
)

// loseEnd takes from the database of a node that was killed what a power cut may take: what was written to its
// write-ahead log after the last time that this was certainly brought to the disk. The cluster's log stays, which is
// synced before anything is acknowledged.
func (c *chaos) loseEnd(i int) {
	path := filepath.Join(c.children[i].Dir, "data.db")
	floor, known := cluster.Flushed(c.t, c.children[i].Dir)
	wal, err := os.ReadFile(path + "-wal")
	shm, shmErr := os.ReadFile(path + "-shm")
	if err != nil || shmErr != nil || !known || len(wal) < walHeader {
		return
	}
	frame := walFrameHeader + int(binary.BigEndian.Uint32(wal[8:]))
	frames, copied := int(binary.NativeEndian.Uint32(shm[shmFrames:])), int(binary.NativeEndian.Uint32(shm[shmCopied:]))
	if len(wal) < walHeader+frames*frame {
		c.t.Fatalf("the write-ahead log has %d bytes instead of %d frames", len(wal), frames)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	// seq opens a copy: who closes a database copies its log into it.
	seq := func(keep int) uint64 {
		trial := filepath.Join(c.t.TempDir(), "data.db")
		if err := errors.Join(os.WriteFile(trial, data, 0o600), os.WriteFile(trial+"-wal", wal[:walHeader+keep*frame], 0o600)); err != nil {
			c.t.Fatal(err)
		}
		return cluster.SeqOf(c.t, trial)
	}
	for from := copied; from < frames; {
		keep := from + c.random.IntN(frames-from)
		if after := seq(keep); after >= floor {
			if err := errors.Join(os.Remove(path+"-shm"), os.Truncate(path+"-wal", int64(walHeader+keep*frame))); err != nil {
				c.t.Fatal(err)
			}
			before := seq(frames)
			c.t.Logf("%s loses %d of the %d transactions since its log was cut", c.children[i].Node, before-after, before-floor)
			return
		}
		from = keep + 1
	}
}
