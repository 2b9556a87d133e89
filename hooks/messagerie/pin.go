package messagerie

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// PinMessage pins a message for everybody in its conversation. Pinning it again changes nothing.
func (s *Service) PinMessage(caller school.Person, conversation, message protocol.ID) error {
	return s.changePin(caller, conversation, message, func(tx core.App, pinned *core.Record) error {
		if pinned != nil {
			return nil
		}
		collection, err := tx.FindCachedCollectionByNameOrId("pins")
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Load(map[string]any{"message": message.RecordID(), "user": caller.ID.RecordID()})
		return s.pins.Insert(tx, record)
	})
}

// UnpinMessage unpins a message, if it is pinned.
func (s *Service) UnpinMessage(caller school.Person, conversation, message protocol.ID) error {
	return s.changePin(caller, conversation, message, func(tx core.App, pinned *core.Record) error {
		if pinned == nil {
			return nil
		}
		return tx.Delete(pinned)
	})
}

// changePin calls change with the record of a message's pin, nil if it isn't pinned.
func (s *Service) changePin(caller school.Person, conversation, message protocol.ID, change func(core.App, *core.Record) error) error {
	p, _, err := s.participantsFor(conversation, caller.ID)
	if err != nil {
		return err
	}
	if err := s.mayPin(caller, p); err != nil {
		return err
	}
	if err := s.budgets.pins.Spend(caller, 1); err != nil {
		return err
	}
	err = s.store.Save(func(tx core.App) error {
		pinned, err := findPin(tx, conversation, message)
		if err != nil {
			return err
		}
		return change(tx, pinned)
	})
	if err != nil {
		return fmt.Errorf("change pin: %w", err)
	}
	return nil
}

// mayPin returns nil for those whom Can lets pin: both people of a direct conversation, in a group those who may
// rename it. What is pinned is seen by everybody each time, like a title.
func (s *Service) mayPin(caller school.Person, p *Participants) error {
	if p.Kind != protocol.KindGroup {
		return s.mayWrite(p, caller.ID)
	}
	return s.require(caller, p, func(can protocol.Can) bool { return can.Pin })
}

// findPin returns ErrMessageNotFound if the message isn't in the conversation.
func findPin(tx core.App, conversation, message protocol.ID) (*core.Record, error) {
	to, err := headOf(tx, message)
	if err == nil && protocol.ParseID(to.Conversation) != conversation {
		err = ErrMessageNotFound
	}
	if err != nil {
		return nil, err
	}
	record := &core.Record{}
	err = tx.RecordQuery("pins").AndWhere(dbx.HashExp{"message": message.RecordID()}).One(record)
	if isNoRows(err) {
		return nil, nil
	}
	return record, err
}
