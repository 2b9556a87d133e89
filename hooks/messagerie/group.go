package messagerie

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// ConversationChange is what a participant may change; nil leaves a field as it is.
type ConversationChange struct {
	Title   *string   // of a group
	Posting *string   // of a group: one of protocol.Postings
	Own     OwnChange // for the caller
}

// UpdateConversation changes a group, or what a conversation is to the caller.
func (s *Service) UpdateConversation(
	caller school.Person, id protocol.ID, change ConversationChange,
) (protocol.Conversation, error) {
	p, me, err := s.participantsFor(id, caller.ID)
	if err != nil {
		return protocol.Conversation{}, err
	}
	if change == (ConversationChange{}) {
		return s.Conversation(caller, id)
	}
	if change.Title != nil {
		if err := s.require(caller, p, func(can protocol.Can) bool { return can.Rename }); err != nil {
			return protocol.Conversation{}, err
		}
		if err := s.budgets.renames.Spend(caller, 1); err != nil {
			return protocol.Conversation{}, err
		}
	}
	if !change.Own.isEmpty() {
		if err := change.Own.check(s.people.Now()); err != nil {
			return protocol.Conversation{}, err
		}
		if err := s.budgets.states.Spend(caller, 1); err != nil {
			return protocol.Conversation{}, err
		}
	}
	if change.Posting != nil {
		if err := s.mayChangePosting(caller, p, *change.Posting); err != nil {
			return protocol.Conversation{}, err
		}
	}
	err = s.store.Transaction(func(tx core.App) error {
		if change.Title != nil {
			if err := s.rename(tx, caller.ID, id, *change.Title); err != nil {
				return err
			}
		}
		if change.Posting != nil {
			if _, err := setField(tx, "conversations", id.RecordID(), "posting", *change.Posting); err != nil {
				return err
			}
		}
		if change.Own.isEmpty() {
			return nil
		}
		return s.changeState(tx, me.Record, change.Own)
	})
	if err != nil {
		return protocol.Conversation{}, fmt.Errorf("update conversation: %w", err)
	}
	return s.changed(caller, id)
}

// mayChangePosting refuses it to others than the staff of a group.
func (s *Service) mayChangePosting(caller school.Person, p *Participants, posting string) error {
	if !slices.Contains(protocol.Postings, posting) {
		return refusal.Invalid("posting", "posting is one of %s.", strings.Join(protocol.Postings, ", "))
	}
	if err := s.require(caller, p, func(can protocol.Can) bool { return can.Posting }); err != nil {
		return err
	}
	return s.budgets.renames.Spend(caller, 1)
}

func (s *Service) rename(tx core.App, caller, id protocol.ID, title string) error {
	changed, err := setField(tx, "conversations", id.RecordID(), "title", title)
	if err != nil || changed == nil {
		return err
	}
	// As it was stored.
	return s.noteEvents(tx, id, groupEvent{kind: protocol.EventRenamed, actor: caller, title: changed.GetString("title")})
}

// setField saves a field unless it already has that value: then there is nothing to announce, and no record returned.
func setField(tx core.App, collection, id, field string, value any) (*core.Record, error) {
	record, err := tx.FindRecordById(collection, id)
	if err != nil {
		return nil, err
	}
	before := record.Get(field)
	if record.Set(field, value); record.Get(field) == before {
		return nil, nil
	}
	return record, tx.Save(record)
}

