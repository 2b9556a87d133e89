package messagerie

import (
	"database/sql"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

// MarkRead moves a person's marker up to a message, or to the newest when upTo is
// 0. The marker never moves back.
func (s *Service) MarkRead(user, conversation, upTo protocol.ID) error {
	_, me, err := s.roster(conversation, user)
	if err != nil {
		return err
	}
	if upTo == 0 {
		if upTo, err = s.newest(conversation); err != nil {
			return err
		}
	} else if upTo > me.LastRead {
		if upTo, err = s.newestUpTo(conversation, upTo); err != nil {
			return err
		}
		if upTo == 0 {
			return ErrInvalidMessageID
		}
	}
	if upTo <= me.LastRead {
		return nil
	}
	return s.move(me.Record, "last_read", upTo)
}

// MarkDelivered moves the marker of what a person's devices have received.
func (s *Service) MarkDelivered(user, conversation, upTo protocol.ID) error {
	_, me, err := s.roster(conversation, user)
	if err != nil || upTo <= me.LastDelivered {
		return err
	}
	return s.move(me.Record, "last_delivered", upTo)
}

func (s *Service) move(participant, marker string, upTo protocol.ID) error {
	err := s.save(func(tx core.App) error {
		record, err := tx.FindRecordById("participants", participant)
		if isNoRows(err) {
			return ErrNotParticipant
		}
		if err != nil {
			return err
		}
		if protocol.ParseID(record.GetString(marker)) >= upTo {
			return nil
		}
		record.Set(marker, upTo.RecordID())
		return tx.Save(record)
	})
	if err != nil {
		return fmt.Errorf("move %s: %w", marker, err)
	}
	return nil
}

// newest answers the last message of a conversation, 0 for none.
func (s *Service) newest(conversation protocol.ID) (protocol.ID, error) {
	return s.newestUpTo(conversation, protocol.MaxID)
}

// newestUpTo answers the last message of a conversation up to an id: a reader may
// name a message that was removed meanwhile.
func (s *Service) newestUpTo(conversation, upTo protocol.ID) (protocol.ID, error) {
	return newestMessage(s.app, conversation, upTo)
}

func newestMessage(app core.App, conversation, upTo protocol.ID) (protocol.ID, error) {
	var id sql.NullString
	err := app.ConcurrentDB().Select("max(id)").From("messages").
		Where(dbx.HashExp{"conversation": conversation.RecordID()}).
		AndWhere(dbx.NewExp("id <= {:id}", dbx.Params{"id": upTo.RecordID()})).Row(&id)
	if err != nil {
		return 0, fmt.Errorf("newest message: %w", err)
	}
	return protocol.ParseID(id.String), nil
}
