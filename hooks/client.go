package hooks

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// clientCSP lets the client's page load what the server itself holds, and nothing
// else. Older Safaris don't count ws: to 'self'.
const clientCSP = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; " +
	"style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"

// mountClient serves the built client. Files below /assets/ carry a hash in their
// names and never change; every other address is the page itself, which finds its
// place by the address (/c/{id}).
func mountClient(se *core.ServeEvent, files fs.FS, origins []string) {
	replaceCORS(se, origins)
	assets := must(fs.Sub(files, "assets"))
	se.Router.GET("/assets/{path...}", apis.Static(assets, false)).
		BindFunc(headers("public, max-age=31536000, immutable"), compressedWhenBuilt(assets)).Bind(apis.Gzip())
	// Without a method, as the routes of /api/ and /ws/ that it has to give way to.
	se.Router.Route("", "/{path...}", apis.Static(files, true)).
		BindFunc(onlyGET, headers("no-cache")).Bind(apis.Gzip())
}

// replaceCORS puts the configured origins in the place of PocketBase's "*". A page
// of the server's own host needs none.
func replaceCORS(se *core.ServeEvent, origins []string) {
	se.Router.Unbind(apis.DefaultCorsMiddlewareId)
	if len(origins) == 0 {
		return
	}
	cors := apis.CORS(apis.CORSConfig{
		AllowOrigins:  origins,
		AllowMethods:  []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodPost, http.MethodDelete},
		ExposeHeaders: []string{"Link", "Retry-After"},
	})
	cors.Id = "messagerieCors" // every route that was there remembers not to run the other one
	se.Router.Bind(cors)
}

func headers(cacheControl string) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		header := e.Response.Header()
		header.Set("Cache-Control", cacheControl)
		header.Set("Content-Security-Policy", clientCSP)
		header.Set("Referrer-Policy", "same-origin")
		err := e.Next()
		if err != nil {
			header.Set("Cache-Control", "no-cache") // what is missing may come with the next release
		}
		return err
	}
}

// compressedWhenBuilt answers with the file that the build has put beside the one asked
// for: smaller than there is time for at each request. Browsers take it over HTTPS and
// from their own computer; the others get gzip.
func compressedWhenBuilt(files fs.FS) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		name := e.Request.PathValue("path")
		if !accepts(e.Request, "br") {
			return e.Next()
		}
		if _, err := fs.Stat(files, name+".br"); err != nil {
			return e.Next()
		}
		header := e.Response.Header()
		header.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		header.Set("Content-Encoding", "br")
		header.Add("Vary", "Accept-Encoding")
		return e.FileFS(files, name+".br")
	}
}

func accepts(r *http.Request, encoding string) bool {
	for offer := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		// What is weighed ("br;q=0") was typed by hand: it gets what everybody can read.
		if strings.TrimSpace(offer) == encoding {
			return true
		}
	}
	return false
}

func onlyGET(e *core.RequestEvent) error {
	if e.Request.Method != http.MethodGet && e.Request.Method != http.MethodHead {
		return e.NotFoundError("", nil)
	}
	return e.Next()
}

// must is for what is embedded in the program: it is there, or the build is broken.
func must(files fs.FS, err error) fs.FS {
	if err != nil {
		panic(err)
	}
	return files
}
