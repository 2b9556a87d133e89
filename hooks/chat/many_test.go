package chat_test

import (
	"strconv"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// A message to a large group is received by all at once. Its sender gets more messages_delivered
// frames than a socket's queue holds, and must not be cut.
func TestDelivered_byHundredsAtOnce_reachesTheSender(t *testing.T) {
	const devices = 300
	app := apptest.New(t, withoutFrameLimit, func(c *config.Config) {
		c.Limits.GroupParticipants, c.Limits.SocketsPerUser = devices, 2
	})
	school := app.Establishment("Lycée")
	people := make([]apptest.Person, devices)
	for i := range people {
		people[i] = app.Person(school, protocol.RoleParent, "Parent", strconv.Itoa(i))
	}
	group := app.Conversation(people...)
	sender, _ := app.Dial(people[0])
	for _, person := range people[1:] {
		app.Dial(person)
	}
	sent := sender.Says(group, "Bonjour à tous")
	delivered := map[protocol.ID]bool{}
	for len(delivered) < devices-1 {
		var frame protocol.MessagesDeliveredFrame
		sender.Expect(protocol.TypeMessagesDelivered, &frame)
		if frame.MessageID == sent.ID {
			delivered[frame.UserID] = true
		}
	}
}

// In a large group most sockets are woken a little later. Other frames for one of them don't
// overtake those that wait.
func TestLargeGroup_keepsTheOrderOfEverythingThatASocketGets(t *testing.T) {
	const size, rounds = 150, 20
	app := apptest.New(t, withoutFrameLimit)
	school := app.Establishment("Lycée")
	people := make([]apptest.Person, size)
	for i := range people {
		people[i] = app.Person(school, protocol.RoleParent, "Parent", strconv.Itoa(i))
	}
	first, last := people[0], people[size-1]
	group, direct := app.Conversation(people...), app.Conversation(first, last)
	var sockets []*apptest.Socket
	for _, person := range people {
		socket, _ := app.Dial(person)
		sockets = append(sockets, socket)
	}
	for round := range rounds {
		sockets[0].Send(chatFrame(t, group, "À tous "+strconv.Itoa(round)))
		sockets[0].Send(chatFrame(t, direct, "À toi "+strconv.Itoa(round)))
	}
	expect := func(socket *apptest.Socket, want int) {
		t.Helper()
		var before protocol.ID
		for range want {
			var frame protocol.MessageFrame
			socket.Expect(protocol.TypeNewMessage, &frame)
			if frame.Message.ID <= before {
				t.Fatalf("%d comes after %d", frame.Message.ID, before)
			}
			before = frame.Message.ID
		}
	}
	expect(sockets[size-1], 2*rounds)
	for _, socket := range sockets[1 : size-1] {
		expect(socket, rounds)
	}
}
