package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
)

// mailServer is a mail server that counts the mails that it receives.
type mailServer struct {
	listener net.Listener
	received atomic.Int64
}

func (p *mailServer) open(ctx context.Context) (err error) {
	if p.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	go func() {
		for {
			conn, err := p.listener.Accept()
			if err != nil {
				return // it is closed
			}
			go p.serve(conn)
		}
	}()
	return nil
}

func (p *mailServer) close() { _ = p.listener.Close() } // every mail that came is counted

// configuration is that of a server at an address that sends its mail here.
func (p *mailServer) configuration(address string) string {
	return fmt.Sprintf(`server:
  public_url: "http://%s"
smtp:
  host: "127.0.0.1"
  port: %d
  sender_address: "messagerie@demo.example"
`, address, p.listener.Addr().(*net.TCPAddr).Port)
}

// serve speaks as much SMTP (RFC 5321) as a client needs to send mails.
func (p *mailServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	say("220 here")
	inData := false
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		verb := strings.ToUpper(lines.Text())
		switch {
		case inData && verb == ".":
			inData = false
			p.received.Add(1)
			say("250 received")
		case inData:
		case strings.HasPrefix(verb, "DATA"):
			inData = true
			say("354 go on")
		case strings.HasPrefix(verb, "QUIT"):
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}
