package messagerie

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
)

// Conversation is one conversation as caller sees it.
func (s *Service) Conversation(caller Person, id protocol.ID) (protocol.Conversation, error) {
	list, err := s.list(caller, "c.id = {:id}", dbx.Params{"id": id.RecordID()}, 1)
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
	where, params := "TRUE", dbx.Params{}
	if cursor != "" {
		at, id, ok := parseCursor(cursor)
		if !ok {
			refused := refuse(protocol.CodeInvalidRequest, "cursor isn't one that a page before has given.")
			refused.Data = map[string]any{"cursor": "invalid"}
			return nil, "", refused
		}
		where = "(coalesce(m.created, c.created), c.id) < ({:at}, {:id})"
		params = dbx.Params{"at": at, "id": id}
	}
	list, err := s.list(caller, where, params, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].cursor()
	}
	page = make([]protocol.Conversation, len(list))
	for i, row := range list {
		page[i] = row.Conversation
	}
	return page, next, nil
}

// listed is a conversation with what its place in the list depends on.
type listed struct {
	protocol.Conversation
	activity string // as the database spells it
}

func (l listed) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(l.activity + "|" + l.ConversationID.RecordID()))
}

func parseCursor(cursor string) (at, id string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return "", "", false
	}
	at, id, ok = strings.Cut(string(raw), "|")
	return at, id, ok && protocol.ParseID(id) != 0
}

// listSQL finds a page of conversations first, by one look into the index for the
// last message of each, and counts what is unread for that page only.
const listSQL = `WITH page AS (
	SELECT p.conversation, p.last_read, p.muted, c.kind, c.title, c.establishment,
		c.created AS opened, coalesce(m.created, c.created) AS activity,
		coalesce(m.id, '') AS id, coalesce(m.sender, '') AS sender, coalesce(m.content, '') AS content,
		coalesce(m.client_id, '') AS client_id, coalesce(m.reply_to, '') AS reply_to,
		coalesce(m.created, '') AS created, coalesce(m.edited, '') AS edited, coalesce(m.deleted, FALSE) AS deleted
	FROM participants p
	JOIN conversations c ON c.id = p.conversation
	LEFT JOIN messages m ON m.id = (SELECT max(x.id) FROM messages x WHERE x.conversation = p.conversation)
	WHERE p.user = {:user} AND %s
	ORDER BY activity DESC, c.id DESC
	LIMIT {:limit})
SELECT page.*, (SELECT count(*) FROM messages u
	WHERE u.conversation = page.conversation AND u.id > page.last_read
		AND u.sender != {:user} AND u.deleted = FALSE) AS unread
FROM page ORDER BY activity DESC, conversation DESC`

type listRow struct {
	messageRow
	LastRead      string `db:"last_read"`
	Muted         bool   `db:"muted"`
	Kind          string `db:"kind"`
	Title         string `db:"title"`
	Establishment string `db:"establishment"`
	Opened        string `db:"opened"`
	Activity      string `db:"activity"`
	Unread        int    `db:"unread"`
}

func (s *Service) list(caller Person, where string, params dbx.Params, limit int) ([]listed, error) {
	params["user"], params["limit"] = caller.ID.RecordID(), limit
	var rows []listRow
	err := s.queries.all(s.app, fmt.Sprintf(listSQL, where), params, &rows)
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	people, rosters, err := s.participantsOf(caller, rows)
	if err != nil {
		return nil, err
	}
	list := make([]listed, len(rows))
	for i, row := range rows {
		id := protocol.ParseID(row.Conversation)
		list[i] = listed{activity: row.Activity, Conversation: protocol.Conversation{
			ConversationID:  id,
			Participants:    people[id],
			CreatedAt:       wireTime(row.Opened),
			UpdatedAt:       wireTime(row.Activity),
			UnreadCount:     row.Unread,
			Kind:            row.Kind,
			Title:           row.Title,
			EstablishmentID: protocol.ParseID(row.Establishment),
			Muted:           row.Muted,
			Receipts:        rosters[id].receipts(),
		}}
		if row.ID != "" {
			last := row.message().For(caller.ID, rosters[id])
			list[i].LastMessage = &last
		}
	}
	return list, nil
}

func (r *Roster) receipts() []protocol.Receipt {
	receipts := make([]protocol.Receipt, len(r.Members))
	for i, m := range r.Members {
		receipts[i] = protocol.Receipt{UserID: m.User, LastRead: m.LastRead, LastDelivered: m.LastDelivered}
	}
	return receipts
}

// participantsOf loads, for all conversations of a page at once, who takes part.
func (s *Service) participantsOf(
	caller Person, page []listRow,
) (map[protocol.ID][]protocol.User, map[protocol.ID]*Roster, error) {
	ids := make([]string, len(page))
	people := make(map[protocol.ID][]protocol.User, len(page))
	rosters := make(map[protocol.ID]*Roster, len(page))
	for i, row := range page {
		id := protocol.ParseID(row.Conversation)
		ids[i] = row.Conversation
		people[id] = []protocol.User{}
		rosters[id] = &Roster{Conversation: id}
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, nil, err
	}
	var rows []struct {
		personRow
		Conversation  string `db:"conversation"`
		LastRead      string `db:"last_read"`
		LastDelivered string `db:"last_delivered"`
	}
	err = s.queries.all(s.app, participantsSQL, dbx.Params{"ids": string(list)}, &rows)
	if err != nil {
		return nil, nil, fmt.Errorf("list participants: %w", err)
	}
	for _, row := range rows {
		id := protocol.ParseID(row.Conversation)
		person := row.person()
		people[id] = append(people[id], person.For(caller))
		rosters[id].Members = append(rosters[id].Members, Member{
			User:          person.ID,
			LastRead:      protocol.ParseID(row.LastRead),
			LastDelivered: protocol.ParseID(row.LastDelivered),
		})
	}
	return people, rosters, nil
}

var participantsSQL = `SELECT ` + strings.Join(personColumns("u"), ", ") + `,
	p.conversation, p.last_read, p.last_delivered
	FROM json_each({:ids}) AS page
	JOIN participants p ON p.conversation = page.value
	JOIN users u ON u.id = p.user
	ORDER BY p.conversation, p.id`
