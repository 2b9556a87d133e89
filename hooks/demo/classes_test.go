package demo_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/demo"
	"messagerie/hooks/protocol"
)

func TestPrepare_fillsClassesAndFamilies(t *testing.T) {
	app := filled(t)
	claire := app.SignIn(find(t, app, "users", dbx.HashExp{"first_name": "Claire", "last_name": "Martin"})[0])
	var me protocol.Me
	app.Get(claire, "/api/messagerie/me/").OK(200).Into(&me)
	var names []string
	for _, class := range me.Classes {
		names = append(names, fmt.Sprint(class.Name, class.Head))
	}
	if !slices.Equal(names, []string{"4e Afalse", "5e Btrue"}) {
		t.Errorf("Claire Martin teaches in %v", names)
	}
	for _, e := range find(t, app, "establishments", all) {
		if len(find(t, app, "classes", dbx.HashExp{"establishment": e.Id})) < 2 {
			t.Errorf("%s has no classes", e.GetString("name"))
		}
	}
	teachersWithChildren := 0
	for _, g := range find(t, app, "guardianships", all) {
		if app.Find("users", protocol.ParseID(g.GetString("guardian"))).GetString("role") == protocol.RoleTeacher {
			teachersWithChildren++
		}
	}
	if teachersWithChildren == 0 {
		t.Error("no teacher has a child at the school")
	}
}

// Two of the same name are told apart by their classes and families.
func TestPrepare_fillsHomonyms(t *testing.T) {
	app := filled(t)
	homonyms := find(t, app, "users", dbx.HashExp{"first_name": "Adam", "last_name": "Benali"})
	if len(homonyms) != 2 {
		t.Fatalf("%d are called Adam Benali", len(homonyms))
	}
	classes := map[string]bool{}
	for _, record := range homonyms {
		var me protocol.Me
		app.Get(app.SignIn(record), "/api/messagerie/me/").OK(200).Into(&me)
		if len(me.Classes) != 1 {
			t.Fatalf("one of them is in %v", me.Classes)
		}
		classes[me.Classes[0].Name] = true
	}
	if len(classes) != 2 {
		t.Errorf("both are in %v", classes)
	}
}

func TestPrepare_letsPeopleWithoutAnAddressIn(t *testing.T) {
	app := filled(t)
	without := find(t, app, "users", dbx.HashExp{"email": ""})
	if len(without) < 3 {
		t.Errorf("%d people have no address", len(without))
	}
	for _, p := range without {
		app.Do("", http.MethodPost, "/api/collections/users/auth-with-password",
			map[string]string{"identity": p.GetString("username"), "password": demo.Password}).OK(200)
	}
}
