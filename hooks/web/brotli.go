package web

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// serveBrotli sends the .br file that the build has put beside the requested one: it is
// smaller than a request has time to compress. Browsers accept Brotli over HTTPS and from
// localhost; otherwise gzip is used (gzip.go).
func serveBrotli(files fs.FS) func(*core.RequestEvent) error {
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
		// Browsers send no weights ("br;q=0"); a client that does gets the uncompressed file.
		if strings.TrimSpace(offer) == encoding {
			return true
		}
	}
	return false
}
