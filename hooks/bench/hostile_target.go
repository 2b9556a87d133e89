package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// People of the generated school, by their place in it. Of a hundred, the first twelve work
// there and the last forty-eight are pupils; the pair is found among the first.
const (
	bystander    = 30  // and those after: they are attacked by nobody
	attackers    = 160 // pupils, and those after
	demoPassword = "messagerie-demo"
	logInPath    = "/api/collections/users/auth-with-password"
)

// target is a server under attack.
type target struct {
	ctx     context.Context // of the attack: it ends with it
	address string
	people  dataset
	client  *http.Client
	*tally
}

// tally counts what an attack has managed, and how it ended for whoever tried: a status
// with the code of the refusal ("401 unauthorized"), "none" without an answer, or what
// became of a connection ("closed 4029", "cut off").
type tally struct {
	done atomic.Int64

	mu       sync.Mutex
	outcomes map[string]int
}

func newTarget(ctx context.Context, address string, people dataset) *target {
	transport := &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true}
	return &target{ctx: ctx, address: address, people: people,
		client: &http.Client{Transport: transport, Timeout: time.Minute}, tally: &tally{outcomes: map[string]int{}}}
}

// attackersPatience is how long an attack waits for the answers that it wants.
const attackersPatience = 45 * time.Second

// lasting is the same target for a time, and on until the answers have come that are wanted.
func (t *target) lasting(atLeast time.Duration, want []string) (during *target, end func()) {
	limited := *t
	limited.ctx, end = context.WithCancel(t.ctx)
	go func() {
		defer end()
		limited.pause(atLeast)
		for until := time.Now().Add(attackersPatience); limited.ctx.Err() == nil && t.missing(want) != nil && time.Now().Before(until); {
			limited.pause(10 * time.Millisecond)
		}
	}()
	return &limited, end
}

func (t *target) url(path string) string { return "http://" + t.address + path }

func (t *target) token(person int) string { return t.people.Users[person].Token }

func (t *target) emailOf(person int) (string, error) {
	var me struct {
		Email string `json:"email"`
	}
	answer, err := request(t.ctx, http.MethodGet, t.url("/api/messagerie/me/"), t.token(person), "")
	if err != nil {
		return "", err
	}
	return me.Email, json.Unmarshal(answer, &me)
}

// each runs so many copies of something at once, each again and again while the attack lasts.
func (t *target) each(copies int, attack func(copy int)) {
	var all sync.WaitGroup
	for n := range copies {
		all.Go(func() {
			for t.ctx.Err() == nil {
				attack(n)
			}
		})
	}
	all.Wait()
}

// pause is for an attacker who was refused: it may as well try something else.
func (t *target) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-t.ctx.Done():
	}
}

// ask makes a request and returns its status and body; 0 when there was no answer. Body
// and headers may be nil.
func (t *target) ask(method, path, token string, body []byte, headers map[string]string) (status int, answer []byte) {
	req, err := http.NewRequestWithContext(t.ctx, method, t.url(path), bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	resp, err := t.client.Do(req)
	if err != nil {
		if t.ctx.Err() == nil {
			t.count("none")
		}
		return 0, nil
	}
	defer resp.Body.Close()
	answer, _ = io.ReadAll(io.LimitReader(resp.Body, 1<<20)) // what is cut off is of no use to the attack
	t.count(refusalOf(resp.StatusCode, answer))
	return resp.StatusCode, answer
}

// refusalOf is a status with the code of the refusal, if the answer has one.
func refusalOf(status int, answer []byte) string {
	var refusal struct {
		Code string `json:"code"`
	}
	if status < http.StatusBadRequest || json.Unmarshal(answer, &refusal) != nil || refusal.Code == "" {
		return fmt.Sprint(status)
	}
	return fmt.Sprint(status, " ", refusal.Code)
}

func (t *tally) count(outcome string) {
	t.done.Add(1)
	t.mu.Lock()
	t.outcomes[outcome]++
	t.mu.Unlock()
}

// missing are those of the outcomes that haven't come yet.
func (t *tally) missing(want []string) (missing []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, outcome := range want {
		if t.outcomes[outcome] == 0 {
			missing = append(missing, outcome)
		}
	}
	return missing
}

// answers are the shares of each outcome, the most frequent first.
func (t *tally) answers() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := 0
	for _, n := range t.outcomes {
		all += n
	}
	often := slices.SortedFunc(maps.Keys(t.outcomes), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.outcomes[b], t.outcomes[a]), cmp.Compare(a, b))
	})
	var words []string
	for _, outcome := range often[:min(4, len(often))] {
		words = append(words, fmt.Sprintf("%s %s", outcome, share(t.outcomes[outcome], all)))
	}
	return strings.Join(words, ", ")
}

func share(part, all int) string {
	if percent := (100*part + all/2) / all; percent > 0 {
		return fmt.Sprintf("%d%%", percent)
	}
	return "<1%"
}
