package protocol

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shapes maps each sample to the type that must represent it without loss.
var shapes = map[string]func() any{
	"server/conversations_list":  func() any { return new(ConversationsList) },
	"server/new_message":         func() any { return new(MessageFrame) },
	"server/message_updated":     func() any { return new(MessageFrame) },
	"server/message_deleted":     func() any { return new(MessageDeletedFrame) },
	"server/messages_read":       func() any { return new(MessagesReadFrame) },
	"server/messages_delivered":  func() any { return new(MessagesDeliveredFrame) },
	"server/typing_start":        func() any { return new(TypingFrame) },
	"server/typing_stop":         func() any { return new(TypingFrame) },
	"server/conversation_joined": func() any { return new(ConversationJoinedFrame) },
	"server/error":               func() any { return new(ErrorFrame) },
	"server/pong":                func() any { return new(PongFrame) },
	"server/me_updated":          func() any { return new(MeUpdatedFrame) },
	"server/message_reactions":   func() any { return new(MessageReactionsFrame) },
	"server/message_pins":        func() any { return new(MessagePinsFrame) },
	"server/conversation_events": func() any { return new(ConversationEventsFrame) },
	"server/message_scheduled":   func() any { return new(MessageScheduledFrame) },
	"server/scheduled_gone":      func() any { return new(ScheduledGoneFrame) },
	"rest/scheduled":             func() any { return new([]Scheduled) },
	"rest/closures_imported":     func() any { return new(ClosuresImported) },
	"rest/rules":                 func() any { return new(Rules) },
	"rest/rules_preview":         func() any { return new(RulesPreview) },
	"rest/pause":                 func() any { return new(Pause) },
	"rest/signed_out":            func() any { return new(SignedOut) },
	"rest/conversations":         func() any { return new([]Conversation) },
	"rest/messages":              func() any { return new([]Message) },
	"rest/attachment":            func() any { return new(Attachment) },
	"rest/message":               func() any { return new(Message) },
	"rest/history":               func() any { return new([]EarlierContent) },
	"rest/conversation_events":   func() any { return new([]ConversationEvent) },
	"rest/readers":               func() any { return new([]MessageReader) },
	"rest/server_problems":       func() any { return new([]ServerProblem) },
	"rest/found_messages":        func() any { return new([]FoundMessage) },
	"rest/search":                func() any { return new([]User) },
	"rest/classes":               func() any { return new([]ClassSummary) },
	"rest/me":                    func() any { return new(Me) },
	"rest/school":                func() any { return new(School) },
	"rest/access_codes":          func() any { return new([]AccessCode) },
	"rest/invitations":           func() any { return new(Invitations) },
	"rest/invitation_counts":     func() any { return new(InvitationCounts) },
	"rest/token":                 func() any { return new(Token) },
	"rest/email_accepted":        func() any { return new(EmailAccepted) },
	"rest/roster_plan":           func() any { return new(RosterPlan) },
	"rest/year_end":              func() any { return new(YearEnd) },
	"rest/error":                 func() any { return new(Error) },
}

