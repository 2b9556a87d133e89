package messagerie

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
	"messagerie/hooks/text"
)

// NewConversation is what somebody opens.
type NewConversation struct {
	Participants []protocol.ID // the caller is added when absent
	Title        string        // of a group; a direct conversation has none
}

// CreateConversation opens a conversation: for two people the direct one that
// they have, or a new one; for more a new group.
func (s *Service) CreateConversation(caller school.Person, c NewConversation) (protocol.Conversation, bool, error) {
	members := distinct(append([]protocol.ID{caller.ID}, c.Participants...))
	title := text.Line(c.Title)
	switch {
	case len(members) < 2:
		return protocol.Conversation{}, false, ErrTooFew
	case len(members) > s.limits.GroupParticipants:
		return protocol.Conversation{}, false, s.errTooMany()
	case utf8.RuneCountInString(title) > protocol.MaxTitle:
		return protocol.Conversation{}, false, ErrTitleTooLong
	}
	if len(members) == 2 { // what two people have is theirs, whatever has become of them
		id, whole, err := findDirect(s.app, members[0], members[1])
		if err != nil {
			return protocol.Conversation{}, false, err
		}
		if whole {
			conversation, err := s.Conversation(caller, id)
			return conversation, false, err
		}
	}
	establishment, err := s.commonEstablishment(caller, members)
	if err != nil {
		return protocol.Conversation{}, false, err
	}
	if len(members) == 2 {
		err = s.budgets.people.Spend(caller, 1)
	} else {
		err = s.spendOnGroup(caller, 0, len(members)-1)
	}
	if err != nil {
		return protocol.Conversation{}, false, err
	}
	var id protocol.ID
	var created bool
	err = s.store.Transaction(func(tx core.App) error {
		if len(members) == 2 {
			if id, err = reopenDirect(tx, members[0], members[1]); err != nil || id != 0 {
				return err
			}
		}
		created = true
		id, err = insertConversation(tx, caller.ID, establishment, title, members)
		return err
	})
	if err != nil {
		s.budgets.people.Return(caller, len(members)-1)
		if len(members) > 2 {
			s.budgets.groups.Return(caller, 1)
		}
		return protocol.Conversation{}, false, fmt.Errorf("create conversation: %w", err)
	}
	conversation, err := s.changed(caller, id)
	return conversation, created, err
}

// commonEstablishment finds one that all members belong to, the caller's first
// one first. Unknown and disabled people are named in the refusal.
func (s *Service) commonEstablishment(caller school.Person, members []protocol.ID) (protocol.ID, error) {
	people, err := s.people.Accounts(members)
	if err != nil {
		return 0, err
	}
	unknown := slices.DeleteFunc(slices.Clone(members), func(id protocol.ID) bool {
		return people[id] != nil && !people[id].Disabled
	})
	if len(unknown) > 0 {
		refused := refusal.New(protocol.CodeUnknownParticipants, "There is nobody with these ids: %v.", unknown)
		refused.Data = map[string]any{"participants": unknown}
		return 0, refused
	}
	for _, establishment := range caller.Establishments {
		if !slices.ContainsFunc(members, func(id protocol.ID) bool { return !people[id].Belongs(establishment) }) {
			return establishment, nil
		}
	}
	return 0, ErrNoSharedSchool
}

// findDirect finds the conversation of a pair, 0 if they have none. whole is false
// when an administrator has removed one of them.
func findDirect(app core.App, a, b protocol.ID) (id protocol.ID, whole bool, err error) {
	var found string
	err = app.ConcurrentDB().Select("id").From("conversations").
		Where(dbx.HashExp{"direct_key": DirectKey(a, b)}).
		AndWhere(dbx.NewExp("direct_key != ''")). // the index holds no others, and SQLite wants to be told
		Row(&found)
	if isNoRows(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("find direct conversation: %w", err)
	}
	r, err := loadRoster(app, protocol.ParseID(found))
	if err != nil {
		return 0, false, err
	}
	return r.Conversation, len(r.Members) == 2, nil
}

// reopenDirect finds the conversation of a pair, 0 if they have none, and lets back
// in whom an administrator had removed.
func reopenDirect(tx core.App, a, b protocol.ID) (protocol.ID, error) {
	id, whole, err := findDirect(tx, a, b)
	if err != nil || id == 0 || whole {
		return id, err
	}
	r, err := loadRoster(tx, id)
	if err != nil {
		return 0, err
	}
	for _, user := range []protocol.ID{a, b} {
		if _, ok := r.Member(user); !ok {
			if err := insertParticipant(tx, id, user); err != nil {
				return 0, err
			}
		}
	}
	return id, nil
}

func insertConversation(
	tx core.App, creator, establishment protocol.ID, title string, members []protocol.ID,
) (protocol.ID, error) {
	collection, err := tx.FindCachedCollectionByNameOrId("conversations")
	if err != nil {
		return 0, err
	}
	record := core.NewRecord(collection)
	record.Set("kind", protocol.KindDirect)
	if len(members) > 2 {
		record.Set("kind", protocol.KindGroup)
		record.Set("title", title)
	}
	record.Set("establishment", establishment.RecordID())
	record.Set("created_by", creator.RecordID())
	if err := tx.Save(record); err != nil {
		return 0, err
	}
	id := protocol.ParseID(record.Id)
	for _, user := range members {
		if err := insertParticipant(tx, id, user); err != nil {
			return 0, err
		}
	}
	return id, nil
}

func insertParticipant(tx core.App, conversation, user protocol.ID) error {
	return insertPersonOf(tx, "participants", conversation, user)
}

// insertPersonOf saves a record that ties a person to a conversation: participants, departures.
func insertPersonOf(tx core.App, name string, conversation, user protocol.ID) error {
	collection, err := tx.FindCachedCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Set("conversation", conversation.RecordID())
	record.Set("user", user.RecordID())
	return tx.Save(record)
}

func (s *Service) bindConversations() {
	check := func(record *core.Record) error {
		if utf8.RuneCountInString(record.GetString("title")) > protocol.MaxTitle {
			return refusal.OnField("title", ErrTitleTooLong)
		}
		return nil
	}
	s.app.OnRecordCreate("conversations").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := check(e.Record); err != nil {
			return err
		}
		e.Record.Set("direct_key", "") // written when the second of the pair comes in
		return e.Next()
	}))
	s.app.OnRecordUpdate("conversations").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := check(e.Record); err != nil {
			return err
		}
		if e.Record.GetString("kind") != e.Record.Original().GetString("kind") {
			return refusal.OnField("kind", refusal.New(protocol.CodeInvalidRequest, "A conversation stays direct, or a group."))
		}
		if e.Context.Value(pairing{}) == nil {
			e.Record.Set("direct_key", e.Record.Original().GetString("direct_key"))
		}
		if err := e.Next(); err != nil {
			return err
		}
		s.store.Announce(e.App, ConversationChanged{protocol.ParseID(e.Record.Id)})
		return nil
	}))
	s.app.OnRecordDelete("conversations").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		// Registered before the cascade: so the deletion of each of its messages
		// finds that nobody is left to hear of it. The participants hear of theirs.
		s.store.Announce(e.App, ConversationDeleted{protocol.ParseID(e.Record.Id)})
		return e.Next()
	}))
}

func distinct(ids []protocol.ID) []protocol.ID {
	seen := make(map[protocol.ID]struct{}, len(ids))
	for _, id := range ids {
		seen[id] = struct{}{}
	}
	return slices.Sorted(maps.Keys(seen))
}
