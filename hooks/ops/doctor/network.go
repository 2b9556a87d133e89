package doctor

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// A certificate is renewed thirty days before it expires: with less than two weeks left, that has failed.
const certificateLeft = 14 * 24 * time.Hour

// Tokens expire and letters are dated by the clock.
const (
	clockOff    = 30 * time.Second
	clockTooOff = 5 * time.Minute
)

// address checks the server's own address: whether it responds there, or could.
func (d *Doctor) address(ctx context.Context) {
	const check = "address"
	address := d.Config.Server.Address
	host, port, _ := net.SplitHostPort(address) // the configuration has checked it
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	url := "http://" + net.JoinHostPort(host, port)
	if resp, err := d.get(ctx, url+"/api/health"); err == nil {
		if resp.status != http.StatusOK {
			d.note(check, Fault, "Another program may be listening there: change server.address", "%s returns %d", url, resp.status)
			return
		}
		d.note(check, OK, "", "the server responds at %s", url)
		d.ready(ctx, url)
		return
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		d.note(check, Fault, "End the other program, change server.address, or let the server use ports below 1024 (AmbientCapabilities=CAP_NET_BIND_SERVICE)",
			"nothing responds at %s, and the server couldn't listen there: %v", address, err)
		return
	}
	_ = listener.Close()
	if d.isRunning {
		d.note(check, Warning, "Run this with the --config of the server; if it was started with --http or a domain, only the public URL can be checked",
			"a server is running, but not at %s", address)
		return
	}
	d.note(check, Warning, "Start it with messagerie serve", "no server is running at %s", address)
}

func (d *Doctor) ready(ctx context.Context, url string) {
	resp, err := d.get(ctx, url+"/api/ready")
	switch {
	case err != nil:
		d.note("ready", Fault, "", "%v", err)
	case resp.status != http.StatusOK:
		d.note("ready", Fault, "Messages can only be read until the disk takes changes", "the running server can't store anything (%d)", resp.status)
	default:
		d.note("ready", OK, "", "the running server stores changes")
	}
}

// publicURL checks what people type: whether it leads to a server, its certificate, and this machine's clock.
func (d *Doctor) publicURL(ctx context.Context) {
	const check = "public URL"
	url := d.Config.Server.PublicURL
	if d.settings != nil {
		url = strings.TrimSuffix(d.settings.Meta.AppURL, "/")
	}
	switch {
	case url == "" || url == "http://localhost:8090":
		d.note(check, Warning, "Set server.public_url: mails with links aren't sent without it", "it isn't set")
		return
	case d.Offline:
		d.note(check, Skipped, "", "%s wasn't asked (--offline)", url)
		return
	}
	resp, err := d.get(ctx, url+"/api/health")
	if err != nil {
		d.note(check, Fault, "Check the name in DNS, the proxy, its certificate and the firewall", "%s can't be reached from here: %v", url, err)
		return
	}
	if resp.status != http.StatusOK {
		d.note(check, Fault, "The proxy must pass all paths on", "%s/api/health returns %d", url, resp.status)
	} else {
		d.note(check, OK, "", "%s leads to the server", url)
	}
	d.certificate(url, resp)
	d.clock(resp)
}

func (d *Doctor) certificate(url string, resp answer) {
	const check = "certificate"
	if resp.tls == nil || len(resp.tls.PeerCertificates) == 0 {
		d.note(check, Warning, "Passwords and messages can be read on the way: serve it with HTTPS", "%s isn't encrypted", url)
		return
	}
	expires := resp.tls.PeerCertificates[0].NotAfter
	switch left := expires.Sub(d.Now()); {
	case left <= 0:
		d.note(check, Fault, "Renew it", "it has expired on %s", expires.Format(time.DateOnly))
	case left < certificateLeft:
		d.note(check, Warning, "Check why it isn't renewed", "it expires on %s", expires.Format(time.DateOnly))
	default:
		d.note(check, OK, "", "it is valid until %s", expires.Format(time.DateOnly))
	}
}

// clock compares with the response's Date, which is another machine's if there is a proxy.
func (d *Doctor) clock(resp answer) {
	const check, advice = "clock", "Turn on time synchronisation: timedatectl set-ntp true"
	theirs, err := http.ParseTime(resp.date)
	if err != nil {
		d.note(check, Skipped, "", "the public URL doesn't say what time it is")
		return
	}
	switch off := d.Now().Sub(theirs).Abs().Round(time.Second); {
	case off > clockTooOff:
		d.note(check, Fault, advice, "it differs by %v from that of the public URL", off)
	case off > clockOff:
		d.note(check, Warning, advice, "it differs by %v from that of the public URL", off)
	default:
		d.note(check, OK, "", "it agrees with that of the public URL")
	}
}

// answer is what is needed of a response.
type answer struct {
	status int
	date   string
	tls    *tls.ConnectionState // nil if it wasn't encrypted
}

func (d *Doctor) get(ctx context.Context, url string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", url, err)
	}
	resp, err := d.Client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	return answer{resp.StatusCode, resp.Header.Get("Date"), resp.TLS}, nil
}
