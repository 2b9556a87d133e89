package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// host is the name of the school's server in the manual.
const host = "messagerie.ecole.example"

// proxy is one of those that the manual configures.
type proxy struct {
	name    string // of the block
	program []string
	args    []string
	modules string // a file of the program's modules; "" for none

	// config is the whole configuration, in which the block has a %s.
	config  string
	timeout string // how the block says after how long a silent connection ends; "" if it needn't
}

var proxies = []proxy{
	{name: "nginx", program: []string{"nginx"}, args: []string{"-p", "DIR", "-c", "DIR/config", "-e", "DIR/error.log"},
		config: `daemon off; pid DIR/pid; USER
events {}
http {
    access_log off;
    client_body_temp_path DIR/body; proxy_temp_path DIR/proxy; fastcgi_temp_path DIR/fastcgi; uwsgi_temp_path DIR/uwsgi; scgi_temp_path DIR/scgi;
%s
}
`, timeout: "proxy_read_timeout 120s"},
	{name: "caddy", program: []string{"caddy"}, args: []string{"run", "--adapter", "caddyfile", "--config", "DIR/config"},
		config: `{
    admin off
    http_port HTTP_PORT
    https_port HTTPS_PORT
}
%s`},
	{name: "apache", program: []string{"apache2", "httpd"}, args: []string{"-D", "FOREGROUND", "-d", "DIR", "-f", "DIR/config"}, modules: "mod_proxy_http.so",
		config: `DefaultRuntimeDir DIR
PidFile DIR/pid
ErrorLog DIR/error.log
Listen 127.0.0.1:HTTP_PORT
Listen 127.0.0.1:HTTPS_PORT
User #65534
Group #65534
ServerName localhost
LOAD
%s`, timeout: "ProxyTimeout 120"},
}

// find returns the path of one of the program's names, or of one of its modules.
func (p proxy) find(t *testing.T, names ...string) string {
	t.Helper()
	places := append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", ".cache/proxies/usr/sbin", ".cache/proxies/usr/bin",
		"/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules")
	for _, name := range names {
		for _, place := range places {
			path, err := filepath.Abs(filepath.Join(place, name))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
	}
	t.Fatalf("there is no %s: make proxies installs it", names)
	return ""
}

// start runs the proxy as the manual configures it, and returns once it listens.
func (p proxy) start(t *testing.T, server string) (http, https string) {
	t.Helper()
	manual := document(t, "hooks/manual/pages/mise-en-service.md")
	blocks := regexp.MustCompile("(?s)```"+p.name+"\n(.*?)```").FindAllStringSubmatch(manual, -1)
	if len(blocks) != 1 {
		t.Fatalf("the manual has %d blocks for %s", len(blocks), p.name)
	}
	dir := t.TempDir()
	certificate(t, dir)
	http, https = freeAddress(t), freeAddress(t)
	_, httpPort, _ := net.SplitHostPort(http)
	_, httpsPort, _ := net.SplitHostPort(https)

	names := []string{"127.0.0.1:8000", strings.TrimPrefix(server, "http://")}
	switch p.name {
	case "caddy": // which would ask for a certificate: the manual has the line for one's own
		line := regexp.MustCompile("`tls /[^`]*`").FindString(manual)
		own := replaced(t, strings.Trim(line, "`"), "/chemin/cert.pem", filepath.Join(dir, "cert.pem"), "/chemin/key.pem", filepath.Join(dir, "key.pem"))
		names = append(names, host+" {", host+" {\n    bind 127.0.0.1\n    "+own)
	case "nginx":
		names = append(names, "listen 443 ", "listen "+https+" ", "listen 80;", "listen "+http+";", "/etc/ssl/messagerie", dir)
	default:
		names = append(names, "*:443", "*:"+httpsPort, "*:80", "*:"+httpPort, "/etc/ssl/messagerie", dir)
	}
	block := blocks[0][1]
	if p.timeout != "" {
		names = append(names, p.timeout, strings.Replace(p.timeout, "120", silence, 1))
	}
	block = replaced(t, block, names...)

	var load strings.Builder
	if p.modules != "" {
		line := regexp.MustCompile(`(?m)^# a2enmod (.*)$`).FindStringSubmatch(block)
		if line == nil {
			t.Fatal("the block doesn't say which modules it needs")
		}
		modules := filepath.Dir(p.find(t, p.modules))
		for _, module := range append([]string{"mpm_event", "authz_core", "socache_shmcb"}, strings.Fields(line[1])...) { // the first are always on
			fmt.Fprintf(&load, "LoadModule %s_module %s/mod_%s.so\n", module, modules, module)
		}
	}
	user := ""
	if os.Geteuid() == 0 { // others may not name one
		user = "user root;"
	}
	config := strings.NewReplacer("DIR", dir, "HTTPS_PORT", httpsPort, "HTTP_PORT", httpPort, "LOAD", load.String(), "USER", user).Replace(p.config)
	if err := os.WriteFile(filepath.Join(dir, "config"), fmt.Appendf(nil, config, block), 0o600); err != nil {
		t.Fatal(err)
	}
	var args []string
	for _, arg := range p.args {
		args = append(args, strings.ReplaceAll(arg, "DIR", dir))
	}
	var said apptest.Lines
	command := exec.CommandContext(t.Context(), p.find(t, p.program...), args...)
	command.Env = append(os.Environ(), "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	command.Stdout, command.Stderr = &said, &said
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) } // so that it ends its workers
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
	})
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		connection, err := net.Dial("tcp", https)
		if err == nil {
			connection.Close()
			return http, https
		}
		if time.Since(began) > 20*time.Second {
			log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
			t.Fatalf("%s doesn't listen: %v: %s%s", p.name, err, said.String(), log)
		}
	}
}

