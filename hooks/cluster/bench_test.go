package cluster_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/gorilla/websocket"

	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/protocol"
)

// What is measured: in turn, because the machine is shared with whoever measures.
const (
	benchRounds  = 3
	benchLasts   = 8 * time.Second
	benchPairs   = 16
	benchWindow  = 4 // messages that a person has in flight
	benchPeople  = 200
	benchSockets = 2000 // of each node
)

var benchSetups = []struct {
	name  string
	nodes int // 0: a single machine
}{{"one machine", 0}, {"a cluster of one", 1}, {"three nodes", 3}, {"five nodes, three of which vote", 5}}

func skipUnlessBench(t *testing.T) {
	t.Helper()
	if os.Getenv("BENCH") == "" {
		t.Skip("make bench-cluster measures")
	}
}

// Messages a second and how long they take, from the frame of who sends to that of the other one, whose socket is on
// another node.
func TestBench_messages(t *testing.T) {
	skipUnlessBench(t)
	rates, p50s, p99s := map[string][]float64{}, map[string][]time.Duration{}, map[string][]time.Duration{}
	for range benchRounds {
		for _, setup := range benchSetups {
			took := benchMessages(t, setup.nodes)
			slices.Sort(took)
			rates[setup.name] = append(rates[setup.name], float64(len(took))/benchLasts.Seconds())
			p50s[setup.name] = append(p50s[setup.name], took[len(took)/2])
			p99s[setup.name] = append(p99s[setup.name], took[len(took)*99/100])
		}
	}
	var text strings.Builder
	out := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "medians of %d\tmessages a second\tp50\tp99\n", benchRounds)
	for _, setup := range benchSetups {
		fmt.Fprintf(out, "%s\t%.0f\t%v\t%v\n", setup.name, median(rates[setup.name]),
			median(p50s[setup.name]).Round(100*time.Microsecond), median(p99s[setup.name]).Round(100*time.Microsecond))
	}
	_ = out.Flush()
	t.Log("\n" + text.String())
}

func median[T float64 | time.Duration](of []T) T {
	slices.Sort(of)
	return of[len(of)/2]
}

// benchMessages lets pairs write to each other and returns how long each message took.
func benchMessages(t *testing.T, nodes int) []time.Duration {
	dir := plainapp.DataDir(t)
	app := apptest.Open(t, dir)
	school := app.EstablishmentWithRules("Collège")
	var people []apptest.Person
	var conversations []protocol.ID
	for i := range benchPairs {
		pair := []apptest.Person{app.Person(school, "teacher", fmt.Sprint("A", i), "Nom"), app.Person(school, "teacher", fmt.Sprint("B", i), "Nom")}
		people, conversations = append(people, pair...), append(conversations, app.Conversation(pair...))
	}
	app.Stop()
	c := newProcessesIn(t, dir, nodes, func(n *child) { n.Unlimited = true })
	defer c.endAll()
	var mu sync.Mutex
	var took []time.Duration
	var reading sync.WaitGroup
	var over atomic.Bool
	var sockets []*websocket.Conn
	for i, person := range people {
		socket := dialNode(t, &c.children[i%len(c.children)], person)
		sockets = append(sockets, socket)
		var writing sync.Mutex
		say := func() {
			writing.Lock()
			defer writing.Unlock()
			now := fmt.Sprint(time.Now().UnixNano())
			_ = socket.WriteJSON(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: conversations[i/2], Message: "Bonjour, Léa sera absente demain.", ClientID: now})
		}
		reading.Go(func() {
			var own []time.Duration
			for {
				_, data, err := socket.ReadMessage()
				if err != nil {
					break
				}
				var frame protocol.MessageFrame
				if json.Unmarshal(data, &frame) != nil || frame.Type != protocol.TypeNewMessage {
					if frame.Type == protocol.TypeError {
						t.Errorf("refused: %s", data)
					}
					continue
				}
				switch {
				case over.Load():
				case frame.Message.SenderID == person.ID:
					say()
				default:
					sent, _ := strconv.ParseInt(frame.Message.ClientID, 10, 64)
					own = append(own, time.Since(time.Unix(0, sent)))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
		})
		for range benchWindow {
			say()
		}
	}
	time.Sleep(benchLasts)
	over.Store(true)
	for _, socket := range sockets {
		_ = socket.Close()
	}
	reading.Wait()
	if len(took) == 0 {
		t.Fatal("no message came")
	}
	return took
}

func dialNode(t *testing.T, node *child, person apptest.Person) *websocket.Conn {
	t.Helper()
	conn, resp, err := websocket.DefaultDialer.Dial(fmt.Sprintf("ws://%s/ws/chat/%d/", node.HTTP, person.ID), http.Header{"Authorization": {"Bearer " + person.Token}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return conn
}

// Sockets: how much memory one takes on a single machine and on each of three nodes, and how long a message to a group
// takes until the last socket has it.
func TestBench_sockets(t *testing.T) {
	skipUnlessBench(t)
	alone, aloneLast := benchHeld(t, 0)
	three, threeLast := benchHeld(t, 3)
	t.Logf("one machine: %d sockets, %.1f KiB each, a message is on the last one after %v", benchSockets, alone, aloneLast.Round(time.Millisecond))
	t.Logf("three nodes: %d sockets, %.1f KiB each, a message is on the last one after %v", 3*benchSockets, three, threeLast.Round(time.Millisecond))
	t.Logf("in the memory in which one machine holds a socket, three nodes with as much each hold %.2f", 3*alone/three)
}

// benchHeld opens sockets to each node, and returns how much memory each takes and how long a message to all takes.
func benchHeld(t *testing.T, nodes int) (kib float64, last time.Duration) {
	dir := plainapp.DataDir(t)
	app := apptest.Open(t, dir)
	school := app.EstablishmentWithRules("Collège")
	var people []apptest.Person
	for i := range benchPeople {
		people = append(people, app.Person(school, "teacher", fmt.Sprint("Prénom", i), "Nom"))
	}
	conversation := app.Conversation(people...)
	app.Stop()
	c := newProcessesIn(t, dir, nodes)
	defer c.endAll()
	var sockets []*websocket.Conn
	defer func() {
		for _, socket := range sockets {
			_ = socket.Close()
		}
	}()
	var before, after float64
	heard := make(chan time.Time, 1<<16)
	for i := range c.children {
		before += residentKiB(t, c.running[i].Process.Pid)
		for n := range benchSockets {
			socket := dialNode(t, &c.children[i], people[n%len(people)])
			sockets = append(sockets, socket)
			go func() {
				for {
					_, data, err := socket.ReadMessage()
					if err != nil {
						return
					}
					if strings.HasPrefix(string(data), `{"type":"new_message"`) {
						heard <- time.Now()
					}
				}
			}()
		}
		after += residentKiB(t, c.running[i].Process.Pid)
	}
	begun := time.Now()
	if err := sockets[0].WriteJSON(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: conversation, Message: "Bonjour à tous", ClientID: "to-all"}); err != nil {
		t.Fatal(err)
	}
	for range sockets {
		select {
		case at := <-heard:
			last = max(last, at.Sub(begun))
		case <-time.After(30 * time.Second):
			t.Fatal("not every socket has heard the message")
		}
	}
	return (after - before) / float64(len(sockets)), last
}

func residentKiB(t *testing.T, pid int) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kib
		}
	}
	t.Fatal("no VmRSS")
	return 0
}
