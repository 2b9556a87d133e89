package messagerie

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
)

// Conversation is one conversation as caller sees it.
func (s *Service) Conversation(caller Person, id protocol.ID) (protocol.Conversation, error) {
	list, err := s.list(caller, []protocol.ID{id})
	if err != nil {
		return protocol.Conversation{}, err
	}
	if len(list) == 0 {
		return protocol.Conversation{}, ErrNotParticipant
	}
	return list[0].Conversation, nil
}

// Conversations answers a page of caller's conversations, most recent activity
// first. cursor is what the page before answered as next, "" for the first page;
// next is "" on the last one. A limit of 0 is the default of a page.
func (s *Service) Conversations(
	caller Person, cursor string, limit int,
) (page []protocol.Conversation, next string, err error) {
	limit = s.pageLimit(limit)
	before := place{}
	if cursor != "" {
		var ok bool
		if before, ok = parseCursor(cursor); !ok {
			refused := refuse(protocol.CodeInvalidRequest, "cursor isn't one that a page before has given.")
			refused.Data = map[string]any{"cursor": "invalid"}
			return nil, "", refused
		}
	}
	ids, err := s.page(caller.ID, before, limit+1)
	if err != nil {
		return nil, "", err
	}
	more := len(ids) > limit
	list, err := s.list(caller, ids[:min(limit, len(ids))])
	if err != nil {
		return nil, "", err
	}
	if more && len(list) > 0 {
		next = list[len(list)-1].place.cursor()
	}
	page = make([]protocol.Conversation, len(list))
	for i, row := range list {
		page[i] = row.Conversation
	}
	return page, next, nil
}

// place is where a conversation stands in a list: by its last activity, then its id.
type place struct {
	activity string // in RFC 3339
	id       protocol.ID
}

// compare puts the most recent first.
func (p place) compare(other place) int {
	return cmp.Or(strings.Compare(other.activity, p.activity), cmp.Compare(other.id, p.id))
}

func (p place) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(storedTime(p.activity) + "|" + p.id.RecordID()))
}

func parseCursor(cursor string) (p place, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return place{}, false
	}
	at, id, ok := strings.Cut(string(raw), "|")
	p = place{activity: wireTime(at), id: protocol.ParseID(id)}
	return p, ok && p.id != 0
}

// page finds which conversations of a person come after a place, the zero one for the
// first page. Those of a person who has few are put in order from memory.
func (s *Service) page(user protocol.ID, after place, limit int) ([]protocol.ID, error) {
	own, err := s.lists.conversationsOf(s, user)
	if err != nil {
		return nil, err
	}
	if len(own) > maxSorted {
		return s.pageOfMany(user, after, limit)
	}
	summaries, err := s.lists.summaries.all(own, s.loadSummaries)
	if err != nil {
		return nil, err
	}
	places := make([]place, 0, len(own))
	for id, sum := range summaries {
		p := place{sum.activity(), id}
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

// maxSorted is of how many conversations a page is put in order in memory; who has
// more gets theirs from the database, which keeps the others out of memory.
const maxSorted = 200

const pageSQL = `SELECT p.conversation FROM participants p
	JOIN conversations c ON c.id = p.conversation
	LEFT JOIN messages m ON m.id = (SELECT max(x.id) FROM messages x WHERE x.conversation = p.conversation)
	WHERE p.user = {:user} AND ({:id} = '' OR (coalesce(m.created, c.created), c.id) < ({:at}, {:id}))
	ORDER BY coalesce(m.created, c.created) DESC, c.id DESC
	LIMIT {:limit}`

func (s *Service) pageOfMany(user protocol.ID, after place, limit int) ([]protocol.ID, error) {
	var rows []struct {
		Conversation string `db:"conversation"`
	}
	params := dbx.Params{"user": user.RecordID(), "at": storedTime(after.activity), "id": after.id.RecordID(), "limit": limit}
	if err := s.queries.all(s.app, pageSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	ids := make([]protocol.ID, len(rows))
	for i, row := range rows {
		ids[i] = protocol.ParseID(row.Conversation)
	}
	return ids, nil
}

// listed is a conversation with its place in the list.
type listed struct {
	protocol.Conversation
	place place
}

// list shows those of the conversations in which caller takes part, in their order.
func (s *Service) list(caller Person, conversations []protocol.ID) ([]listed, error) {
	rosters, err := s.rosters.all(s.app, conversations)
	if err != nil {
		return nil, err
	}
	summaries, err := s.lists.summaries.all(conversations, s.loadSummaries)
	if err != nil {
		return nil, err
	}
	people, err := s.lists.membersOf(s, rosters)
	if err != nil {
		return nil, err
	}
	list := make([]listed, 0, len(conversations))
	backlogs := map[protocol.ID]backlog{}
	for _, id := range conversations {
		sum, roster := summaries[id], rosters[id]
		if sum == nil || roster == nil {
			continue // just deleted
		}
		me, ok := roster.Member(caller.ID)
		if !ok {
			continue // just left
		}
		view := sum.view(caller, roster, people)
		view.Muted = me.Muted
		view.UnreadCount = sum.unread(caller.ID, me.LastRead)
		if me.LastRead < sum.since {
			backlogs[id] = backlog{me.Record, sum.origin, me.LastRead, sum.since}
		}
		list = append(list, listed{view, place{sum.activity(), id}})
	}
	slices.SortFunc(list, func(a, b listed) int { return a.place.compare(b.place) })
	counts, err := s.countUnread(caller.ID, backlogs)
	for i := range list {
		list[i].UnreadCount += counts[list[i].ConversationID]
	}
	return list, err
}

// view is a conversation as viewer sees it, but for what concerns them alone.
func (s *summary) view(viewer Person, r *Roster, people map[protocol.ID]*account) protocol.Conversation {
	view := protocol.Conversation{
		ConversationID:  r.Conversation,
		Participants:    make([]protocol.User, 0, len(r.Members)),
		CreatedAt:       s.opened,
		UpdatedAt:       s.activity(),
		Kind:            r.Kind,
		Title:           s.title,
		EstablishmentID: r.Establishment,
		Receipts:        make([]protocol.Receipt, len(r.Members)),
	}
	for i, m := range r.Members {
		if person := people[m.User]; person != nil { // else just deleted: another list will follow
			view.Participants = append(view.Participants, person.For(viewer))
		}
		view.Receipts[i] = protocol.Receipt{UserID: m.User, LastRead: m.LastRead, LastDelivered: m.LastDelivered}
	}
	if s.last != nil {
		last := s.last.For(viewer.ID, r)
		view.LastMessage = &last
	}
	return view
}
