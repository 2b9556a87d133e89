package rest

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

func TestRequests_atOnceAreLimitedByPerson(t *testing.T) {
	all := newConcurrency(maxConcurrent)
	all.maxWait = time.Millisecond
	var ends []func()
	for range maxConcurrent {
		release, err := all.acquire(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, release)
	}
	_, err := all.acquire(t.Context(), 1)
	if resp := errorBody(err, "GET"); resp.Status != 429 || resp.Code != protocol.CodeTooManyRequests || retryAfter(err) < 1 {
		t.Errorf("one more is let in, or refused with %+v", resp)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	all.maxWait = time.Hour
	if _, err := all.acquire(gone, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("one that has hung up: %v", err)
	}
	release, err := all.acquire(t.Context(), 2)
	if err != nil {
		t.Fatal("somebody else:", err)
	}
	release()

	waited := make(chan error)
	go func() {
		release, err := all.acquire(t.Context(), 1)
		if err == nil {
			release()
		}
		waited <- err
	}()
	for _, release := range ends {
		release()
	}
	if err := <-waited; err != nil {
		t.Error("after the others:", err)
	}
	if len(all.people) != 0 {
		t.Errorf("%d people without requests are remembered", len(all.people))
	}
}

// deadlined records by when a response must have been read.
type deadlined struct {
	*httptest.ResponseRecorder
	deadline time.Time
}

func (d *deadlined) SetWriteDeadline(deadline time.Time) error {
	d.deadline = deadline
	return nil
}

func TestResponses_mayTakeLongerWhenLarger(t *testing.T) {
	var last time.Time
	for _, size := range []int{10, 1 << 20, 8 << 20} {
		w := &deadlined{ResponseRecorder: httptest.NewRecorder()}
		e := &core.RequestEvent{}
		e.Request, e.Response = httptest.NewRequest("GET", "/", nil), w
		if err := sendEncoded(e, 200, make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		if !w.deadline.After(last) {
			t.Errorf("%d bytes must be taken by %v, fewer by %v", size, w.deadline, last)
		}
		last = w.deadline
	}
}
