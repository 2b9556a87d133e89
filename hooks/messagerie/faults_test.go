package messagerie_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// A hook that fails after a message's INSERT rolls that message back, and no other in the same
// transaction.
func TestSend_ofManyAtOnceIsNotStoredWhenAHookFailsAfterTheInsert(t *testing.T) {
	h := newHarness(t, nil)
	claire, jerome := h.person("Martin"), h.person("Lefevre")
	conversation := h.conversation(claire, jerome)
	h.OnRecordCreate("messages").BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		if strings.HasPrefix(e.Record.GetString("content"), "refusé") {
			return errors.New("boum")
		}
		return nil
	})
	var wait sync.WaitGroup
	var want []string
	for i := range 40 {
		content := fmt.Sprintf("stocké %02d", i)
		if i%3 == 0 {
			content = fmt.Sprintf("refusé %02d", i)
		} else {
			want = append(want, content)
		}
		wait.Go(func() {
			_, _, err := h.conversations.SendMessage(messagerie.NewMessage{
				Conversation: conversation, Sender: claire.ID, Content: content, ClientID: content})
			if refused := strings.HasPrefix(content, "refusé"); (err != nil) != refused || errors.Is(err, refusal.OutcomeUnknown) {
				t.Errorf("%s ended with %v", content, err)
			}
		})
	}
	wait.Wait()
	if got := h.column("SELECT content FROM messages ORDER BY content", nil); !slices.Equal(got, want) {
		t.Errorf("stored %q", got)
	}
	if announced := h.created(); len(announced) != len(want) || !slices.IsSorted(announced) {
		t.Errorf("announced %v", announced)
	}
}

// A failure after the commit doesn't change what is stored.
func TestSend_isAcknowledgedWhateverFailsAfterTheCommit(t *testing.T) {
	h := newHarness(t, nil)
	claire, jerome := h.person("Martin"), h.person("Lefevre")
	conversation := h.conversation(claire, jerome)
	var fail func() error
	h.OnRecordAfterCreateSuccess("messages").BindFunc(func(e *core.RecordEvent) error { return errors.Join(fail(), e.Next()) })
	fail = func() error { return errors.New("boum") }
	first := h.says(claire, conversation, "un")
	// After a panic it isn't certain that the message was announced; sending it again resolves that.
	fail = func() error { panic("boum") }
	_, _, err := h.conversations.SendMessage(messagerie.NewMessage{
		Conversation: conversation, Sender: claire.ID, Content: "Bonjour", ClientID: "deux"})
	if !errors.Is(err, refusal.OutcomeUnknown) {
		t.Errorf("ended with %v", err)
	}
	fail = func() error { return nil }
	if second := h.says(claire, conversation, "deux"); second.ID <= first.ID {
		t.Errorf("%d comes after %d", second.ID, first.ID)
	}
	if got := h.column("SELECT client_id FROM messages ORDER BY id", nil); !slices.Equal(got, []string{"un", "deux"}) {
		t.Errorf("stored %q", got)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.ContainsFunc(h.changes, func(c store.Change) bool { return c == store.AnnouncementsLost{} }) {
		t.Error("AnnouncementsLost wasn't announced")
	}
}

// A sender who lost the receipt of a message and may no longer write still learns that it is stored.
func TestSend_againIsAcknowledgedAfterLeaving(t *testing.T) {
	h := newHarness(t, nil)
	claire, jerome, lea := h.person("Martin"), h.person("Lefevre"), h.person("Petit")
	group := h.conversation(claire, jerome, lea)
	sent := h.says(lea, group, "un")
	if err := h.conversations.RemoveParticipants(lea, group, []protocol.ID{lea.ID}); err != nil {
		t.Fatal(err)
	}
	if again := h.says(lea, group, "un"); again.ID != sent.ID {
		t.Errorf("stored again as %d", again.ID)
	}
	_, _, err := h.conversations.SendMessage(messagerie.NewMessage{Conversation: group, Sender: lea.ID, Content: "x", ClientID: "deux"})
	if !errors.Is(err, messagerie.ErrNotParticipant) {
		t.Errorf("another one ended with %v", err)
	}
}
