package email

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
)

// smtpClient delivers messages to the configured mail server, each on its own connection.
// It replaces PocketBase's client, whose headers some relays refuse (writeMIME) and which
// waits forever for a server that has stopped responding.
type smtpClient struct {
	server  core.SMTPConfig
	timeout time.Duration // for the whole exchange
	now     func() time.Time
}

// send returns nil once the server has accepted the message, a *textproto.Error if it
// refused.
func (c smtpClient) send(m *mailer.Message) error {
	err := c.exchange(m)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errTimeout
	}
	return err
}

func (c smtpClient) exchange(m *mailer.Message) error {
	session, err := c.connect()
	if err != nil {
		return err
	}
	defer func() { _ = session.Close() }() // the outcome is known by now
	if err := session.Mail(asciiDomain(m.From.Address)); err != nil {
		return err
	}
	for _, to := range slices.Concat(m.To, m.Cc, m.Bcc) {
		if err := session.Rcpt(asciiDomain(to.Address)); err != nil {
			return err
		}
	}
	data, err := session.Data()
	if err != nil {
		return err
	}
	if err := writeMIME(data, m, c.now()); err != nil {
		return err // without the end of the data the server accepts nothing
	}
	if err := data.Close(); err != nil {
		return err
	}
	_ = session.Quit() // the message is accepted, whatever happens now
	return nil
}

// connect opens a session, encrypted from the first byte or as soon as the server offers
// it, and logs in.
func (c smtpClient) connect() (session *smtp.Client, err error) {
	deadline := time.Now().Add(c.timeout)
	dialer := net.Dialer{Deadline: deadline}
	conn, err := dialer.Dial("tcp", net.JoinHostPort(c.server.Host, strconv.Itoa(c.server.Port)))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = conn.Close() // err says more
		}
	}()
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, err
	}
	encryption := &tls.Config{ServerName: c.server.Host, MinVersion: tls.VersionTLS12}
	if c.server.TLS {
		conn = tls.Client(conn, encryption)
	}
	if session, err = smtp.NewClient(conn, c.server.Host); err != nil {
		return nil, err
	}
	if c.server.LocalName != "" {
		if err := session.Hello(c.server.LocalName); err != nil {
			return nil, err
		}
	}
	if offered, _ := session.Extension("STARTTLS"); offered && !c.server.TLS {
		if err := session.StartTLS(encryption); err != nil {
			return nil, err
		}
	}
	if c.server.Username == "" && c.server.Password == "" {
		return session, nil
	}
	return session, session.Auth(c.login())
}

func (c smtpClient) login() smtp.Auth {
	if c.server.AuthMethod == mailer.SMTPAuthLogin {
		return loginAuth{c.server.Username, c.server.Password}
	}
	return smtp.PlainAuth("", c.server.Username, c.server.Password, c.server.Host)
}

// loginAuth is AUTH LOGIN, which older Microsoft servers require: the server asks for the
// name, then for the password.
type loginAuth struct{ username, password string }

// Start refuses to send the password unencrypted, as smtp.PlainAuth does.
func (a loginAuth) Start(server *smtp.ServerInfo) (method string, first []byte, err error) {
	if !server.TLS && !isThisMachine(server.Name) {
		return "", nil, errors.New("the mail server doesn't offer encryption, which the password needs")
	}
	return mailer.SMTPAuthLogin, nil, nil
}

// Next responds to one prompt of the server.
func (a loginAuth) Next(question []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	switch strings.ToLower(strings.TrimSpace(string(question))) {
	case "username:":
		return []byte(a.username), nil
	case "password:":
		return []byte(a.password), nil
	}
	return nil, fmt.Errorf("the mail server asks for %q", question)
}

// isThisMachine reports whether a host is the one that this program runs on.
func isThisMachine(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}
