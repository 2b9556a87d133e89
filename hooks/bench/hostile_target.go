package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
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
	*outcomes
}

// outcomes counts what an attack has done, and the responses: a status with the code of
// the refusal ("401 unauthorized"), "none", or the end of a connection ("closed 4029", "cut off").
type outcomes struct {
	done atomic.Int64

	mu     sync.Mutex
	counts map[string]int
}

func newTarget(ctx context.Context, address string, people dataset) *target {
	transport := &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true}
	return &target{ctx: ctx, address: address, people: people,
		client: &http.Client{Transport: transport, Timeout: time.Minute}, outcomes: &outcomes{counts: map[string]int{}}}
}

// attackersPatience is how long an attack waits for the responses that it wants.
const attackersPatience = 45 * time.Second

// lasting is the same target for a time, prolonged until the wanted responses have come.
func (t *target) lasting(atLeast time.Duration, want []string) (during *target, end func()) {
	limited := *t
	limited.ctx, end = context.WithCancel(t.ctx)
	go func() {
		defer end()
		limited.pause(atLeast)
		for until := time.Now().Add(attackersPatience); limited.ctx.Err() == nil && t.report(0).missing(want) != nil && time.Now().Before(until); {
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

// pause waits, for d or until the attack ends.
func (t *target) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-t.ctx.Done():
	}
}

// ask makes a request and returns the status and the body of the response; 0 without one. Body
// and headers may be nil.
func (t *target) ask(method, path, token string, body []byte, headers map[string]string) (status int, response []byte) {
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
	response, _ = io.ReadAll(io.LimitReader(resp.Body, 1<<20)) // the rest is of no use to the attack
	t.count(refusalOf(resp.StatusCode, response))
	return resp.StatusCode, response
}

// refusalOf is a status with the code of the refusal, if there is one.
func refusalOf(status int, body []byte) string {
	var refusal struct {
		Code string `json:"code"`
	}
	if status < http.StatusBadRequest || json.Unmarshal(body, &refusal) != nil || refusal.Code == "" {
		return fmt.Sprint(status)
	}
	return fmt.Sprint(status, " ", refusal.Code)
}

func (o *outcomes) count(outcome string) {
	o.done.Add(1)
	o.mu.Lock()
	o.counts[outcome]++
	o.mu.Unlock()
}

func (o *outcomes) report(lasted time.Duration) attackReport {
	o.mu.Lock()
	defer o.mu.Unlock()
	return attackReport{Done: o.done.Load(), Seconds: lasted.Seconds(), Outcomes: maps.Clone(o.counts)}
}
