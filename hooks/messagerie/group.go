package messagerie

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// ConversationChange is what a participant may change; nil leaves a thing alone.
type ConversationChange struct {
	Title *string // of a group
	Muted *bool   // for oneself
}

// UpdateConversation changes a group's title, or whether it is muted for oneself.
func (s *Service) UpdateConversation(
	caller Person, id protocol.ID, change ConversationChange,
) (protocol.Conversation, error) {
	r, me, err := s.roster(id, caller.ID)
	if err != nil {
		return protocol.Conversation{}, err
	}
	if change.Title != nil {
		if err := mayManage(caller, r); err != nil {
			return protocol.Conversation{}, err
		}
	}
	err = s.transaction(func(tx core.App) error {
		if change.Title != nil {
			if err := setField(tx, "conversations", id.RecordID(), "title", *change.Title); err != nil {
				return err
			}
		}
		if change.Muted != nil {
			return setField(tx, "participants", me.Record.RecordID(), "muted", *change.Muted)
		}
		return nil
	})
	if err != nil {
		return protocol.Conversation{}, fmt.Errorf("update conversation: %w", err)
	}
	return s.Conversation(caller, id)
}

func setField(tx core.App, collection, id, field string, value any) error {
	record, err := tx.FindRecordById(collection, id)
	if err != nil {
		return err
	}
	record.Set(field, value)
	return tx.Save(record)
}

// AddParticipants lets people of the same establishment into a group.
func (s *Service) AddParticipants(caller Person, id protocol.ID, users []protocol.ID) (protocol.Conversation, error) {
	r, _, err := s.roster(id, caller.ID)
	if err != nil {
		return protocol.Conversation{}, err
	}
	if err := mayManage(caller, r); err != nil {
		return protocol.Conversation{}, err
	}
	users = distinct(users)
	if len(users) > s.limits.GroupParticipants {
		return protocol.Conversation{}, s.errTooMany()
	}
	inside := Person{Establishments: []protocol.ID{r.Establishment}}
	if _, err := s.commonEstablishment(inside, users); err != nil {
		return protocol.Conversation{}, err
	}
	err = s.transaction(func(tx core.App) error {
		r, err := loadRoster(tx, id)
		if err != nil {
			return err
		}
		for _, user := range users {
			if _, ok := r.Member(user); ok {
				continue
			}
			if err := insertParticipant(tx, id, user); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return protocol.Conversation{}, fmt.Errorf("add participants: %w", err)
	}
	return s.Conversation(caller, id)
}

// RemoveParticipants removes people from a group; oneself, to leave it.
func (s *Service) RemoveParticipants(caller Person, id protocol.ID, users []protocol.ID) error {
	r, _, err := s.roster(id, caller.ID)
	if err != nil {
		return err
	}
	if r.Kind != protocol.KindGroup {
		return ErrNotAGroup
	}
	if others := distinct(users); len(others) != 1 || others[0] != caller.ID {
		if err := mayManage(caller, r); err != nil {
			return err
		}
	}
	err = s.transaction(func(tx core.App) error {
		r, err := loadRoster(tx, id)
		if err != nil {
			return err
		}
		for _, user := range distinct(users) {
			member, ok := r.Member(user)
			if !ok {
				continue
			}
			record, err := tx.FindRecordById("participants", member.Record.RecordID())
			if err != nil {
				return err
			}
			if err := tx.Delete(record); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove participants: %w", err)
	}
	return nil
}

// mayManage lets who opened a group, and the staff in it, rename it and choose
// who is in it.
func mayManage(caller Person, r *Roster) error {
	if r.Kind != protocol.KindGroup {
		return ErrNotAGroup
	}
	if r.CreatedBy != caller.ID && !(caller.IsStaff() && caller.Belongs(r.Establishment)) {
		return ErrForbidden
	}
	return nil
}
