package protocol

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestID_isAnyJSONNumberThatIsWhole(t *testing.T) {
	for spelt, want := range map[string]ID{
		"0": 0, "-0": 0, "7": 7, "-7": -7, "9007199254740991": MaxID,
		"2.0": 2, "2.000": 2, "-0.0": 0, "0e5": 0, "0.0e-5": 0, "1e3": 1000, "1E3": 1000, "1e+3": 1000, "1.5e1": 15,
		"1230e-1": 123, "100e-2": 1, "0.001e3": 1, "9007199254740991.0": MaxID, "9.007199254740991e15": MaxID,
		"-2.50e1": -25, "1" + strings.Repeat("0", 100) + "e-100": 1,
		"null": 0,
	} {
		var frame ClientFrame
		if err := json.Unmarshal([]byte(`{"conversation_id":`+spelt+`}`), &frame); err != nil || frame.ConversationID != want {
			t.Errorf("%s is %d, %v; want %d", spelt, frame.ConversationID, err, want)
		}
	}
}

func TestID_isNothingElse(t *testing.T) {
	for spelt, named := range map[string]string{
		"2.5": "number 2.5", "0.1": "number 0.1", "1e-1": "number 1e-1", "1e400": "number 1e400", "1e19": "number 1e19",
		"2.0000000000000000000000001": "number 2.0000000000000000000000001", "9007199254740991.4": "number 9007199254740991.4",
		"1e99999999999999999999": "number 1e99999999999999999999", "1e-99999999999999999999": "number 1e-99999999999999999999",
		"99999999999999999999": "number 99999999999999999999",
		`"7"`:                  "string", `"1e3"`: "string", "true": "bool", "false": "bool", "[1]": "array", `{"a":1}`: "object",
	} {
		var frame ClientFrame
		err := json.Unmarshal([]byte(`{"conversation_id":`+spelt+`}`), &frame)
		var mistyped *json.UnmarshalTypeError
		if !errors.As(err, &mistyped) || mistyped.Field != "conversation_id" || mistyped.Value != named {
			t.Errorf("%s: %v, %+v", spelt, err, mistyped)
		}
		if frame.ConversationID != 0 {
			t.Errorf("%s: read as %d", spelt, frame.ConversationID)
		}
	}
	for _, spelt := range []string{"01", "1.", ".5", "1e", "+1", "0x10", "NaN"} {
		if err := json.Unmarshal([]byte(spelt), new(ID)); err == nil {
			t.Errorf("%s is a number", spelt)
		}
	}
}

// What is decoded of each frame: three ids in plain digits.
func BenchmarkClientFrame_decode(b *testing.B) {
	frame := []byte(`{"type":"chat_message","conversation_id":245679802941440,"message":"Bonjour, à demain !",` +
		`"client_id":"9b1c2f0e-7c1d-4c53-9d53-4b9f3a3f1f11","reply_to":245679802941441}`)
	b.ReportAllocs()
	for b.Loop() {
		var decoded ClientFrame
		if err := json.Unmarshal(frame, &decoded); err != nil || decoded.ReplyTo == 0 {
			b.Fatal(err)
		}
	}
}
