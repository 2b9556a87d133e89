package messagerie

import (
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
)

// backlog is a participant's unread messages that aren't in the summary.
type backlog struct {
	participant, user protocol.ID // the record, and its person
	origin            uint64      // of the summary: with a different one, older messages may have changed
	after, upTo       protocol.ID // messages after the first id, up to and including the second
}

// unreadCount is what the database has counted of a backlog, so that the count of somebody who
// reads a busy group once a month doesn't start from the beginning every time.
type unreadCount struct {
	backlog
	unread int
}

// begins reports whether b begins with what was counted and goes at least as far.
func (t *unreadCount) begins(b backlog) bool {
	return t.user == b.user && t.origin == b.origin && t.after == b.after && t.upTo <= b.upTo
}

// countUnread returns the number of other people's messages in the user's backlogs, by
// conversation. The database counts only those since the last count.
func (s *Service) countUnread(user protocol.ID, backlogs map[protocol.ID]backlog) (map[protocol.ID]int, error) {
	if len(backlogs) == 0 {
		return nil, nil
	}
	counts := make(map[protocol.ID]int, len(backlogs))
	versions := make(map[protocol.ID]uint64, len(backlogs))
	var uncounted [][3]string
	for conversation, b := range backlogs {
		known, version := s.caches.unread.Lookup(b.participant)
		from := b.after
		if known != nil && known.begins(b) {
			from, counts[conversation] = known.upTo, known.unread
		}
		if from < b.upTo {
			uncounted = append(uncounted, [3]string{conversation.RecordID(), from.RecordID(), b.upTo.RecordID()})
			versions[conversation] = version
		}
	}
	if len(uncounted) == 0 {
		return counts, nil
	}
	ranges, err := json.Marshal(uncounted)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Conversation string `db:"conversation"`
		Unread       int    `db:"unread"`
	}
	err = s.store.Query(unreadSQL, dbx.Params{"user": user.RecordID(), "ranges": string(ranges)}, &rows)
	if err != nil {
		return nil, fmt.Errorf("count unread: %w", err)
	}
	for _, row := range rows {
		conversation := protocol.ParseID(row.Conversation)
		counts[conversation] += row.Unread
		counted := &unreadCount{backlogs[conversation], counts[conversation]}
		s.caches.unread.Put(counted.participant, counted, versions[conversation])
	}
	return counts, nil
}

// unreadSQL counts other people's messages in ranges of several conversations.
const unreadSQL = `SELECT page.value ->> 0 AS conversation, (SELECT count(*) FROM messages u
		WHERE u.conversation = page.value ->> 0 AND u.id > page.value ->> 1 AND u.id <= page.value ->> 2
			AND u.sender != {:user} AND u.deleted = FALSE) AS unread
	FROM json_each({:ranges}) AS page`
