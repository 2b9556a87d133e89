package cluster_test

import (
	"context"
	"fmt"
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
	there.Get(c.people[0], fmt.Sprintf("/ws/chat/%d/", c.people[0].ID)).Refused(http.StatusServiceUnavailable, protocol.CodeUnavailable)
	c.heal(leader)
	eventually(t, "it follows", func() bool { return there.Get(c.people[1], "/api/ready/").StatusCode == http.StatusOK })
	there.Dial(c.people[0])
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

// What somebody sends again is answered by the machine that leads, which has it already: the socket's own node must not
// show it before the messages that came earlier, or a client that reads on from it would miss those.
func TestCluster_messageSentAgainDoesNotOvertakeOthers(t *testing.T) {
	t.Parallel()
	c := newProcesses(t)
	behind := (c.leader() + 1) % 3
	socket, _ := c.at(behind).Dial(c.people[0])
	c.fill(behind)
	for who, clientID := range []string{"own", "first", "second"} {
		if who == 0 {
			continue // after the others
		}
		eventually(t, "it is stored elsewhere", func() bool {
			status, _ := c.send(context.Background(), c.leader(behind), who, clientID)
			return isStored(status)
		})
	}
	eventually(t, "it is stored elsewhere", func() bool {
		status, _ := c.send(context.Background(), c.leader(behind), 0, "own")
		return isStored(status)
	})
	frame := protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: protocol.ParseID(c.conversation), Message: "Message own", ClientID: "own"}
	socket.Send(frame)
	for kind, data := socket.Next(); ; kind, data = socket.Next() {
		if kind == protocol.TypeNewMessage {
			t.Errorf("%s came although the node hasn't what came before", data)
			break
		}
		if kind == protocol.TypeError {
			break
		}
	}
	c.empty(behind)
	var came []string
	socket, _ = c.at(behind).Dial(c.people[0]) // the other one may have been closed
	eventually(t, "it follows", func() bool { return c.at(behind).Get(c.people[0], "/api/ready/").StatusCode == http.StatusOK })
	socket.Send(frame)
	for len(came) == 0 || came[len(came)-1] != "own" {
		var heard protocol.MessageFrame
		socket.Expect(protocol.TypeNewMessage, &heard)
		came = append(came, heard.Message.ClientID)
	}
	c.compare()
}
