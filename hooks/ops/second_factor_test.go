package ops_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
)

func TestSuperuserSecondFactor_isAsTheConfigurationSays(t *testing.T) {
	asks := func(app *apptest.App) bool {
		t.Helper()
		app.Superuser()
		resp := app.Do("", "POST", "/api/collections/"+core.CollectionNameSuperusers+"/auth-with-password",
			map[string]any{"identity": "admin@ecole.example", "password": apptest.Password})
		return resp.StatusCode == 401
	}
	if !asks(apptest.New(t, named(t, "MESSAGERIE_AUTH_SUPERUSER_SECOND_FACTOR=true"))) {
		t.Error("the password was enough")
	}
	if asks(apptest.New(t)) {
		t.Error("a code was asked for although nobody wants it")
	}
}
