package messagerie

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/text"
)

// A group may follow a class: those of its audience who join or leave the class join or leave the
// group (class_follow.go). Other members of staff may be added by hand, and staff may leave;
// families come and go with the class. Once the class is archived, nobody comes or goes by it any more, and the
// group is closed: everybody can read it, and only staff write.

// classGroup is the class that a group follows, or has followed.
type classGroup struct {
	class    protocol.ID
	audience []string
	follows  bool // false once the class is archived
}

// follows reports whether the people of a conversation are those of a class.
func (p *Participants) follows() bool { return p.class != nil && p.class.follows }

// onlyStaffWrites reports whether others only read in a group: somebody has closed it, or its class is archived.
func (p *Participants) onlyStaffWrites() bool {
	return p.posting == protocol.PostingStaff || p.isArchived()
}

// isArchived reports whether the class of a group is archived.
func (p *Participants) isArchived() bool { return p.class != nil && !p.class.follows }

// The refusals of groups that follow a class.
var (
	ErrFollowsClass = refusal.New(protocol.CodeFollowsClass, "The people of this group come and go with the class.")
	errNotOfClass   = refusal.New(protocol.CodeForbidden, "Only those who teach in the class, and the administration, may create its groups.")
)

// createClassGroup creates the group that follows a class for an audience, or returns the one that exists.
func (s *Service) createClassGroup(caller school.Person, c NewConversation) (protocol.Conversation, bool, error) {
	class, audience, err := s.checkClassGroup(caller, c)
	if err != nil {
		return protocol.Conversation{}, false, err
	}
	id, takesPart, err := findClassGroup(s.app, class.ID, audience, caller.ID)
	if err != nil {
		return protocol.Conversation{}, false, err
	}
	if id != 0 && takesPart {
		s.store.Flush() // another request may have created it just now: the caches have to know
		conversation, err := s.Conversation(caller, id)
		return conversation, false, err
	}
	members, err := classAudience(s.app, class.ID, audience)
	if err != nil {
		return protocol.Conversation{}, false, err
	}
	byHand := distinct(append([]protocol.ID{caller.ID}, c.Participants...))
	byHand = slices.DeleteFunc(byHand, func(user protocol.ID) bool { return slices.Contains(members, user) })
	count := len(members) + len(byHand)
	switch {
	case count < 2:
		return protocol.Conversation{}, false, ErrTooFew
	case count > s.limits.GroupParticipants:
		return protocol.Conversation{}, false, s.errTooMany()
	}
	if err := s.checkByHand(class.Establishment, byHand); err != nil {
		return protocol.Conversation{}, false, err
	}
	if id == 0 {
		if err := s.mayCreateWithClass(caller, class.Establishment, append(members, byHand...)); err != nil {
			return protocol.Conversation{}, false, err
		}
	}
	if err := s.spendOnGroup(caller, 0, count-1); err != nil {
		return protocol.Conversation{}, false, err
	}
	id, created, err := s.storeClassGroup(caller.ID, class, audience, c.Title, byHand)
	if err != nil || !created {
		s.budgets.groups.Return(caller, 1)
		s.budgets.people.Return(caller, count-1)
	}
	if err != nil {
		return protocol.Conversation{}, false, fmt.Errorf("create class group: %w", err)
	}
	conversation, err := s.changed(caller, id)
	return conversation, created, err
}

// mayCreateWithClass is mayCreate for a group with the people of a class, who may include the caller.
func (s *Service) mayCreateWithClass(caller school.Person, establishment protocol.ID, members []protocol.ID) error {
	accounts, err := s.people.Accounts(append(members, caller.ID))
	if err != nil {
		return err
	}
	var others []school.Person
	for id, account := range accounts {
		if id == caller.ID {
			caller = account.Person // with classes and children
		} else {
			others = append(others, account.Person)
		}
	}
	rules, err := s.rulesFor(caller, establishment)
	if err != nil {
		return err
	}
	return admission{caller: caller, members: []school.Person{caller}, newcomers: others}.check(rules)
}

