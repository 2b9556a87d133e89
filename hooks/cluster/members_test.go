package cluster_test

import (
	"errors"
	"fmt"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/cluster"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// pairOf begins a school on the first node: two people who write to each other.
func (c *nodes) pairOf() (anna, ben apptest.Person, conversation protocol.ID) {
	c.t.Helper()
	anna, ben, conversation = c.schoolOf()
	c.expectEqual()
	return anna, ben, conversation
}

// schoolOf is pairOf while not all nodes run.
func (c *nodes) schoolOf() (anna, ben apptest.Person, conversation protocol.ID) {
	c.t.Helper()
	first := c.apps[c.leader()]
	school := first.EstablishmentWithRules("Collège")
	anna, ben = first.Person(school, "teacher", "Anna", "A"), first.Person(school, "teacher", "Ben", "B")
	conversation = first.Conversation(anna, ben)
	return anna, ben, conversation
}

func TestCluster_refusesOnNodesThatDoNotLead(t *testing.T) {
	t.Parallel()
	c := newNodes(t, 3)
	_, ben, _ := c.pairOf()
	follower := c.apps[(c.leader()+1)%3]
	record := follower.Find("users", ben.ID)
	record.Set("first_name", "Benoît")
	if err := follower.Save(record); !errors.Is(err, refusal.NoLeader) {
		t.Errorf("a follower has saved a record: %v", err)
	}
	if _, err := follower.NonconcurrentDB().NewQuery("DELETE FROM users").Execute(); !errors.Is(err, refusal.NoLeader) {
		t.Errorf("a follower has executed a statement: %v", err)
	}
	if _, err := follower.ConcurrentDB().NewQuery("DELETE FROM users").Execute(); !errors.Is(err, refusal.NoLeader) {
		t.Errorf("a follower has executed a statement on a connection for reading: %v", err)
	}
	c.expectEqual()
}

func TestCluster_minorityReadsAndStoresNothing(t *testing.T) {
	t.Parallel()
	c := newNodes(t, 3)
	anna, _, conversation := c.pairOf()
	leader := c.leader()
	socket, _ := c.apps[leader].Dial(anna)
	c.stop((leader + 1) % 3)
	c.stop((leader + 2) % 3)
	path := fmt.Sprintf("/api/messagerie/messages/%d/", conversation)
	response := c.apps[leader].Post(anna, path, map[string]any{"content": "seul", "client_id": "seul"})
	if response.StatusCode != 503 && response.StatusCode != 500 {
		t.Errorf("status %d without a majority", response.StatusCode)
	}
	eventually(t, "the node notices that it doesn't lead", func() bool { return !c.apps[leader].Node.Leads() })
	c.apps[leader].Post(anna, path, map[string]any{"content": "encore"}).Refused(503, protocol.CodeUnavailable)
	socket.Send(map[string]any{"type": protocol.TypeChatMessage, "conversation_id": conversation, "message": "par la prise", "client_id": "prise"})
	socket.ExpectRefusal(protocol.CodeUnavailable)
	var messages []protocol.Message
	c.apps[leader].Get(anna, path).OK(200).Into(&messages)
	if len(messages) != 0 {
		t.Errorf("a minority has stored %d messages", len(messages))
	}
	c.start((leader+1)%3, cluster.Begin{})
	c.start((leader+2)%3, cluster.Begin{})
	c.expectEqual()
}

func TestCluster_catchesUpFromACopy(t *testing.T) {
	t.Parallel()
	c := newNodes(t, 1)
	c.change = func(cfg *config.Config) { cfg.Cluster.SnapshotEntries = 16 }
	c.stop(0)
	c.start(0, cluster.Begin{})
	for range 2 {
		c.addresses, c.dirs, c.apps = append(c.addresses, freeAddress(t)), append(c.dirs, t.TempDir()), append(c.apps, nil)
	}
	c.leader()
	anna, _, conversation := c.schoolOf()
	c.start(1, cluster.Begin{Join: c.addresses[0]})
	c.start(2, cluster.Begin{Join: c.addresses[1]}) // which sends it on to the leader
	c.expectEqual()
	away := (c.leader() + 1) % 3
	c.stop(away)
	leader := c.leader(away)
	for i := range 60 {
		c.apps[leader].Says(anna, conversation, fmt.Sprint("Message ", i))
	}
	c.apps[leader].Node.CutLog(t)
	c.start(away, cluster.Begin{})
	c.expectEqual()
	if c.apps[away].Node.Restored() == 0 {
		t.Error("the log wasn't cut: nothing was copied")
	}
	c.apps[leader].Says(anna, conversation, "et la suite")
	c.stop(away)
	c.start(away, cluster.Begin{})
	c.expectEqual()
}

func TestCluster_fromOneMachineToThreeAndBack(t *testing.T) {
	t.Parallel()
	c := newNodes(t, 3)
	anna, _, conversation := c.pairOf()
	c.apps[c.leader()].Says(anna, conversation, "à trois")
	c.expectEqual()
	for i := range c.apps {
		c.stop(i)
	}
	if err := cluster.OpenAlone(c.dirs[1]); err == nil {
		t.Error("a node's data were opened without its cluster")
	}
	if _, err := cluster.RecoverNode(c.dirs[1]); err != nil {
		t.Fatal(err)
	}
	alone := apptest.Open(t, c.dirs[1])
	alone.Says(anna, conversation, "de nouveau seule")
	var messages []protocol.Message
	alone.Get(anna, fmt.Sprintf("/api/messagerie/messages/%d/", conversation)).OK(200).Into(&messages)
	if len(messages) != 2 {
		t.Errorf("%d messages instead of 2", len(messages))
	}
}

func TestCluster_showsTypingOnOtherNodes(t *testing.T) {
	t.Parallel()
	c := newNodes(t, 2)
	anna, ben, conversation := c.pairOf()
	a, _ := c.apps[0].Dial(anna)
	b, _ := c.apps[1].Dial(ben)
	b.Send(map[string]any{"type": protocol.TypeTypingStart, "conversation_id": conversation})
	var frame protocol.TypingFrame
	a.Expect(protocol.TypeTypingStart, &frame)
	if frame.UserID != ben.ID {
		t.Errorf("%d types instead of %d", frame.UserID, ben.ID)
	}
}

func TestCluster_beginsWithoutData(t *testing.T) {
	t.Parallel()
	c := &nodes{t: t, change: func(*config.Config) {}, addresses: []string{freeAddress(t)}, dirs: []string{t.TempDir()}, apps: make([]*apptest.App, 1)}
	app := c.start(0, cluster.Begin{Init: true})
	if app.Establishment("Collège") == 0 || app.Node.Position() == 0 {
		t.Error("nothing was stored through the log")
	}
}