// silence is the number of seconds that a test waits instead of two minutes.
const silence = "2"

// through is a client that reaches the proxy from an address of its own.
func through(address, from string) *http.Transport {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", address)
		},
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, ServerName: host}, //nolint:gosec // the certificate is the test's own
		ForceAttemptHTTP2: true,
	}
}

func TestProxies_asTheManualConfiguresThem(t *testing.T) {
	app := apptest.New(t)
	college := app.Establishment("Collège")
	claire, jerome := app.Person(college, protocol.RoleTeacher, "Claire", "Martin"), app.Person(college, protocol.RoleParent, "Jérôme", "Lefèvre")
	conversation := app.Conversation(claire, jerome)
	app.Stop()

	const allowed = 30
	t.Setenv("MESSAGERIE_LIMITS_VISITOR_REQUESTS_PER_MINUTE", fmt.Sprint(allowed))
	settings := regexp.MustCompile("(?s)```yaml\n(server:\n.*?)```").FindStringSubmatch(document(t, "hooks/manual/pages/mise-en-service.md"))
	if settings == nil {
		t.Fatal("the manual has no configuration of the server")
	}
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(settings[1]), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MESSAGERIE_CONFIG", path)
	_, server := serveAt(t, app.Dir)

	for n, p := range proxies {
		t.Run(p.name, func(t *testing.T) {
			plain, secure := p.start(t, server)
			visitor, other := fmt.Sprintf("127.0.1.%d", 10+n), fmt.Sprintf("127.0.1.%d", 20+n)
			at := apptest.At(t, "https://"+host).Over(through(secure, visitor))

			var login struct{ Token string }
			at.Do("", "POST", "/api/collections/users/auth-with-password",
				map[string]any{"identity": claire.Email, "password": apptest.Password}).OK(http.StatusOK).Into(&login)

			resp := apptest.At(t, "http://"+host).Over(through(plain, visitor)).Do("", "GET", "/aide/", nil)
			if to := resp.Header.Get("Location"); resp.StatusCode/100 != 3 || to != "https://"+host+"/aide/" {
				t.Errorf("without TLS: status %d, to %q", resp.StatusCode, to)
			}

			socket := dial(t, secure, visitor, fmt.Sprintf("/ws/chat/%d/", claire.ID), login.Token)
			frame := protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: conversation, Message: "Bonjour", ClientID: p.name}
			if err := socket.WriteJSON(frame); err != nil {
				t.Fatal(err)
			}
			hears(t, socket, protocol.TypeNewMessage)
			for began := time.Now(); time.Since(began) < 3*time.Second; { // longer than silence
				if err := socket.WriteJSON(protocol.ClientFrame{Type: protocol.TypePing}); err != nil {
					t.Fatal(err)
				}
				hears(t, socket, protocol.TypePong)
				time.Sleep(500 * time.Millisecond)
			}

			file := bytes.Repeat([]byte("Bonjour\n"), 20<<20/8)
			var attachment protocol.Attachment
			upload(t, at, login.Token, conversation, file).OK(http.StatusCreated).Into(&attachment)
			if got := at.Do(login.Token, "GET", fmt.Sprintf("/api/messagerie/attachments/%d/", attachment.ID), nil).OK(http.StatusOK).Body; !bytes.Equal(got, file) {
				t.Errorf("%d bytes came back", len(got))
			}
			upload(t, at, login.Token, conversation, append(file, "!"...)).Refused(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge) // by the server

			// A visitor who invents addresses has one budget all the same, and somebody else another.
			asks := func(app *apptest.App, n int) int {
				req, err := http.NewRequest("GET", "https://"+host+"/api/health", nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, header := range []string{"X-Forwarded-For", "X-Real-IP", "Forwarded"} {
					req.Header.Set(header, fmt.Sprintf("198.51.100.%d", n))
				}
				return app.Send(req).StatusCode
			}
			served := 0
			for ; served < 2*allowed && asks(at, served) == http.StatusOK; served++ {
			}
			if served < allowed || served >= 2*allowed {
				t.Errorf("%d requests of one visitor were served", served)
			}
			if status := asks(apptest.At(t, "https://"+host).Over(through(secure, other)), 0); status != http.StatusOK {
				t.Errorf("another visitor gets %d", status)
			}
		})
	}
}

// dial opens a socket as the page does.
func dial(t *testing.T, address, from, path, token string) *websocket.Conn {
	t.Helper()
	transport := through(address, from)
	transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
	dialer := websocket.Dialer{NetDialContext: transport.DialContext, TLSClientConfig: transport.TLSClientConfig,
		Subprotocols: []string{"messagerie", token}}
	socket, resp, err := dialer.Dial("wss://"+host+path, http.Header{"Origin": {"https://" + host}})
	if err != nil {
		t.Fatal(err, resp)
	}
	t.Cleanup(func() { socket.Close() })
	return socket
}

// hears waits for a frame of a type.
func hears(t *testing.T, socket *websocket.Conn, kind string) {
	t.Helper()
	if err := socket.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for {
		var frame struct{ Type string }
		if err := socket.ReadJSON(&frame); err != nil {
			t.Fatalf("no %s: %v", kind, err)
		}
		if frame.Type == kind {
			return
		}
	}
}

// certificate writes a key and a certificate for the school's name.
func certificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{host}, NotAfter: time.Now().Add(time.Hour)}
	public, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: public}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
