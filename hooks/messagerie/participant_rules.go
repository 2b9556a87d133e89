package messagerie

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

func (s *Service) bindParticipants() {
	s.app.OnRecordCreate("participants").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := s.checkNewParticipant(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		conversation, member := conversationOf(e.Record), memberOf(e.Record)
		if err := s.forgetDeparture(e.App, conversation, member.User); err != nil {
			return err
		}
		s.sizes.changed(e.App, conversation, +1)
		s.store.Announce(e.App, ParticipantJoined{conversation, member})
		return nil
	}))
	s.app.OnRecordUpdate("participants").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		stored, err := checkChangedParticipant(e)
		if err != nil {
			return err
		}
		before := stored.member()
		if err := s.restRecord(e.Record, before); err != nil {
			return err
		}
		noteReading(e.Record, stored, types.NowDateTime().String())
		if err := e.Next(); err != nil {
			return err
		}
		s.store.Announce(e.App, ParticipantChanged{
			Conversation: conversationOf(e.Record), Before: before, After: memberOf(e.Record),
			At: wireTime(e.Record.GetString("updated")),
		})
		return nil
	}))
	s.app.OnRecordDelete("participants").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		conversation, user := conversationOf(e.Record), memberOf(e.Record).User
		s.sizes.changed(e.App, conversation, -1)
		s.store.Announce(e.App, ParticipantLeft{conversation, user})
		return nil
	}))
}

func conversationOf(record *core.Record) protocol.ID {
	return protocol.ParseID(record.GetString("conversation"))
}

// checkNewParticipant applies to everyone who joins, however they are added. It also sets the
// key of a direct conversation once both people are in it.
func (s *Service) checkNewParticipant(tx core.App, record *core.Record) error {
	conversation := conversationOf(record)
	joined, err := s.sizes.of(tx, conversation)
	switch {
	case err != nil || joined == nil:
		return err // the relation's own check names the field
	case joined.Kind == protocol.KindDirect:
		err = s.pair(tx, conversation, memberOf(record).User)
	case joined.Participants >= s.limits.GroupParticipants:
		err = refusal.OnField("user", s.errTooMany())
	}
	if err != nil {
		return err
	}
	if own := memberOf(record).OwnState; own != (OwnState{}) { // from the dashboard
		if err := settleOwn(tx, record, OwnState{}); err != nil {
			return err
		}
	}
	if record.GetString("last_read") != "" {
		moveMarkers(record, Member{})
		return nil
	}
	// For somebody who joins later, earlier messages don't count as unread.
	record.Set("last_read", joined.Newest)
	record.Set("last_delivered", joined.Newest)
	return nil
}

// pair admits the second person to a direct conversation, and never a third.
func (s *Service) pair(tx core.App, id, user protocol.ID) error {
	p, err := loadParticipants(tx, id)
	if err != nil || p == nil {
		return err
	}
	if len(p.Members) >= 2 {
		return refusal.OnField("user", ErrNotAGroup)
	}
	if len(p.Members) == 0 {
		return nil
	}
	conversation, err := tx.FindRecordById("conversations", id.RecordID())
	if err != nil {
		return fmt.Errorf("find conversation: %w", err)
	}
	key := DirectKey(p.Members[0].User, user)
	switch conversation.GetString("direct_key") {
	case key:
		return nil
	case "":
		conversation.Set("direct_key", key)
		if err := tx.SaveWithContext(context.WithValue(context.Background(), pairing{}, true), conversation); err != nil {
			return refusal.OnField("user", refusal.New(protocol.CodeInvalidRequest,
				"These two people already have a direct conversation."))
		}
		return nil
	}
	return refusal.OnField("user", ErrNotAGroup) // it belongs to another pair, one of whom was removed
}

// pairing marks the one save that may set the key of a direct conversation. If it could be set
// by hand, a pair could have two.
type pairing struct{}

// DirectKey returns the unique key of two people's direct conversation: their ids as stored, the
// lower one first, "0000000000000001-0000000000000002".
func DirectKey(a, b protocol.ID) string {
	return min(a, b).RecordID() + "-" + max(a, b).RecordID()
}

// checkChangedParticipant refuses to change a participant's conversation or user, and keeps the
// markers from moving back; what was read was also received. It returns what is stored.
func checkChangedParticipant(e *core.RecordEvent) (participantRow, error) {
	before := e.Record.Original()
	for _, field := range []string{"conversation", "user"} {
		if e.Record.GetString(field) != before.GetString(field) {
			return participantRow{}, refusal.OnField(field, refusal.New(protocol.CodeInvalidRequest, "This can't be changed: remove the participant and add another."))
		}
	}
	stored, err := storedParticipant(e, before)
	if err != nil {
		return participantRow{}, err
	}
	moveMarkers(e.Record, stored.member())
	return stored, settleOwn(e.App, e.Record, stored.member().OwnState)
}

// loadedHere marks a save of a record that was loaded in the same transaction. One from the
// dashboard may have been loaded a while ago, and be stale.
type loadedHere struct{}

func storedParticipant(e *core.RecordEvent, before *core.Record) (participantRow, error) {
	if e.Context.Value(loadedHere{}) != nil {
		return rowOf(before), nil
	}
	var stored participantRow
	err := e.App.ConcurrentDB().Select(participantColumns...).From("participants").
		Where(dbx.HashExp{"id": e.Record.Id}).One(&stored)
	if err != nil {
		return participantRow{}, fmt.Errorf("load participant: %w", err)
	}
	return stored, nil
}

// moveMarkers sets the markers of a participant, never behind where they were, padded as stored
// ids are: an administrator may have typed fewer digits.
func moveMarkers(record *core.Record, before Member) {
	read := max(protocol.ParseID(record.GetString("last_read")), before.LastRead)
	delivered := max(protocol.ParseID(record.GetString("last_delivered")), before.LastDelivered, read)
	record.Set("last_read", read.RecordID())
	record.Set("last_delivered", delivered.RecordID())
}

func (s *Service) errTooMany() *refusal.Error {
	return refusal.New(protocol.CodeTooManyParticipants, "A group has at most %d participants.", s.limits.GroupParticipants)
}
