package hooks_test

import (
	"reflect"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func TestServer_servesThePageBesideTheAPI(t *testing.T) {
	app := apptest.New(t)
	for path, kind := range map[string]string{
		"/": "text/html", "/c/123": "text/html", "/api/health": "application/json", "/api/nothing": "application/json", "/ws/nothing": "application/json",
	} {
		if got := app.Do("", "GET", path, nil).Header.Get("Content-Type"); !strings.HasPrefix(got, kind) {
			t.Errorf("%s is %q, want %s", path, got, kind)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		if got := app.Do("", method, "/", nil).StatusCode; got != 404 {
			t.Errorf("%s /: status %d", method, got)
		}
	}
}

func TestServer_keepsWhatWasWrittenOverARestart(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("École")
	claire, jerome := app.Person(school, protocol.RoleTeacher, "Claire", "Martin"), app.Person(school, protocol.RoleParent, "Jérôme", "Lefèvre")
	conversation := app.Conversation(claire, jerome)
	sent := app.Says(claire, conversation, "Bonjour")
	app.Stop()

	again := apptest.Open(t, app.Dir)
	var history []protocol.Message
	again.Get(jerome, "/api/messagerie/messages/"+conversation.String()+"/").OK(200).Into(&history)
	if len(history) != 1 || !reflect.DeepEqual(history[0], sent) {
		t.Errorf("after a restart: %+v, want %+v", history, sent)
	}
	if next := again.Says(jerome, conversation, "Oui"); next.ID <= sent.ID {
		t.Errorf("the next id is %d, behind %d", next.ID, sent.ID)
	}
}

func TestServer_refusesChangesAsUnavailableOnceItStops(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("École")
	claire, jerome := app.Person(school, protocol.RoleTeacher, "Claire", "Martin"), app.Person(school, protocol.RoleParent, "Jérôme", "Lefèvre")
	conversation := app.Conversation(claire, jerome)
	app.Records.Close()
	app.Post(claire, "/api/messagerie/messages/"+conversation.String()+"/", map[string]any{"content": "trop tard"}).
		Refused(503, protocol.CodeUnavailable)
	app.Get(claire, "/api/messagerie/messages/"+conversation.String()+"/").OK(200)
}
