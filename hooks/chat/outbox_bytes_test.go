package chat

import (
	"bytes"
	"testing"
)

// Frames count until they are written, whether they wait for a list or not.
func TestOutbox_isBoundedInBytes(t *testing.T) {
	frame := make([]byte, queueBytes/4)
	for name, holding := range map[string]bool{"waiting for a list": true, "waiting for the network": false} {
		o := outbox{holding: holding}
		for i := range 5 { // the fifth begins below the bound
			if !o.put(frame) {
				t.Fatalf("%s: frame %d isn't taken", name, i)
			}
		}
		if o.put([]byte("{}")) {
			t.Errorf("%s: another one is taken beyond %d bytes", name, queueBytes)
		}
		if o.release(frame) {
			t.Errorf("%s: a list is taken beyond %d bytes", name, queueBytes)
		}
		o.written(frame)
		o.written(frame)
		if !o.put(frame) || !o.release(frame) {
			t.Errorf("%s: what was written leaves no room", name)
		}
		if want := 5 * len(frame); o.bytes != want {
			t.Errorf("%s: %d bytes wait, want %d", name, o.bytes, want)
		}
	}
}

func TestOutbox_takesOneListWhateverItsSize(t *testing.T) {
	o := outbox{holding: true}
	list := bytes.Repeat([]byte("x"), 2*queueBytes)
	if !o.release(list) || len(o.frames) != 1 {
		t.Error("an idle socket doesn't get its list")
	}
	if o.put([]byte("{}")) {
		t.Error("the list doesn't count")
	}
}