func TestShapes_areTheSamples(t *testing.T) {
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			sample, err := os.ReadFile(filepath.Join("testdata", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			value := shape()
			decoder := json.NewDecoder(bytes.NewReader(sample))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(value); err != nil {
				t.Fatalf("the sample has a field that the shape lacks: %v", err)
			}
			encoded, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := canonical(t, encoded), canonical(t, sample); got != want {
				t.Errorf("encoded again, the sample reads\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestSamples_allHaveAShape(t *testing.T) {
	for _, direction := range []string{"server", "rest"} {
		files, err := filepath.Glob(filepath.Join("testdata", direction, "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no samples in %s: %v", direction, err)
		}
		for _, file := range files {
			name := direction + "/" + strings.TrimSuffix(filepath.Base(file), ".json")
			if _, ok := shapes[name]; !ok && !strings.HasSuffix(name, "_request") {
				t.Errorf("%s has no shape", name)
			}
		}
	}
}

func TestClientFrame_carriesEverySample(t *testing.T) {
	files, err := filepath.Glob("testdata/client/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	for _, file := range files {
		sample, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var frame ClientFrame
		decoder := json.NewDecoder(bytes.NewReader(sample))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&frame); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if want := strings.TrimSuffix(filepath.Base(file), ".json"); frame.Type != want {
			t.Errorf("%s has type %q", file, frame.Type)
		}
	}
}

// requests maps each sample of a body to its shape.
var requests = map[string]any{
	"create_request":           new(ConversationRequest),
	"create_class_request":     new(ConversationRequest),
	"send_request":             new(MessageRequest),
	"email_request":            new(LetterRequest),
	"access_codes_request":     new(AccessCodesRequest),
	"invitations_request":      new(InvitationsRequest),
	"welcome_request":          new(WelcomeRequest),
	"roster_apply_request":     new(RosterApplyRequest),
	"scheduled_change_request": new(ScheduledChange),
	"me_change_request":        new(MeChange),
	"closure_request":          new(ClosureRequest),
	"rules_request":            new(RulesChange),
	"pause_request":            new(PauseRequest),
	"pause_change_request":     new(PauseChange),
	"sign_out_request":         new(SignOutRequest),
	"posting_request":          new(ConversationChange),
	"own_state_request":        new(ConversationChange),
	"year_end_request":         new(YearEndRequest),
}

func TestRequests_carryEverySample(t *testing.T) {
	files, err := filepath.Glob("testdata/rest/*_request.json")
	if err != nil || len(files) != len(requests) {
		t.Fatalf("%d samples for %d shapes (%v)", len(files), len(requests), err)
	}
	for name, shape := range requests {
		sample, err := os.ReadFile(filepath.Join("testdata", "rest", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		decoder := json.NewDecoder(bytes.NewReader(sample))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(shape); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestID_spellings(t *testing.T) {
	for spelt, want := range map[string]ID{
		"0000000000000123":  123,
		"123":               123,
		"9007199254740991":  MaxID,
		"9007199254740992":  0,
		"":                  0,
		"-1":                0,
		"+1":                0,
		"1e3":               0,
		"00000000000000123": 0,
	} {
		if got := ParseID(spelt); got != want {
			t.Errorf("ParseID(%q) = %d, want %d", spelt, got, want)
		}
	}
	if got := ID(123).RecordID(); got != "0000000000000123" {
		t.Errorf("RecordID = %q", got)
	}
	for _, id := range []ID{1, 123, MaxID} {
		if got := ParseID(id.RecordID()); got != id || len(id.RecordID()) != 16 {
			t.Errorf("%d is spelt %q", id, id.RecordID())
		}
	}
	for _, id := range []ID{-1, MaxID + 1, 10_000_000_000_000_001, 1<<63 - 1, -1 << 63} {
		if got := ParseID(id.RecordID()); got != 0 {
			t.Errorf("%d, which is no id, is spelt as if it were %d", id, got)
		}
	}
	if got := ID(0).RecordID(); got != "" {
		t.Errorf("RecordID of 0 = %q", got)
	}
}

func TestNewMessageIDs_areTheFirstFields(t *testing.T) {
	frame, err := json.Marshal(MessageFrame{Type: TypeNewMessage,
		Message: Message{ID: MaxID, ConversationID: 7, SenderID: 0, Content: `{"id":1}`}})
	if err != nil {
		t.Fatal(err)
	}
	message, conversation, sender, ok := NewMessageIDs(frame)
	if !ok || message != MaxID || conversation != 7 || sender != 0 {
		t.Errorf("got %d, %d, %d, %v from %s", message, conversation, sender, ok, frame)
	}
	if _, _, _, ok := NewMessageIDs([]byte(`{"type":"pong"}`)); ok {
		t.Error("a pong carries a message")
	}
}

func canonical(t *testing.T, data []byte) string {
	t.Helper()
	var value any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	out, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func BenchmarkID_thereAndBack(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if ParseID(MaxID.RecordID()) != MaxID {
			b.Fatal("another id")
		}
	}
}
