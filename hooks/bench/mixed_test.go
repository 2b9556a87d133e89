package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

const aSchool = `{"users": [{"id": 11}, {"id": 12}, {"id": 13}, {"id": 14}, {"id": 15}, {"id": 16}], "conversations": [
	{"id": 1, "participants": [11, 12, 13]}, {"id": 2, "participants": [11, 13]}, {"id": 3, "participants": [13, 14]},
	{"id": 4, "participants": [12, 99]}, {"id": 5, "participants": [12, 14]}, {"id": 6, "participants": [15, 16]}]}`

func TestPairsOf_giveEverybodyOneConversation(t *testing.T) {
	var d dataset
	if err := json.Unmarshal([]byte(aSchool), &d); err != nil {
		t.Fatal(err)
	}
	want := []pair{{2, [2]int{0, 2}}, {5, [2]int{1, 3}}, {6, [2]int{4, 5}}}
	if got := pairsOf(d, 9); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := pairsOf(d, 2); !slices.Equal(got, want[:2]) {
		t.Errorf("at most two: %v", got)
	}
}

func TestMixed_isAnErrorWhereAMessageIsMissing(t *testing.T) {
	m := &mixed{rate: 1000, lasts: time.Second, warmUp: 2 * time.Second, begun: time.Now(), people: dataset{},
		messages: make([]delivery, 3000), listed: []float64{1}, memory: []float64{1, 2, 3}}
	arrive := func(n int, after time.Duration) {
		device := &device{mixed: m}
		text, _ := json.Marshal(object{"message": object{"client_id": clientID(n, m.due(n)), "sender_id": 7}})
		for range 2 {
			if !device.received(text, m.due(n).Add(after)) {
				t.Fatal("somebody else's message is taken for one's own")
			}
		}
	}
	for n := range m.messages[1:] {
		arrive(n, 3*time.Millisecond)
	}
	var out bytes.Buffer
	if err := m.write(&out); err == nil || !strings.Contains(err.Error(), "1 of 3000 messages") {
		t.Errorf("with one missing: %v", err)
	}
	arrive(2999, 4*time.Millisecond)
	out.Reset()
	if err := m.write(&out); err != nil || !strings.Contains(out.String(), "p50 3.0  p99 3.0  most 4.0 ms") {
		t.Errorf("with all there: %v\n%s", err, &out)
	}
}

func TestMixed_asksForListsInLessThanASecond(t *testing.T) {
	m := &mixed{lists: 10, warmUp: 300 * time.Millisecond, lasts: 200 * time.Millisecond, begun: time.Now(),
		address: "127.0.0.1:1"} // nobody listens there
	if err := json.Unmarshal([]byte(aSchool), &m.people); err != nil {
		t.Fatal(err)
	}
	m.askForLists(t.Context())
	if n := m.refused.Load(); n != 5 {
		t.Errorf("%d lists were asked for, want 5", n)
	}
}

type object = map[string]any
