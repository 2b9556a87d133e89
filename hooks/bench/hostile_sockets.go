package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// dialSmall makes a connection for which the kernel keeps as little as it can: the less it
// does, the more the server has to.
func dialSmall(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if tcp, ok := conn.(*net.TCPConn); ok {
		err = errors.Join(err, tcp.SetReadBuffer(4096))
	}
	return conn, err
}

// dial opens a person's socket, and counts a refusal.
func (t *target) dial(person int, dialer websocket.Dialer) (*websocket.Conn, error) {
	who := t.people.Users[person]
	conn, resp, err := dialer.DialContext(t.ctx, fmt.Sprintf("ws://%s/ws/chat/%d/", t.address, who.ID),
		http.Header{"Authorization": {who.Token}})
	if resp != nil {
		resp.Body.Close()
	}
	if err != nil && resp != nil {
		t.count(fmt.Sprint(resp.StatusCode))
	}
	return conn, err
}

// writeToIdleReaders opens a hundred sockets in one group, reads from none, and has one
// pupil write to all.
func writeToIdleReaders(text string) func(*target) {
	return func(t *target) {
		group, participants := t.group()
		var all sync.WaitGroup
		all.Go(func() {
			t.each(100, func(n int) { t.holdUnread(int(participants[n%10]) - 1) }) // generated people are numbered from 1
		})
		t.repeat(10, http.MethodPost, fmt.Sprintf("/api/messagerie/messages/%d/", group), encoded(map[string]string{"content": text}))
		all.Wait()
	}
}

// holdUnread holds a socket and reads nothing, until the server cuts it off.
func (t *target) holdUnread(person int) {
	conn, err := t.dial(person, websocket.Dialer{NetDialContext: dialSmall})
	if err != nil {
		t.pause(time.Second)
		return
	}
	defer func() { _ = conn.Close() }()
	for err == nil && t.ctx.Err() == nil {
		t.pause(200 * time.Millisecond)
		err = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"typing_stop"}`)) // fails once the connection is closed
	}
	if err != nil {
		t.count(cutOff)
	}
}

// flooding writes a frame to ten sockets again and again, many at a time.
func flooding(first, again []byte) func(*target) {
	const together = 1000
	many := bytes.Repeat(again, together)
	return func(t *target) {
		t.each(10, func(n int) { t.flood(attackers+n, append(bytes.Clone(first), many...), many, together) })
	}
}

// flood writes the same bytes to a socket as fast as they go, until it is closed.
func (t *target) flood(person int, first, again []byte, frames int64) {
	conn, err := t.dial(person, websocket.Dialer{})
	if err != nil {
		t.pause(200 * time.Millisecond)
		return
	}
	defer func() { _ = conn.Close() }()
	closed := make(chan string, 1)
	go func() {
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				closed <- ending(err)
				return
			}
		}
	}()
	raw := conn.NetConn()
	stop := context.AfterFunc(t.ctx, func() { _ = raw.Close() })
	defer stop()
	for next := first; err == nil; next = again {
		if _, err = raw.Write(next); err == nil {
			t.done.Add(frames)
		}
	}
	if how := <-closed; t.ctx.Err() == nil {
		t.count(how)
		t.pause(50 * time.Millisecond)
	}
}

// ending says how a socket was closed.
func ending(err error) string {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		return fmt.Sprintf("closed %d", closed.Code)
	}
	return cutOff
}

// wsFrame is a short frame as a client sends it, masked with zeros (RFC 6455, section 5.2).
func wsFrame(opcode byte, final bool, payload string) []byte {
	if final {
		opcode |= 0x80
	}
	return append([]byte{opcode, 0x80 | byte(len(payload)), 0, 0, 0, 0}, payload...)
}
