package email

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait for an event; it is only used up by a failure.
const patience = 20 * time.Second

// smtpServer is a real mail server that keeps what it accepts and refuses what a test
// wants refused.
type smtpServer struct {
	t        testing.TB
	listener net.Listener
	taken    chan posted

	mu        sync.Mutex
	connected []net.Conn
	replies   map[string][]string // per recipient: the next replies to RCPT TO, then 250
	greeting  string
	password  string // of the account "school"
	silent    bool   // takes connections and says nothing
	hold      chan struct{}
}

// posted is a letter with its envelope.
type posted struct {
	from, to string
	envelope []string // everybody it is for
	wire     []byte   // as it came: with CRLF, and dots before dots
	data     []byte
}

func startSMTP(t testing.TB) *smtpServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &smtpServer{
		t: t, listener: listener, taken: make(chan posted, 1000),
		replies: map[string][]string{}, greeting: "220 mail.test",
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.connected = append(s.connected, conn)
			s.mu.Unlock()
			serving.Go(func() { s.talk(conn) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.mu.Lock()
		for _, conn := range s.connected {
			conn.Close()
		}
		s.mu.Unlock()
		serving.Wait()
	})
	return s
}

func (s *smtpServer) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// set changes how the server behaves from the next command on.
func (s *smtpServer) set(change func(*smtpServer)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// refuse sets the server's replies to the next attempts for a recipient.
func (s *smtpServer) refuse(recipient string, replies ...string) {
	s.set(func(s *smtpServer) { s.replies[recipient] = append(s.replies[recipient], replies...) })
}

func (s *smtpServer) talk(conn net.Conn) {
	defer conn.Close()
	s.mu.Lock()
	greeting, silent := s.greeting, s.silent
	s.mu.Unlock()
	reader := bufio.NewReader(conn)
	if silent {
		_, _ = io.Copy(io.Discard, reader)
		return
	}
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	say(greeting)
	var letter posted
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		switch verb, _, _ := strings.Cut(strings.ToUpper(line), " "); verb {
		case "EHLO":
			say("250-mail.test")
			say("250 AUTH PLAIN")
		case "AUTH":
			say(s.authenticate(line))
		case "MAIL":
			letter = posted{from: between(line)}
			say("250 ok")
		case "RCPT":
			letter.to = between(line)
			letter.envelope = append(letter.envelope, letter.to)
			say(s.reply(letter.to))
		case "DATA":
			say("354 go on")
			if letter.wire, err = untilDot(reader); err != nil {
				return
			}
			wire := bufio.NewReader(bytes.NewReader(append(letter.wire, ".\r\n"...)))
			letter.data, err = io.ReadAll(textproto.NewReader(wire).DotReader())
			if err != nil {
				return
			}
			s.take(letter)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("502 what?")
		}
	}
}

// untilDot reads a message up to the line that ends it.
func untilDot(reader *bufio.Reader) (wire []byte, err error) {
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil || string(line) == ".\r\n" {
			return wire, err
		}
		wire = append(wire, line...)
	}
}

func (s *smtpServer) take(letter posted) {
	s.taken <- letter
	s.mu.Lock()
	hold := s.hold
	s.mu.Unlock()
	if hold != nil {
		<-hold
	}
}

func (s *smtpServer) reply(recipient string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	coming := s.replies[recipient]
	if len(coming) == 0 {
		return "250 ok"
	}
	s.replies[recipient] = coming[1:]
	return coming[0]
}

func (s *smtpServer) authenticate(line string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	fields := strings.Fields(line)
	given, err := base64.StdEncoding.DecodeString(fields[len(fields)-1])
	if err == nil && string(given) == "\x00school\x00"+s.password {
		return "235 welcome"
	}
	return "535 wrong password"
}

// next waits for a letter.
func (s *smtpServer) next() received {
	s.t.Helper()
	select {
	case letter := <-s.taken:
		return read(s.t, letter)
	case <-time.After(patience):
		s.t.Fatal("no letter came")
		return received{}
	}
}

// none fails if there is a letter; it is only meaningful after a later event.
func (s *smtpServer) none() {
	s.t.Helper()
	select {
	case letter := <-s.taken:
		s.t.Fatalf("a letter was sent to %s:\n%s", letter.to, letter.data)
	default:
	}
}

func between(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}

// received is a letter as a mail program parses it.
type received struct {
	posted
	header       mail.Header
	subject      string
	from         mail.Address
	plain, hyper string
	picture      []byte // in the HTML, by its Content-ID
	pictureID    string
}

func read(t testing.TB, letter posted) received {
	t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(letter.data))
	if err != nil {
		t.Fatalf("%v in\n%s", err, letter.data)
	}
	r := received{posted: letter, header: message.Header}
	if r.subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	from, err := message.Header.AddressList("From")
	if err != nil || len(from) != 1 {
		t.Fatalf("From: %q: %v", message.Header.Get("From"), err)
	}
	r.from = *from[0]
	r.readParts(t, message.Header.Get("Content-Type"), message.Body)
	return r
}

func (r *received) readParts(t testing.TB, contentType string, body io.Reader) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextPart()
			if err != nil {
				return
			}
			if strings.HasPrefix(part.Header.Get("Content-Type"), "image/") {
				r.pictureID = part.Header.Get("Content-ID")
				if r.picture, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, part)); err != nil {
					t.Fatal(err)
				}
				continue
			}
			r.readParts(t, part.Header.Get("Content-Type"), part)
		}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	// Quoted-printable spells every line break as CRLF.
	content := strings.ReplaceAll(string(text), "\r\n", "\n")
	switch kind {
	case "text/plain":
		r.plain = content
	case "text/html":
		r.hyper = content
	default:
		t.Errorf("a part of type %s", kind)
	}
}
