package logs

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// trimParts: the size is checked whenever another sixteenth of it has been written.
const trimParts = 16

// A log that is too large loses the oldest eighth of its lines, repeatedly until it fits. SQLite
// reuses the space. If much is free, as after an update from a version without bounds, the file
// is shrunk.
const (
	trimShare  = 8
	trimRounds = 40
)

// trim keeps the log within its size.
func (l *Log) trim() {
	l.stored.Store(0)
	if err := l.trimmed(); err != nil {
		l.app.Logger().Warn("Trimming the log failed.", "error", err)
	}
}

func (l *Log) trimmed() error {
	for range trimRounds {
		used, _, err := l.size()
		if err != nil {
			return err
		}
		if used <= l.maxBytes {
			break
		}
		if err := l.dropOldest(); err != nil {
			return err
		}
	}
	used, free, err := l.size()
	if err != nil || free <= max(used, l.maxBytes) {
		return err
	}
	if err := l.app.AuxVacuum(); err != nil {
		return fmt.Errorf("release free space: %w", err)
	}
	// Until then the result is in the write-ahead log.
	_, err = l.app.AuxNonconcurrentDB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute()
	return err
}

// size returns how much of the file is used, and how much is free, in bytes.
func (l *Log) size() (used, free int64, err error) {
	var pages struct {
		All  int64 `db:"page_count"`
		Free int64 `db:"freelist_count"`
		Size int64 `db:"page_size"`
	}
	err = l.app.AuxNonconcurrentDB().NewQuery(
		"SELECT page_count, freelist_count, page_size FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()").One(&pages)
	return (pages.All - pages.Free) * pages.Size, pages.Free * pages.Size, err
}

// dropOldest removes the oldest lines. Rows are numbered in the order in which they were written.
func (l *Log) dropOldest() error {
	var rows struct {
		First int64 `db:"first"`
		Last  int64 `db:"last"`
	}
	db := l.app.AuxNonconcurrentDB()
	if err := db.Select("coalesce(min(rowid), 0) AS first", "coalesce(max(rowid), 0) AS last").From(core.LogsTableName).One(&rows); err != nil {
		return err
	}
	_, err := db.Delete(core.LogsTableName, dbx.NewExp("rowid <= {:upTo}",
		dbx.Params{"upTo": rows.First + (rows.Last-rows.First)/trimShare})).Execute()
	return err
}