// checkClassGroup refuses a class that isn't the caller's, and what can't be a group of it.
func (s *Service) checkClassGroup(caller school.Person, c NewConversation) (*school.Class, []string, error) {
	audience, err := audienceFor(c.Audience)
	if err != nil {
		return nil, nil, err
	}
	if utf8.RuneCountInString(text.Line(c.Title)) > protocol.MaxTitle {
		return nil, nil, ErrTitleTooLong
	}
	class, err := school.FindClass(s.app, c.Class)
	if err != nil {
		return nil, nil, err
	}
	if class == nil {
		return nil, nil, school.ErrUnknownClass
	}
	if class, err = s.people.ClassFor(caller, class.Establishment, c.Class); err != nil {
		return nil, nil, err
	}
	if caller.Role != protocol.RoleAdmin && !(caller.IsStaff() && caller.IsIn(c.Class)) {
		return nil, nil, errNotOfClass
	}
	return class, audience, nil
}

// checkByHand refuses people who can't be added by hand to a group that follows a class: all but staff.
func (s *Service) checkByHand(establishment protocol.ID, users []protocol.ID) error {
	inside := school.Person{Establishments: []protocol.ID{establishment}}
	if _, err := s.commonEstablishment(inside, users); err != nil {
		return err
	}
	people, err := s.people.Accounts(users)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(users), func(user protocol.ID) bool { return people[user].IsStaff() })
	if len(others) == 0 {
		return nil
	}
	refused := refusal.New(protocol.CodeFollowsClass, "Only staff can be added to a group that follows a class, not these people: %v.", others)
	refused.Data = map[string]any{"participants": others}
	return refused
}

// storeClassGroup saves the group; its people are added by the rule for new conversations. Another
// request may have been quicker: then only byHand are added, who include the caller.
func (s *Service) storeClassGroup(
	creator protocol.ID, class *school.Class, audience []string, title string, byHand []protocol.ID,
) (id protocol.ID, created bool, err error) {
	if title = text.Line(title); title == "" {
		title = classTitle(class.Name, audience)
	}
	err = s.store.Transaction(func(tx core.App) error {
		created = false
		if id, _, err = findClassGroup(tx, class.ID, audience, creator); err != nil {
			return err
		}
		if id == 0 {
			created = true
			id, err = insertConversation(tx, map[string]any{
				"kind": protocol.KindGroup, "title": title, "created_by": creator.RecordID(),
				"establishment": class.Establishment.RecordID(), "class": class.ID.RecordID(), "audience": audience,
			})
			if err != nil {
				return err
			}
		}
		members, err := loadMembers(tx, id)
		if err != nil {
			return err
		}
		joining := slices.DeleteFunc(slices.Clone(byHand), func(user protocol.ID) bool {
			return members[user] != nil || !created && user != creator
		})
		if err := s.insertParticipants(tx, id, joining); err != nil {
			return err
		}
		return s.noteArrivals(tx, id, creator, created, joining)
	})
	return id, created, err
}

// findClassGroup returns the group of a class for an audience, 0 if there is none, and whether a
// user is in it.
func findClassGroup(app core.App, class protocol.ID, audience []string, user protocol.ID) (id protocol.ID, takesPart bool, err error) {
	var found struct {
		ID        string `db:"id"`
		TakesPart bool   `db:"takes_part"`
	}
	err = app.ConcurrentDB().NewQuery(`SELECT c.id, EXISTS (
			SELECT 1 FROM participants p WHERE p.conversation = c.id AND p.user = {:user}) AS takes_part
		FROM conversations c WHERE c.class = {:class} AND c.class != '' AND c.audience = {:audience}`).
		Bind(dbx.Params{"class": class.RecordID(), "audience": storedAudience(audience), "user": user.RecordID()}).One(&found)
	if isNoRows(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("find class group: %w", err)
	}
	return protocol.ParseID(found.ID), found.TakesPart, nil
}
