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

// exchange records what senders were told about their messages, by client_id.
type exchange struct {
	testSchool
	t *testing.T

	mu      sync.Mutex
	stored  map[string]protocol.ID // receipts
	refused map[string]bool        // reported as not stored
	unknown int                    // reported as unknown
	sent    int
}

func (c *exchange) receipt(m protocol.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before, ok := c.stored[m.ClientID]; ok && before != m.ID {
		c.t.Errorf("%s was stored as %d and as %d", m.ClientID, before, m.ID)
	}
	c.stored[m.ClientID] = m.ID
}

// refusal returns whether to resend the same message; otherwise a new one is sent.
func (c *exchange) refusal(clientID, code string) (again bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if again = code == protocol.CodeOutcomeUnknown; again {
		c.unknown++
	} else {
		c.refused[clientID] = true
	}
	return again
}

func (c *exchange) nextClientID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	return fmt.Sprintf("message-%d", c.sent)
}

// overREST sends messages until each is stored.
func (c *exchange) overREST(as apptest.Person, count int) {
	for range count {
		clientID := c.nextClientID()
		for {
			resp := c.Post(as, fmt.Sprintf("/api/messagerie/messages/%d/", c.conversation),
				map[string]any{"content": clientID, "client_id": clientID})
			if resp.StatusCode < 300 {
				var m protocol.Message
				resp.Into(&m)
				c.receipt(m)
				break
			}
			var refused protocol.Error
			resp.Into(&refused)
			if !c.refusal(clientID, refused.Code) {
				clientID = c.nextClientID()
			}
		}
	}
}

// dial opens a socket, which may be closed before its list comes.
func (c *exchange) dial(as apptest.Person) *apptest.Socket {
	for {
		if socket, _, err := c.TryDial(as, fmt.Sprintf("/ws/chat/%d/", as.ID), nil); err == nil {
			return socket
		}
	}
}

// overSocket does the same over sockets, opening another when one is closed.
func (c *exchange) overSocket(as apptest.Person, count int) {
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

// follow follows a conversation as a client does: live, and each time the socket was closed by
// asking for what it missed, until a message says last. It returns the messages in order.
func (c *exchange) follow(as apptest.Person, last string) (received []protocol.Message) {
	for {
		socket := c.dial(as)
		var after protocol.ID
		if len(received) > 0 {
			after = received[len(received)-1].ID
		}
		var missed []protocol.Message
		c.Get(as, fmt.Sprintf("/api/messagerie/messages/%d/?limit=200&after=%d", c.conversation, after)).OK(200).Into(&missed)
		received = append(received, missed...)
		for {
			if len(received) > 0 && received[len(received)-1].Content == last {
				return received
			}
			data := socket.Frame()
			if data == nil {
				break
			}
			var frame protocol.MessageFrame
			if strings.Contains(string(data), `"new_message"`) && json.Unmarshal(data, &frame) == nil &&
				(len(received) == 0 || frame.Message.ID > received[len(received)-1].ID) { // else it was in the page
				received = append(received, frame.Message)
			}
		}
	}
}

// checkStored compares what is stored with what senders were told, after the faults.
func (c *exchange) checkStored(wantUnknown bool) {
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
		c.t.Errorf("%d outcomes were unknown", c.unknown)
	}
	c.t.Logf("%d stored, %d refused, %d times unknown", len(c.stored), len(c.refused), c.unknown)
}

