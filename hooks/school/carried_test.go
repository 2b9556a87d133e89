package school

import (
	"reflect"
	"testing"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

func TestChanges_areCarriedWhole(t *testing.T) {
	rules := &Rules{Establishment: 1, Name: "Collège", Open: true, GuardiansJoin: 15, contacts: defaultContacts,
		Pauses: []Pause{{ID: 2, Roles: []string{"student"}, From: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}}}
	changes := []store.Change{
		PersonChanged{Before: Person{ID: 1, FirstName: "A"}, After: Person{ID: 1, FirstName: "B", Establishments: []protocol.ID{2}}, Revoked: true},
		PersonDeleted{1}, TiesChanged{[]protocol.ID{1}}, DeviceRemoved{User: 1, Device: 2}, LoginChanged{User: 1, NeedsSecondFactor: true},
		QuietChanged{1}, RulesChanged{Establishment: 1, After: rules},
	}
	data, err := store.EncodeChanges(changes)
	if err != nil {
		t.Fatal(err)
	}
	carried, err := store.DecodeChanges(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range changes {
		if !reflect.DeepEqual(changes[i], carried[i]) {
			t.Errorf("%T: %+v became %+v", changes[i], changes[i], carried[i])
		}
	}
}
