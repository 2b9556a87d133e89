package auth_test

import (
	"context"
	"database/sql"
	"fmt"
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
	var asked atomic.Int64
	app.ConcurrentDB().(*dbx.DB).QueryLogFunc = func(_ context.Context, _ time.Duration, statement string, _ *sql.Rows, _ error) {
		if strings.Contains(statement, "users") || strings.Contains(statement, "participants") {
			asked.Add(1)
		}
	}
	app.Dial(claire)
	if n := asked.Load(); n > 0 {
		t.Errorf("the database was queried %d times", n)
	}
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
