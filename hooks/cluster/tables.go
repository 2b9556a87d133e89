package cluster

import (
	"fmt"
	"slices"
	"strings"
)

// stateTable has what a node knows of the log, in one row. It isn't captured: each node writes its own.
const stateTable = "_cluster"

// table is what a change of its rows has to know.
type table struct {
	name    string
	columns []string
	key     []int // positions of the primary key's columns; none: rows are told apart by their rowid
}

// rowidKey is the column by which rows of a table without a primary key are told apart.
const rowidKey = "rowid"

// queryFunc runs a query on a connection and returns all rows.
type queryFunc func(text string, args ...any) ([][]any, error)

// readTable reads how a table looks now.
func readTable(query queryFunc, name string) (*table, error) {
	rows, err := query("SELECT name, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid", name)
	if err != nil {
		return nil, err
	}
	t := &table{name: name}
	ranks := map[int]int64{}
	for _, row := range rows {
		if row[2] != int64(0) {
			return nil, fmt.Errorf("table %s has generated columns, which a cluster can't copy", name)
		}
		if pk := row[1].(int64); pk > 0 {
			t.key = append(t.key, len(t.columns))
			ranks[len(t.columns)] = pk
		}
		t.columns = append(t.columns, row[0].(string))
	}
	if len(t.columns) == 0 {
		return nil, fmt.Errorf("there is no table %s", name)
	}
	slices.SortFunc(t.key, func(a, b int) int { return int(ranks[a] - ranks[b]) })
	return t, nil
}

// keyOf returns the key of a row.
func (t *table) keyOf(row []any, rowid int64) []any {
	if len(t.key) == 0 {
		return []any{rowid}
	}
	key := make([]any, len(t.key))
	for i, column := range t.key {
		key[i] = row[column]
	}
	return key
}

// step makes a step of what the hook has seen.
func (t *table) step(seen *seenChange) (step, error) {
	if n := max(len(seen.before), len(seen.after)); n != len(t.columns) {
		return step{}, fmt.Errorf("table %s has %d columns, a changed row %d", t.name, len(t.columns), n)
	}
	s := step{op: seen.op, table: t.name}
	switch seen.op {
	case inserted:
		s.rowid = seen.rowid
		s.values = seen.after
		for i := range t.columns {
			s.columns = append(s.columns, i)
		}
	case updated:
		s.key = t.keyOf(seen.before, seen.rowid)
		for i, value := range seen.after {
			if !sameValue(value, seen.before[i]) {
				s.columns = append(s.columns, i)
				s.values = append(s.values, value)
			}
		}
	case deleted:
		s.key = t.keyOf(seen.before, seen.rowid)
	}
	return s, nil
}

func sameValue(a, b any) bool {
	blobA, isBlob := a.([]byte)
	blobB, other := b.([]byte)
	if isBlob || other {
		return isBlob && other && string(blobA) == string(blobB)
	}
	return a == b
}

// statement is the SQL that repeats a step, and its arguments.
func (t *table) statement(s *step) (text string, args []any, err error) {
	where := func() string {
		if len(t.key) == 0 {
			return rowidKey + " = ?"
		}
		var terms []string
		for _, column := range t.key {
			terms = append(terms, quote(t.columns[column])+" IS ?")
		}
		return strings.Join(terms, " AND ")
	}
	var names []string
	for _, column := range s.columns {
		if column >= len(t.columns) {
			return "", nil, fmt.Errorf("table %s has no column %d", t.name, column)
		}
		names = append(names, quote(t.columns[column]))
	}
	if s.op != inserted && len(s.key) != max(1, len(t.key)) {
		return "", nil, fmt.Errorf("table %s: a key of %d values", t.name, len(s.key))
	}
	switch s.op {
	case inserted:
		args = s.values
		if len(t.key) == 0 {
			names, args = append(names, rowidKey), append(slices.Clone(args), s.rowid)
		}
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(names)), ", ")
		return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", quote(t.name), strings.Join(names, ", "), marks), args, nil
	case updated:
		return fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s", quote(t.name), strings.Join(names, " = ?, "), where()),
			append(slices.Clone(s.values), s.key...), nil
	default:
		return fmt.Sprintf("DELETE FROM %s WHERE %s", quote(t.name), where()), s.key, nil
	}
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
