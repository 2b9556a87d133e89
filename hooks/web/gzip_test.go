package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	dashboard "github.com/pocketbase/pocketbase/ui"
)

// countedFiles counts how often a file is read.
type countedFiles struct {
	fs.FS
	opened map[string]int
}

func (f countedFiles) Open(name string) (fs.File, error) {
	f.opened[name]++
	return f.FS.Open(name)
}

func TestGzipCache_compressesEachFileOnce(t *testing.T) {
	script := []byte(strings.Repeat("console.log(1);", 100))
	files := countedFiles{fstest.MapFS{"app.js": {Data: script}, "photo.png": {Data: script}}, map[string]int{}}
	g := &gzipCache{files: files}
	for range 5 {
		body, ok := g.get("app.js")
		if !ok || len(body) >= len(script)/2 {
			t.Fatalf("%d bytes of %d, %v", len(body), len(script), ok)
		}
		if got := unzip(t, bytes.NewReader(body)); !bytes.Equal(got, script) {
			t.Fatalf("another text: %.100s", got)
		}
		for _, name := range []string{"photo.png", "missing.js", "../app.js", "", "."} {
			if _, ok := g.get(name); ok {
				t.Errorf("%q is compressed", name)
			}
		}
	}
	if n := files.opened["app.js"]; n != 1 {
		t.Errorf("read %d times", n)
	}
	if len(g.compressed) != 1 {
		t.Errorf("%d files are kept", len(g.compressed))
	}
}

func unzip(t *testing.T, compressed io.Reader) []byte {
	t.Helper()
	r, err := gzip.NewReader(compressed)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestDashboard_isSentCompressed(t *testing.T) {
	url := serveClient(t)
	page, err := fs.ReadFile(dashboard.DistDirFS, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(page), `src="./assets/`)
	script, _, _ := strings.Cut(after, `"`)
	for path, c := range map[string]struct{ file, accepted, encoding string }{
		"/_/":                       {"index.html", "gzip", "gzip"},
		"/_/assets/" + script:       {"assets/" + script, "gzip, deflate, br", "gzip"},
		"/_/assets/" + script + "?": {"assets/" + script, "br", ""},
		"/_/images/favicon.png":     {"images/favicon.png", "gzip", ""},
	} {
		req, err := http.NewRequest("GET", url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", c.accepted)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		header := resp.Header
		if resp.StatusCode != 200 || header.Get("Content-Encoding") != c.encoding || header.Get("Vary") != "Accept-Encoding" ||
			!strings.Contains(header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: %d, %v", path, resp.StatusCode, header)
			continue
		}
		want, err := fs.ReadFile(dashboard.DistDirFS, c.file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if c.encoding == "gzip" {
			got = unzip(t, bytes.NewReader(got))
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, want %d", path, len(got), len(want))
		}
	}
}
