package web

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/config"
)

// serveClient serves a client of a few files, whatever has been built.
func serveClient(t *testing.T) (url string) {
	t.Helper()
	files := fstest.MapFS{
		"index.html":         {Data: []byte("<!doctype html><title>Messagerie</title><script>first()</script><script src=\"/x.js\"></script>\n<script>a\nb</script>")},
		"assets/app-1a2b.js": {Data: []byte("console.log(1)")},
		// Not really compressed: the server sends the file as it is.
		"assets/app-1a2b.js.br": {Data: []byte("brotli")},
		"favicon.svg":           {Data: []byte("<svg/>")},
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		se.Listener, se.InstallerFunc = listener, nil
		Mount(se, files, config.Server{PublicURL: "https://ecole.example:8443"})
		if err := se.Next(); err != nil {
			return err
		}
		listening <- "http://" + listener.Addr().String()
		return nil
	})
	ended := make(chan error, 1)
	go func() { ended <- apis.Serve(app, apis.ServeConfig{}) }()
	t.Cleanup(func() {
		if err := plainapp.Terminate(app); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case url := <-listening:
		return url
	case err := <-ended:
		t.Fatal(err)
		return ""
	}
}

func TestClient_isServed(t *testing.T) {
	url := serveClient(t)
	// Of the two scripts in the page, computed by openssl.
	const scripts = "script-src 'self' 'sha256-fDYmfWjvur9AxjhDbjHe6RvExc05MbXhhrbgz2vvy/A=' 'sha256-fhj3NzEbLcOy8mndeDlrA1HxT7Zu+oefdoyyMYGIPHg='; "
	for _, c := range []struct {
		method, path string
		status       int
		cache, body  string
	}{
		{"GET", "/", 200, "no-cache", "<title>Messagerie"},
		{"GET", "/c/123", 200, "no-cache", "<title>Messagerie"},
		{"GET", "/c/123/", 200, "no-cache", "<title>Messagerie"},
		{"HEAD", "/c/123", 200, "no-cache", ""},
		{"GET", "/favicon.svg", 200, "no-cache", "<svg/>"},
		{"GET", "/assets/app-1a2b.js", 200, "public, max-age=31536000, immutable", "console.log"},
		{"GET", "/assets/app-gone.js", 404, "", ""},
		{"GET", "/assets/", 404, "", ""},
		{"GET", "/assets/../index.html", 0, "", ""},
		{"POST", "/", 404, "", ""},
		{"POST", "/c/123", 404, "", ""},
		{"DELETE", "/favicon.svg", 404, "", ""},
		{"POST", "/assets/app-1a2b.js", 404, "", ""},
	} {
		req, err := http.NewRequest(c.method, url+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		what := c.method + " " + c.path
		if c.status == 0 { // any status, as long as it reveals nothing
			continue
		}
		if resp.StatusCode != c.status || c.method != "HEAD" && !strings.Contains(string(body), c.body) {
			t.Errorf("%s: status %d, want %d: %.100s", what, resp.StatusCode, c.status, body)
		}
		cache := resp.Header.Get("Cache-Control")
		if c.status == 200 && cache != c.cache || c.status == 404 && strings.Contains(cache, "immutable") {
			t.Errorf("%s: Cache-Control %q, want %q", what, cache, c.cache)
		}
		if c.status == 404 && strings.Contains(string(body), "<title>") {
			t.Errorf("%s: the page instead of a missing file", what)
		}
		policy := resp.Header.Get("Content-Security-Policy")
		if c.status == 200 && (!strings.Contains(policy, "default-src 'self'") || !strings.Contains(policy, "frame-ancestors 'self'") ||
			!strings.Contains(policy, scripts)) {
			t.Errorf("%s: the policy is %q", what, policy)
		}
	}
}

func TestClient_isSentCompressed(t *testing.T) {
	url := serveClient(t)
	for _, c := range []struct{ path, accepted, encoding, contentType string }{
		{"/assets/app-1a2b.js", "gzip, deflate, br, zstd", "br", "text/javascript; charset=utf-8"},
		{"/assets/app-1a2b.js", "gzip, deflate", "gzip", "text/javascript; charset=utf-8"},
		{"/assets/app-1a2b.js", "br;q=0", "", "text/javascript; charset=utf-8"},
		{"/", "gzip, deflate, br", "gzip", "text/html; charset=utf-8"},
	} {
		req, err := http.NewRequest("GET", url+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", c.accepted)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		header := resp.Header
		if header.Get("Content-Encoding") != c.encoding || header.Get("Content-Type") != c.contentType {
			t.Errorf("%s for %q: %q, %q", c.path, c.accepted, header.Get("Content-Encoding"), header.Get("Content-Type"))
		}
		if c.encoding == "br" && string(body) != "brotli" {
			t.Errorf("%s: the body is %q", c.path, body)
		}
		if !strings.Contains(header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s for %q may be kept by a proxy for everybody: Vary is %q", c.path, c.accepted, header.Get("Vary"))
		}
	}
}

// The page connects to this server only, by whatever name it is reached.
func TestClient_policyNamesThisServerAndNothingElse(t *testing.T) {
	url := serveClient(t)
	const public = " wss://ecole.example:8443 ws://ecole.example:8443"
	for host, want := range map[string]string{
		"messagerie.lycee.example":         "'self' wss://messagerie.lycee.example ws://messagerie.lycee.example" + public,
		"127.0.0.1:8000":                   "'self' wss://127.0.0.1:8000 ws://127.0.0.1:8000" + public,
		"[2001:db8::1]:8000":               "'self'" + public,
		"evil.example;script-src":          "'self'" + public,
		"a,b":                              "'self'" + public,
		"*":                                "'self'" + public,
		"*.example":                        "'self'" + public,
		"'unsafe-inline'":                  "'self'" + public,
		"evil.example:123456":              "'self'" + public,
		strings.Repeat("a", 3000) + ".b:!": "'self'" + public,
	} {
		for _, path := range []string{"/", "/c/1", "/assets/app-1a2b.js"} {
			req, err := http.NewRequest("GET", url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = host
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode == 400 { // net/http doesn't take it for a host at all
				continue
			}
			var sources string
			for directive := range strings.SplitSeq(resp.Header.Get("Content-Security-Policy"), "; ") {
				if name, value, _ := strings.Cut(directive, " "); name == "connect-src" {
					sources = value
				}
			}
			if sources != want {
				t.Errorf("%s from %q: connections to %q, want %q", path, host, sources, want)
			}
		}
	}
}
