package roster

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
)

// What an administration has said about the columns of a table is remembered by the headers: a table with
// the same ones, in any order, is read like it.

// rememberedTables is how many are remembered of an establishment.
const rememberedTables = 100

// headersKey identifies a set of headers.
func headersKey(headers []string) string {
	var keys []string
	for _, header := range headers {
		if key := nameKey(header); key != "" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(keys), "\n")))
	return hex.EncodeToString(sum[:])
}

// columnsFor returns what was said about the columns of a table, by its headers: now, else before.
func (o Options) columnsFor(headers []string) map[string]string {
	if len(o.Columns) > 0 {
		return o.Columns
	}
	return o.remembered[headersKey(headers)]
}

// rememberedColumns loads what was said about the tables of an establishment.
func (s *Service) rememberedColumns(establishment protocol.ID) (map[string]map[string]string, error) {
	var rows []struct {
		Headers string                `db:"headers"`
		Columns types.JSONMap[string] `db:"columns"`
	}
	err := s.app.ConcurrentDB().Select("headers", "columns").From("roster_columns").
		Where(dbx.HashExp{"establishment": establishment.RecordID()}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("load the columns of tables: %w", err)
	}
	remembered := make(map[string]map[string]string, len(rows))
	for _, row := range rows {
		remembered[row.Headers] = row.Columns
	}
	return remembered, nil
}

// rememberColumns stores what was said about the columns of tables.
func (s *Service) rememberColumns(establishment protocol.ID, tables [][]Column) error {
	return s.store.Transaction(func(tx core.App) error {
		for _, columns := range tables {
			if err := s.rememberTable(tx, establishment, columns); err != nil {
				return fmt.Errorf("remember the columns of a table: %w", err)
			}
		}
		return forgetOldTables(tx, establishment)
	})
}

func (s *Service) rememberTable(tx core.App, establishment protocol.ID, columns []Column) error {
	headers, fields := []string{}, map[string]string{}
	for _, c := range columns {
		headers = append(headers, c.Header)
		if _, isRepeated := fields[c.Header]; !isRepeated {
			fields[c.Header] = c.Field
		}
	}
	data, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	key := headersKey(headers)
	writer := s.writers["roster_columns"]
	record, err := tx.FindFirstRecordByFilter("roster_columns", "establishment = {:establishment} && headers = {:headers}",
		dbx.Params{"establishment": establishment.RecordID(), "headers": key})
	switch {
	case err == nil:
		record.Set("columns", types.JSONRaw(data))
		return writer.Update(context.Background(), tx, record)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	record, err = newRecord(tx, "roster_columns", map[string]any{
		"establishment": establishment.RecordID(), "headers": key, "columns": types.JSONRaw(data)})
	if err != nil {
		return err
	}
	return writer.Insert(tx, record)
}

func forgetOldTables(tx core.App, establishment protocol.ID) error {
	old, err := tx.FindRecordsByFilter("roster_columns", "establishment = {:establishment}", "-updated,-id", 0, rememberedTables,
		dbx.Params{"establishment": establishment.RecordID()})
	for _, record := range old {
		err = errors.Join(err, tx.Delete(record))
	}
	return err
}
