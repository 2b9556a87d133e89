package messagerie

import (
	"fmt"
	"slices"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// authors are those who have written in a direct conversation. They are known only of conversations
// in which somebody may answer but not begin.
type authors []protocol.ID

func (a *authors) has(user protocol.ID) bool { return a != nil && slices.Contains(*a, user) }

func (a *authors) cacheSize() int { return authorsBase + idBytes*len(*a) }

// hasWritten reports whether a person has written in a direct conversation.
func (s *Service) hasWritten(conversation, user protocol.ID) (bool, error) {
	known, err := s.caches.authors.Get(conversation, s.loadAuthors)
	return known.has(user), err
}

const authorsSQL = `SELECT a.conversation, a.sender FROM json_each({:ids}) AS page JOIN message_authors a ON a.conversation = page.value`

// loadAuthors reads who has written in conversations; it has an entry for each.
func (s *Service) loadAuthors(conversations []protocol.ID) (map[protocol.ID]*authors, error) {
	params, err := store.IDParams(conversations)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Conversation string `db:"conversation"`
		Sender       string `db:"sender"`
	}
	if err := s.store.Query(authorsSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("load authors: %w", err)
	}
	loaded := make(map[protocol.ID]*authors, len(conversations))
	for _, id := range conversations {
		loaded[id] = new(authors)
	}
	for _, row := range rows {
		if known := loaded[protocol.ParseID(row.Conversation)]; known != nil {
			*known = append(*known, protocol.ParseID(row.Sender))
		}
	}
	return loaded, nil
}

// noteAuthor announces that somebody who may answer may do so now: the other person has written for
// the first time. A cached entry is all it takes: without one nobody has been told that they can't.
func (s *Service) noteAuthor(change store.Change) {
	e, ok := change.(MessageCreated)
	if !ok || e.Message.Sender == 0 {
		return
	}
	isFirst := false
	s.caches.authors.Update(e.Message.Conversation, func(known *authors) *authors {
		if known.has(e.Message.Sender) {
			return known
		}
		isFirst = true
		next := append(slices.Clone(*known), e.Message.Sender)
		return &next
	})
	if isFirst {
		s.store.Notify(AnswerAllowed{e.Message.Conversation})
	}
}
