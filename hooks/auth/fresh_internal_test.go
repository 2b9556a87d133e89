package auth

import (
	"testing"
	"time"
)

func TestFreshLogins_areForgotten(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	f := newFreshLogins()
	f.now = func() time.Time { return now }
	f.note(1)
	if !f.has(1) || f.has(2) || f.has(0) {
		t.Error("it remembers another device")
	}
	now = now.Add(freshFor)
	if f.has(1) {
		t.Error("it is fresh for too long")
	}
	f.note(2)
	if len(f.at) != 1 {
		t.Errorf("it keeps %d devices", len(f.at))
	}
}
