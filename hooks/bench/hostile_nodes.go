package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Attacks on the port at which the nodes of a cluster meet, by strangers who can reach it.
func attacksOnNodes() []attack {
	return []attack{
		{name: "a node of a cluster, not attacked", cluster: true, run: func(t *target) { <-t.ctx.Done() }},
		{name: "200 strangers at the nodes' door", cluster: true, want: []string{cutOff}, run: func(t *target) {
			t.each(200, func(int) { t.knock("messagerie-raft") })
		}},
		{name: "200 strangers asking a node for its database", cluster: true, want: []string{cutOff}, run: func(t *target) {
			t.each(200, func(int) { t.knock("http/1.1") })
		}},
		{name: "1000 strangers who say nothing at the nodes' door", cluster: true, want: []string{cutOff}, slow: true, run: func(t *target) {
			t.each(1000, func(int) { t.standAtDoor(nil) })
		}},
		{name: "200 strangers who talk nonsense there", cluster: true, want: []string{cutOff}, run: func(t *target) {
			nonsense := bytes.Repeat([]byte("GET / HTTP/1.1\r\n"), 1000)
			t.each(200, func(int) { t.standAtDoor(nonsense) })
		}},
	}
}

// nodesAddress is where the nodes meet: the server's own port, at another address of this machine.
func nodesAddress(address string) string {
	return strings.Replace(address, "127.0.0.1:", "127.0.0.2:", 1)
}

func nodeConfiguration(address string) string {
	return fmt.Sprintf(`cluster:
  node: one
  listen: "%s"
  key: "none-of-the-strangers-knows-this-key"
`, nodesAddress(address))
}

// knock opens a connection without a certificate of the cluster, and asks for the database.
func (t *target) knock(protocol string) {
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{protocol}, MinVersion: tls.VersionTLS13} //nolint:gosec // a stranger doesn't mind
	t.atDoor(&tls.Dialer{NetDialer: &net.Dialer{Timeout: doorTimeout}, Config: config}, func(conn net.Conn) {
		_, _ = io.WriteString(conn, "GET /cluster/database HTTP/1.1\r\nHost: messagerie-cluster\r\n\r\n")
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			t.ended(cutOff)
			return
		}
		t.ended("let in")
	})
}

// standAtDoor opens a connection, says something that no node would, and waits until it is closed.
func (t *target) standAtDoor(says []byte) {
	t.atDoor(&net.Dialer{Timeout: doorTimeout}, func(conn net.Conn) {
		_, _ = conn.Write(says)
		_, _ = io.Copy(io.Discard, conn)
		t.ended(cutOff)
	})
}

const doorTimeout = 10 * time.Second

// atDoor connects to the nodes' port, until the attack ends.
func (t *target) atDoor(dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}, run func(net.Conn)) {
	conn, err := dialer.DialContext(t.ctx, "tcp", nodesAddress(t.address))
	if err != nil {
		t.ended("none")
		return
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(t.ctx, func() { _ = conn.Close() })
	defer stop()
	run(conn)
}

// ended counts an outcome, unless it is the attack's own end.
func (t *target) ended(outcome string) {
	if t.ctx.Err() == nil {
		t.count(outcome)
	}
}
