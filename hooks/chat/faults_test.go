package chat_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// correspondence is what several people were told of their messages, by client_id.
type correspondence struct {
	testSchool
	t *testing.T

	mu      sync.Mutex
	stored  map[string]protocol.ID // receipts
	refused map[string]bool        // it was said that they weren't stored
	unknown int                    // it was said that it isn't known
	sent    int
}

func (c *correspondence) receipt(m protocol.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before, ok := c.stored[m.ClientID]; ok && before != m.ID {
		c.t.Errorf("%s was stored as %d and as %d", m.ClientID, before, m.ID)
	}
	c.stored[m.ClientID] = m.ID
}

// refusal returns whether to send the same again; otherwise it is written anew.
func (c *correspondence) refusal(clientID, code string) (again bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if again = code == protocol.CodeOutcomeUnknown; again {
		c.unknown++
	} else {
		c.refused[clientID] = true
	}
	return again
}

func (c *correspondence) nextClientID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	return fmt.Sprintf("message-%d", c.sent)
}

// overREST sends messages until each is stored.
func (c *correspondence) overREST(as apptest.Person, count int) {
	for range count {
		clientID := c.nextClientID()
		for {
			answer := c.Post(as, fmt.Sprintf("/api/messagerie/messages/%d/", c.conversation),
				map[string]any{"content": clientID, "client_id": clientID})
			if answer.StatusCode < 300 {
				var m protocol.Message
				answer.Into(&m)
				c.receipt(m)
				break
			}
			var refused protocol.Error
			answer.Into(&refused)
			if !c.refusal(clientID, refused.Code) {
				clientID = c.nextClientID()
			}
		}
	}
}

// dial opens a socket that may be closed again before its list comes.
func (c *correspondence) dial(as apptest.Person) *apptest.Socket {
	for {
		if socket, _, err := c.TryDial(as, fmt.Sprintf("/ws/chat/%d/", as.ID), nil); err == nil {
			return socket
		}
	}
}

// overSocket does the same over one socket after another.
func (c *correspondence) overSocket(as apptest.Person, count int) {
	socket := c.dial(as)
	clientID := c.nextClientID()
	for sent := 0; sent < count; {
		frame := protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: c.conversation,
			Message: clientID, ClientID: clientID}
		if err := socket.Conn.WriteJSON(frame); err != nil {
			socket = c.dial(as)
			continue
		}
		for {
			data := socket.Frame()
			if data == nil { // sent again on the next socket
				socket = c.dial(as)
				break
			}
			var got struct {
				protocol.ErrorFrame
				Message json.RawMessage `json:"message"`
			}
			var message protocol.Message
			if err := json.Unmarshal(data, &got); err != nil {
				c.t.Errorf("frame %s: %v", data, err)
				return
			}
			_ = json.Unmarshal(got.Message, &message) // a text in an error
			if got.Type == protocol.TypeNewMessage && message.ClientID == clientID {
				c.receipt(message)
				sent, clientID = sent+1, c.nextClientID()
				break
			}
			if got.Type == protocol.TypeError && got.ClientID == clientID {
				if !c.refusal(clientID, got.Code) {
					clientID = c.nextClientID()
				}
				break
			}
		}
	}
}

// hear follows a conversation as a client does: live, and after each end of a socket by
// asking for what it has missed, until a message says last. It returns the order.
func (c *correspondence) hear(as apptest.Person, last string) (heard []protocol.Message) {
	for {
		socket := c.dial(as)
		var after protocol.ID
		if len(heard) > 0 {
			after = heard[len(heard)-1].ID
		}
		var missed []protocol.Message
		c.Get(as, fmt.Sprintf("/api/messagerie/messages/%d/?limit=200&after=%d", c.conversation, after)).OK(200).Into(&missed)
		heard = append(heard, missed...)
		for {
			if len(heard) > 0 && heard[len(heard)-1].Content == last {
				return heard
			}
			data := socket.Frame()
			if data == nil {
				break
			}
			var frame protocol.MessageFrame
			if strings.Contains(string(data), `"new_message"`) && json.Unmarshal(data, &frame) == nil &&
				(len(heard) == 0 || frame.Message.ID > heard[len(heard)-1].ID) { // else it was in the page
				heard = append(heard, frame.Message)
			}
		}
	}
}

// settled looks at what is stored once the storage is well again.
func (c *correspondence) settled(wantUnknown bool) {
	c.t.Helper()
	var history []protocol.Message
	c.Get(c.claire, fmt.Sprintf("/api/messagerie/messages/%d/?limit=200&after=0", c.conversation)).OK(200).Into(&history)
	times := map[string]int{}
	for _, m := range history {
		times[m.Content]++
		if c.stored[m.Content] != m.ID {
			c.t.Errorf("%s is stored as %d, its sender was told %d", m.Content, m.ID, c.stored[m.Content])
		}
		if c.refused[m.Content] {
			c.t.Errorf("%s was refused, and is stored", m.Content)
		}
	}
	for clientID := range c.stored {
		if times[clientID] != 1 {
			c.t.Errorf("%s was acknowledged, and is there %d times", clientID, times[clientID])
		}
	}
	if wantUnknown == (c.unknown == 0) {
		c.t.Errorf("of %d messages it wasn't known whether they were stored", c.unknown)
	}
	c.t.Logf("%d stored, %d refused, %d times unknown", len(c.stored), len(c.refused), c.unknown)
}

