package cluster_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/freeport"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/cluster"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// nodes are several machines on one.
type nodes struct {
	t         testing.TB
	addresses []string
	dirs      []string
	apps      []*apptest.App
	change    func(*config.Config)
}

func newNodes(t testing.TB, n int) *nodes {
	t.Helper()
	c := &nodes{t: t, change: func(*config.Config) {}}
	for range n {
		c.addresses = append(c.addresses, freeAddress(t))
		c.dirs = append(c.dirs, t.TempDir())
	}
	c.dirs[0] = plainapp.DataDir(t)
	c.apps = make([]*apptest.App, n)
	c.start(0, cluster.Begin{Init: true})
	for i := 1; i < n; i++ {
		c.start(i, cluster.Begin{Join: c.addresses[0]})
	}
	return c
}

func freeAddress(t testing.TB) string {
	t.Helper()
	address, err := freeport.Address()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func (c *nodes) start(i int, begin cluster.Begin) *apptest.App {
	c.t.Helper()
	c.apps[i] = apptest.OpenNode(c.t, c.dirs[i], begin, func(cfg *config.Config) {
		cfg.Cluster.Node = fmt.Sprint("node", i)
		cfg.Cluster.Listen = c.addresses[i]
		cfg.Cluster.Key = config.Secret(strings.Repeat("k", 32))
		c.change(cfg)
	})
	return c.apps[i]
}

func (c *nodes) stop(i int) {
	c.t.Helper()
	c.apps[i].Stop()
}

// leader waits for the node that leads among those that run.
func (c *nodes) leader(except ...int) int {
	c.t.Helper()
	found := -1
	eventually(c.t, "somebody leads", func() bool {
		for i, app := range c.apps {
			if app != nil && !contains(except, i) && app.Node.Leads() {
				found = i
				return true
			}
		}
		return false
	})
	return found
}

func contains(list []int, i int) bool {
	for _, one := range list {
		if one == i {
			return true
		}
	}
	return false
}

func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatal("never:", what)
}

// expectEqual waits until all nodes have everything, and compares all their tables.
func (c *nodes) expectEqual() {
	c.t.Helper()
	c.apps[c.leader()].Records.Flush()
	eventually(c.t, "all nodes have the same, while they are copied", func() bool {
		before, equal := c.positions()
		if !equal {
			return false
		}
		var files []*cluster.File
		for i := range c.apps {
			copied := filepath.Join(c.t.TempDir(), "data.db")
			c.apps[i].Node.CopyTo(c.t, copied)
			files = append(files, cluster.Open(c.t, copied))
		}
		if after, equal := c.positions(); !equal || after != before {
			return false // somebody has written meanwhile
		}
		for i := 1; i < len(files); i++ {
			if different := files[0].Differences(c.t, files[i]); len(different) > 0 {
				c.t.Fatalf("on nodes 0 and %d these tables differ: %q", i, different)
			}
		}
		return true
	})
}

// positions returns how far the nodes are, if they are equally far.
func (c *nodes) positions() (at uint64, equal bool) {
	at = c.apps[0].Node.Position()
	for _, app := range c.apps {
		if app.Node.Position() != at {
			return 0, false
		}
	}
	return at, true
}

// What the dashboard changes is known to every node at once: its settings, collections and caches.
func TestCluster_everyNodeKnowsACollectionThatWasChanged(t *testing.T) {
	t.Parallel()
	c := newNodes(t, 2)
	leader := c.leader()
	extra := core.NewBaseCollection("extra")
	must(t, c.apps[leader].Save(extra))
	c.expectEqual()
	other := c.apps[1-leader]
	if _, err := other.FindCachedCollectionByNameOrId("extra"); err != nil {
		t.Error("a new collection isn't known:", err)
	}
	extra.Fields.Add(&core.TextField{Name: "added"})
	must(t, c.apps[leader].Save(extra))
	c.expectEqual()
	if known, err := other.FindCachedCollectionByNameOrId("extra"); err != nil || known.Fields.GetByName("added") == nil {
		t.Error("a new field isn't known:", err)
	}
	must(t, c.apps[leader].Delete(extra))
	c.expectEqual()
	if _, err := other.FindCachedCollectionByNameOrId("extra"); err == nil {
		t.Error("a collection that was deleted is still known")
	}
}

func TestCluster_everyNodeAnswers(t *testing.T) {
	t.Parallel()
	c := newNodes(t, 3)
	anna, ben, conversation := c.pairOf()

	socketA, _ := c.apps[1].Dial(anna)
	socketB, _ := c.apps[2].Dial(ben)
	said := socketA.Says(conversation, "par le nœud 1")
	var frame protocol.MessageFrame
	socketB.Expect(protocol.TypeNewMessage, &frame)
	if frame.Message.ID != said.ID || frame.Message.Content != "par le nœud 1" {
		t.Errorf("%+v instead of %+v", frame.Message, said)
	}
	again := map[string]any{"type": protocol.TypeChatMessage, "conversation_id": conversation, "message": "deux fois", "client_id": "encore"}
	socketA.Send(again)
	socketA.Expect(protocol.TypeNewMessage, &frame)
	stored := frame.Message.ID
	socketA.Send(again)
	data := socketA.Expect(protocol.TypeNewMessage, &frame)
	if frame.Message.ID != stored || !strings.Contains(string(data), `"reactions":[],"attachments":[],"mentions":[]`) {
		t.Errorf("%d, sent again, is %s", stored, data)
	}
	socketB.Expect(protocol.TypeNewMessage, &frame)
	var sent protocol.Message
	c.apps[2].Post(ben, fmt.Sprintf("/api/messagerie/messages/%d/", conversation), map[string]any{"content": "par REST au nœud 2"}).OK(201).Into(&sent)
	socketA.Expect(protocol.TypeNewMessage, &frame)
	if frame.Message.ID != sent.ID {
		t.Errorf("%d instead of %d", frame.Message.ID, sent.ID)
	}
	var messages []protocol.Message
	c.apps[2].Get(ben, fmt.Sprintf("/api/messagerie/messages/%d/", conversation)).OK(200).Into(&messages)
	if len(messages) != 3 {
		t.Errorf("who has written reads %d messages instead of 3", len(messages))
	}
	c.expectEqual()
	var me protocol.Me
	if c.apps[2].Get(ben, "/api/messagerie/me/").OK(200).Into(&me); me.PingSeconds != cluster.PingPause.Seconds() {
		t.Errorf("clients are to ask every %v s", me.PingSeconds)
	}

	before := c.leader()
	c.stop(before)
	c.leader(before)
	var other protocol.Message
	eventually(t, "writing goes on", func() bool {
		response := c.apps[(before+1)%3].Post(anna, fmt.Sprintf("/api/messagerie/messages/%d/", conversation), map[string]any{"content": "après", "client_id": "apres"})
		if response.StatusCode == 200 || response.StatusCode == 201 {
			response.Into(&other)
			return true
		}
		return false
	})
	if other.ID <= sent.ID {
		t.Errorf("the new leader's ids go on at %d, after %d", other.ID, sent.ID)
	}
	c.start(before, cluster.Begin{})
	c.expectEqual()
}
