package messagerie

import (
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
)

// tally is what the database has counted for a participant who has more unread than a
// summary has recent messages: who reads a busy group once a month isn't counted from
// the beginning whenever they look.
type tally struct {
	user        protocol.ID
	origin      uint64      // of the summary: with another, older messages may have changed
	after, upTo protocol.ID // counted are those after the first, up to and with the second
	unread      int
}

// backlog is what a participant hasn't read and a summary doesn't have.
type backlog struct {
	participant protocol.ID // its record
	origin      uint64
	after, upTo protocol.ID
}

// countUnread answers how many messages of backlogs, by their conversation, are
// somebody else's. The database counts those that have come since it last did.
func (s *Service) countUnread(user protocol.ID, backlogs map[protocol.ID]backlog) (map[protocol.ID]int, error) {
	if len(backlogs) == 0 {
		return nil, nil
	}
	counts := make(map[protocol.ID]int, len(backlogs))
	versions := make(map[protocol.ID]uint64, len(backlogs))
	var uncounted [][3]string
	for conversation, b := range backlogs {
		known, version := s.lists.tallies.look(b.participant)
		from := b.after
		if known != nil && known.user == user && known.origin == b.origin && known.after == b.after && known.upTo <= b.upTo {
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
	err = s.queries.all(s.app, unreadSQL, dbx.Params{"user": user.RecordID(), "ranges": string(ranges)}, &rows)
	if err != nil {
		return nil, fmt.Errorf("count unread: %w", err)
	}
	for _, row := range rows {
		conversation := protocol.ParseID(row.Conversation)
		counts[conversation] += row.Unread
		b := backlogs[conversation]
		counted := &tally{user, b.origin, b.after, b.upTo, counts[conversation]}
		s.lists.tallies.keep(b.participant, counted, versions[conversation])
	}
	return counts, nil
}

// unreadSQL counts what is somebody else's in parts of several conversations.
const unreadSQL = `SELECT page.value ->> 0 AS conversation, (SELECT count(*) FROM messages u
		WHERE u.conversation = page.value ->> 0 AND u.id > page.value ->> 1 AND u.id <= page.value ->> 2
			AND u.sender != {:user} AND u.deleted = FALSE) AS unread
	FROM json_each({:ranges}) AS page`
