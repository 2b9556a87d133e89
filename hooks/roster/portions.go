package roster

import (
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
)

// portionSteps is how many steps are applied in one transaction. Messages wait for it: it takes
// some 10 ms.
const portionSteps = 32

// portioner cuts steps into portions.
type portioner struct {
	portions [][]byte
	steps    []step
}

func (c *portioner) add(s step) error {
	c.steps = append(c.steps, s)
	if len(c.steps) < portionSteps {
		return nil
	}
	return c.end()
}

func (c *portioner) end() error {
	if len(c.steps) == 0 {
		return nil
	}
	data, err := json.Marshal(c.steps)
	if err != nil {
		return fmt.Errorf("encode a portion: %w", err)
	}
	c.portions, c.steps = append(c.portions, data), c.steps[:0]
	return nil
}

// portionsATransaction is how many portions are stored, or deleted, while messages wait.
const portionsATransaction = 32

// storePortions stores the portions of an import.
func (s *Service) storePortions(id protocol.ID, portions [][]byte) error {
	for from := 0; from < len(portions); from += portionsATransaction {
		err := s.store.Transaction(func(tx core.App) error {
			for n := from; n < min(from+portionsATransaction, len(portions)); n++ {
				record, err := newRecord(tx, "roster_portions", map[string]any{
					"import": id.RecordID(), "number": n, "steps": types.JSONRaw(portions[n])})
				if err != nil {
					return err
				}
				if err := s.writers["roster_portions"].Insert(tx, record); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("store a plan: %w", err)
		}
	}
	return nil
}

// deletePortions deletes those of an import.
func (s *Service) deletePortions(id protocol.ID) error {
	for {
		var records []*core.Record
		err := s.store.Transaction(func(tx core.App) error {
			err := tx.RecordQuery("roster_portions").AndWhere(dbx.HashExp{"import": id.RecordID()}).Limit(portionsATransaction).All(&records)
			if err != nil {
				return err
			}
			for _, record := range records {
				if err := tx.Delete(record); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("delete a plan: %w", err)
		}
		if len(records) < portionsATransaction {
			return nil
		}
	}
}

// portionIDs returns the record ids of the portions of an import, in their order.
func (s *Service) portionIDs(id protocol.ID, where dbx.HashExp) (ids []string, err error) {
	err = s.app.ConcurrentDB().Select("id").From("roster_portions").
		Where(dbx.HashExp{"import": id.RecordID()}).AndWhere(where).OrderBy("number").Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("load a plan: %w", err)
	}
	return ids, nil
}

func newRecord(tx core.App, collection string, fields map[string]any) (*core.Record, error) {
	c, err := tx.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	record := core.NewRecord(c)
	record.Load(fields)
	return record, nil
}
