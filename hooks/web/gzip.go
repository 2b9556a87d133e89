package web

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	dashboard "github.com/pocketbase/pocketbase/ui"

	"messagerie/hooks/ops/logs"
)

// gzipCache caches the compressed form of files that never change. PocketBase compresses them
// for every request: twenty strangers who repeatedly request a script of 400 KB keep all
// processors busy.
type gzipCache struct {
	files fs.FS

	mu         sync.Mutex // held while a file is compressed: one at a time
	compressed map[string][]byte
}

// compressible are the extensions of files that become smaller.
var compressible = []string{".js", ".css", ".svg", ".json", ".html", ".txt", ".map"}

// get returns a file in compressed form; ok is false for one that doesn't exist or wouldn't
// become smaller.
func (g *gzipCache) get(name string) (body []byte, ok bool) {
	if !slices.Contains(compressible, path.Ext(name)) {
		return nil, false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if body, ok := g.compressed[name]; ok {
		return body, true
	}
	plain, err := fs.ReadFile(g.files, name)
	if err != nil {
		return nil, false
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(plain); err != nil {
		return nil, false
	}
	if err := w.Close(); err != nil {
		return nil, false
	}
	if g.compressed == nil {
		g.compressed = make(map[string][]byte)
	}
	g.compressed[name] = bytes.Clone(out.Bytes())
	return g.compressed[name], true
}

// replaceGzip serves the dashboard's files and the client's from a cache, instead of having
// PocketBase compress them.
func replaceGzip(se *core.ServeEvent, assets fs.FS) {
	se.Router.Unbind(apis.DefaultGzipMiddlewareId) // of the dashboard's routes, which exist already
	caches := map[string]*gzipCache{"/assets/": {files: assets}}
	if dashboard.DistDirFS != nil {
		caches["/_/"] = &gzipCache{files: dashboard.DistDirFS}
	}
	se.Router.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "messagerieGzip",
		Priority: 10_000, // after the routes' own headers
		Func: func(e *core.RequestEvent) error {
			for prefix, files := range caches {
				if name, ok := strings.CutPrefix(e.Request.URL.Path, prefix); ok && e.Request.Method == http.MethodGet {
					return sendGzipped(e, files, name)
				}
			}
			return e.Next()
		},
	})
}

func sendGzipped(e *core.RequestEvent, files *gzipCache, name string) error {
	header := e.Response.Header()
	header.Add("Vary", "Accept-Encoding")
	if !accepts(e.Request, "gzip") {
		return e.Next()
	}
	if name == "" {
		name = "index.html"
	}
	body, ok := files.get(name)
	if !ok {
		return e.Next()
	}
	header.Set("Content-Encoding", "gzip")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	logs.Skip(e) // as PocketBase's own file handler does
	return e.Blob(http.StatusOK, mime.TypeByExtension(path.Ext(name)), body)
}
