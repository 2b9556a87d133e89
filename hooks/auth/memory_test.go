package auth_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/apptest"
)

// Of people who reconnect, everything is cached: their token, who they are and their list.
func TestSocket_ofACachedPersonQueriesNoDatabase(t *testing.T) {
	app, claire := newPerson(t)
	app.Dial(claire)
	asked := countQueries(app, "users", "participants")
	app.Dial(claire)
	if n := asked.Load(); n > 0 {
		t.Errorf("the database was queried %d times", n)
	}
}

// A request's caller is as well: otherwise one that is refused costs as much as a message.
func TestRequest_ofACachedPersonQueriesNoAccount(t *testing.T) {
	app, claire := newPerson(t)
	for _, path := range []string{fmt.Sprintf("/api/messagerie/conversations/%d/", claire.ID), "/api/messagerie/devices/"} {
		if status := app.Get(claire, path).StatusCode; status != 200 {
			t.Fatal(path, status)
		}
		asked := countQueries(app, "users")
		app.Get(claire, path)
		if n := asked.Load(); n > 0 {
			t.Errorf("%s: the database was queried %d times", path, n)
		}
	}
}

// countQueries counts the statements from now on that name one of some tables.
func countQueries(app *apptest.App, tables ...string) *atomic.Int64 {
	asked := &atomic.Int64{}
	app.ConcurrentDB().(*dbx.DB).QueryLogFunc = func(_ context.Context, _ time.Duration, statement string, _ *sql.Rows, _ error) {
		if slices.ContainsFunc(tables, func(table string) bool { return strings.Contains(statement, table) }) {
			asked.Add(1)
		}
	}
	return asked
}

func TestSocket_ofACachedPersonNeedsAValidToken(t *testing.T) {
	for what, spoil := range map[string]func(*apptest.App, *apptest.Person) error{
		"forged": func(_ *apptest.App, p *apptest.Person) (err error) {
			claims, err := security.ParseUnverifiedJWT(p.Token)
			if err == nil {
				p.Token, err = security.NewJWT(claims, "another secret", time.Hour)
			}
			return err
		},
		"signed for files": func(_ *apptest.App, p *apptest.Person) (err error) {
			p.Token, err = p.Record.NewFileToken()
			return err
		},
		"signed for files with the key of log-ins": func(_ *apptest.App, p *apptest.Person) (err error) {
			claims, err := security.ParseUnverifiedJWT(p.Token)
			if err == nil {
				claims["type"] = "file"
				p.Token, err = security.NewJWT(claims, p.Record.TokenKey()+p.Record.Collection().AuthToken.Secret, time.Hour)
			}
			return err
		},
		"expired": func(_ *apptest.App, p *apptest.Person) (err error) {
			p.Token, err = security.NewJWT(map[string]any{"id": p.Record.Id, "type": "auth", "collectionId": p.Record.Collection().Id},
				p.Record.TokenKey()+p.Record.Collection().AuthToken.Secret, -time.Hour)
			return err
		},
		"signed out": func(app *apptest.App, p *apptest.Person) error {
			p.Record.RefreshTokenKey()
			return app.Save(p.Record)
		},
		"disabled": func(app *apptest.App, p *apptest.Person) (err error) {
			p.Record.Set("disabled", true)
			if err = app.Save(p.Record); err == nil {
				p.Token, err = p.Record.NewAuthToken()
			}
			return err
		},
		"deleted": func(app *apptest.App, p *apptest.Person) error { return app.Delete(p.Record) },
		"voided with all others": func(app *apptest.App, p *apptest.Person) error {
			users, err := app.FindCollectionByNameOrId("users")
			if err != nil {
				return err
			}
			users.AuthToken.Secret = strings.Repeat("another secret ", 4)
			return app.Save(users)
		},
	} {
		t.Run(what, func(t *testing.T) {
			app, claire := newPerson(t)
			app.Dial(claire)
			if err := spoil(app, &claire); err != nil {
				t.Fatal(err)
			}
			if status := app.Get(claire, "/api/messagerie/devices/").StatusCode; status != 401 {
				t.Errorf("a request got %d", status)
			}
			_, resp, err := app.TryDial(claire, fmt.Sprintf("/ws/chat/%d/", claire.ID), nil)
			if err == nil || resp == nil || resp.StatusCode != 401 {
				t.Errorf("got %+v, %v", resp, err)
			}
			if resp != nil {
				_ = resp.Body.Close()
			}
		})
	}
}
