package search

import (
	"testing"
	"time"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// While many messages are sent, the index rests.
func TestWorker_restsWhileManyMessagesAreSent(t *testing.T) {
	now := time.Now()
	s := &Service{pending: newPending(), now: func() time.Time { return now }}
	w := newWorker(s)
	s.pending.open(0)
	second := func(messages int) bool {
		t.Helper()
		for range messages {
			s.pending.note(messagerie.MessageCreated{Message: messagerie.StoredMessage{ID: s.pending.newest + 1}})
		}
		now = now.Add(time.Second)
		if err := w.look(); err != nil {
			t.Fatal(err)
		}
		return w.isBusy
	}
	if second(busy) {
		t.Error("it is busy with as many as are few")
	}
	if !second(busy + 1) {
		t.Error("it isn't busy")
	}
	if second(0) {
		t.Error("it is busy without any")
	}
	if len(w.changed) > 0 {
		t.Errorf("it has noted %d new messages", len(w.changed))
	}
	if got := pause(10*time.Millisecond, shareIfBusy); got != 490*time.Millisecond {
		t.Errorf("it rests for %v", got)
	}
}

func TestWorker_mergesOnceADay(t *testing.T) {
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	w := newWorker(&Service{pending: newPending(), now: func() time.Time { return now }})
	for merged, want := range map[string]time.Duration{
		"":                                      mergeAfter,
		protocol.Time(now):                      mergeEvery,
		protocol.Time(now.Add(-time.Hour)):      mergeEvery - time.Hour,
		protocol.Time(now.Add(-48 * time.Hour)): mergeAfter,
	} {
		w.state.Merged = merged
		if got := w.untilMerge(); got != want {
			t.Errorf("merged at %q, it waits for %v, want %v", merged, got, want)
		}
	}
}
