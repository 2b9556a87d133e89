package chat_test

import (
	"testing"

	"messagerie/hooks/protocol"
)

// A socket that was open when its person moved to another establishment can still read, but not
// write.
func TestSocket_canOnlyReadAfterLeavingTheEstablishment(t *testing.T) {
	s := newSchool(t)
	claire, _ := s.Dial(s.claire)
	jerome, _ := s.Dial(s.jerome)
	sent := jerome.Says(s.conversation, "Bonjour")
	elsewhere := s.Establishment("Lycée")
	record := s.Find("users", s.claire.ID)
	record.Set("establishments", []string{elsewhere.RecordID()})
	if err := s.Save(record); err != nil {
		t.Fatal(err)
	}
	var list protocol.ConversationsList
	claire.Expect(protocol.TypeConversationsList, &list)
	if len(list.Conversations) != 1 || list.Conversations[0].LastMessage.ID != sent.ID {
		t.Errorf("the list became %+v", list)
	}
	claire.Send(typing(protocol.TypeTypingStart, s.conversation))
	claire.Send(typing(protocol.TypeTypingStop, s.conversation))
	claire.ExpectNone(protocol.TypeError)
	jerome.ExpectNone(protocol.TypeTypingStart)

	claire.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: s.conversation, Message: "Encore moi", ClientID: "1"})
	if refused := claire.ExpectRefusal(protocol.CodeNotInEstablishment); refused.ClientID != "1" || refused.ConversationID != s.conversation {
		t.Errorf("refused %+v", refused)
	}
	jerome.Send(protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: s.conversation, Message: "Allô ?", ClientID: "2"})
	jerome.ExpectRefusal(protocol.CodeRecipientGone)
	claire.Send(protocol.ClientFrame{Type: protocol.TypeMarkAsRead, ConversationID: s.conversation})
	jerome.Expect(protocol.TypeMessagesRead, nil)
	claire.Send(protocol.ClientFrame{Type: protocol.TypeJoinConversation, ConversationID: s.conversation})
	claire.Expect(protocol.TypeConversationJoined, nil)
	if got := s.Count("messages"); got != 1 {
		t.Errorf("%d messages are stored", got)
	}
}