func newCorrespondence(t *testing.T, app *apptest.App) *correspondence {
	college := app.Establishment("Collège")
	c := &correspondence{t: t, stored: map[string]protocol.ID{}, refused: map[string]bool{},
		testSchool: testSchool{App: app, claire: app.Person(college, protocol.RoleTeacher, "Claire", "Martin"),
			jerome: app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre")}}
	c.conversation = app.Conversation(c.claire, c.jerome)
	return c
}

// While a third of the commits fail at the last moment, some of them stored nevertheless,
// people send again what they were told isn't known.
func TestStorageFaults_loseNothingAndDoubleNothing(t *testing.T) {
	app, faults := apptest.NewFaulty(t, 1, unhurried)
	c := newCorrespondence(t, app)
	listener := make(chan []protocol.Message, 1)
	go func() { listener <- c.hear(c.jerome, "c'est tout") }()
	faults.Fail(0.3)
	var senders sync.WaitGroup
	for _, person := range []apptest.Person{c.claire, c.jerome, c.claire} {
		senders.Go(func() { c.overREST(person, 15) })
	}
	senders.Go(func() { c.overSocket(c.claire, 15) })
	senders.Wait()
	faults.Fail(0)
	last := app.Says(c.claire, c.conversation, "c'est tout")
	c.receipt(protocol.Message{ID: last.ID, ClientID: "c'est tout"})

	c.settled(true)
	if stored, lost := faults.Counts(); stored == 0 || lost == 0 {
		t.Errorf("%d failed commits were stored, %d lost: there is nothing to be seen", stored, lost)
	}
	heard := <-listener
	if !slices.IsSortedFunc(heard, func(a, b protocol.Message) int { return int(a.ID - b.ID) }) || len(heard) != len(c.stored) {
		t.Errorf("the other heard %d messages of %d: %v", len(heard), len(c.stored), heard)
	}
}

// What changed in a commit that failed is seen as it is, not as memory had it.
func TestStorageFaults_leaveNoOldPictureInMemory(t *testing.T) {
	app, faults := apptest.NewFaulty(t, 7)
	c := newCorrespondence(t, app)
	lea := app.Person(protocol.ParseID(c.jerome.Record.GetStringSlice("establishments")[0]), protocol.RoleStudent, "Léa", "Petit")
	group := app.Conversation(c.claire, c.jerome, lea)
	path := fmt.Sprintf("/api/messagerie/conversations/%d/", group)
	title := func() string {
		var got protocol.Conversation
		app.Get(c.jerome, fmt.Sprintf("/api/messagerie/conversations/%d/%d/", c.jerome.ID, group)).OK(200).Into(&got)
		return got.Title
	}
	if title() != "" { // and it is in memory now
		t.Fatal("it has a title already")
	}
	faults.Fail(1)
	for i := 0; ; i++ {
		name := fmt.Sprint("Titre ", i)
		app.Do(c.claire.Token, "PATCH", path, map[string]any{"title": name}).Refused(503, protocol.CodeOutcomeUnknown)
		if got := app.Find("conversations", group).GetString("title"); title() != got {
			t.Fatalf("the title is %q, shown is %q", got, title())
		}
		if stored, lost := faults.Counts(); stored > 0 && lost > 0 {
			return
		}
	}
}

// On a full disk statements fail, not commits: what is refused then isn't stored, and
// takes nobody else along.
func TestFullDisk_refusesWhatItDoesNotStore(t *testing.T) {
	app := apptest.New(t, unhurried)
	c := newCorrespondence(t, app)
	limit := func(pages string) {
		if _, err := app.NonconcurrentDB().NewQuery("PRAGMA max_page_count = " + pages).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	var pages int
	if err := app.NonconcurrentDB().NewQuery("PRAGMA page_count").Row(&pages); err != nil {
		t.Fatal(err)
	}
	limit(strconv.Itoa(pages + 40)) // room for some
	full := strings.Repeat("x", 5000)
	var writers sync.WaitGroup
	for n := range 4 {
		writers.Go(func() {
			for i := range 25 {
				clientID := fmt.Sprint("large-", n, "-", i)
				answer := c.Post(c.claire, fmt.Sprintf("/api/messagerie/messages/%d/", c.conversation),
					map[string]any{"content": clientID + full, "client_id": clientID})
				if answer.StatusCode == 201 {
					var m protocol.Message
					answer.Into(&m)
					m.ClientID += full
					c.receipt(m)
				} else if answer.Refused(500, protocol.CodeInternal); !c.refusal(clientID+full, protocol.CodeInternal) {
					continue
				}
			}
		})
	}
	writers.Wait()
	limit("1073741823") // SQLite's default
	c.overREST(c.jerome, 5)
	c.settled(false)
	if len(c.refused) == 0 || len(c.stored) <= 5 {
		t.Errorf("%d were refused, %d stored: there is nothing to be seen", len(c.refused), len(c.stored))
	}
}
