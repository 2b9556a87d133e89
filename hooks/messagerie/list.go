package messagerie

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// listBytes bounds the JSON of a page of a list, and so the first frame of every socket: two
// seconds on a mobile network of 1 Mbit/s. Fifty ordinary conversations take 60 KB; fifty large
// groups would take twice the bound.
const listBytes = 256 << 10

// ConversationPage is a page of a person's conversations.
type ConversationPage struct {
	Conversations []protocol.Conversation
	JSON          []byte // the same as a JSON array
	Next          string // the cursor of the next page, "" on the last one
}

// changed returns a conversation after a change was stored. If it can't be read, the error is
// OutcomeUnknown: any other error means that nothing was stored.
func (s *Service) changed(caller school.Person, id protocol.ID) (protocol.Conversation, error) {
	conversation, err := s.Conversation(caller, id)
	var refused *refusal.Error
	if err != nil && !errors.As(err, &refused) {
		err = fmt.Errorf("%w; load conversation: %w", refusal.OutcomeUnknown, err)
	}
	return conversation, err
}

// Conversations returns a page of caller's conversations: those that they have pinned, then most recent activity first.
// cursor is the Next of the previous page, "" for the first page. A limit of 0 is the default;
// a page also ends before it takes more than listBytes.
func (s *Service) Conversations(caller school.Person, cursor string, limit int) (ConversationPage, error) {
	limit = s.pageLimit(limit)
	before := place{}
	if cursor != "" {
		var ok bool
		if before, ok = parseCursor(cursor); !ok {
			return ConversationPage{}, errCursor()
		}
	}
	ids, err := s.page(caller.ID, before, limit+1)
	if err != nil {
		return ConversationPage{}, err
	}
	rows, err := s.rows(caller, ids[:min(limit, len(ids))])
	if err != nil {
		return ConversationPage{}, err
	}
	if err := s.nameSpeakers(caller, rows); err != nil {
		return ConversationPage{}, err
	}
	list, err := s.views(caller, rows)
	if err != nil {
		return ConversationPage{}, err
	}
	array, count, err := protocol.EncodeArray(list, listBytes)
	if err != nil {
		return ConversationPage{}, fmt.Errorf("encode list: %w", err)
	}
	page := ConversationPage{Conversations: list[:count], JSON: array}
	if count > 0 && (count < len(list) || len(ids) > limit) {
		page.Next = rows[count-1].place().cursor()
	}
	return page, nil
}

func errCursor() *refusal.Error {
	refused := refusal.New(protocol.CodeInvalidRequest, "cursor must come from a previous page.")
	refused.Data = map[string]any{"cursor": "invalid"}
	return refused
}

// place is a conversation's position in a person's list: whether they have pinned it, by its last
// activity, then its id.
type place struct {
	pinned   bool
	activity string // in RFC 3339
	id       protocol.ID
}

// compare puts the pinned ones first, then the most recent.
func (p place) compare(other place) int {
	if p.pinned != other.pinned {
		if p.pinned {
			return -1
		}
		return 1
	}
	return cmp.Or(strings.Compare(other.activity, p.activity), cmp.Compare(other.id, p.id))
}

func (p place) cursor() string {
	text := storedTime(p.activity) + "|" + p.id.RecordID()
	if p.pinned {
		text = pinnedPrefix + text
	}
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// pinnedPrefix begins the cursor of a pinned conversation.
const pinnedPrefix = "pinned|"

func parseCursor(cursor string) (p place, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return place{}, false
	}
	text, pinned := strings.CutPrefix(string(raw), pinnedPrefix)
	at, id, ok := strings.Cut(text, "|")
	p = place{pinned: pinned, activity: wireTime(at), id: protocol.ParseID(id)}
	return p, ok && p.id != 0
}

// page returns which of a person's conversations come after a place; the zero place is for the
// first page. Up to maxSorted conversations are sorted in memory.
func (s *Service) page(user protocol.ID, after place, limit int) ([]protocol.ID, error) {
	own, err := s.conversationsOf(user)
	if err != nil {
		return nil, err
	}
	if len(own.all) > maxSorted {
		return s.pageOfMany(user, after, limit)
	}
	summaries, err := s.caches.summaries.GetAll(own.all, s.loadSummaries)
	if err != nil {
		return nil, err
	}
	places := make([]place, 0, len(own.all))
	for id, sum := range summaries {
		p := place{slices.Contains(own.pinned, id), sum.activity(), id}
		if after == (place{}) || p.compare(after) > 0 {
			places = append(places, p)
		}
	}
	slices.SortFunc(places, place.compare)
	ids := make([]protocol.ID, min(limit, len(places)))
	for i := range ids {
		ids[i] = places[i].id
	}
	return ids, nil
}

// maxSorted is how many conversations of a person are sorted in memory. Beyond that the database
// sorts them, so that the cache needn't hold all their summaries.
const maxSorted = 200

const pageSQL = `SELECT p.conversation FROM participants p
	JOIN conversations c ON c.id = p.conversation
	LEFT JOIN messages m ON m.id = (SELECT max(x.id) FROM messages x WHERE x.conversation = p.conversation)
	WHERE p.user = {:user} AND ({:id} = '' OR (p.pinned, coalesce(m.created, c.created), c.id) < ({:pinned}, {:at}, {:id}))
	ORDER BY p.pinned DESC, coalesce(m.created, c.created) DESC, c.id DESC
	LIMIT {:limit}`

func (s *Service) pageOfMany(user protocol.ID, after place, limit int) ([]protocol.ID, error) {
	var rows []struct {
		Conversation string `db:"conversation"`
	}
	params := dbx.Params{"user": user.RecordID(), "pinned": after.pinned, "at": storedTime(after.activity), "id": after.id.RecordID(), "limit": limit}
	if err := s.store.Query(pageSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	ids := make([]protocol.ID, len(rows))
	for i, row := range rows {
		ids[i] = protocol.ParseID(row.Conversation)
	}
	return ids, nil
}
