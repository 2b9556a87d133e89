package apptest

import (
	"bytes"
	"fmt"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite reaches files through a VFS (https://www.sqlite.org/vfs.html). Ours is the system's own, but notes what
// changes a file of the directory that is traced. It becomes the default, so that the product's way of opening a
// database is the one that is tested.

// traced is which files are open, by the address of SQLite's sqlite3_file.
var traced = struct {
	sync.RWMutex
	trace   *DiskTrace                              // nil if none is being recorded
	files   map[uintptr]string                      // names
	systems map[uintptr]sqlite3.Tsqlite3_io_methods // of the system, by file
	methods map[uintptr]uintptr                     // ours, by the address of the system's
}{files: map[uintptr]string{}, systems: map[uintptr]sqlite3.Tsqlite3_io_methods{}, methods: map[uintptr]uintptr{}}

// system is the VFS that ours calls, by address.
var system uintptr

// install makes ours the default once.
var install = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	if system = sqlite3.Xsqlite3_vfs_find(tls, 0); system == 0 {
		return fmt.Errorf("SQLite has no default VFS")
	}
	own := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	name, err := libc.CString("traced")
	if err != nil {
		return err
	}
	vfs := at[sqlite3.Tsqlite3_vfs](own)
	*vfs = *at[sqlite3.Tsqlite3_vfs](system)
	vfs.FpNext, vfs.FzName = 0, name
	vfs.FxOpen, vfs.FxDelete = pointer(tracedOpen), pointer(tracedDelete)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, own, 1); rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("register a VFS: %d", rc)
	}
	return nil
})

// traceFiles traces the files that are opened from now on; nil ends it.
func traceFiles(trace *DiskTrace) error {
	err := install()
	traced.Lock()
	defer traced.Unlock()
	traced.trace = trace
	return err
}

// Types of the functions of a VFS and of a file.
type (
	openFunc     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32
	deleteFunc   = func(tls *libc.TLS, vfs, name uintptr, syncDir int32) int32
	closeFunc    = func(tls *libc.TLS, file uintptr) int32
	writeFunc    = func(tls *libc.TLS, file, data uintptr, length int32, offset int64) int32
	truncateFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc     = func(tls *libc.TLS, file uintptr, flags int32) int32
)

// at is the Go value at an address of SQLite's memory.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// pointer makes a Go function one that SQLite can call; called is the reverse.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

func called[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{address})) }

func tracedOpen(tls *libc.TLS, _, name, file uintptr, flags int32, outFlags uintptr) int32 {
	rc := called[openFunc](at[sqlite3.Tsqlite3_vfs](system).FxOpen)(tls, system, name, file, flags, outFlags)
	if rc != sqlite3.SQLITE_OK || name == 0 {
		return rc
	}
	traced.Lock()
	defer traced.Unlock()
	if traced.trace == nil || traced.trace.name(libc.GoString(name)) == "" {
		return rc
	}
	head := at[sqlite3.Tsqlite3_file](file)
	own, isKnown := traced.methods[head.FpMethods]
	if !isKnown {
		own = libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
		methods := at[sqlite3.Tsqlite3_io_methods](own)
		*methods = *at[sqlite3.Tsqlite3_io_methods](head.FpMethods)
		methods.FxClose, methods.FxWrite = pointer(tracedClose), pointer(tracedWrite)
		methods.FxTruncate, methods.FxSync = pointer(tracedTruncate), pointer(tracedSync)
		traced.methods[head.FpMethods] = own
	}
	traced.files[file] = traced.trace.name(libc.GoString(name))
	traced.systems[file] = *at[sqlite3.Tsqlite3_io_methods](head.FpMethods)
	head.FpMethods = own
	return rc
}

// fileAt returns what is known of an open file. The trace is nil once it has ended.
func fileAt(file uintptr) (name string, methods sqlite3.Tsqlite3_io_methods, trace *DiskTrace) {
	traced.RLock()
	defer traced.RUnlock()
	return traced.files[file], traced.systems[file], traced.trace
}

func tracedClose(tls *libc.TLS, file uintptr) int32 {
	_, methods, _ := fileAt(file)
	traced.Lock()
	delete(traced.files, file)
	delete(traced.systems, file)
	traced.Unlock()
	return called[closeFunc](methods.FxClose)(tls, file)
}

func tracedWrite(tls *libc.TLS, file, data uintptr, length int32, offset int64) int32 {
	name, methods, trace := fileAt(file)
	rc := called[writeFunc](methods.FxWrite)(tls, file, data, length, offset)
	if rc == sqlite3.SQLITE_OK && trace != nil {
		trace.add(diskStep{kind: stepWrite, file: name, at: offset, data: bytes.Clone(libc.GoBytes(data, int(length)))})
	}
	return rc
}

func tracedTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	name, methods, trace := fileAt(file)
	rc := called[truncateFunc](methods.FxTruncate)(tls, file, size)
	if rc == sqlite3.SQLITE_OK && trace != nil {
		trace.add(diskStep{kind: stepTruncate, file: name, at: size})
	}
	return rc
}

func tracedSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	name, methods, trace := fileAt(file)
	covers := 0
	if trace != nil {
		covers = trace.Len()
	}
	rc := called[syncFunc](methods.FxSync)(tls, file, flags)
	if rc == sqlite3.SQLITE_OK && trace != nil {
		trace.add(diskStep{kind: stepSync, file: name, covers: covers})
	}
	return rc
}

func tracedDelete(tls *libc.TLS, _, name uintptr, syncDir int32) int32 {
	rc := called[deleteFunc](at[sqlite3.Tsqlite3_vfs](system).FxDelete)(tls, system, name, syncDir)
	traced.RLock()
	defer traced.RUnlock()
	if rc == sqlite3.SQLITE_OK && traced.trace != nil {
		if file := traced.trace.name(libc.GoString(name)); file != "" {
			traced.trace.add(diskStep{kind: stepDelete, file: file})
		}
	}
	return rc
}
