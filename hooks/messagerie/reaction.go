package messagerie

import (
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/emoji"
	"messagerie/hooks/protocol"
)

// Reaction is one person's emoji on a message.
type Reaction struct {
	Conversation, Message, User protocol.ID
	Emoji                       string
}

// AddReaction stores a reaction and announces it. Adding it again changes nothing.
func (s *Service) AddReaction(r Reaction) error {
	if err := s.checkReaction(&r, s.mayReact); err != nil {
		return err
	}
	err := s.store.Save(func(tx core.App) error {
		before, err := findReaction(tx, r)
		if err != nil || before != nil {
			return err
		}
		collection, err := tx.FindCachedCollectionByNameOrId("reactions")
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Load(map[string]any{"message": r.Message.RecordID(), "user": r.User.RecordID(), "emoji": r.Emoji})
		return s.reactions.Insert(tx, record)
	})
	if err != nil {
		return fmt.Errorf("add reaction: %w", err)
	}
	return nil
}

// RemoveReaction removes one's own reaction, if there is one.
func (s *Service) RemoveReaction(r Reaction) error {
	if err := s.checkReaction(&r, s.mayDelete); err != nil {
		return err
	}
	err := s.store.Save(func(tx core.App) error {
		record, err := findReaction(tx, r)
		if err != nil || record == nil {
			return err
		}
		return tx.Delete(record)
	})
	if err != nil {
		return fmt.Errorf("remove reaction: %w", err)
	}
	return nil
}

// checkReaction refuses what can be refused without the writer, and qualifies the emoji.
func (s *Service) checkReaction(r *Reaction, may func(*Participants, protocol.ID) error) error {
	p, _, err := s.participantsFor(r.Conversation, r.User)
	if err != nil {
		return err
	}
	if err := may(p, r.User); err != nil {
		return err
	}
	qualified, ok := emoji.Qualified(r.Emoji)
	if !ok {
		return ErrInvalidEmoji
	}
	r.Emoji = qualified
	return s.spend(r.User, s.budgets.reactions)
}

// mayReact is mayWrite for reactions: they are a way of writing, but where only the staff of a group
// writes, others may show that they have read it. The groups of archived classes are closed to them.
func (s *Service) mayReact(p *Participants, user protocol.ID) error {
	err := s.mayWrite(p, user)
	if p.admitsReactions(err) {
		return nil
	}
	return err
}

// admitsReactions reports whether somebody may react whom mayWrite has refused, or not.
func (p *Participants) admitsReactions(refused error) bool {
	return refused == nil || errors.Is(refused, ErrStaffOnly) && !p.isArchived()
}

// findReaction returns the record of a reaction, nil if there is none; or ErrMessageNotFound if the
// message isn't in the conversation.
func findReaction(tx core.App, r Reaction) (*core.Record, error) {
	to, err := headOf(tx, r.Message)
	if err == nil && protocol.ParseID(to.Conversation) != r.Conversation {
		err = ErrMessageNotFound
	}
	if err != nil {
		return nil, err
	}
	record := &core.Record{}
	err = tx.RecordQuery("reactions").
		AndWhere(dbx.HashExp{"message": r.Message.RecordID(), "user": r.User.RecordID(), "emoji": r.Emoji}).One(record)
	if isNoRows(err) {
		return nil, nil
	}
	return record, err
}
