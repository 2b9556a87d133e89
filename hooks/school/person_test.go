package school_test

import (
	"reflect"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// A person decoded from a record equals the one loaded from the database.
func TestPerson_isTheSameFromARecordAndFromTheDatabase(t *testing.T) {
	app := apptest.New(t)
	first, second := app.Establishment("Collège"), app.Establishment("Lycée")
	record := app.Person(first, protocol.RoleTeacher, "Claire", "Martin").Record
	record.Load(map[string]any{
		"establishments": []string{second.RecordID(), first.RecordID()}, "locale": "ar", "disabled": true,
		"emailVisibility": true, "temporary_password": true, "username": "claire.martin",
	})
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	want := school.PersonOf(record)
	value := reflect.ValueOf(want)
	for i := range value.NumField() {
		if value.Field(i).IsZero() && value.Type().Field(i).Name != "ties" { // which aren't in the record
			t.Errorf("the test leaves out %s", value.Type().Field(i).Name)
		}
	}
	account, err := app.People.Account(want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(account.Person, want) || account.TokenKey != record.TokenKey() {
		t.Errorf("loaded is %+v, the record %+v", account, want)
	}
	if all, err := app.People.Accounts([]protocol.ID{want.ID, 999}); err != nil || len(all) != 1 || all[want.ID] != account {
		t.Errorf("found %v, %v", all, err)
	}
	if nobody, err := app.People.Account(999); nobody != nil || err != nil {
		t.Errorf("nobody is %v, %v", nobody, err)
	}
}

func TestFullName_leavesOutMissingNames(t *testing.T) {
	for want, p := range map[string]school.Person{
		"Claire Martin": {FirstName: "Claire", LastName: "Martin"}, "Martin": {LastName: "Martin"}, "Claire": {FirstName: "Claire"}, "": {},
	} {
		if got := p.FullName(); got != want {
			t.Errorf("%q is called %q", want, got)
		}
	}
}
