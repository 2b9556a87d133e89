package school_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

func TestHoldsTokenKey_onlyWhileTheKeyIsTheirs(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("École")
	for what, change := range map[string]func(*core.Record) error{
		"signed out everywhere": func(r *core.Record) error { r.RefreshTokenKey(); return app.Save(r) },
		"disabled":              func(r *core.Record) error { r.Set("disabled", true); return app.Save(r) },
		"deleted":               func(r *core.Record) error { return app.Delete(r) },
	} {
		record := app.Person(school, protocol.RoleTeacher, "Une", "Moi").Record
		id, key := protocol.ParseID(record.Id), record.TokenKey()
		holds := func(key string) bool {
			t.Helper()
			holds, err := app.People.HoldsTokenKey(id, key)
			if err != nil {
				t.Fatal(err)
			}
			return holds
		}
		if !holds(key) || holds("another") || holds("") {
			t.Errorf("%s, before: their key %v, another %v, none %v", what, holds(key), holds("another"), holds(""))
		}
		if err := change(record); err != nil {
			t.Fatal(err)
		}
		if holds(key) {
			t.Errorf("%s: the old key is still valid", what)
		}
	}
}

// Disabled is enough: the key may be the new one.
func TestHoldsTokenKey_neverOfADisabledAccount(t *testing.T) {
	app := apptest.New(t)
	record := app.Person(app.Establishment("École"), protocol.RoleTeacher, "Une", "Moi").Record
	record.Set("disabled", true)
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	if holds, err := app.People.HoldsTokenKey(protocol.ParseID(record.Id), record.TokenKey()); holds || err != nil {
		t.Errorf("holds: %v, %v", holds, err)
	}
}

func TestLeftAt_isForgottenOnceTheAccountIsEnabled(t *testing.T) {
	app := apptest.New(t)
	record := app.Person(app.Establishment("École"), protocol.RoleTeacher, "Une", "Moi").Record
	const left, planned = "2026-07-03 00:00:00.000Z", "2027-07-02 00:00:00.000Z"
	for _, c := range []struct {
		what   string
		fields map[string]any
		want   string
	}{
		{"leaving", map[string]any{"disabled": true, "left_at": left}, left},
		{"still away", map[string]any{"first_name": "Deux"}, left},
		{"back", map[string]any{"disabled": false}, ""},
		{"disabled again", map[string]any{"disabled": true}, ""},
		{"away again", map[string]any{"left_at": left}, left},
		{"back until another day", map[string]any{"disabled": false, "left_at": planned}, planned},
		{"still there", map[string]any{"first_name": "Trois"}, planned},
	} {
		record = app.Find("users", protocol.ParseID(record.Id))
		record.Load(c.fields)
		if err := app.Save(record); err != nil {
			t.Fatal(err)
		}
		if got := app.Find("users", protocol.ParseID(record.Id)).GetString("left_at"); got != c.want {
			t.Errorf("%s: left_at is %q, want %q", c.what, got, c.want)
		}
	}
}
