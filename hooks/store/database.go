package store

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/dbx"
)

// Pools of read connections. PocketBase's 120 could take 32 MB of page cache
// each; a few processors are kept busy by far fewer.
const (
	DataMaxOpenConns = 12
	DataMaxIdleConns = 6
	AuxMaxOpenConns  = 8
	AuxMaxIdleConns  = 2
)

// Connect opens a database as PocketBase does (core.DefaultDBConnect), with our own pragmas.
// A commit of data.db waits for the disk, so that what was acknowledged survives a power cut;
// messages are committed in groups, so it costs them little. The logs in auxiliary.db are left
// as fast, and as volatile, as PocketBase has them. A connection caches 2 MB instead of 32,
// because the system's page cache holds the file for all of them.
func Connect(path string) (*dbx.DB, error) {
	if IsReadOnly(filepath.Dir(path)) {
		return ConnectReadOnly(path)
	}
	return dbx.Open("sqlite", Source(path))
}

// Source is the name by which SQLite's driver opens a database that can be written to, with its pragmas.
func Source(path string) string {
	pragmas := []string{
		"busy_timeout(10000)", // first, because the next one may have to wait for another connection
		"journal_mode(WAL)",
		"foreign_keys(ON)",
		"temp_store(MEMORY)",
		"cache_size(-2000)", // KiB
	}
	if filepath.Base(path) == "data.db" {
		pragmas = append(pragmas,
			"synchronous(FULL)",
			// Pages of the write-ahead log after which a commit checkpoints it. With
			// SQLite's 1000 every third full group of messages would.
			"wal_autocheckpoint(4000)",
			"journal_size_limit(200000000)")
	} else {
		pragmas = append(pragmas, "synchronous(NORMAL)", "journal_size_limit(8000000)")
	}
	return path + "?_pragma=" + strings.Join(pragmas, "&_pragma=")
}

// ConnectReadOnly opens a database for reading, also on a file system that is mounted read-only. SQLite needs its shared
// memory beside a write-ahead log, which a server that is running or was killed has; without a log nothing beside the
// database is needed, if it is told that nobody changes it (sqlite.org/wal.html#read_only_databases).
func ConnectReadOnly(path string) (*dbx.DB, error) {
	source := "file:" + path + "?mode=ro&_pragma=busy_timeout(10000)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-2000)"
	if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
		source += "&immutable=1"
	}
	return dbx.Open("sqlite", source)
}
