package cluster

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// operation is what happened to a row.
type operation byte

const (
	inserted operation = iota + 1
	updated
	deleted
	ddl // a statement that changed the schema
)

// step is one change of a transaction: of a row, or of the schema. Values are those of SQLite: nil, int64, float64,
// string or []byte.
type step struct {
	op      operation
	table   string
	key     []any // the values of the primary key that the row had before, or its rowid; nil for inserted
	columns []int // which of the table's columns values are of; nil for deleted
	values  []any
	rowid   int64  // of an inserted row in a table without a primary key
	text    string // of ddl
}

// entry is a transaction as it stands in the log. A node applies it if it was written in the term that it names and
// follows the last one that the node has applied; otherwise no node does.
type entry struct {
	term, seq     uint64
	steps         []step
	announcements []byte // what the listeners of the store are told; see announce.go
}

const entryVersion = 1

// Kinds of values.
const (
	kindNull byte = iota
	kindInteger
	kindFloat
	kindText
	kindBlob
)

func (e *entry) encode() []byte {
	out := append(make([]byte, 0, 64+64*len(e.steps)), entryVersion)
	out = binary.AppendUvarint(out, e.term)
	out = binary.AppendUvarint(out, e.seq)
	out = binary.AppendUvarint(out, uint64(len(e.steps)))
	for i := range e.steps {
		out = e.steps[i].append(out)
	}
	return appendBytes(out, e.announcements)
}

func (s *step) append(out []byte) []byte {
	out = append(out, byte(s.op))
	if s.op == ddl {
		return appendBytes(out, []byte(s.text))
	}
	out = appendBytes(out, []byte(s.table))
	out = binary.AppendVarint(out, s.rowid)
	out = appendValues(out, s.key)
	out = binary.AppendUvarint(out, uint64(len(s.columns)))
	for _, column := range s.columns {
		out = binary.AppendUvarint(out, uint64(column))
	}
	return appendValues(out, s.values)
}

func appendBytes(out, data []byte) []byte {
	return append(binary.AppendUvarint(out, uint64(len(data))), data...)
}

func appendValues(out []byte, values []any) []byte {
	out = binary.AppendUvarint(out, uint64(len(values)))
	for _, value := range values {
		switch v := value.(type) {
		case nil:
			out = append(out, kindNull)
		case int64:
			out = binary.AppendVarint(append(out, kindInteger), v)
		case float64:
			out = binary.BigEndian.AppendUint64(append(out, kindFloat), math.Float64bits(v))
		case string:
			out = append(binary.AppendUvarint(append(out, kindText), uint64(len(v))), v...)
		case []byte:
			out = appendBytes(append(out, kindBlob), v)
		}
	}
	return out
}

var errMalformed = errors.New("malformed entry of the cluster's log")

func decodeEntry(data []byte) (*entry, error) {
	r := reader{rest: data}
	if version := r.byte(); version != entryVersion {
		return nil, fmt.Errorf("%w: version %d: this program is older than the one that wrote it", errMalformed, version)
	}
	e := &entry{term: r.uvarint(), seq: r.uvarint()}
	n := r.count()
	e.steps = make([]step, 0, n)
	for range n {
		e.steps = append(e.steps, r.step())
	}
	e.announcements = r.bytes()
	if r.failed || len(r.rest) > 0 {
		return nil, errMalformed
	}
	return e, nil
}

// reader reads what the append functions wrote. After the first mistake it returns zeros.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) fail() {
	r.failed, r.rest = true, nil
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.fail()
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// count is a number of items, each of which has at least one byte.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.rest)) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) bytes() []byte {
	n := r.count()
	out := r.rest[:n:n]
	r.rest = r.rest[n:]
	return out
}

func (r *reader) step() step {
	s := step{op: operation(r.byte())}
	switch s.op {
	case ddl:
		s.text = string(r.bytes())
		return s
	case inserted, updated, deleted:
	default:
		r.fail()
		return s
	}
	s.table = string(r.bytes())
	s.rowid = r.varint()
	s.key = r.values()
	n := r.count()
	for range n {
		s.columns = append(s.columns, int(r.uvarint()))
	}
	s.values = r.values()
	if len(s.values) != len(s.columns) {
		r.fail()
	}
	return s
}

func (r *reader) values() []any {
	n := r.count()
	if n == 0 {
		return nil
	}
	out := make([]any, 0, n)
	for range n {
		out = append(out, r.value())
	}
	return out
}

func (r *reader) value() any {
	switch r.byte() {
	case kindNull:
	case kindInteger:
		return r.varint()
	case kindFloat:
		if len(r.rest) < 8 {
			r.fail()
			return nil
		}
		bits := binary.BigEndian.Uint64(r.rest)
		r.rest = r.rest[8:]
		return math.Float64frombits(bits)
	case kindText:
		return string(r.bytes())
	case kindBlob:
		return append([]byte{}, r.bytes()...) // never nil, which SQLite would take for NULL
	default:
		r.fail()
	}
	return nil
}
