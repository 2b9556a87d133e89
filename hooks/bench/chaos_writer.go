package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// chaosWriter is somebody who writes as fast as their messages are acknowledged, and sends again what wasn't, with the same
// client_id.
type chaosWriter struct {
	victim       *victim
	number       int
	window       int // messages that may be unacknowledged
	user         int64
	token        string
	conversation int64
	ending       atomic.Bool // nothing new is to be sent

	count atomic.Int64 // acknowledged

	mu     sync.Mutex
	ids    []int64 // by number of the message, 0 until it is acknowledged
	first  int     // not acknowledged; all before are
	differ int     // acknowledged again, with another id
}

// retryAfter is how long a message that was refused waits.
const retryAfter = 20 * time.Millisecond

func (w *chaosWriter) clientID(n int) string { return fmt.Sprintf("chaos-%d-%d", w.number, n) }

// text is what message n says: some are short, some of several pages of the database.
func (w *chaosWriter) text(n int) string {
	return fmt.Sprintf("Message %d %s de %d", n, strings.Repeat("é", n*n%97*(n%5)*5), w.number)
}

func (w *chaosWriter) waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	count := 0
	for _, id := range w.ids[w.first:] {
		if id == 0 {
			count++
		}
	}
	return count
}

// write connects whenever there is a server, until the end of the context.
func (w *chaosWriter) write(ctx context.Context) {
	for ctx.Err() == nil {
		if address := w.victim.address.Load(); address != nil {
			w.converse(ctx, *address)
		}
		time.Sleep(poll)
	}
}

// converse writes over one socket until it ends.
func (w *chaosWriter) converse(ctx context.Context, address string) {
	url := fmt.Sprintf("ws://%s/ws/chat/%d/", address, w.user)
	conn, response, err := websocket.DefaultDialer.DialContext(ctx, url, http.Header{"Authorization": {"Bearer " + w.token}})
	if err != nil {
		return // it is down
	}
	response.Body.Close()
	end := func() { _ = conn.Close() }
	defer end()
	defer context.AfterFunc(ctx, end)()
	w.mu.Lock()
	again := w.first
	w.mu.Unlock()
	for n := again; n < len(w.ids); n++ { // only this goroutine appends
		if w.idOf(n) == 0 && w.send(conn, n) != nil {
			return
		}
	}
	for w.sendNew(conn) == nil {
		if w.receive(conn) != nil {
			return
		}
	}
}

func (w *chaosWriter) idOf(n int) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ids[n]
}

// sendNew sends as many new messages as may be in flight.
func (w *chaosWriter) sendNew(conn *websocket.Conn) error {
	for !w.ending.Load() && w.waiting() < w.window {
		w.mu.Lock()
		n := len(w.ids)
		w.ids = append(w.ids, 0)
		w.mu.Unlock()
		if err := w.send(conn, n); err != nil {
			return err
		}
	}
	return nil
}

func (w *chaosWriter) send(conn *websocket.Conn, n int) error {
	return conn.WriteJSON(frame{Type: "chat_message", ConversationID: w.conversation, ClientID: w.clientID(n), Text: w.text(n)})
}

// receive handles one frame.
func (w *chaosWriter) receive(conn *websocket.Conn) error {
	_, data, err := conn.ReadMessage()
	if err != nil {
		return err
	}
	var head struct {
		Type     string `json:"type"`
		ClientID string `json:"client_id"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return err
	}
	switch head.Type {
	case "new_message":
		var f struct {
			Message storedMessage `json:"message"`
		}
		if err := json.Unmarshal(data, &f); err != nil {
			return err
		}
		if f.Message.SenderID == w.user {
			w.acknowledge(f.Message)
		}
	case "error":
		if n, ok := w.numberOf(head.ClientID); ok {
			w.victim.refused.Add(1)
			time.Sleep(retryAfter)
			return w.send(conn, n)
		}
	}
	return nil
}

func (w *chaosWriter) acknowledge(m storedMessage) {
	n, ok := w.numberOf(m.ClientID)
	if !ok {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case n >= len(w.ids):
	case w.ids[n] == 0:
		w.ids[n] = m.ID
		w.count.Add(1)
		for w.first < len(w.ids) && w.ids[w.first] != 0 {
			w.first++
		}
	case w.ids[n] != m.ID:
		w.differ++
	}
}

// numberOf returns which of this person's messages a client_id names.
func (w *chaosWriter) numberOf(clientID string) (n int, ok bool) {
	var writer int
	if _, err := fmt.Sscanf(clientID, "chaos-%d-%d", &writer, &n); err != nil || writer != w.number {
		return 0, false
	}
	return n, n >= 0
}
