package logs

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/core"
)

// kind groups the requests that are counted.
type kind struct {
	status int
	code   string
}

func (k kind) String() string { return strings.TrimSpace(fmt.Sprintf("%d %s", k.status, k.code)) }

// maxKinds is more than there are codes.
const maxKinds = 100

// example is the first request of its kind within a minute.
type example struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	IP     string `json:"userIP,omitempty"`
	Auth   string `json:"authId,omitempty"`
}

func exampleOf(e *core.RequestEvent) example {
	first := example{Method: cut(e.Request.Method, 20), URL: cut(addressOf(e.Request.URL), 200)}
	settings := e.App.Settings().Logs
	if settings.LogIP {
		first.IP = e.RealIP()
	}
	if settings.LogAuthId && e.Auth != nil {
		first.Auth = e.Auth.Id
	}
	return first
}

// counted is the number of requests of a kind, and the first of them.
type counted struct {
	Count   int     `json:"count"`
	Example example `json:"example"`
}

// counts are those of requests without a line of their own, since the last summary.
type counts struct {
	mu      sync.Mutex
	kinds   map[kind]*counted
	dropped int // lines over the rate limit, or for which the queue was full
}

func (c *counts) add(k kind, first func() example) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.kinds[k]
	if known == nil {
		if len(c.kinds) >= maxKinds {
			c.dropped++
			return
		}
		if c.kinds == nil {
			c.kinds = make(map[kind]*counted)
		}
		known = &counted{Example: first()}
		c.kinds[k] = known
	}
	known.Count++
}

func (c *counts) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropped++
}

func (c *counts) take() (kinds map[kind]*counted, dropped int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kinds, dropped = c.kinds, c.dropped
	c.kinds, c.dropped = nil, 0
	return kinds, dropped
}

// summarise writes one line about what was counted, if anything.
func (l *Log) summarise() {
	kinds, dropped := l.counts.take()
	if len(kinds) == 0 && dropped == 0 || l.app.Settings().Logs.MaxDays == 0 {
		return
	}
	often := slices.SortedFunc(maps.Keys(kinds), func(a, b kind) int {
		return cmp.Or(cmp.Compare(kinds[b].Count, kinds[a].Count), cmp.Compare(a.status, b.status), cmp.Compare(a.code, b.code))
	})
	level := slog.LevelInfo
	var words []string
	data := make(map[string]any, len(kinds))
	for _, k := range often {
		words = append(words, fmt.Sprintf("%v ×%d", k, kinds[k].Count))
		data[k.String()] = *kinds[k]
		if k.status >= http.StatusBadRequest {
			level = slog.LevelWarn
		}
	}
	if dropped > 0 {
		words = append(words, fmt.Sprintf("lines dropped ×%d", dropped))
		level = slog.LevelWarn
	}
	l.app.Logger().LogAttrs(context.Background(), level, "Counted: "+strings.Join(words, ", "),
		slog.String(keyType, typeSummary), slog.Any("requests", data), slog.Int("dropped", dropped))
}
