package messagerie

import (
	"encoding/json"
	"fmt"
	"strings"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// summary is what a list says of a conversation besides its participants, the same for every
// viewer.
type summary struct {
	title  string
	opened string         // RFC 3339
	last   *StoredMessage // nil in an empty conversation

	recent []recent    // the last messages that aren't deleted, at most maxRecent, in order
	since  protocol.ID // recent has all undeleted messages after this one
	origin uint64      // identifies the load from the database; with keeps it, since nothing older has changed

	pinned   []protocol.ID // messages, in the order in which they were pinned; never changed
	speakers []protocol.ID // in a large conversation, the most recent first; nil until a list needs them
}

// recent is a message that counts as unread for everyone but its sender.
type recent struct{ id, sender protocol.ID }

// maxRecent is how many unread messages are counted in memory; beyond that the database counts.
const maxRecent = 16

// activity returns the time of the last message, or of the creation, in RFC 3339.
func (s *summary) activity() string {
	if s.last != nil {
		return s.last.Created
	}
	return s.opened
}

// newest returns the last message, 0 in an empty conversation.
func (s *summary) newest() protocol.ID {
	if s.last == nil {
		return 0
	}
	return s.last.ID
}

// with returns the summary after a message; nil if it isn't the newest, as in an import.
func (s *summary) with(m StoredMessage) *summary {
	if s.last != nil && m.ID <= s.last.ID {
		return nil
	}
	next := *s
	next.last = &m
	next.speakers = spoke(s.speakers, m.Sender)
	if m.Deleted {
		return &next
	}
	keep := s.recent
	if len(keep) == maxRecent {
		next.since, keep = keep[0].id, keep[1:]
	}
	next.recent = make([]recent, len(keep), len(keep)+1)
	copy(next.recent, keep)
	next.recent = append(next.recent, recent{m.ID, m.Sender})
	return &next
}

// unlessLast returns nil if a message is the last one, and so part of the summary.
func (s *summary) unlessLast(message protocol.ID) *summary {
	if s.last != nil && s.last.ID == message {
		return nil
	}
	return s
}

// withPinned returns the summary after messages were pinned or unpinned.
func (s *summary) withPinned(messages []protocol.ID) *summary {
	next := *s
	next.pinned = messages
	return &next
}

// unread counts the recent messages that a person hasn't read.
func (s *summary) unread(user, lastRead protocol.ID) (count int) {
	for i := len(s.recent) - 1; i >= 0 && s.recent[i].id > lastRead; i-- {
		if s.recent[i].sender != user {
			count++
		}
	}
	return count
}

// summariesSQL finds the last message of each conversation by one index lookup. Recent messages
// that everybody has read are left out; one more than is kept shows that there are others. It is
// one statement, so that all of it comes from one snapshot.
var summariesSQL = fmt.Sprintf(`SELECT c.id AS conversation, c.title, c.created AS opened,
	coalesce(m.id, '') AS id, coalesce(m.sender, '') AS sender, coalesce(m.content, '') AS content,
	coalesce(m.client_id, '') AS client_id, coalesce(m.reply_to, '') AS reply_to,
	coalesce(m.created, '') AS created, coalesce(m.edited, '') AS edited, coalesce(m.deleted, FALSE) AS deleted,
	coalesce(m.by_administration, FALSE) AS by_administration, coalesce(m.urgent, FALSE) AS urgent, coalesce(m.mentions, '') AS mentions,
	read.upto AS read_by_all,
	(SELECT json_group_array(json_array(found.emoji, found.user)) FROM (
		SELECT r.emoji, r.user FROM reactions r WHERE r.message = m.id ORDER BY r.id) AS found) AS reactions,
	(SELECT json_group_array(json_object('id', found.id, 'name', found.name, 'type', found.type, 'size', found.size,
			'width', found.width, 'height', found.height, 'duration', found.duration, 'thumbnail', found.thumbnail)) FROM (
		SELECT a.* FROM attachments a WHERE a.message = m.id ORDER BY a.position) AS found) AS attachments,
	(SELECT coalesce(group_concat(found.message, ' '), '') FROM (
		SELECT pin.message FROM pins pin WHERE pin.conversation = c.id ORDER BY pin.id) AS found) AS pinned,
	(SELECT json_group_array(json_array(found.id, found.sender)) FROM (
		SELECT x.id, x.sender FROM messages x
		WHERE x.conversation = c.id AND x.id > read.upto AND x.deleted = FALSE
		ORDER BY x.id DESC LIMIT %d) AS found) AS recent
	FROM (SELECT page.value AS conversation, coalesce((SELECT min(p.last_read) FROM participants p
			WHERE p.conversation = page.value), '') AS upto
		FROM json_each({:ids}) AS page) AS read
	JOIN conversations c ON c.id = read.conversation
	LEFT JOIN messages m ON m.id = (SELECT max(y.id) FROM messages y WHERE y.conversation = c.id)`, maxRecent+1)

type summaryRow struct {
	messageRow
	Title     string `db:"title"`
	Opened    string `db:"opened"`
	ReadByAll string `db:"read_by_all"`
	Pinned    string `db:"pinned"`    // messages, as joinIDs returns them
	Recent    string `db:"recent"`    // pairs of id and sender, the newest first, as JSON
	Reactions string `db:"reactions"` // to the last message: pairs of emoji and person, as JSON

	Attachments string `db:"attachments"` // of the last message: rows as JSON
}

func (r summaryRow) summary() (*summary, error) {
	sum := &summary{title: r.Title, opened: wireTime(r.Opened), pinned: splitIDs(r.Pinned)}
	if r.ID != "" {
		last := r.message()
		sum.last = &last
		var reactions [][2]string
		if err := json.Unmarshal([]byte(r.Reactions), &reactions); err != nil {
			return nil, err
		}
		for _, pair := range reactions {
			last.Reactions = addReaction(last.Reactions, reactionRow{Emoji: pair[0], User: pair[1]})
		}
		var attachments []attachmentRow
		if err := json.Unmarshal([]byte(r.Attachments), &attachments); err != nil {
			return nil, err
		}
		for _, row := range attachments {
			last.Attachments = append(last.Attachments, row.view())
		}
		// In an import a marker may be above the last message, and messages be added in between.
		sum.since = min(protocol.ParseID(r.ReadByAll), last.ID)
	}
	var pairs [][2]string
	if err := json.Unmarshal([]byte(r.Recent), &pairs); err != nil {
		return nil, err
	}
	if len(pairs) > maxRecent {
		pairs, sum.since = pairs[:maxRecent], protocol.ParseID(pairs[maxRecent][0])
	}
	sum.recent = make([]recent, len(pairs))
	for i, pair := range pairs {
		sum.recent[len(pairs)-1-i] = recent{protocol.ParseID(pair[0]), protocol.ParseID(pair[1])}
	}
	return sum, nil
}

// loadSummaries reads the summaries of those conversations that exist.
func (s *Service) loadSummaries(conversations []protocol.ID) (map[protocol.ID]*summary, error) {
	params, err := store.IDParams(conversations)
	if err != nil {
		return nil, err
	}
	var rows []summaryRow
	if err := s.store.Query(summariesSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("load summaries: %w", err)
	}
	loaded := make(map[protocol.ID]*summary, len(rows))
	for _, row := range rows {
		sum, err := row.summary()
		if err != nil {
			return nil, fmt.Errorf("load summaries: %w", err)
		}
		sum.origin = s.caches.loads.Add(1)
		loaded[protocol.ParseID(row.Conversation)] = sum
	}
	return loaded, nil
}

// storedTime converts RFC 3339 into PocketBase's time format.
func storedTime(wire string) string { return strings.Replace(wire, "T", " ", 1) }
