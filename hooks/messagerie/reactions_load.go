package messagerie

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// reactionRow is a person's emoji on a message.
type reactionRow struct {
	Message string `db:"message"`
	Emoji   string `db:"emoji"`
	User    string `db:"user"`
}

const reactionsSQL = `SELECT r.message, r.emoji, r.user FROM json_each({:ids}) AS page
	JOIN reactions r ON r.message = page.value ORDER BY r.id`

// Reactions returns those to some messages. A message without any has no entry.
func (s *Service) Reactions(messages []protocol.ID) (map[protocol.ID][]protocol.Reaction, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	params, err := store.IDParams(messages)
	if err != nil {
		return nil, err
	}
	var rows []reactionRow
	if err := s.store.Query(reactionsSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("load reactions: %w", err)
	}
	return groupReactions(rows), nil
}

// loadReactions gives messages their reactions.
func (s *Service) loadReactions(messages []StoredMessage) error {
	ids := make([]protocol.ID, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	reactions, err := s.Reactions(ids)
	if err != nil {
		return err
	}
	for i := range messages {
		messages[i].Reactions = reactions[messages[i].ID]
	}
	return nil
}

// withReactions returns a message with its reactions as they are in a transaction.
func withReactions(tx core.App, m StoredMessage) (StoredMessage, error) {
	params, err := store.IDParams([]protocol.ID{m.ID})
	if err != nil {
		return m, err
	}
	var rows []reactionRow
	if err := tx.ConcurrentDB().NewQuery(reactionsSQL).Bind(params).All(&rows); err != nil {
		return m, fmt.Errorf("load reactions: %w", err)
	}
	m.Reactions = groupReactions(rows)[m.ID]
	return m, nil
}

// groupReactions groups rows in the order in which people reacted by message and emoji.
func groupReactions(rows []reactionRow) map[protocol.ID][]protocol.Reaction {
	grouped := make(map[protocol.ID][]protocol.Reaction)
	for _, row := range rows {
		message := protocol.ParseID(row.Message)
		grouped[message] = addReaction(grouped[message], row)
	}
	return grouped
}

func addReaction(reactions []protocol.Reaction, row reactionRow) []protocol.Reaction {
	user := protocol.ParseID(row.User)
	for i := range reactions {
		if reactions[i].Emoji == row.Emoji {
			reactions[i].UserIDs = append(reactions[i].UserIDs, user)
			return reactions
		}
	}
	return append(reactions, protocol.Reaction{Emoji: row.Emoji, UserIDs: []protocol.ID{user}})
}
