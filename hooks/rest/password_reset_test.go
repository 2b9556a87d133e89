package rest_test

import (
	"net"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func TestPasswordReset_isOfferedWhereMailCanBeSent(t *testing.T) {
	s := newSchool(t)
	s.Superuser()
	// The mail is sent after the response, and PocketBase reads the settings for it without a lock.
	s.OnRecordRequestPasswordResetRequest().Bind(&hook.Handler[*core.RecordRequestPasswordResetRequestEvent]{
		Priority: 1000, Func: func(e *core.RecordRequestPasswordResetRequestEvent) error {
			return e.NoContent(http.StatusNoContent)
		}})
	offered := func() bool {
		t.Helper()
		var school protocol.School
		s.Get(apptest.Person{}, "/api/messagerie/school/").OK(200).Into(&school)
		return school.PasswordReset
	}
	ask := func(collection, address string) *apptest.Response {
		t.Helper()
		return s.Do("", "POST", "/api/collections/"+collection+"/request-password-reset", object{"email": address})
	}

	mailServer, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mailServer.Close()
	steps := []struct {
		name    string
		change  func(*core.Settings)
		offered bool
	}{
		{"nothing is configured", func(*core.Settings) {}, false},
		{"there is a mail server", func(settings *core.Settings) {
			settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, "127.0.0.1", mailServer.Addr().(*net.TCPAddr).Port
		}, false},
		{"and a sender", func(settings *core.Settings) { settings.Meta.SenderAddress = "messagerie@ecole.example" }, false},
		{"and an address", func(settings *core.Settings) { settings.Meta.AppURL = "https://messagerie.ecole.example" }, true},
		{"the mail server is gone", func(settings *core.Settings) { settings.SMTP.Enabled = false }, false},
	}
	for _, step := range steps {
		s.Configure(step.change)
		if got := offered(); got != step.offered {
			t.Errorf("%s: it is offered: %t", step.name, got)
		}
		for _, who := range [][2]string{{"users", s.claire.Email}, {"users", "nobody@ecole.example"}, {"_superusers", "admin@ecole.example"}} {
			if step.offered {
				ask(who[0], who[1]).OK(204)
			} else {
				ask(who[0], who[1]).Refused(503, protocol.CodeMailUnavailable)
			}
		}
	}
}
