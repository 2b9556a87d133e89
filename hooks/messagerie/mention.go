package messagerie

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// A message mentions people when it is sent, and they stay mentioned whatever becomes of its text or of them:
// so they are part of its row, and no page, list or frame has to look for them.

// ErrInvalidMentions refuses people who can't be mentioned.
var ErrInvalidMentions = refusal.New(protocol.CodeInvalidMentions,
	"mentions are the ids of at most %d people who take part in this conversation.", protocol.MaxMentions)

// maxMentionsText is the longest value of the column mentions.
const maxMentionsText = protocol.MaxMentions * (recordIDLength + 1)

// recordIDLength is the length of an id as it is stored.
const recordIDLength = 16

// joinIDs returns ids as the column mentions has them: as stored, with spaces in between.
func joinIDs(ids []protocol.ID) string {
	records := make([]string, len(ids))
	for i, id := range ids {
		records[i] = id.RecordID()
	}
	return strings.Join(records, " ")
}

// splitIDs parses what joinIDs returns. What isn't an id is 0.
func splitIDs(text string) (ids []protocol.ID) {
	for _, record := range strings.Fields(text) {
		ids = append(ids, protocol.ParseID(record))
	}
	return ids
}

// mentionable returns each person once, or ErrInvalidMentions.
func mentionable(p *Participants, mentions []protocol.ID) (each []protocol.ID, err error) {
	if len(mentions) > protocol.MaxMentions {
		return nil, ErrInvalidMentions
	}
	for _, id := range mentions {
		if _, takesPart := p.Member(id); !takesPart {
			return nil, ErrInvalidMentions
		}
		if !slices.Contains(each, id) {
			each = append(each, id)
		}
	}
	return each, nil
}

// checkMentions refuses a mention of somebody who doesn't take part. Without any it does nothing.
func (s *Service) checkMentions(tx core.App, conversation protocol.ID, mentions []protocol.ID) error {
	if len(mentions) > protocol.MaxMentions {
		return refusal.OnField("mentions", ErrInvalidMentions)
	}
	for _, id := range mentions {
		isMember, err := s.isMember(tx, conversation, id)
		if err != nil {
			return err
		}
		if !isMember {
			return refusal.OnField("mentions", ErrInvalidMentions)
		}
	}
	return nil
}

// stillTakingPart returns those of the people whom a scheduled message mentions who take part now.
func (s *Service) stillTakingPart(tx core.App, conversation protocol.ID, mentions []protocol.ID) (present []protocol.ID, err error) {
	for _, id := range mentions {
		isMember, err := s.isMember(tx, conversation, id)
		if err != nil {
			return nil, err
		}
		if isMember {
			present = append(present, id)
		}
	}
	return present, nil
}

// bringBackMentioned takes the conversation of a message, which was stored just before in this transaction, out of the
// archive of those whom it mentions: a muted one would stay there (see isArchived). Without any it does nothing.
func (s *Service) bringBackMentioned(tx core.App, m StoredMessage) error {
	if len(m.Mentions) == 0 || m.Deleted {
		return nil
	}
	var archived []string
	err := tx.ConcurrentDB().Select("id").From("participants").
		Where(dbx.HashExp{"conversation": m.Conversation.RecordID()}).AndWhere(dbx.In("user", store.RecordIDs(m.Mentions)...)).
		AndWhere(dbx.NewExp("archived_at != ''")).Column(&archived)
	for i := 0; err == nil && i < len(archived); i++ {
		err = s.unarchiveNow(tx, archived[i])
	}
	if err != nil {
		// Not wrapped: as a refusal it would leave the message, which is stored already, without being undone.
		return errors.New("bring back from the archive: " + err.Error())
	}
	return nil
}

func (s *Service) unarchiveNow(tx core.App, participant string) error {
	record, err := s.participants.Find(tx, "participants", participant)
	if err != nil {
		return err
	}
	record.Set("archived_at", "")
	return s.participants.Update(context.WithValue(context.Background(), loadedHere{}, true), tx, record)
}
