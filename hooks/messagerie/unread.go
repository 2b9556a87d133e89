package messagerie

import (
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
)

// backlog is what a participant hasn't read and a summary doesn't have.
type backlog struct {
	participant, user protocol.ID // its record, and whose it is
	origin            uint64      // of the summary: with another, older messages may have changed
	after, upTo       protocol.ID // the messages after the first, up to and with the second
}

// unreadCount is what the database has counted of a backlog: who reads a busy group once a
// month isn't counted from the beginning whenever they look.
type unreadCount struct {
	backlog
	unread int
}

// begins reports whether b starts with what was counted and goes at least as far.
func (t *unreadCount) begins(b backlog) bool {
	return t.user == b.user && t.origin == b.origin && t.after == b.after && t.upTo <= b.upTo
}

// countUnread answers how many messages of the user's backlogs, by their conversation,
// are somebody else's. The database counts those that have come since it last did.
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

// unreadSQL counts what is somebody else's in parts of several conversations.
const unreadSQL = `SELECT page.value ->> 0 AS conversation, (SELECT count(*) FROM messages u
		WHERE u.conversation = page.value ->> 0 AND u.id > page.value ->> 1 AND u.id <= page.value ->> 2
			AND u.sender != {:user} AND u.deleted = FALSE) AS unread
	FROM json_each({:ranges}) AS page`
