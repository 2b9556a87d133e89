package rest

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/config"
	"messagerie/hooks/refusal"
)

// refusing is what refuses everybody, behind the delay.
type refusing struct {
	*refusalDelay
	err error
}

// ask makes a request as an account, "" for a stranger, and returns its response.
func (r refusing) ask(t *testing.T, ctx context.Context, account string) *httptest.ResponseRecorder {
	t.Helper()
	sent := httptest.NewRecorder()
	e := &core.RequestEvent{App: core.NewBaseApp(core.BaseAppConfig{})}
	e.Request, e.Response = httptest.NewRequest("GET", "/api/health", nil).WithContext(ctx), sent
	if account != "" {
		e.Auth = core.NewRecord(core.NewAuthCollection("users"))
		e.Auth.Id = account
	}
	var all hook.Hook[*core.RequestEvent]
	all.Bind(r.delay())
	if err := all.Trigger(e, func(*core.RequestEvent) error { return r.err }); !errors.Is(err, r.err) {
		t.Error(err)
	}
	return sent
}

func TestRefusals_comeTwentyASecondHoweverManyAskAtOnce(t *testing.T) {
	for _, loops := range []int{1, 10, 100} {
		synctest.Test(t, func(t *testing.T) {
			r := refusing{newRefusalDelay(), refusal.TooManyRequests(time.Second, "Too many requests.")}
			ctx, stop := context.WithCancel(t.Context())
			refused := make([]int, loops)
			for n := range loops {
				go func() {
					for ctx.Err() == nil && refused[n] < 1000 { // without a delay the clock of the test would stand still
						r.ask(t, ctx, "claire")
						refused[n]++
					}
				}()
			}
			time.Sleep(10 * time.Second)
			stop()
			synctest.Wait()
			all := 0
			for _, n := range refused {
				all += n
			}
			if all -= loops; all > 210 || slices.Min(refused) < 2 {
				t.Errorf("%d loops were refused %d times in ten seconds, one of them only %d", loops, all, slices.Min(refused)-1)
			}
			if r.all != 0 || len(r.waiting) != 0 {
				t.Errorf("%d still wait, of %d", r.all, len(r.waiting))
			}
		})
	}
}

func TestRefusals_atOnceDontWaitForThoseOfOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := refusing{newRefusalDelay(), refusal.TooManyRequests(time.Second, "Too many requests.")}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		for range 100 {
			go r.ask(t, ctx, "claire")
		}
		synctest.Wait()
		for _, account := range []string{"jerome", ""} {
			began := time.Now()
			if sent := r.ask(t, t.Context(), account); time.Since(began) != refusalStep || sent.Header().Get("Connection") != "" {
				t.Errorf("%q is refused after %v with %v", account, time.Since(began), sent.Header())
			}
		}
		other := refusing{r.refusalDelay, refusal.Forbidden}
		began := time.Now()
		other.ask(t, t.Context(), "claire")
		if time.Since(began) != 0 {
			t.Errorf("what is refused for another reason waits %v", time.Since(began))
		}
	})
}

func TestRefusals_atOnceWaitInBoundedNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := refusing{newRefusalDelay(), refusal.TooManyRequests(time.Second, "Too many requests.")}
		ctx, hangUp := context.WithCancel(t.Context())
		atOnce := func(account string) {
			t.Helper()
			began := time.Now()
			if sent := r.ask(t, t.Context(), account); time.Since(began) != 0 || sent.Header().Get("Connection") != "close" {
				t.Errorf("%s is refused after %v with %v", account, time.Since(began), sent.Header())
			}
		}
		for n := range waitingRefusals {
			account := string(rune('a' + n/waitingRefusalsPerOne))
			if n%waitingRefusalsPerOne == 0 && n > 0 {
				synctest.Wait()
				atOnce(string(rune('a' + n/waitingRefusalsPerOne - 1)))
			}
			go r.ask(t, ctx, account)
		}
		synctest.Wait()
		atOnce("somebody else")
		hangUp()
		synctest.Wait()
		if r.all != 0 || len(r.waiting) != 0 {
			t.Errorf("%d still wait, of %d", r.all, len(r.waiting))
		}
	})
}

func TestPages_waitForTheRequestsThatTheyCost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := config.Default().Limits
		limits.RequestsBurst, limits.RequestsPerSecond = 10, 1
		l := newRequestLimiter(limits)
		began := time.Now()
		for range 4 {
			if err := l.waitForPage(t.Context(), "claire", 4); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.waitForPage(t.Context(), "jerome", 4000); err != nil { // more than anybody ever has
			t.Fatal(err)
		}
		if waited := time.Since(began).Round(time.Second); waited != 2*time.Second {
			t.Errorf("twelve requests of ten are waited for %v", waited)
		}
		gone, hangUp := context.WithCancel(t.Context())
		hangUp()
		if err := l.waitForPage(gone, "claire", 4); !errors.Is(err, context.Canceled) {
			t.Errorf("one that has hung up: %v", err)
		}
	})
}
