package chat

import (
	"bytes"
	"testing"
)

// Frames count until they are written, whether held for a list or not.
func TestSendQueue_isBoundedInBytes(t *testing.T) {
	frame := make([]byte, queueBytes/4)
	for name, holding := range map[string]bool{"waiting for a list": true, "waiting for the network": false} {
		q := sendQueue{holding: holding}
		for i := range 5 { // the fifth begins below the bound
			if !q.put(frame) {
				t.Fatalf("%s: frame %d is refused", name, i)
			}
		}
		if q.put([]byte("{}")) {
			t.Errorf("%s: another frame is accepted beyond %d bytes", name, queueBytes)
		}
		if q.release(frame) {
			t.Errorf("%s: a list is accepted beyond %d bytes", name, queueBytes)
		}
		q.written(frame)
		q.written(frame)
		if !q.put(frame) || !q.release(frame) {
			t.Errorf("%s: written frames make no room", name)
		}
		if want := 5 * len(frame); q.bytes != want {
			t.Errorf("%s: %d bytes wait, want %d", name, q.bytes, want)
		}
	}
}

func TestSendQueue_acceptsOneListOfAnySize(t *testing.T) {
	q := sendQueue{holding: true}
	list := bytes.Repeat([]byte("x"), 2*queueBytes)
	if !q.release(list) || len(q.frames) != 1 {
		t.Error("an idle socket doesn't get its list")
	}
	if q.put([]byte("{}")) {
		t.Error("the list doesn't count")
	}
}
