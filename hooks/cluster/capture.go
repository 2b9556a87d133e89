package cluster

import (
	"unsafe"

	"modernc.org/libc"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// seenChange is what SQLite's hook tells of one row. before is nil for inserted, after for deleted.
type seenChange struct {
	op            operation
	table         string
	rowid         int64 // before the change; of an inserted row the new one
	before, after []any
}

// see turns what the hook was given into a seenChange. The driver's own Old and New cut a text at its first NUL and
// turn an empty blob into NULL.
func see(data sqlite.SQLitePreUpdateData) seenChange {
	seen := seenChange{table: data.TableName, rowid: data.OldRowID}
	raw := (*preUpdateData)(unsafe.Pointer(&data))
	switch data.Op {
	case sqlite3.SQLITE_INSERT:
		seen.op, seen.rowid = inserted, data.NewRowID
		seen.after = raw.row(sqlite3.Xsqlite3_preupdate_new)
	case sqlite3.SQLITE_UPDATE:
		seen.op = updated
		seen.before = raw.row(sqlite3.Xsqlite3_preupdate_old)
		seen.after = raw.row(sqlite3.Xsqlite3_preupdate_new)
	case sqlite3.SQLITE_DELETE:
		seen.op = deleted
		seen.before = raw.row(sqlite3.Xsqlite3_preupdate_old)
	}
	return seen
}

// preUpdateData begins as sqlite.SQLitePreUpdateData does, in the version that go.mod names: its first fields aren't
// exported. TestCapture_readsEveryKindOfValue fails if that changes.
type preUpdateData struct {
	tls *libc.TLS
	db  uintptr
}

type columnFunc func(tls *libc.TLS, db uintptr, column int32, value uintptr) int32

func (d *preUpdateData) row(column columnFunc) []any {
	row := make([]any, sqlite3.Xsqlite3_preupdate_count(d.tls, d.db))
	const pointerSize = int(unsafe.Sizeof(uintptr(0)))
	place := d.tls.Alloc(pointerSize)
	defer d.tls.Free(pointerSize)
	for i := range row {
		if column(d.tls, d.db, int32(i), place) == sqlite3.SQLITE_OK {
			row[i] = valueAt(d.tls, *(*uintptr)(pointer(place)))
		}
	}
	return row
}

func valueAt(tls *libc.TLS, value uintptr) any {
	switch sqlite3.Xsqlite3_value_type(tls, value) {
	case sqlite3.SQLITE_INTEGER:
		return sqlite3.Xsqlite3_value_int64(tls, value)
	case sqlite3.SQLITE_FLOAT:
		return sqlite3.Xsqlite3_value_double(tls, value)
	case sqlite3.SQLITE_TEXT:
		return string(bytesAt(sqlite3.Xsqlite3_value_text(tls, value), sqlite3.Xsqlite3_value_bytes(tls, value)))
	case sqlite3.SQLITE_BLOB:
		return bytesAt(sqlite3.Xsqlite3_value_blob(tls, value), sqlite3.Xsqlite3_value_bytes(tls, value))
	}
	return nil
}

func bytesAt(address uintptr, size int32) []byte {
	out := make([]byte, size)
	if size > 0 {
		copy(out, unsafe.Slice((*byte)(pointer(address)), size))
	}
	return out
}

// pointer is that of an address in SQLite's memory, which Go's collector neither moves nor frees.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }
