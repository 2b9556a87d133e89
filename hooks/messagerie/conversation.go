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

// NewConversation is a conversation to be created.
type NewConversation struct {
	Participants []protocol.ID // the caller is added when absent
	Title        string        // of a group; a direct conversation has none

	// A group that follows a class, for an audience (protocol.Audiences), by default the class itself.
	Class    protocol.ID
	Audience []string
}

// CreateConversation creates a group, or for two people returns their direct conversation,
// creating it if there is none; likewise the group of a class. The boolean says whether it is new.
func (s *Service) CreateConversation(caller school.Person, c NewConversation) (protocol.Conversation, bool, error) {
	if c.Class != 0 {
		return s.createClassGroup(caller, c)
	}
	if len(c.Audience) > 0 {
		return protocol.Conversation{}, false, refusal.Invalid("audience", "An audience is one of a class: class_id is missing.")
	}
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
	if len(members) == 2 { // an existing one is returned even if they no longer share an establishment
		id, complete, err := findDirect(s.app, members[0], members[1])
		if err != nil {
			return protocol.Conversation{}, false, err
		}
		if complete {
			conversation, err := s.Conversation(caller, id)
			return conversation, false, err
		}
	}
	establishment, guardians, err := s.admit(caller, members)
	if err != nil {
		return protocol.Conversation{}, false, err
	}
	if len(guardians) > 0 {
		return s.createWithGuardians(caller, establishment, members, guardians)
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
			if id, err = s.reopenDirect(tx, members[0], members[1]); err != nil || id != 0 {
				return err
			}
		}
		created = true
		fields := map[string]any{"kind": protocol.KindDirect, "establishment": establishment.RecordID(), "created_by": caller.ID.RecordID()}
		if len(members) > 2 {
			fields["kind"], fields["title"] = protocol.KindGroup, title
		}
		if id, err = insertConversation(tx, fields); err != nil {
			return err
		}
		if err := s.insertParticipants(tx, id, members); err != nil {
			return err
		}
		return s.noteArrivals(tx, id, caller.ID, true, members)
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

// admit returns the first of the caller's establishments that all members belong to and whose rules
// allow the conversation; the refusal is the first one's. guardians are those who have to be in it
// as well.
func (s *Service) admit(caller school.Person, members []protocol.ID) (establishment protocol.ID, guardians []protocol.ID, err error) {
	establishments, err := s.commonEstablishments(caller, members)
	if err != nil {
		return 0, nil, err
	}
	people, err := s.people.Accounts(members)
	if err != nil {
		return 0, nil, err
	}
	var others []school.Person
	for _, id := range members {
		switch account := people[id]; {
		case account == nil: // just deleted
			return 0, nil, ErrNoSharedSchool
		case id == caller.ID:
			caller = account.Person // with classes and children
		default:
			others = append(others, account.Person)
		}
	}
	var first error
	for _, establishment := range establishments {
		if err = s.mayCreate(caller, establishment, others); err == nil {
			if len(others) == 1 {
				guardians, err = s.people.GuardiansToJoin(caller, others[0], establishment)
			}
			return establishment, guardians, err
		}
		if first == nil {
			first = err
		}
	}
	return 0, nil, first
}

// commonEstablishment returns the first of the caller's establishments that all members belong to.
func (s *Service) commonEstablishment(caller school.Person, members []protocol.ID) (protocol.ID, error) {
	all, err := s.commonEstablishments(caller, members)
	if err != nil {
		return 0, err
	}
	return all[0], nil
}

// commonEstablishments returns those of the caller's establishments that all members belong to. The
// refusal names unknown and disabled people.
func (s *Service) commonEstablishments(caller school.Person, members []protocol.ID) (common []protocol.ID, err error) {
	people, err := s.people.Accounts(members)
	if err != nil {
		return nil, err
	}
	unknown := slices.DeleteFunc(slices.Clone(members), func(id protocol.ID) bool {
		return people[id] != nil && !people[id].Disabled
	})
	if len(unknown) > 0 {
		refused := refusal.New(protocol.CodeUnknownParticipants, "There are no active people with these ids: %v.", unknown)
		refused.Data = map[string]any{"participants": unknown}
		return nil, refused
	}
	for _, establishment := range caller.Establishments {
		if !slices.ContainsFunc(members, func(id protocol.ID) bool { return !people[id].Belongs(establishment) }) {
			common = append(common, establishment)
		}
	}
	if len(common) == 0 {
		return nil, ErrNoSharedSchool
	}
	return common, nil
}

// findDirect returns the direct conversation of two people, 0 if they have none. complete is
// false if an administrator has removed one of them.
func findDirect(app core.App, a, b protocol.ID) (id protocol.ID, complete bool, err error) {
	var found string
	err = app.ConcurrentDB().Select("id").From("conversations").
		Where(dbx.HashExp{"direct_key": DirectKey(a, b)}).
		AndWhere(dbx.NewExp("direct_key != ''")). // without it SQLite doesn't use the partial index
		Row(&found)
	if isNoRows(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("find direct conversation: %w", err)
	}
	p, err := loadParticipants(app, protocol.ParseID(found))
	if err != nil {
		return 0, false, err
	}
	return p.Conversation, len(p.Members) == 2, nil
}

// reopenDirect returns the direct conversation of two people, 0 if they have none, and adds
// back the one whom an administrator had removed.
func (s *Service) reopenDirect(tx core.App, a, b protocol.ID) (protocol.ID, error) {
	id, complete, err := findDirect(tx, a, b)
	if err != nil || id == 0 || complete {
		return id, err
	}
	p, err := loadParticipants(tx, id)
	if err != nil {
		return 0, err
	}
	missing := slices.DeleteFunc([]protocol.ID{a, b}, func(user protocol.ID) bool { _, ok := p.Member(user); return ok })
	return id, s.insertParticipants(tx, id, missing)
}

func insertConversation(tx core.App, fields map[string]any) (protocol.ID, error) {
	collection, err := tx.FindCachedCollectionByNameOrId("conversations")
	if err != nil {
		return 0, err
	}
	record := core.NewRecord(collection)
	record.Load(fields)
	if err := tx.Save(record); err != nil {
		return 0, err
	}
	return protocol.ParseID(record.Id), nil
}

// insertParticipants saves participants by the record writer, which runs the rules but doesn't
// look up each person: somebody may have been deleted since the caller did, so all are counted here.
func (s *Service) insertParticipants(tx core.App, conversation protocol.ID, users []protocol.ID) error {
	if len(users) == 0 {
		return nil
	}
	var found int
	err := tx.ConcurrentDB().Select("count(*)").From("users").Where(dbx.In("id", store.RecordIDs(users)...)).Row(&found)
	if err != nil {
		return fmt.Errorf("count people: %w", err)
	}
	if found < len(users) {
		return ErrNoSharedSchool
	}
	for _, user := range users {
		record, err := newPersonOf(tx, "participants", conversation, user)
		if err != nil {
			return err
		}
		if err := s.participants.Insert(tx, record); err != nil {
			return err
		}
	}
	return nil
}

// newPersonOf makes a record that links a person to a conversation: participants, departures.
func newPersonOf(tx core.App, name string, conversation, user protocol.ID) (*core.Record, error) {
	collection, err := tx.FindCachedCollectionByNameOrId(name)
	if err != nil {
		return nil, err
	}
	record := core.NewRecord(collection)
	record.Set("conversation", conversation.RecordID())
	record.Set("user", user.RecordID())
	return record, nil
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
		if err := checkClassOf(e.App, e.Record); err != nil {
			return err
		}
		e.Record.Set("direct_key", "") // set when the second person joins
		if err := e.Next(); err != nil {
			return err
		}
		return s.fillClassGroup(e.App, e.Record)
	}))
	s.app.OnRecordUpdate("conversations").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := check(e.Record); err != nil {
			return err
		}
		if e.Record.GetString("kind") != e.Record.Original().GetString("kind") {
			return refusal.OnField("kind", refusal.New(protocol.CodeInvalidRequest, "The kind of a conversation can't be changed."))
		}
		if err := keepClassOf(e.Record); err != nil {
			return err
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
		// Announced before the cascade, so that no participants are left when the deletion
		// of each message is announced. They are told by ParticipantLeft.
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
