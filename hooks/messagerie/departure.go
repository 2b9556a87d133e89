package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// People who left a group themselves can be added again only by staff. The collection
// departures records them until they are back.

// noteDeparture records that a participant has left by themselves.
func noteDeparture(tx core.App, conversation, user protocol.ID) error {
	known, err := departures(tx, conversation, user)
	if err != nil || len(known) > 0 {
		return err
	}
	record, err := newPersonOf(tx, "departures", conversation, user)
	if err != nil {
		return err
	}
	return tx.Save(record)
}

// checkDepartures refuses to add users who have left the group themselves, unless caller is staff.
func checkDepartures(tx core.App, caller school.Person, conversation protocol.ID, users []protocol.ID) error {
	if caller.IsStaff() || len(users) == 0 {
		return nil
	}
	known, err := departures(tx, conversation, users...)
	if err != nil || len(known) == 0 {
		return err
	}
	left := make([]protocol.ID, len(known))
	for i, departure := range known {
		left[i] = protocol.ParseID(departure.User)
	}
	refused := refusal.New(protocol.CodeHasLeft, "These people have left the group; only staff in it can add them again: %v.", left)
	refused.Data = map[string]any{"participants": left}
	return refused
}

// forgetDeparture deletes the record of a participant who is back.
func (s *Service) forgetDeparture(tx core.App, conversation, user protocol.ID) error {
	joined, err := s.sizes.of(tx, conversation)
	if err != nil || joined == nil || joined.Departures == 0 {
		return err
	}
	known, err := departures(tx, conversation, user)
	if err != nil || len(known) == 0 {
		return err
	}
	return deleteRecord(tx, "departures", known[0].ID)
}

type departure struct {
	ID   string `db:"id"`
	User string `db:"user"`
}

// departures returns those users who have left a conversation by themselves.
func departures(tx core.App, conversation protocol.ID, users ...protocol.ID) (known []departure, err error) {
	err = tx.ConcurrentDB().Select("id", "user").From("departures").
		Where(dbx.HashExp{"conversation": conversation.RecordID()}).
		AndWhere(dbx.In("user", store.RecordIDs(users)...)).OrderBy("user").All(&known)
	if err != nil {
		return nil, fmt.Errorf("load departures: %w", err)
	}
	return known, nil
}
