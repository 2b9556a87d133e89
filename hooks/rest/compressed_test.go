package rest_test

import (
	"strings"
	"testing"

	"messagerie/hooks/protocol"
)

// Go's client asks for gzip by itself, and says whether it came.
func TestAnswers_areCompressedWhereTheyAreLong(t *testing.T) {
	s := newSchool(t)
	if answer := s.Get(s.claire, messagesPath(s.conversation)).OK(200); answer.Uncompressed {
		t.Error("an empty page was compressed")
	}
	text := strings.Repeat("La réunion de jeudi est maintenue. ", 100)
	s.Post(s.claire, messagesPath(s.conversation), object{"content": text}).OK(201)
	var page []protocol.Message
	answer := s.Get(s.claire, messagesPath(s.conversation)).OK(200).Into(&page)
	if !answer.Uncompressed || len(page) != 1 || page[0].Content != strings.TrimSpace(text) {
		t.Errorf("compressed: %v; %d messages", answer.Uncompressed, len(page))
	}
	s.Get(s.stranger, messagesPath(s.conversation)).Refused(403, protocol.CodeNotParticipant)
}
