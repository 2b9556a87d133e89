package messagerie

import (
	"context"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

func (s *Service) bindParticipants() {
	s.app.OnRecordCreate("participants").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		if err := s.checkNewParticipant(e.App, e.Record); err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		s.announceMembership(e)
		return nil
	}))
	s.app.OnRecordUpdate("participants").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		before, err := checkMovedParticipant(e)
		if err != nil {
			return err
		}
		if err := e.Next(); err != nil {
			return err
		}
		s.announceMarkers(e, before)
		return nil
	}))
	s.app.OnRecordDelete("participants").Bind(handler(priorityRule, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		s.announceMembership(e)
		return nil
	}))
}

// announceMembership tells everybody who is, or was, in the conversation.
func (s *Service) announceMembership(e *core.RecordEvent) {
	conversation := protocol.ParseID(e.Record.GetString("conversation"))
	user := protocol.ParseID(e.Record.GetString("user"))
	afterCommit(e.App, func() {
		s.rosters.forget(conversation)
		s.lists.memberships.forget(user)
		s.listen(ListChanged{Conversation: conversation, Users: []protocol.ID{user}})
	})
}

// announceMarkers tells what of a participant has changed.
func (s *Service) announceMarkers(e *core.RecordEvent, before Member) {
	conversation := protocol.ParseID(e.Record.GetString("conversation"))
	after := memberOf(e.Record)
	at := wireTime(e.Record.GetString("updated"))
	afterCommit(e.App, func() {
		s.rosters.replace(conversation, after)
		// Reading implies receiving: then messages_read says it all.
		if after.LastDelivered > max(before.LastDelivered, after.LastRead) {
			s.listen(MessagesDelivered{conversation, after.User, before.LastDelivered, after.LastDelivered})
		}
		if after.LastRead > before.LastRead {
			s.listen(MessagesRead{conversation, after.User, after.LastRead, at})
		}
		if after.Muted != before.Muted {
			s.listen(ListChanged{Users: []protocol.ID{after.User}})
		}
	})
}

// checkNewParticipant holds for everyone who joins, whoever lets them in. It also
// writes the key of a direct conversation, once both people are there.
func (s *Service) checkNewParticipant(tx core.App, record *core.Record) error {
	conversation := protocol.ParseID(record.GetString("conversation"))
	user := protocol.ParseID(record.GetString("user"))
	r, err := s.rosters.get(tx, conversation)
	if err != nil || r == nil {
		return err // the relation's own check names the field
	}
	if r.Kind == protocol.KindGroup {
		if len(r.Members) >= s.limits.GroupParticipants {
			return onField("user", s.errTooMany())
		}
	} else if err := s.pair(tx, r, user); err != nil {
		return err
	}
	if record.GetString("last_read") != "" {
		moveMarkers(record, Member{})
		return nil
	}
	// Who joins later isn't told that everything before is unread.
	newest, err := newestMessage(tx, conversation, protocol.MaxID)
	if err != nil {
		return err
	}
	record.Set("last_read", newest.RecordID())
	record.Set("last_delivered", newest.RecordID())
	return nil
}

// pair lets the second person into a direct conversation, and never a third.
func (s *Service) pair(tx core.App, r *Roster, user protocol.ID) error {
	if len(r.Members) >= 2 {
		return onField("user", ErrNotAGroup)
	}
	if len(r.Members) == 0 {
		return nil
	}
	conversation, err := tx.FindRecordById("conversations", r.Conversation.RecordID())
	if err != nil {
		return fmt.Errorf("find conversation: %w", err)
	}
	key := DirectKey(r.Members[0].User, user)
	switch conversation.GetString("direct_key") {
	case key:
		return nil
	case "":
		conversation.Set("direct_key", key)
		if err := tx.SaveWithContext(context.WithValue(context.Background(), pairing{}, true), conversation); err != nil {
			return onField("user", refuse(protocol.CodeInvalidRequest,
				"These two people already have a direct conversation."))
		}
		return nil
	}
	return onField("user", ErrNotAGroup) // it was, and stays, somebody else's
}

// pairing marks the one save that may write the key of a direct conversation: by
// hand, a pair could be given a second one.
type pairing struct{}

// DirectKey is what two people's conversation is found by, and what makes it the only
// one of theirs: their ids as stored, the lower one first, "0000000000000001-0000000000000002".
func DirectKey(a, b protocol.ID) string {
	return min(a, b).RecordID() + "-" + max(a, b).RecordID()
}

// checkMovedParticipant keeps participants in place and their markers from moving
// back; what was read has also been received. It answers what is stored.
func checkMovedParticipant(e *core.RecordEvent) (Member, error) {
	before := e.Record.Original()
	for _, field := range []string{"conversation", "user"} {
		if e.Record.GetString(field) != before.GetString(field) {
			return Member{}, onField(field, refuse(protocol.CodeInvalidRequest, "Remove this participant and add another."))
		}
	}
	stored, err := storedMember(e, before)
	if err != nil {
		return Member{}, err
	}
	moveMarkers(e.Record, stored)
	if e.Record.GetBool("muted") == before.GetBool("muted") {
		e.Record.Set("muted", stored.Muted)
	}
	return stored, nil
}

// loadedHere marks a save of a record that was loaded in the same transaction. An
// administrator's, loaded a while ago, may be behind what is stored.
type loadedHere struct{}

func storedMember(e *core.RecordEvent, before *core.Record) (Member, error) {
	if e.Context.Value(loadedHere{}) != nil {
		return memberOf(before), nil
	}
	var stored participantRow
	err := e.App.ConcurrentDB().Select(participantColumns...).From("participants").
		Where(dbx.HashExp{"id": e.Record.Id}).One(&stored)
	if err != nil {
		return Member{}, fmt.Errorf("load participant: %w", err)
	}
	return stored.member(), nil
}

// moveMarkers writes the markers of a participant as ids are stored, for an
// administrator may have typed fewer digits, and never behind where they were.
func moveMarkers(record *core.Record, before Member) {
	read := max(protocol.ParseID(record.GetString("last_read")), before.LastRead)
	delivered := max(protocol.ParseID(record.GetString("last_delivered")), before.LastDelivered, read)
	record.Set("last_read", read.RecordID())
	record.Set("last_delivered", delivered.RecordID())
}

func (s *Service) errTooMany() *Error {
	return refuse(protocol.CodeTooManyParticipants, "A group has at most %d participants.", s.limits.GroupParticipants)
}
