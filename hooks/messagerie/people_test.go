package messagerie_test

import (
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// In the dashboard a direct conversation is named after its people.
func TestDirectConversation_hasANameInTheDashboard(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("École")
	claire := app.Person(school, protocol.RoleTeacher, "Claire", "Martin")
	jerome := app.Person(school, protocol.RoleParent, "Jérôme", "Lefèvre")
	lea := app.Person(school, protocol.RoleStudent, "Léa", "Petit")
	direct, group := app.Conversation(claire, jerome), app.Conversation(claire, jerome, lea)
	people := func(id protocol.ID) string { return app.Find("conversations", id).GetString("people") }
	if got := people(direct); got != "Claire Martin – Jérôme Lefèvre" {
		t.Errorf("it is called %q", got)
	}
	record := app.Find("users", jerome.ID)
	record.Set("last_name", "Le Fèvre")
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	if got := people(direct); got != "Claire Martin – Jérôme Le Fèvre" {
		t.Errorf("after a change of name it is called %q", got)
	}
	if err := app.Delete(app.Find("users", jerome.ID)); err != nil {
		t.Fatal(err)
	}
	if got := people(direct); got != "Claire Martin" {
		t.Errorf("after a deletion it is called %q", got)
	}
	if got := people(group); got != "" {
		t.Errorf("a group is called %q besides its title", got)
	}
}
