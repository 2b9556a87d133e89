package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest/plainapp"
)

// Each change reaches the listeners in the order of their registration, only after the commit,
// and even if another listener panics.
func TestListen_getsCommittedChangesInOrder(t *testing.T) {
	_, app := newNotes(t)
	s := New(app)
	defer s.Close()
	var heard []string
	for _, who := range []string{"caches", "sockets"} {
		s.Listen(func(change Change) {
			heard = append(heard, fmt.Sprint(who, " ", change))
			if who == "caches" && change == "deux" {
				panic("boum")
			}
		})
	}
	announce := func(err error, changes ...Change) func(core.App) error {
		return func(tx core.App) error {
			s.Announce(tx, changes...)
			if len(heard) != 0 {
				t.Errorf("before the commit, %q were announced", heard)
			}
			return err
		}
	}
	refused := errors.New("refused")
	if err := s.Transaction(announce(refused, "perdu")); !errors.Is(err, refused) {
		t.Errorf("ended with %v", err)
	}
	if err := s.Transaction(announce(nil, "un", "deux", "trois")); err != nil {
		t.Errorf("ended with %v", err)
	}
	want := []string{"caches un", "sockets un", "caches deux", "sockets deux", "caches trois", "sockets trois"}
	if !slices.Equal(heard, want) {
		t.Errorf("got %q, want %q", heard, want)
	}
}

// A changed collection has its rows rewritten without record hooks, and an opened database may
// be another one.
func TestListen_getsAReset(t *testing.T) {
	_, app := newNotes(t)
	s := New(app)
	s.Bind()
	resets := 0
	s.Listen(func(change Change) {
		if change == (Reset{}) {
			resets++
		}
	})
	collection := core.NewBaseCollection("things")
	steps := map[string]func() error{
		"changed": func() error {
			collection.Fields.Add(&core.TextField{Name: "name"})
			return app.Save(collection)
		},
		"deleted": func() error { return app.Delete(collection) },
		"opened":  func() error { return errors.Join(plainapp.Terminate(app), app.Bootstrap()) },
	}
	if err := app.Save(collection); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"changed", "deleted", "opened"} {
		resets = 0
		if err := steps[what](); err != nil {
			t.Fatal(err)
		}
		if resets != 1 {
			t.Errorf("%s: got %d resets", what, resets)
		}
	}
}
