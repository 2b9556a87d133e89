package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// hashes returns a hash of the rows of each table, and of the schema under "". Two nodes at the same position have the
// same.
func (f *file) hashes() (map[string]string, error) {
	out := map[string]string{}
	var schema strings.Builder
	objects, err := f.query("SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name")
	if err != nil {
		return nil, err
	}
	for _, object := range objects {
		fmt.Fprintln(&schema, object...)
		name := object[1].(string)
		if object[0] != "table" || strings.HasPrefix(strings.ToUpper(object[2].(string)), "CREATE VIRTUAL") {
			continue
		}
		if out[name], err = f.hash(name); err != nil {
			return nil, fmt.Errorf("hash %s: %w", name, err)
		}
	}
	sum := sha256.Sum256([]byte(schema.String()))
	out[""] = hex.EncodeToString(sum[:])
	return out, nil
}

func (f *file) hash(name string) (string, error) {
	t, err := readTable(f.query, name)
	if err != nil {
		return "", err
	}
	columns := make([]string, len(t.columns))
	for i, column := range t.columns {
		columns[i] = quote(column)
	}
	order := []string{rowidKey}
	if len(t.key) > 0 {
		order = nil
		for _, column := range t.key {
			order = append(order, columns[column])
		}
	}
	// Blobs and texts are told apart, 1 and 1.0 as well.
	rows, err := f.query("SELECT " + strings.Join(columns, ", ") + " FROM " + quote(name) + " ORDER BY " + strings.Join(order, ", "))
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, row := range rows {
		for i, value := range row {
			if blob, ok := value.([]byte); ok && blob == nil {
				row[i] = []byte{}
			}
		}
		sum.Write(appendValues(nil, row))
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
