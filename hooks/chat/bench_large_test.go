package chat_test

import (
	"bytes"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// The time until all of a group of three thousand, all online, have received a message; and how
// long the messages of two other people take meanwhile, and while the group is silent.
func BenchmarkMessage_groupOf3000(b *testing.B) {
	const size = 3000
	app := apptest.New(b, withoutFrameLimit, func(c *config.Config) { c.Limits.GroupParticipants = size })
	school := app.Establishment("Académie")
	sender := app.Person(school, protocol.RoleTeacher, "Claire", "Martin")
	one, other := app.Person(school, protocol.RoleParent, "A", "A"), app.Person(school, protocol.RoleParent, "B", "B")
	group := app.Conversation(sender, one, other)
	var received sync.WaitGroup
	for _, person := range fillGroup(b, app, school, group, size-3) {
		listen(b, app, person, &received)
	}
	speaker, _ := app.Dial(sender)
	pair := &conversing{conversation: app.Conversation(one, other)}
	pair.one, _ = app.Dial(one)
	pair.other, _ = app.Dial(other)
	silent := pair.during(b, func() { time.Sleep(3 * time.Second) })
	b.ResetTimer()
	var took []time.Duration
	noisy := pair.during(b, func() {
		for range b.N {
			received.Add(size - 3)
			begun := time.Now()
			speaker.Says(group, "Bonjour à tous")
			received.Wait()
			took = append(took, time.Since(begun))
			time.Sleep(2 * time.Second) // until all have confirmed receipt
		}
	})
	b.ReportMetric(p99ms(took), "all-p99-ms")
	b.ReportMetric(p99ms(silent), "pair-silent-p99-ms")
	b.ReportMetric(p99ms(noisy), "pair-p99-ms")
}

// fillGroup inserts participants directly: the rules aren't what is measured.
func fillGroup(b *testing.B, app *apptest.App, school, group protocol.ID, size int) (people []apptest.Person) {
	b.Helper()
	const numbers = "WITH RECURSIVE n(value) AS (VALUES(1) UNION ALL SELECT value + 1 FROM n WHERE value < {:size}) "
	for _, query := range []string{
		numbers + `INSERT INTO users (id, first_name, last_name, email, role, establishments, tokenKey, password)
			SELECT printf('%016d', value), 'Parent', value, 'p' || value || '@ecole.example', 'parent',
				json_array({:school}), 'k' || value, 'x' FROM n`,
		numbers + `INSERT INTO participants (id, conversation, user)
			SELECT printf('%016d', value), {:group}, printf('%016d', value) FROM n WHERE value > 1`,
	} {
		_, err := app.DB().NewQuery(query).Bind(dbx.Params{
			"school": school.RecordID(), "group": group.RecordID(), "size": size}).Execute()
		if err != nil {
			b.Fatal(err)
		}
	}
	// The last one is saved as a record, so that the server invalidates its cache.
	app.Create("participants", map[string]any{"conversation": group.RecordID(), "user": protocol.ID(1).RecordID()})
	for id := range size {
		people = append(people, app.SignIn(app.Find("users", protocol.ID(id+1))))
	}
	return people
}

// listen opens a socket that counts the group's messages.
func listen(b *testing.B, app *apptest.App, person apptest.Person, received *sync.WaitGroup) {
	b.Helper()
	socket, resp, err := app.TryDial(person, "/ws/chat/"+person.ID.String()+"/", nil)
	if err != nil {
		b.Fatal(err, resp)
	}
	if _, _, err := socket.Conn.ReadMessage(); err != nil { // its list
		b.Fatal(err)
	}
	go func() {
		for {
			_, frame, err := socket.Conn.ReadMessage()
			if err != nil {
				return
			}
			if bytes.HasPrefix(frame, []byte(`{"type":"new_message"`)) {
				received.Done()
			}
		}
	}()
}

// conversing is two people who write to each other.
type conversing struct {
	conversation protocol.ID
	one, other   *apptest.Socket
}

// during sends at most fifty messages a second while something else happens.
func (c *conversing) during(b *testing.B, happens func()) (took []time.Duration) {
	b.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		happens()
	}()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ended:
			return took
		case <-tick.C:
		}
		begun := time.Now()
		sent := c.one.Says(c.conversation, "Bonjour "+strconv.Itoa(n))
		for {
			var frame protocol.MessageFrame
			c.other.Expect(protocol.TypeNewMessage, &frame)
			if frame.Message.ID == sent.ID {
				break
			}
		}
		took = append(took, time.Since(begun))
	}
}

func p99ms(took []time.Duration) float64 {
	slices.Sort(took)
	return took[len(took)*99/100].Seconds() * 1000
}
