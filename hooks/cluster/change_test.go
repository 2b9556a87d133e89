package cluster

import (
	"math"
	"reflect"
	"testing"
)

var sampleEntry = &entry{term: 3, seq: math.MaxInt64, announcements: []byte("told"), steps: []step{
	{op: inserted, table: "a", rowid: -1, columns: []int{0, 1}, values: []any{"x\x00\xff", nil}},
	{op: updated, table: "b", key: []any{int64(math.MinInt64), []byte{}}, columns: []int{2}, values: []any{math.Inf(1)}},
	{op: deleted, table: "c", key: []any{""}},
	{op: ddl, text: "CREATE TABLE d (id)"},
}}

func TestEntry_isTheSameAfterDecoding(t *testing.T) {
	decoded, err := decodeEntry(sampleEntry.encode())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(decoded, sampleEntry) {
		t.Errorf("%+v became %+v", sampleEntry, decoded)
	}
}

func FuzzEntry(f *testing.F) {
	data := sampleEntry.encode()
	for n := range data {
		f.Add(data[:n])
	}
	f.Add(append(data, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := decodeEntry(data)
		if err != nil {
			return
		}
		again, err := decodeEntry(e.encode())
		if err != nil || len(again.steps) != len(e.steps) {
			t.Errorf("%x can be read, but not again: %v", data, err)
		}
	})
}