func newExchange(t *testing.T, app *apptest.App) *exchange {
	college := app.Establishment("Collège")
	c := &exchange{t: t, stored: map[string]protocol.ID{}, refused: map[string]bool{},
		testSchool: testSchool{App: app, claire: app.Person(college, protocol.RoleTeacher, "Claire", "Martin"),
			jerome: app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre")}}
	c.conversation = app.Conversation(c.claire, c.jerome)
	return c
}

// While a third of the commits fail, some of them after storing, people resend messages whose
// outcome is unknown.
func TestStorageFaults_loseNothingAndDuplicateNothing(t *testing.T) {
	app, faults := apptest.NewFaulty(t, 1, withoutFrameLimit)
	c := newExchange(t, app)
	listener := make(chan []protocol.Message, 1)
	go func() { listener <- c.follow(c.jerome, "c'est tout") }()
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

	c.checkStored(true)
	if stored, lost := faults.Counts(); stored == 0 || lost == 0 {
		t.Errorf("%d failed commits were stored, %d lost: the test needs both", stored, lost)
	}
	received := <-listener
	if !slices.IsSortedFunc(received, func(a, b protocol.Message) int { return int(a.ID - b.ID) }) || len(received) != len(c.stored) {
		t.Errorf("the other person received %d messages of %d: %v", len(received), len(c.stored), received)
	}
}

// After a failed commit, clients see what is stored, not what was cached.
func TestStorageFaults_leaveNothingStaleInCaches(t *testing.T) {
	app, faults := apptest.NewFaulty(t, 7)
	c := newExchange(t, app)
	lea := app.Person(protocol.ParseID(c.jerome.Record.GetStringSlice("establishments")[0]), protocol.RoleStudent, "Léa", "Petit")
	group := app.Conversation(c.claire, c.jerome, lea)
	path := fmt.Sprintf("/api/messagerie/conversations/%d/", group)
	title := func() string {
		var got protocol.Conversation
		app.Get(c.jerome, fmt.Sprintf("/api/messagerie/conversations/%d/%d/", c.jerome.ID, group)).OK(200).Into(&got)
		return got.Title
	}
	if title() != "" { // and it is cached now
		t.Fatal("it has a title already")
	}
	faults.Fail(1)
	for i := 0; ; i++ {
		name := fmt.Sprint("Titre ", i)
		app.Do(c.claire.Token, "PATCH", path, map[string]any{"title": name}).Refused(503, protocol.CodeOutcomeUnknown)
		if got := app.Find("conversations", group).GetString("title"); title() != got {
			t.Fatalf("the title is %q, but %q is shown", got, title())
		}
		if stored, lost := faults.Counts(); stored > 0 && lost > 0 {
			return
		}
	}
}

// On a full disk statements fail, not commits: what is refused isn't stored, and others in the
// same transaction are.
func TestFullDisk_refusesWhatItDoesNotStore(t *testing.T) {
	app := apptest.New(t, withoutFrameLimit)
	c := newExchange(t, app)
	limit := func(pages string) {
		if _, err := app.NonconcurrentDB().NewQuery("PRAGMA max_page_count = " + pages).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	var pages int
	if err := app.NonconcurrentDB().NewQuery("PRAGMA page_count").Row(&pages); err != nil {
		t.Fatal(err)
	}
	limit(strconv.Itoa(pages + 40)) // room for some messages
	full := strings.Repeat("x", 5000)
	var writers sync.WaitGroup
	for n := range 4 {
		writers.Go(func() {
			for i := range 25 {
				clientID := fmt.Sprint("large-", n, "-", i)
				resp := c.Post(c.claire, fmt.Sprintf("/api/messagerie/messages/%d/", c.conversation),
					map[string]any{"content": clientID + full, "client_id": clientID})
				if resp.StatusCode == 201 {
					var m protocol.Message
					resp.Into(&m)
					m.ClientID += full
					c.receipt(m)
				} else if resp.Refused(503, protocol.CodeStorageFull); !c.refusal(clientID+full, protocol.CodeStorageFull) {
					continue
				}
			}
		})
	}
	writers.Wait()
	limit("1073741823") // SQLite's default
	c.overREST(c.jerome, 5)
	c.checkStored(false)
	if len(c.refused) == 0 || len(c.stored) <= 5 {
		t.Errorf("%d were refused, %d stored: the test needs both", len(c.refused), len(c.stored))
	}
}
