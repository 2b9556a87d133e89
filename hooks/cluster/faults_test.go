package cluster_test

import (
	"context"
	"net/http"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// at is a node as clients see it.
func (c *processes) at(i int) *apptest.App { return apptest.At(c.t, "http://"+c.children[i].HTTP) }

func TestCluster_isolatedLeaderStoresNothing(t *testing.T) {
	t.Parallel()
	c := newProcesses(t)
	leader := c.leader()
	there, path := c.at(leader), "/api/messagerie/messages/"+c.conversation+"/"
	socket, _ := there.Dial(c.people[0])
	c.isolate(leader)
	if status, _ := c.send(context.Background(), leader, 1, "pending"); isStored(status) {
		t.Errorf("a leader without a majority has acknowledged a message (%d)", status)
	}
	next := c.leader(leader)
	eventually(t, "writing goes on", func() bool {
		status, _ := c.send(context.Background(), next, 1, "elsewhere")
		return isStored(status)
	})
	there.Post(c.people[1], path, map[string]any{"content": "ici"}).Refused(http.StatusServiceUnavailable, protocol.CodeUnavailable)
	there.Get(c.people[1], path).OK(http.StatusOK)
	there.Get(c.people[1], "/api/ready/").Refused(http.StatusServiceUnavailable, protocol.CodeUnavailable)
	socket.ExpectClose(protocol.CloseServiceRestart)
	c.heal(leader)
	eventually(t, "it follows", func() bool { return there.Get(c.people[1], "/api/ready/").StatusCode == http.StatusOK })
	stored := c.compare().Strings(t, "SELECT client_id FROM messages")
	if len(stored) != 1 || stored[0][0] != "elsewhere" {
		t.Errorf("%q is stored", stored)
	}
}

func TestCluster_nodeWithAFullDiskIsReadAndCatchesUp(t *testing.T) {
	t.Parallel()
	c := newProcesses(t)
	full := c.leader()
	there, path := c.at(full), "/api/messagerie/messages/"+c.conversation+"/"
	socket, _ := there.Dial(c.people[0])
	for _, clientID := range []string{"one", "two"} { // the second time it follows
		c.fill(full)
		eventually(t, "writing goes on", func() bool {
			status, _ := c.send(context.Background(), (full+1)%3, 1, clientID)
			return isStored(status)
		})
		there.Get(c.people[1], path).OK(http.StatusOK)
		eventually(t, "it says what is wrong", func() bool {
			s, err := c.status(full)
			return err == nil && s.Stuck != ""
		})
		if status := there.Get(c.people[1], "/api/ready/").StatusCode; status != http.StatusServiceUnavailable {
			t.Errorf("it says that it's ready: %d", status)
		}
		if clientID == "one" {
			socket.ExpectClose(protocol.CloseServiceRestart)
		}
		c.empty(full)
		eventually(t, "it follows", func() bool { return there.Get(c.people[1], "/api/ready/").StatusCode == http.StatusOK })
	}
	if stored := c.compare().Strings(t, "SELECT client_id FROM messages ORDER BY client_id"); len(stored) != 2 {
		t.Errorf("%q is stored", stored)
	}
}
