package messagerie_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// hookLog records the hooks of participants; failing makes their writes fail.
type hookLog struct {
	seen    []string
	failing error
}

func (l *hookLog) listen(app core.App) {
	on := func(name string) func(*core.RecordEvent) error {
		return func(e *core.RecordEvent) error {
			l.seen = append(l.seen, fmt.Sprint(name, " tx=", e.App.IsTransactional(), " type=", e.Type,
				" from=", e.Record.Original().GetString("last_read") != "", " id=", e.Record.Id))
			if name == "execute" && l.failing != nil {
				return l.failing
			}
			return e.Next()
		}
	}
	app.OnRecordUpdate("participants").BindFunc(on("update"))
	app.OnRecordUpdateExecute("participants").BindFunc(on("execute"))
	app.OnRecordAfterUpdateSuccess("participants").BindFunc(on("stored"))
	app.OnRecordAfterUpdateError("participants").BindFunc(func(e *core.RecordErrorEvent) error {
		l.seen = append(l.seen, fmt.Sprint("failed: ", e.Error))
		return e.Next()
	})
}

func (s *testSchool) reads(reader apptest.Person, m protocol.Message) (participant *core.Record) {
	s.t.Helper()
	if err := s.Conversations.MarkRead(reader.ID, m.ConversationID, m.ID); err != nil {
		s.t.Fatal(err)
	}
	return s.participant(m.ConversationID, reader)
}

// Markers aren't written by tx.Save, but trigger the same hooks.
func TestMarkers_triggerTheHooksOfASave(t *testing.T) {
	s := newSchool(t)
	mine := s.reads(s.jerome, s.Says(s.claire, s.direct, "Allô"))
	var log hookLog
	log.listen(s.App)

	mine.Set("last_read", s.Says(s.claire, s.direct, "Bonjour").ID.RecordID())
	if err := s.Save(mine); err != nil {
		t.Fatal(err)
	}
	saved := slices.Clone(log.seen)
	second := s.Says(s.claire, s.direct, "Bonsoir")
	log.seen = nil
	s.reads(s.jerome, second)
	if !slices.Equal(log.seen, saved) || len(log.seen) != 3 {
		t.Errorf("reading triggers\n%q\nand saving\n%q", log.seen, saved)
	}

	third := s.Says(s.claire, s.direct, "Bonne nuit")
	log.seen, log.failing = nil, errors.New("refused")
	if err := s.Conversations.MarkRead(s.jerome.ID, s.direct, third.ID); !errors.Is(err, log.failing) {
		t.Errorf("the hook's refusal became %v", err)
	}
	if want := "failed: refused"; len(log.seen) != 3 || log.seen[2] != want {
		t.Errorf("a refusal triggers %q, want %q at the end", log.seen, want)
	}
	if got := s.participant(s.direct, s.jerome).GetString("last_read"); got != second.ID.RecordID() {
		t.Errorf("after a refusal it is read up to %q", got)
	}
}

// A marker is on the disk before it is announced: its after-success hooks see it there.
func TestMarkers_areStoredBeforeTheirSuccessHooks(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.direct, "Bonjour")
	var stored string
	s.OnRecordAfterUpdateSuccess("participants").BindFunc(func(e *core.RecordEvent) error {
		stored = s.participant(s.direct, s.jerome).GetString("last_read")
		return e.Next()
	})
	s.reads(s.jerome, sent)
	if stored != sent.ID.RecordID() {
		t.Errorf("a hook after the commit finds %q", stored)
	}
}

// A field that an administrator has added is loaded, can be set by a hook, and keeps a value
// written by others.
func TestMarkers_keepAddedFields(t *testing.T) {
	s := newSchool(t)
	collection, err := s.FindCollectionByNameOrId("participants")
	if err != nil {
		t.Fatal(err)
	}
	collection.Fields.Add(&core.TextField{Name: "label"}, &core.NumberField{Name: "times"}, &core.JSONField{Name: "extra"})
	if err := s.Save(collection); err != nil {
		t.Fatal(err)
	}
	mine := s.participant(s.direct, s.jerome)
	mine.Set("label", "père")
	mine.Set("extra", object{"a": 1})
	mine.SetRaw("updated", types.NowDateTime().AddDate(-1, 0, 0))
	if err := s.Save(mine); err != nil {
		t.Fatal(err)
	}
	s.OnRecordUpdate("participants").BindFunc(func(e *core.RecordEvent) error {
		e.Record.Set("times+", 1)
		return e.Next()
	})
	s.OnRecordUpdateExecute("participants").BindFunc(func(e *core.RecordEvent) error {
		if _, err := e.App.DB().NewQuery("UPDATE participants SET muted = true").Execute(); err != nil {
			return err
		}
		return e.Next()
	})
	sent := s.Says(s.claire, s.direct, "Bonjour")
	got := s.reads(s.jerome, sent)
	if got.GetString("label") != "père" || got.GetInt("times") != 1 || got.GetString("extra") != `{"a":1}` {
		t.Errorf("the added fields hold %q, %d, %s", got.GetString("label"), got.GetInt("times"), got.GetString("extra"))
	}
	if got.GetString("last_read") != sent.ID.RecordID() || !got.GetBool("muted") {
		t.Errorf("read up to %q, muted %v", got.GetString("last_read"), got.GetBool("muted"))
	}
	if updated, before := got.GetDateTime("updated"), mine.GetDateTime("updated"); !updated.After(before) {
		t.Errorf("updated at %v, before at %v", updated, before)
	}
}

// A hook that changes a participant's id would move somebody else's marker.
func TestMarkers_refuseAnotherID(t *testing.T) {
	s := newSchool(t)
	sent := s.Says(s.claire, s.direct, "Bonjour")
	claires := s.participant(s.direct, s.claire)
	s.OnRecordUpdateExecute("participants").BindFunc(func(e *core.RecordEvent) error {
		e.Record.Id = claires.Id
		return e.Next()
	})
	if err := s.Conversations.MarkRead(s.jerome.ID, s.direct, sent.ID); err == nil {
		t.Error("a marker was stored under another id")
	}
	if got := s.participant(s.direct, s.claire).GetString("last_read"); got != claires.GetString("last_read") {
		t.Errorf("Claire's marker moved to %q", got)
	}
}
