package messagerie

import (
	"encoding/json"
	"fmt"
	"slices"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// maxSpoken is among how many of the last messages those are looked for who spoke last;
// the index has their senders. Whoever spoke before counts as somebody who hasn't.
const maxSpoken = 1000

// nameSpeakers chooses whom rows name in a list: everybody, or of a large conversation the
// viewer and those who spoke last.
func (s *Service) nameSpeakers(viewer school.Person, rows []row) error {
	var unknown []protocol.ID
	for i := range rows {
		if rows[i].isLarge() && rows[i].speakers == nil {
			unknown = append(unknown, rows[i].roster.Conversation)
		}
	}
	loaded, err := s.loadSpeakers(unknown)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		if speakers := loaded[r.roster.Conversation]; speakers != nil {
			r.summary = s.caches.withSpeakers(r.roster.Conversation, r.summary, speakers)
		}
		r.named = r.roster.listed(viewer.ID, r.speakers)
	}
	return nil
}

func (r row) isLarge() bool { return len(r.roster.Members) > protocol.MaxListed }

// withSpeakers returns a summary with its speakers, and keeps it unless a message came meanwhile.
func (c *caches) withSpeakers(conversation protocol.ID, sum *summary, speakers []protocol.ID) *summary {
	next := *sum
	next.speakers = speakers
	c.summaries.Update(conversation, func(now *summary) *summary {
		if now == sum {
			return &next
		}
		return now
	})
	return &next
}

const speakersSQL = `SELECT page.value AS conversation, (SELECT json_group_array(found.sender) FROM (
		SELECT m.sender FROM messages m WHERE m.conversation = page.value ORDER BY m.id DESC LIMIT {:most}) AS found) AS senders
	FROM json_each({:ids}) AS page`

// loadSpeakers reads who spoke last in conversations, never nil for one of them.
func (s *Service) loadSpeakers(conversations []protocol.ID) (map[protocol.ID][]protocol.ID, error) {
	if len(conversations) == 0 {
		return nil, nil
	}
	params, err := store.IDParams(conversations)
	if err != nil {
		return nil, err
	}
	params["most"] = maxSpoken
	var rows []struct {
		Conversation string `db:"conversation"`
		Senders      string `db:"senders"`
	}
	if err := s.store.Query(speakersSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("load speakers: %w", err)
	}
	loaded := make(map[protocol.ID][]protocol.ID, len(rows))
	for _, row := range rows {
		var senders []string
		if err := json.Unmarshal([]byte(row.Senders), &senders); err != nil {
			return nil, fmt.Errorf("load speakers: %w", err)
		}
		speakers := []protocol.ID{}
		for _, sender := range senders {
			id := protocol.ParseID(sender)
			if id != 0 && len(speakers) < protocol.MaxListed && !slices.Contains(speakers, id) {
				speakers = append(speakers, id)
			}
		}
		loaded[protocol.ParseID(row.Conversation)] = slices.Clip(speakers)
	}
	return loaded, nil
}

// spoke is who spoke last after another message. Those who aren't known stay unknown.
func spoke(speakers []protocol.ID, sender protocol.ID) []protocol.ID {
	if speakers == nil || sender == 0 || len(speakers) > 0 && speakers[0] == sender {
		return speakers
	}
	next := make([]protocol.ID, 1, min(len(speakers)+1, protocol.MaxListed))
	next[0] = sender
	for _, speaker := range speakers {
		if speaker != sender && len(next) < cap(next) {
			next = append(next, speaker)
		}
	}
	return next
}

// listed returns the participants whom a list names: all, or of many the viewer, those who
// spoke last, and then those who joined first.
func (r *Roster) listed(viewer protocol.ID, speakers []protocol.ID) []*Member {
	if len(r.Members) <= protocol.MaxListed {
		return r.Members
	}
	var first, silent []*Member
	spoken := make([]*Member, len(speakers)) // nil for those who aren't in it any more
	for _, m := range r.Members {
		if m.User == viewer {
			first = append(first, m)
		} else if i := slices.Index(speakers, m.User); i >= 0 {
			spoken[i] = m
		} else if len(silent) < protocol.MaxListed {
			silent = append(silent, m)
		}
	}
	spoken = slices.DeleteFunc(spoken, func(m *Member) bool { return m == nil })
	return slices.Concat(first, spoken, silent)[:protocol.MaxListed]
}
