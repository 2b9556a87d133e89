package messagerie_test

import (
	"strings"
	"testing"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// What most messages don't have costs them nothing: no statement besides their own.
func TestSend_withoutMentionsIsOneStatement(t *testing.T) {
	log := new(statementLog)
	h := newHarness(t, log.connect)
	me, other := h.person("Moi"), h.person("Autre")
	c := h.conversation(me, other)
	send := func(mentions ...protocol.ID) []string {
		log.take()
		if _, _, err := h.conversations.SendMessage(messagerie.NewMessage{Conversation: c, Sender: me.ID, Content: "Bonjour", Mentions: mentions}); err != nil {
			t.Fatal(err)
		}
		return log.take()
	}
	for range 2 { // fills the caches
		send()
	}
	if statements := send(); len(statements) != 1 || !strings.HasPrefix(statements[0], "INSERT INTO {{messages}}") {
		t.Errorf("it takes\n%s", strings.Join(statements, "\n"))
	}
	if statements := send(other.ID); len(statements) != 2 { // who has archived the conversation?
		t.Errorf("with a mention it takes\n%s", strings.Join(statements, "\n"))
	}
}
