package search

import (
	"database/sql"
	"fmt"
	"time"

	"messagerie/hooks/protocol"
)

// FTS5 writes each batch as a segment of its own, and merges them as they grow. The words of a deleted
// message are only crossed out, until their segment is merged. So everything is merged into one segment once a
// day, in small steps, when there is nothing else to do; fewer segments are also searched faster.
const (
	mergeEvery = 20 * time.Hour
	mergeAfter = time.Minute // without anything else to do
	mergePages = 100         // of 4 KB, in one step
)

// untilMerge returns how long to be idle before merging.
func (w *worker) untilMerge() time.Duration {
	merged, err := time.Parse(time.RFC3339, w.state.Merged)
	if err != nil {
		return mergeAfter
	}
	return max(mergeAfter, merged.Add(mergeEvery).Sub(w.now()))
}

// merging is how far the worker is.
type merging int

const (
	notMerging merging = iota
	beginsMerging
	continuesMerging
)

// mergeSome makes one step, if it is time.
func (w *worker) mergeSome() (more bool, err error) {
	if w.merging == notMerging {
		return false, nil
	}
	if more, err = w.index.mergeSome(w.merging); err != nil {
		return false, err
	}
	if w.merging = continuesMerging; more {
		return true, nil
	}
	w.merging = notMerging
	w.state.Merged = protocol.Time(w.now())
	return false, w.write(batch{state: w.state})
}

// mergeSome merges some pages, and reports whether there are more.
func (i *index) mergeSome(step merging) (more bool, err error) {
	pages := mergePages
	if step == beginsMerging {
		pages = -pages // FTS5 is to merge all segments, however small
	}
	err = i.transaction(func(tx *sql.Tx) error {
		var before, after int
		if err := tx.QueryRowContext(always, "SELECT total_changes()").Scan(&before); err != nil {
			return err
		}
		if _, err := tx.ExecContext(always, "INSERT INTO messages (messages, rank) VALUES ('merge', ?)", pages); err != nil {
			return err
		}
		err := tx.QueryRowContext(always, "SELECT total_changes()").Scan(&after)
		more = after-before >= 2 // as the documentation of FTS5 says
		return err
	})
	if err != nil {
		return false, fmt.Errorf("merge %s: %w", indexFile, err)
	}
	return more, nil
}
