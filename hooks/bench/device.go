package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// device is one person's socket in a mixed run.
type device struct {
	mixed        *mixed
	user         int64
	conversation int64

	writing sync.Mutex
	conn    *websocket.Conn
}

// frame is what a device sends.
type frame struct {
	Type           string `json:"type"`
	ConversationID int64  `json:"conversation_id,omitempty"`
	Text           string `json:"message,omitempty"`
	ClientID       string `json:"client_id,omitempty"`
}

func (m *mixed) connect(ctx context.Context, conversation int64, person int) (*device, error) {
	who := m.people.Users[person]
	url := fmt.Sprintf("ws://%s/ws/chat/%d/", m.address, who.ID)
	conn, response, err := websocket.DefaultDialer.DialContext(ctx, url, http.Header{"Authorization": {"Bearer " + who.Token}})
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	response.Body.Close()
	return &device{mixed: m, user: who.ID, conversation: conversation, conn: conn}, nil
}

// talk sends the messages of one of so many devices when they are due.
func (d *device) talk(first, devices int) {
	for n, own := first, 0; n < len(d.mixed.messages); n, own = n+devices, own+1 {
		due := d.mixed.due(n)
		if own%typeEach == 0 {
			time.Sleep(time.Until(due.Add(-100 * time.Millisecond)))
			d.send(frame{Type: "typing_start", ConversationID: d.conversation})
		}
		time.Sleep(time.Until(due))
		d.send(frame{Type: "chat_message", ConversationID: d.conversation, ClientID: clientID(n, due),
			Text: "Bonjour, Léa sera absente demain matin pour un rendez-vous. Merci de le noter, et bonne soirée à vous."})
	}
}

// clientID names a message by its number, and by its time, for there may be other runs.
func clientID(n int, due time.Time) string { return fmt.Sprintf("%d@%d", n, due.UnixNano()) }

// send fails where the socket is gone: then what it would have sent is missing.
func (d *device) send(f frame) {
	d.writing.Lock()
	defer d.writing.Unlock()
	_ = d.conn.WriteJSON(f)
}

func (d *device) listen() {
	for received := 0; ; {
		_, data, err := d.conn.ReadMessage()
		if err != nil {
			return
		}
		now := time.Now()
		var head struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(data, &head); err != nil {
			return
		}
		switch head.Type {
		case "new_message":
			if d.received(data, now) {
				if received++; received%readEach == 0 {
					d.send(frame{Type: "mark_as_read", ConversationID: d.conversation})
				}
			}
		case "messages_read":
			d.mixed.read.Add(1)
		case "error":
			d.mixed.refused.Add(1)
		}
	}
}

// received notes that a message is here, and says whether it came from the other.
func (d *device) received(data []byte, now time.Time) bool {
	var f struct {
		Message struct {
			SenderID int64  `json:"sender_id"`
			ClientID string `json:"client_id"`
		} `json:"message"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return false
	}
	var n int
	var due int64
	if _, err := fmt.Sscanf(f.Message.ClientID, "%d@%d", &n, &due); err != nil || due != d.mixed.due(n).UnixNano() {
		return false // of another run
	}
	message := &d.mixed.messages[n]
	if message.arrived.Add(1) == 2 {
		message.took.Store(int64(now.Sub(d.mixed.due(n))))
	}
	return f.Message.SenderID != d.user
}