// AddParticipants adds people of the same establishment to a group. Somebody who has left it
// can be added again only by staff.
func (s *Service) AddParticipants(caller school.Person, id protocol.ID, users []protocol.ID) (protocol.Conversation, error) {
	p, _, err := s.participantsFor(id, caller.ID)
	if err != nil {
		return protocol.Conversation{}, err
	}
	if err := s.require(caller, p, func(can protocol.Can) bool { return can.Add }); err != nil {
		return protocol.Conversation{}, err
	}
	users = distinct(users)
	if len(users) > s.limits.GroupParticipants {
		return protocol.Conversation{}, s.errTooMany()
	}
	inside := school.Person{Establishments: []protocol.ID{p.Establishment}}
	if _, err := s.commonEstablishment(inside, users); err != nil {
		return protocol.Conversation{}, err
	}
	joining := slices.DeleteFunc(users, func(user protocol.ID) bool { _, ok := p.Member(user); return ok })
	if len(joining) == 0 {
		return s.Conversation(caller, id)
	}
	if p.follows() {
		if err := s.checkByHand(p.Establishment, joining); err != nil {
			return protocol.Conversation{}, err
		}
	}
	if len(p.Members)+len(joining) > s.limits.GroupParticipants {
		return protocol.Conversation{}, s.errTooMany()
	}
	if err := s.mayAdd(caller, p, joining); err != nil {
		return protocol.Conversation{}, err
	}
	if err := s.spendOnGroup(caller, id, len(joining)); err != nil {
		return protocol.Conversation{}, err
	}
	err = s.store.Transaction(func(tx core.App) error {
		members, err := loadMembers(tx, id)
		if err != nil {
			return err
		}
		joining := slices.DeleteFunc(joining, func(user protocol.ID) bool { return members[user] != nil })
		if err := checkDepartures(tx, caller, id, joining); err != nil {
			return err
		}
		if err := s.insertParticipants(tx, id, joining); err != nil {
			return err
		}
		return s.noteArrivals(tx, id, caller.ID, false, joining)
	})
	if err != nil {
		s.budgets.people.Return(caller, len(joining))
		return protocol.Conversation{}, fmt.Errorf("add participants: %w", err)
	}
	return s.changed(caller, id)
}

// RemoveParticipants removes people from a group; callers remove themselves to leave it. When a
// removal fails, those before it are kept.
func (s *Service) RemoveParticipants(caller school.Person, id protocol.ID, users []protocol.ID) error {
	p, _, err := s.participantsFor(id, caller.ID)
	if err != nil {
		return err
	}
	users = distinct(users)
	leaves := len(users) == 1 && users[0] == caller.ID
	if p.follows() && (!leaves || !caller.IsStaff()) {
		return ErrFollowsClass
	}
	if err := s.require(caller, p, func(can protocol.Can) bool { return can.Remove || leaves && can.Leave }); err != nil {
		return err
	}
	var leaving []any // records of participants
	for _, user := range users {
		if member, ok := p.Member(user); ok {
			leaving = append(leaving, member.Record.RecordID())
		}
	}
	if len(leaving) == 0 {
		return nil
	}
	var records []*core.Record
	if err := s.app.RecordQuery("participants").AndWhere(dbx.In("id", leaving...)).All(&records); err != nil {
		return fmt.Errorf("find participants: %w", err)
	}
	for all := len(records); len(records) > 0; {
		removed, err := s.removeSome(records, caller.ID)
		if err != nil && len(records) < all { // some are removed already
			return fmt.Errorf("%w; remove participants: %w", refusal.OutcomeUnknown, err)
		}
		if err != nil {
			return fmt.Errorf("remove participants: %w", err)
		}
		records = records[removed:]
	}
	return nil
}

// removeSome removes as many participants as fit into the time of one group commit, so that
// others needn't wait long for the writer. If the caller is among them, it records a departure.
func (s *Service) removeSome(records []*core.Record, caller protocol.ID) (removed int, err error) {
	err = s.store.Transaction(func(tx core.App) error {
		for begun := time.Now(); removed < len(records) && (removed == 0 || time.Since(begun) < store.GroupTime); removed++ {
			gone := memberOf(records[removed])
			if err := tx.Delete(records[removed]); err != nil {
				return err
			}
			conversation := conversationOf(records[removed])
			if err := s.noteEvents(tx, conversation, departureBy(caller, gone.User)); err != nil {
				return err
			}
			if gone.User != caller {
				continue
			}
			if err := noteDeparture(tx, conversation, caller); err != nil {
				return err
			}
		}
		return nil
	})
	return removed, err
}

// loadMembers returns the participants of a conversation by user.
func loadMembers(tx core.App, conversation protocol.ID) (map[protocol.ID]*Member, error) {
	p, err := loadParticipants(tx, conversation)
	if err != nil || p == nil {
		return nil, err
	}
	members := make(map[protocol.ID]*Member, len(p.Members))
	for _, m := range p.Members {
		members[m.User] = m
	}
	return members, nil
}

func deleteRecord(tx core.App, collection, id string) error {
	record, err := tx.FindRecordById(collection, id)
	if err != nil {
		return err
	}
	return tx.Delete(record)
}
