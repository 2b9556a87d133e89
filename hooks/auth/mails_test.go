package auth_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// mailing counts the mails that requests lead to. The mail itself is sent after the response.
func mailing(t *testing.T) (*apptest.App, apptest.Person, *atomic.Int64) {
	t.Helper()
	app, claire := newPerson(t)
	app.ConfigureMail()
	app.Configure(func(settings *core.Settings) { settings.RateLimits.Enabled = false })
	var mails atomic.Int64
	const last = 1000
	app.OnRecordRequestPasswordResetRequest().Bind(&hook.Handler[*core.RecordRequestPasswordResetRequestEvent]{
		Priority: last, Func: func(e *core.RecordRequestPasswordResetRequestEvent) error {
			mails.Add(1)
			return e.NoContent(http.StatusNoContent)
		}})
	app.OnRecordRequestOTPRequest().Bind(&hook.Handler[*core.RecordCreateOTPRequestEvent]{
		Priority: last, Func: func(e *core.RecordCreateOTPRequestEvent) error {
			if e.Record != nil {
				mails.Add(1)
			}
			return e.JSON(200, map[string]string{"otpId": core.GenerateDefaultRandomId()})
		}})
	return app, claire, &mails
}

func resetPath(collection string) string {
	return "/api/collections/" + collection + "/request-password-reset"
}

func TestPasswordReset_requestedManyTimesAtOnceSendsFewMails(t *testing.T) {
	app, claire, mails := mailing(t)
	var asking sync.WaitGroup
	for range 30 {
		asking.Go(func() { app.Do("", "POST", resetPath("users"), map[string]any{"email": claire.Email}).OK(204) })
	}
	asking.Wait()
	if n := mails.Load(); n != 3 {
		t.Errorf("%d mails, want 3", n)
	}
	// Superusers aren't limited.
	app.Do(app.Superuser(), "POST", resetPath("users"), map[string]any{"email": claire.Email}).OK(204)
	if n := mails.Load(); n != 4 {
		t.Errorf("%d mails, want 4", n)
	}
}

func TestPasswordReset_hasTheSameResponseForEveryAddress(t *testing.T) {
	app, claire, _ := mailing(t)
	first := ""
	for i, address := range []string{claire.Email, "nobody@ecole.example", claire.Email, claire.Email, claire.Email, claire.Email, "nobody@ecole.example"} {
		resp := app.Do("", "POST", resetPath("users"), map[string]any{"email": address}).OK(204)
		resp.Header.Del("Date")
		resp.Header.Del("X-Request-Id")
		if got := fmt.Sprint(resp.StatusCode, resp.Header, string(resp.Body)); first == "" {
			first = got
		} else if got != first {
			t.Errorf("response %d, to %s: %s, want %s", i, address, got, first)
		}
	}
}

// The school's address is shared: requests for addresses that nobody has use nothing up.
func TestPasswordReset_ofInventedAddressesCostsNothing(t *testing.T) {
	app, claire, mails := mailing(t)
	for i := range 400 {
		app.Do("", "POST", resetPath("users"), map[string]any{"email": fmt.Sprintf("nobody%d@ecole.example", i)})
	}
	app.Do("", "POST", resetPath("users"), map[string]any{"email": claire.Email}).OK(204)
	if n := mails.Load(); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
}

func TestPasswordReset_isLimitedForANetwork(t *testing.T) {
	app, _, mails := mailing(t)
	college := app.Establishment("Lycée")
	for i := range 110 {
		pupil := app.Person(college, protocol.RoleStudent, "Élève", fmt.Sprint("Numéro", i))
		for range 3 {
			app.Do("", "POST", resetPath("users"), map[string]any{"email": pupil.Email}).OK(204)
		}
	}
	if n := mails.Load(); n < 300 || n > 310 { // one more each ten seconds
		t.Errorf("%d mails, want 300", n)
	}
}

func TestOneTimeCode_requestedManyTimesAtOnceSendsFewMails(t *testing.T) {
	app, _, mails := mailing(t)
	app.Superuser()
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	superusers.OTP.Enabled, superusers.OTP.Duration, superusers.OTP.Length = true, 180, 8
	if err := app.Save(superusers); err != nil {
		t.Fatal(err)
	}
	var asking sync.WaitGroup
	for range 30 {
		asking.Go(func() {
			resp := app.Do("", "POST", "/api/collections/_superusers/request-otp", map[string]any{"email": "admin@ecole.example"}).OK(200)
			if !strings.Contains(string(resp.Body), "otpId") {
				t.Errorf("the response is %s", resp.Body)
			}
		})
	}
	asking.Wait()
	if n := mails.Load(); n != 3 {
		t.Errorf("%d mails, want 3", n)
	}
}
