package web

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
)

// csp is the Content-Security-Policy of the client's page, which loads nothing from elsewhere.
// Its placeholders are for inlineScripts and connectSources.
const csp = "default-src 'self'; script-src 'self'%s; connect-src %s; img-src 'self' data: blob:; media-src 'self' blob:; " +
	"style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"

func headers(cacheControl, scripts string, server config.Server) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		header := e.Response.Header()
		header.Set("Cache-Control", cacheControl)
		header.Set("Content-Security-Policy", fmt.Sprintf(csp, scripts, connectSources(e.Request.Host, server.PublicURL)))
		header.Set("Referrer-Policy", "same-origin")
		err := e.Next()
		if err != nil {
			header.Set("Cache-Control", "no-cache") // a missing file may come with the next release
		}
		return err
	}
}

// inlineScript matches one as the build writes it, without attributes (ui/vite.config.ts).
var inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)

// inlineScripts are the sources of a policy, each after a space, for the scripts that the page holds: their hashes.
func inlineScripts(page []byte) string {
	var sources strings.Builder
	for _, script := range inlineScript.FindAllSubmatch(page, -1) {
		sum := sha256.Sum256(script[1])
		fmt.Fprintf(&sources, " 'sha256-%s'", base64.StdEncoding.EncodeToString(sum[:]))
	}
	return sources.String()
}

// connectSources are where the page may send requests and open sockets: to this server.
// Safari before 16 doesn't count sockets as 'self'; they have to be listed with the host by
// which the browser knows the server, which a proxy may have changed.
func connectSources(host, publicURL string) string {
	sources := "'self'"
	_, publicHost, _ := strings.Cut(publicURL, "://")
	for _, name := range slices.Compact([]string{host, publicHost}) {
		if hostSource.MatchString(name) {
			sources += " wss://" + name + " ws://" + name
		}
	}
	return sources
}

// hostSource is a host that a policy can list. Anything else that a Host header may hold, such
// as a semicolon, must not get into the policy; IPv6 addresses have no form there.
var hostSource = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?$`)
