package chat_test

import (
	"strconv"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// A message to a large group is received by all at once. Its sender hears of each,
// which is more than a socket's queue holds, and isn't cut for being told too fast.
func TestDelivered_byHundredsAtOnce_reachesTheSender(t *testing.T) {
	const devices = 300
	app := apptest.New(t, unhurried, func(c *config.Config) {
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
	told := map[protocol.ID]bool{}
	for len(told) < devices-1 {
		var frame protocol.MessagesDeliveredFrame
		sender.Expect(protocol.TypeMessagesDelivered, &frame)
		if frame.MessageID == sent.ID {
			told[frame.UserID] = true
		}
	}
}
