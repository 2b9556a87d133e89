package search

import (
	"slices"
	"time"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// comparison goes through all messages and the index side by side, to find what was missed: when the
// server ended without stopping, and when announcements were lost. It reads the whole table, because
// nothing orders messages by their last change, and an index that does would make each message dearer.
type comparison struct {
	since string      // RFC 3339: what was changed from then on is indexed again
	after protocol.ID // everything up to here is compared
}

// margin is more than the time from a change to its announcement, and than clocks are set back by.
const margin = 10 * time.Minute

// comparedPortion is how many messages are compared at a time.
const comparedPortion = 2000

func newComparison(st state) *comparison {
	c := &comparison{}
	if checked, err := time.Parse(time.RFC3339, st.Checked); err == nil {
		c.since = protocol.Time(checked.Add(-margin))
	}
	return c
}

// compareSome compares one portion.
func (w *worker) compareSome() (did bool, err error) {
	if w.compare == nil {
		return false, nil
	}
	versions, err := w.conversations.VersionsAfter(w.compare.after, comparedPortion)
	if err != nil {
		return false, err
	}
	upTo := w.state.Newest
	if len(versions) == comparedPortion {
		upTo = min(upTo, versions[comparedPortion-1].ID)
	}
	present, err := w.index.present(w.compare.after, upTo)
	if err != nil {
		return false, err
	}
	for some := range slices.Chunk(w.compare.outdated(versions, present, upTo), portion) {
		b, err := w.batchOf(some)
		if err != nil {
			return false, err
		}
		if err := w.write(b); err != nil {
			return false, err
		}
	}
	w.compare.after = upTo
	if upTo < w.state.Newest {
		return true, nil
	}
	w.compare = nil
	return true, w.write(batch{state: w.state}) // notes the time
}

// outdated returns the messages up to an id that are to be indexed again, or taken out.
func (c *comparison) outdated(versions []messagerie.MessageVersion, present []protocol.ID, upTo protocol.ID) (ids []protocol.ID) {
	isPresent := make(map[protocol.ID]bool, len(present))
	for _, id := range present {
		isPresent[id] = true
	}
	for _, version := range versions {
		if version.ID > upTo {
			break
		}
		if isPresent[version.ID] == version.Deleted || version.Updated >= c.since {
			ids = append(ids, version.ID)
		}
		delete(isPresent, version.ID)
	}
	for id := range isPresent { // whose messages were removed
		ids = append(ids, id)
	}
	return ids
}
