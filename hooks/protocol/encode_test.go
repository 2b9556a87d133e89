package protocol

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestEncode_leavesTextAsItIs(t *testing.T) {
	text := `<b>1 < 2 & 3 > 2</b> "é" \ 👋`
	encoded, err := Encode(Message{Content: text})
	if err != nil {
		t.Fatal(err)
	}
	if want := `"content":"<b>1 < 2 & 3 > 2</b> \"é\" \\ 👋"`; !strings.Contains(string(encoded), want) {
		t.Errorf("%s doesn't contain %s", encoded, want)
	}
	var again Message
	if err := json.Unmarshal(encoded, &again); err != nil || again.Content != text {
		t.Errorf("decoded again it reads %q (%v)", again.Content, err)
	}
}

func TestEncode_returnsBytesThatAreNotReused(t *testing.T) {
	first, err := Encode("first")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Encode("other"); err != nil {
		t.Fatal(err)
	}
	if string(first) != `"first"` {
		t.Errorf("after another one it reads %s", first)
	}
	if _, err := Encode(func() {}); err == nil {
		t.Error("a function was encoded")
	}
	if after, err := Encode("after"); err != nil || string(after) != `"after"` {
		t.Errorf("after one that failed: %s (%v)", after, err)
	}
}

func TestEncodeArray_takesWhatFits(t *testing.T) {
	values := []string{"aaaa", "bbbb", "cccc"} // six bytes each
	for _, c := range []struct {
		bytes int
		want  string
	}{
		{1, `["aaaa"]`},
		{8, `["aaaa"]`},
		{14, `["aaaa"]`},
		{15, `["aaaa","bbbb"]`},
		{21, `["aaaa","bbbb"]`},
		{22, `["aaaa","bbbb","cccc"]`},
	} {
		array, count, err := EncodeArray(values, c.bytes)
		if err != nil || string(array) != c.want || count != strings.Count(c.want, `"`)/2 {
			t.Errorf("of %d bytes: %s with %d values (%v), want %s", c.bytes, array, count, err, c.want)
		}
	}
	if array, count, err := EncodeArray[string](nil, 100); err != nil || string(array) != "[]" || count != 0 {
		t.Errorf("of nothing: %s, %d, %v", array, count, err)
	}
}

func TestEncodeConversationsList_isTheFrame(t *testing.T) {
	for _, complete := range []bool{true, false} {
		list := []Conversation{{ConversationID: 7, Title: "<5e B>"}, {ConversationID: 8}}
		want, err := Encode(ConversationsList{Type: TypeConversationsList, Conversations: list, Complete: complete})
		if err != nil {
			t.Fatal(err)
		}
		array, _, err := EncodeArray(list, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if got := EncodeConversationsList(array, complete); !slices.Equal(got, want) {
			t.Errorf("the frame is\n%s\nwant\n%s", got, want)
		}
	}
}

// The frame that everybody in a conversation gets, encoded once for all of them.
func BenchmarkEncode_newMessage(b *testing.B) {
	frame := MessageFrame{Type: TypeNewMessage, Message: Message{
		ID: MaxID, ConversationID: 7, SenderID: 8, Content: "Bonjour, Léa sera absente demain matin, merci de noter.",
		Timestamp: "2026-09-01T08:00:01.250Z", ClientID: "9b1c2f0e-7c1d-4c53-9d53-4b9f3a3f1f11", Status: StatusSent}}
	b.Run("Encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Encode(frame); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("json.Marshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(frame); err != nil {
				b.Fatal(err)
			}
		}
	})
}
