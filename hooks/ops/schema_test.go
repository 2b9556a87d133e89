package ops_test

import (
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/ops"
	"messagerie/hooks/store"
)

// plain is an app on a directory, without the product's hooks.
func plain(t *testing.T, dir string) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plainapp.Terminate(app) })
	return app
}

func TestSchema_isThatOfTheMigrations(t *testing.T) {
	data, err := ops.ReadSchema(plain(t, plainapp.DataDir(t)).DB())
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE_SCHEMA") != "" {
		if err := os.WriteFile(filepath.Join("schema.json"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !ops.IsSchema(data) {
		t.Error("schema.json isn't what the migrations make: run make schema")
	}
}

func TestSchema_isKeptWhoeverChangesIt(t *testing.T) {
	app := apptest.New(t)
	if !app.Settings().Meta.HideControls {
		t.Error("the dashboard shows the controls of the schema")
	}
	for name, change := range map[string]func(*core.Collection){
		"renamed":       func(c *core.Collection) { c.Name = "notes" },
		"opened":        func(c *core.Collection) { c.ListRule = types.Pointer("") },
		"field renamed": func(c *core.Collection) { c.Fields.GetByName("content").SetName("text") },
		"field removed": func(c *core.Collection) { c.Fields.RemoveByName("client_id") },
		"field retyped": func(c *core.Collection) {
			c.Fields.RemoveByName("edited")
			c.Fields.Add(&core.TextField{Name: "edited"})
		},
		"field required":       func(c *core.Collection) { c.Fields.GetByName("reply_to").(*core.TextField).Required = true },
		"required field added": func(c *core.Collection) { c.Fields.Add(&core.TextField{Name: "subject", Required: true}) },
		"index removed":        func(c *core.Collection) { c.Indexes = c.Indexes[1:] },
	} {
		c, err := app.FindCollectionByNameOrId("messages")
		if err != nil {
			t.Fatal(err)
		}
		change(c)
		if err := app.Save(c); err == nil || !strings.Contains(err.Error(), "essages") {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := app.FindCollectionByNameOrId("messages")
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Delete(c); err == nil {
		t.Error("it was deleted")
	}
	c.Fields.Add(&core.TextField{Name: "subject"})
	if err := app.Save(c); err != nil {
		t.Errorf("an optional field: %v", err)
	}
	own := core.NewBaseCollection("notes")
	if err := errors.Join(app.Save(own), app.Delete(own)); err != nil {
		t.Errorf("a collection of the school's own: %v", err)
	}
	app.Stop()
	apptest.Open(t, app.Dir) // with the added field
}

// The dashboard, or a script with a superuser's token, as PocketBase's documentation has it.
func TestSchema_isKeptOverTheDashboardsAPI(t *testing.T) {
	app := apptest.New(t)
	token := app.Superuser()
	const messages = "/api/collections/messages"
	var stored map[string]any
	app.Do(token, "GET", messages, nil).OK(http.StatusOK).Into(&stored)
	fields := func(change func(field map[string]any)) map[string]any {
		var changed []map[string]any
		for _, field := range stored["fields"].([]any) {
			copied := maps.Clone(field.(map[string]any))
			change(copied)
			if copied["name"] != nil {
				changed = append(changed, copied)
			}
		}
		return map[string]any{"fields": changed}
	}
	content := func(change func(field map[string]any)) map[string]any {
		return fields(func(field map[string]any) {
			if field["name"] == "content" {
				change(field)
			}
		})
	}
	for _, c := range []struct {
		method, path string
		body         any
		says         string
	}{
		{"PATCH", messages, map[string]any{"name": "notes"}, "it keeps its name"},
		{"PATCH", messages, map[string]any{"listRule": ""}, "the list rule was changed"},
		{"PATCH", messages, map[string]any{"updateRule": "@request.auth.id != ''"}, "the update rule was changed"},
		{"PATCH", "/api/collections/users", map[string]any{"createRule": ""}, "the create rule was changed"},
		{"PATCH", "/api/collections/users", map[string]any{"authRule": ""}, "the auth rule was changed"},
		{"PATCH", messages, content(func(field map[string]any) { field["name"] = "text" }), "the field content is missing"},
		{"PATCH", messages, content(func(field map[string]any) { delete(field, "name") }), "the field content is missing"},
		{"PATCH", messages, content(func(field map[string]any) { delete(field, "id"); field["type"] = "json" }), "content"},
		{"PATCH", messages, fields(func(field map[string]any) {
			if field["name"] == "reply_to" {
				field["required"] = true
			}
		}), "the field reply_to may not be required"},
		{"PATCH", messages, map[string]any{"indexes": []string{}}, "this index is needed"},
		{"DELETE", messages, nil, "it can't be deleted"},
		{"PUT", "/api/collections/import", map[string]any{"deleteMissing": true, "collections": []any{map[string]any{"name": "notes", "type": "base"}}}, ""},
		{"POST", "/api/sql", map[string]any{"query": "DROP TABLE messages"}, "closed"},
		{"POST", "/api/batch", map[string]any{"requests": []any{map[string]any{"method": "DELETE", "url": messages}}}, "closed"},
	} {
		resp := app.Do(token, c.method, c.path, c.body)
		if resp.StatusCode < 400 || resp.StatusCode >= 500 || !strings.Contains(string(resp.Body), c.says) {
			t.Errorf("%s %s %v: status %d, %s", c.method, c.path, c.body, resp.StatusCode, resp.Body)
		}
	}
	var now map[string]any
	if app.Do(token, "GET", messages, nil).OK(http.StatusOK).Into(&now); !reflect.DeepEqual(now, stored) {
		t.Errorf("the collection is now %v", now)
	}
	if err := ops.CheckSchema(app.DB()); err != nil {
		t.Error(err)
	}
}

func TestSchema_isCheckedBeforeServing(t *testing.T) {
	for want, statement := range map[string]string{
		"people_words_insert": "DROP TRIGGER people_words_insert",
		"newer version":       "INSERT INTO _migrations (file, applied) VALUES ('1990000000_later.go', 1)",
		"list rule":           "UPDATE _collections SET listRule = '' WHERE name = 'messages'",
	} {
		app := plain(t, plainapp.DataDir(t))
		if err := ops.CheckSchema(app.DB()); err != nil {
			t.Fatal(err)
		}
		if _, err := app.NonconcurrentDB().NewQuery(statement).Execute(); err != nil {
			t.Fatal(err)
		}
		if err := ops.CheckSchema(app.DB()); !errors.Is(err, ops.ErrSchema) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
