// Package manual serves the documents that a school needs to run the program, at /aide/: going live,
// backups, what is kept and for how long, the sheet of the register of processing. They are Markdown
// (pages/*.md, in French, also readable in the repository), rendered once, and public: of the school they
// contain only what its privacy notice has to say anyway.
package manual

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

//go:embed pages/*.md layout.html style.css
var files embed.FS

// Path is where the documents are served, without the trailing slash.
const Path = "/aide"

// csp lets a page load its stylesheet, and nothing else: there are no scripts.
const csp = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// Sources are the documents as they are written, for tests.
func Sources() fs.FS {
	pages, err := fs.Sub(files, "pages")
	if err != nil {
		panic(err) // "pages" is a valid path
	}
	return pages
}

// Mount serves the documents. They are rendered with the first request, so that a start doesn't wait for them.
func Mount(se *core.ServeEvent, about protocol.About) {
	pages := sync.OnceValues(func() (map[string]served, error) { return renderAll(about) })
	send := func(e *core.RequestEvent) error {
		all, err := pages()
		if err != nil {
			return err
		}
		found, ok := all[strings.TrimSuffix(e.Request.PathValue("page"), "/")]
		if !ok {
			return e.NotFoundError("", nil)
		}
		return found.send(e)
	}
	for _, pattern := range []string{Path, Path + "/{page...}"} {
		se.Router.GET(pattern, send).BindFunc(headers).Bind(apis.Gzip())
	}
}

func headers(e *core.RequestEvent) error {
	header := e.Response.Header()
	header.Set("Content-Security-Policy", csp)
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cache-Control", "no-cache")
	return e.Next()
}

// served is a document, or the stylesheet, as it is sent.
type served struct {
	contentType string
	body        []byte
}

func (s served) send(e *core.RequestEvent) error {
	return e.Blob(http.StatusOK, s.contentType, s.body)
}
