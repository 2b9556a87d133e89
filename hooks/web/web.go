// Package web serves the client's files: their headers, which bound what the page may load,
// and their compression, which the dashboard's files share.
package web

import (
	"io/fs"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
)

// Mount serves the built client. Files below /assets/ have a hash in their names and never
// change; every other path is the page itself, which routes by the path (/c/{id}).
func Mount(se *core.ServeEvent, files fs.FS, server config.Server) {
	replaceCORS(se, server.AllowedOrigins)
	assets := must(fs.Sub(files, "assets"))
	replaceGzip(se, assets)
	scripts := inlineScripts(must(fs.ReadFile(files, "index.html")))
	se.Router.GET("/assets/{path...}", apis.Static(assets, false)).
		BindFunc(headers("public, max-age=31536000, immutable", scripts, server), serveBrotli(assets))
	// Without a method, as the routes of /api/ and /ws/ are: otherwise neither pattern would be
	// more specific, which net/http refuses.
	se.Router.Route("", "/{path...}", apis.Static(files, true)).
		BindFunc(onlyGET, headers("no-cache", scripts, server)).Bind(apis.Gzip())
}

// replaceCORS allows the configured origins instead of PocketBase's "*". Pages of the server's
// own host need none.
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
	cors.Id = "messagerieCors" // routes that exist already remember to skip the default one
	se.Router.Bind(cors)
}

func onlyGET(e *core.RequestEvent) error {
	if e.Request.Method != http.MethodGet && e.Request.Method != http.MethodHead {
		return e.NotFoundError("", nil)
	}
	return e.Next()
}

// must is for embedded files: they exist unless the build is broken.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
