package school

import (
	"regexp"
	"strings"
)

// agent is what logs in: a browser with the system it runs on, or a program, whose system isn't known.
type agent struct{ browser, system string }

// sign is how a browser or system shows itself in a User-Agent.
type sign struct{ in, name string }

// The first that fits: Chromium's descendants name Chrome as well, and all of them Safari.
var browsers = []sign{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
	{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"Safari/", "Safari"},
}

// Likewise: Android names Linux, and an iPhone Mac OS X.
var systems = []sign{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
	{"Mac OS X", "macOS"}, {"Linux", "Linux"}, {"X11", "Linux"},
}

// product is the name at the beginning of a User-Agent (RFC 9110, 10.1.5): a token, here without its rarer characters.
var product = regexp.MustCompile(`^[A-Za-z0-9._+-]{1,64}`)

// agentOf describes the sender of a request by its User-Agent, of which nothing else is kept.
func agentOf(userAgent string) agent {
	if !strings.HasPrefix(userAgent, "Mozilla/") {
		return agent{browser: product.FindString(userAgent)}
	}
	found := agent{browser: nameIn(userAgent, browsers), system: nameIn(userAgent, systems)}
	if found.system == "" {
		found.system = unknownSystem
	}
	return found
}

// unknownSystem tells a browser without a known system from a program.
const unknownSystem = "?"

func nameIn(userAgent string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(userAgent, s.in) {
			return s.name
		}
	}
	return ""
}
