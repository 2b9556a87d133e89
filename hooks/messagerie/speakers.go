package messagerie

import (
	"encoding/json"
	"fmt"
	"slices"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// maxSpoken is how many of the last messages are searched for the most recent speakers; the index
// has their senders. People who spoke before that count as silent.
const maxSpoken = 1000

// nameSpeakers chooses the participants that a list names: everybody, or in a large conversation
// the viewer and the most recent speakers.
func (s *Service) nameSpeakers(viewer school.Person, rows []row) error {
	var unknown []protocol.ID
	for i := range rows {
		if rows[i].isLarge() && rows[i].speakers == nil {
			unknown = append(unknown, rows[i].participants.Conversation)
		}
	}
	loaded, err := s.loadSpeakers(unknown)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		if speakers := loaded[r.participants.Conversation]; speakers != nil {
			r.summary = s.caches.withSpeakers(r.participants.Conversation, r.summary, speakers)
		}
		r.named = r.participants.listed(viewer.ID, r.speakers)
	}
	return nil
}

func (r row) isLarge() bool { return len(r.participants.Members) > protocol.MaxListed }

// withSpeakers returns a summary with its speakers, and caches it unless a message came in between.
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

// loadSpeakers reads the most recent speakers of conversations; none of the slices is nil.
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

// spoke returns the most recent speakers after another message; nil, not loaded, stays nil.
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

// listed returns the participants that a list names: all, or of many the viewer, the most
// recent speakers, and then those who joined first.
func (p *Participants) listed(viewer protocol.ID, speakers []protocol.ID) []*Member {
	if len(p.Members) <= protocol.MaxListed {
		return p.Members
	}
	var first, silent []*Member
	spoken := make([]*Member, len(speakers)) // nil for speakers who have left
	for _, m := range p.Members {
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
