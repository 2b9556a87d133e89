package messagerie

import (
	"maps"
	"slices"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// Conversation returns one of caller's conversations, with all participants.
func (s *Service) Conversation(caller school.Person, id protocol.ID) (protocol.Conversation, error) {
	return s.conversation(caller, id, func(p *Participants) []*Member { return p.Members })
}

// ConversationPart is Conversation with a page of the participants, in the order in which they
// joined. cursor is the next of the previous page, "" for the first page; next is "" on the last
// page. A limit of 0 is the default.
func (s *Service) ConversationPart(
	caller school.Person, id protocol.ID, cursor string, limit int,
) (part protocol.Conversation, next string, err error) {
	limit = s.pageLimit(limit)
	after := protocol.ParseID(cursor)
	if cursor != "" && after == 0 {
		return protocol.Conversation{}, "", errCursor()
	}
	part, err = s.conversation(caller, id, func(p *Participants) []*Member {
		page := p.Members
		if i := slices.IndexFunc(page, func(m *Member) bool { return m.Record > after }); i >= 0 {
			page = page[i:]
		} else {
			page = nil
		}
		if len(page) > limit {
			page = page[:limit]
			next = page[limit-1].Record.String()
		}
		return page
	})
	return part, next, err
}

func (s *Service) conversation(
	caller school.Person, id protocol.ID, named func(*Participants) []*Member,
) (protocol.Conversation, error) {
	rows, err := s.rows(caller, []protocol.ID{id})
	if err != nil {
		return protocol.Conversation{}, err
	}
	if len(rows) == 0 {
		return protocol.Conversation{}, ErrNotParticipant
	}
	rows[0].named = named(rows[0].participants)
	views, err := s.views(caller, rows)
	if err != nil {
		return protocol.Conversation{}, err
	}
	return views[0], nil
}

// row is a conversation to be put into a response.
type row struct {
	*summary
	participants *Participants
	me           Member
	named        []*Member // the participants that the response names
}

func (r row) place() place { return place{r.me.Pinned, r.activity(), r.participants.Conversation} }

// rows returns the conversations in which caller takes part, in the order of a list.
func (s *Service) rows(caller school.Person, conversations []protocol.ID) ([]row, error) {
	participants, err := s.caches.participants.all(s.app, conversations)
	if err != nil {
		return nil, err
	}
	summaries, err := s.caches.summaries.GetAll(conversations, s.loadSummaries)
	if err != nil {
		return nil, err
	}
	rows := make([]row, 0, len(conversations))
	for _, id := range conversations {
		sum, p := summaries[id], participants[id]
		if sum == nil || p == nil {
			continue // just deleted
		}
		if me, ok := p.Member(caller.ID); ok { // else just left
			rows = append(rows, row{summary: sum, participants: p, me: me})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return a.place().compare(b.place()) })
	return rows, nil
}

// views returns what caller sees of rows.
func (s *Service) views(caller school.Person, rows []row) ([]protocol.Conversation, error) {
	people, err := s.peopleOf(rows)
	if err != nil {
		return nil, err
	}
	refused, err := s.refusals(caller.ID, rows)
	if err != nil {
		return nil, err
	}
	views := make([]protocol.Conversation, len(rows))
	backlogs := map[protocol.ID]backlog{}
	for i, r := range rows {
		views[i] = r.view(caller, people, refused[i], s.people.Now())
		if views[i].QuietUntil, err = s.quietUntil(r.participants, caller.ID); err != nil {
			return nil, err
		}
		if r.me.LastRead < r.since {
			backlogs[r.participants.Conversation] = backlog{r.me.Record, caller.ID, r.origin, r.me.LastRead, r.since}
		}
	}
	counts, err := s.countUnread(caller.ID, backlogs)
	for i := range views {
		views[i].UnreadCount += counts[views[i].ConversationID]
	}
	return views, err
}

// view returns what viewer sees, who may not write for the reason refused, if there is one; its unread
// count lacks messages that aren't in the summary.
func (r row) view(viewer school.Person, people map[protocol.ID]*school.Account, refused error, now time.Time) protocol.Conversation {
	manager := r.participants.manager(people)
	view := protocol.Conversation{
		ConversationID:   r.participants.Conversation,
		Participants:     make([]protocol.User, 0, len(r.named)),
		ParticipantCount: len(r.participants.Members),
		CreatedAt:        r.opened,
		UpdatedAt:        r.activity(),
		UnreadCount:      r.unread(viewer.ID, r.me.LastRead),
		Kind:             r.participants.Kind,
		Title:            r.title,
		EstablishmentID:  r.participants.Establishment,
		Muted:            r.me.isMuted(now),
		PinnedMessages:   r.pinned,
		MutedUntil:       protocol.TimeOrNull(r.me.mutedUntil(now)),
		Archived:         r.me.isArchived(r.newest(), now),
		Pinned:           r.me.Pinned,
		MarkedUnread:     r.me.MarkedUnread,
		Receipts:         make([]protocol.Receipt, len(r.named)),
		ManagedBy:        manager,
		Can:              r.participants.can(viewer, manager, refused),
		Audience:         []string{},
		CanWrite:         refused == nil,
		CannotWrite:      codeOf(refused),
		CanReact:         r.participants.admitsReactions(refused),
		Posting:          protocol.PostingAll,
	}
	if view.PinnedMessages == nil {
		view.PinnedMessages = []protocol.ID{}
	}
	if r.participants.onlyStaffWrites() {
		view.Posting = protocol.PostingStaff
	}
	if class := r.participants.class; class != nil {
		view.ClassID, view.Audience = class.class, class.audience
	}
	for i, m := range r.named {
		if person := people[m.User]; person != nil { // else just deleted: another list will follow
			view.Participants = append(view.Participants, person.For(viewer))
		}
		view.Receipts[i] = r.participants.receipt(m, viewer.ID)
	}
	if r.last != nil {
		last := r.last.For(viewer.ID, r.participants)
		view.LastMessage = &last
	}
	return view
}

// peopleOf returns the people that rows name, and those who may be a group's manager.
func (s *Service) peopleOf(rows []row) (map[protocol.ID]*school.Account, error) {
	var ids idSet
	for _, r := range rows {
		ids.add(r.participants.CreatedBy)
		for _, m := range r.named {
			ids.add(m.User)
		}
	}
	people, err := s.people.Accounts(ids.list)
	if err != nil {
		return nil, err
	}
	known := len(ids.list)
	for _, r := range rows {
		if len(r.named) < len(r.participants.Members) && !r.participants.isManagedByCreator(people) {
			for _, m := range r.participants.Members {
				ids.add(m.User)
			}
		}
	}
	others, err := s.people.Accounts(ids.list[known:])
	maps.Copy(people, others)
	return people, err
}

// idSet is a list of distinct ids.
type idSet struct {
	list []protocol.ID
	seen map[protocol.ID]struct{}
}

func (s *idSet) add(id protocol.ID) {
	if _, ok := s.seen[id]; ok {
		return
	}
	if s.seen == nil {
		s.seen = make(map[protocol.ID]struct{})
	}
	s.seen[id] = struct{}{}
	s.list = append(s.list, id)
}
