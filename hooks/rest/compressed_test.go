package rest_test

import (
	"strings"
	"testing"

	"messagerie/hooks/protocol"
)

// Go's client asks for gzip by itself, and reports whether it was used.
func TestResponses_areCompressedIfLong(t *testing.T) {
	s := newSchool(t)
	if resp := s.Get(s.claire, messagesPath(s.conversation)).OK(200); resp.Uncompressed {
		t.Error("an empty page was compressed")
	}
	text := strings.Repeat("La réunion de jeudi est maintenue. ", 100)
	s.Post(s.claire, messagesPath(s.conversation), object{"content": text}).OK(201)
	var page []protocol.Message
	resp := s.Get(s.claire, messagesPath(s.conversation)).OK(200).Into(&page)
	if !resp.Uncompressed || len(page) != 1 || page[0].Content != strings.TrimSpace(text) {
		t.Errorf("compressed: %v; %d messages", resp.Uncompressed, len(page))
	}
	s.Get(s.stranger, messagesPath(s.conversation)).Refused(403, protocol.CodeNotParticipant)
}
