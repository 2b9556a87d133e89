package messagerie

import (
	"reflect"
	"testing"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

func TestChanges_areCarriedWhole(t *testing.T) {
	member := Member{Record: 1, User: 2, LastRead: 3, LastDelivered: 4, OwnState: OwnState{MutedUntil: 5, Pinned: true},
		rest: &rest{read: 6, delivered: 7, until: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}}
	message := StoredMessage{ID: 1, Conversation: 2, Sender: 3, Content: "é", Created: "2026-01-02T03:04:05Z", Deleted: true, Changed: byAdministration,
		Urgent: true, Mentions: []protocol.ID{4}, Attachments: []protocol.Attachment{{ID: 5, Name: "a.pdf"}}}
	changes := []store.Change{
		MessageCreated{message}, MessageChanged{Before: message, After: StoredMessage{ID: 1}}, MessageRemoved{message},
		ReactionsChanged{Conversation: 1, Message: 2}, PinsChanged{Conversation: 1, Messages: []protocol.ID{2}}, EventsAdded{1},
		ParticipantJoined{Conversation: 1, Member: member}, ParticipantChanged{Conversation: 1, Before: member, After: Member{Record: 1}, At: "now"},
		ParticipantLeft{Conversation: 1, User: 2}, ConversationChanged{1}, ConversationDeleted{1},
		MessageScheduled{StoredScheduled{ID: 1, DeliverAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}}, ScheduledGone{ID: 1, Reason: "refused"},
		store.Reset{}, store.AnnouncementsLost{},
	}
	data, err := store.EncodeChanges(changes)
	if err != nil {
		t.Fatal(err)
	}
	carried, err := store.DecodeChanges(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range changes {
		if !reflect.DeepEqual(changes[i], carried[i]) {
			t.Errorf("%T: %+v became %+v", changes[i], changes[i], carried[i])
		}
	}
}
