package roster

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// steps makes the first of several changes, or creates all the people that they begin with.
func (a *applier) steps(tx core.App, steps []step) ([]journalEntry, error) {
	people := slices.IndexFunc(steps, func(s step) bool {
		return s.Kind != protocol.RosterPeople || s.Action != protocol.RosterCreated
	})
	if people < 0 {
		people = len(steps)
	}
	if people > 0 {
		return a.createPeople(tx, steps[:people])
	}
	done, err := a.step(tx, steps[0])
	return []journalEntry{done}, err
}

func (a *applier) step(tx core.App, s step) (journalEntry, error) {
	fields := s.Fields
	if fields == nil {
		fields = map[string]any{}
	}
	for field, key := range s.Refs {
		id, ok := a.ids[key]
		if !ok {
			return journalEntry{}, fmt.Errorf("%s refers to nobody: %q", field, key)
		}
		fields[field] = id
	}
	switch s.Action {
	case protocol.RosterCreated:
		return a.create(tx, s, fields)
	case protocol.RosterRemoved:
		return a.remove(tx, s)
	}
	return a.update(tx, s, fields)
}

func (a *applier) create(tx core.App, s step, fields map[string]any) (journalEntry, error) {
	collection := collections[s.Kind]
	record, err := newRecord(tx, collection, fields)
	if err != nil {
		return journalEntry{}, err
	}
	if err := a.service.writers[collection].Insert(tx, record); err != nil {
		return journalEntry{}, err
	}
	if s.Key != "" {
		a.ids[s.Key] = record.Id
	}
	return journalEntry{Record: record.Id}, nil
}

// createPeople opens accounts, each with a username that is free and a password that nobody knows.
func (a *applier) createPeople(tx core.App, steps []step) ([]journalEntry, error) {
	records := make([]*core.Record, len(steps))
	for i, s := range steps {
		record, err := newRecord(tx, "users", s.Fields)
		if err != nil {
			return nil, err
		}
		record.SetRaw(core.FieldNamePassword, a.passwordOf(record))
		if err := a.freeTheUsername(tx, record); err != nil {
			return nil, err
		}
		records[i] = record
	}
	if err := a.service.insertPeople(tx, records); err != nil {
		return nil, err
	}
	done := make([]journalEntry, len(steps))
	for i, record := range records {
		a.ids[steps[i].Key] = record.Id
		done[i] = journalEntry{Record: record.Id}
	}
	return done, nil
}

// passwordBytes are more than anybody can guess; nobody will ever type this password.
const passwordBytes = 60

// passwordOf returns the hash of a password that nobody knows: people choose their own with an
// access code or by mail. It is the same for all people of the import, because hashing takes
// longer than everything else.
func (a *applier) passwordOf(record *core.Record) *core.PasswordFieldValue {
	if a.password == nil {
		sample := core.NewRecord(record.Collection())
		sample.SetPassword(security.RandomString(passwordBytes))
		a.password = &core.PasswordFieldValue{Hash: sample.GetString(core.FieldNamePassword + ":hash")}
	}
	return a.password
}

func (a *applier) freeTheUsername(tx core.App, record *core.Record) error {
	wanted := record.GetString("username")
	if wanted == "" {
		return nil
	}
	username, err := school.FreeUsername(tx, wanted, a.names)
	if err != nil {
		return fmt.Errorf("find a username: %w", err)
	}
	record.Set("username", username)
	return nil
}

func (a *applier) update(tx core.App, s step, fields map[string]any) (journalEntry, error) {
	collection := collections[s.Kind]
	writer := a.service.writers[collection]
	record, err := writer.Find(tx, collection, s.Record)
	if err != nil {
		return journalEntry{}, err
	}
	done := journalEntry{Record: record.Id, Was: valuesOf(record, fields)}
	record.Load(fields)
	if _, ok := fields["username"]; ok {
		if err := a.freeTheUsername(tx, record); err != nil {
			return journalEntry{}, err
		}
	}
	if err := writer.Update(context.Background(), tx, record); err != nil {
		return journalEntry{}, err
	}
	done.Is = valuesOf(record, fields)
	return done, nil
}

func (a *applier) remove(tx core.App, s step) (journalEntry, error) {
	collection := collections[s.Kind]
	record, err := a.service.writers[collection].Find(tx, collection, s.Record)
	if err != nil {
		return journalEntry{}, err
	}
	done := journalEntry{Record: record.Id, Was: map[string]any{}}
	for _, field := range record.Collection().Fields {
		done.Was[field.GetName()] = record.Get(field.GetName())
	}
	return done, tx.Delete(record)
}

// valuesOf returns what a record has in fields.
func valuesOf(record *core.Record, fields map[string]any) map[string]any {
	values := make(map[string]any, len(fields))
	for name := range fields {
		values[name] = record.Get(name)
	}
	return values
}
