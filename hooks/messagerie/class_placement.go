package messagerie

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// placement is a person beside a group of a class: whether they are to be in it, and are.
type placement struct {
	Conversation string `db:"conversation"`
	User         string `db:"user"`
	Role         string `db:"role"`
	IsActive     bool   `db:"is_active"`
	IsWanted     bool   `db:"is_wanted"`
	HasParents   bool   `db:"has_parents"` // the group's audience
	Participant  string `db:"participant"` // the record, "" for none
	Departure    string `db:"departure"`   // likewise
}

var placementsSQL = `SELECT c.id AS conversation, u.id AS user, u.role, ` + isActiveSQL + ` AS is_active,
	` + strings.ReplaceAll(inAudienceSQL, "{{audience}}", "c.audience") + ` AS is_wanted,
	EXISTS (SELECT 1 FROM json_each(c.audience) WHERE value = 'parent') AS has_parents,
	coalesce((SELECT p.id FROM participants p WHERE p.conversation = c.id AND p.user = u.id), '') AS participant,
	coalesce((SELECT d.id FROM departures d WHERE d.conversation = c.id AND d.user = u.id), '') AS departure
	FROM json_each({:classes}) AS page CROSS JOIN conversations c ON c.class = page.value AND c.class != ''
	JOIN classes k ON k.id = c.class AND k.archived = FALSE
	CROSS JOIN json_each({:ids}) AS page_people JOIN users u ON u.id = page_people.value`

// follow adds people to the groups of classes and removes them, as the classes are now.
func (s *Service) follow(tx core.App, changed placing) error {
	if len(changed.classes) == 0 {
		return nil
	}
	params, err := store.IDParams(changed.people)
	if err != nil {
		return err
	}
	classes, err := json.Marshal(changed.classes)
	if err != nil {
		return err
	}
	params["classes"] = string(classes)
	var placements []placement
	if err := tx.ConcurrentDB().NewQuery(placementsSQL).Bind(params).All(&placements); err != nil {
		return fmt.Errorf("follow class: %w", err)
	}
	for _, p := range placements {
		if err := s.place(tx, p, changed); err != nil {
			return fmt.Errorf("follow class: %w", err)
		}
	}
	return nil
}

// place keeps staff who were added by hand, such as the administrator who created the group, but
// nobody who was only in it because of the class, even if they created it.
func (s *Service) place(tx core.App, p placement, changed placing) error {
	belongs := p.IsActive && p.IsWanted
	byHand := p.IsActive && (school.Person{Role: p.Role}).IsStaff() && p.User != changed.subject && !(changed.families && p.HasParents)
	switch {
	case belongs && p.Participant == "" && p.Departure == "":
		return s.joinGroup(tx, p)
	case !belongs && !byHand && p.Participant != "":
		if err := deleteRecord(tx, "participants", p.Participant); err != nil {
			return err
		}
		return s.noteEvents(tx, protocol.ParseID(p.Conversation), byClass(protocol.EventLeft, p))
	case !belongs && p.Departure != "": // rejoining the class also means rejoining the group
		return deleteRecord(tx, "departures", p.Departure)
	}
	return nil
}

// joinGroup adds somebody who has joined the class. A group that is full is no reason to keep them
// out of the class.
func (s *Service) joinGroup(tx core.App, p placement) error {
	conversation := protocol.ParseID(p.Conversation)
	joined, err := s.sizes.of(tx, conversation)
	if err != nil || joined == nil {
		return err
	}
	if joined.Participants >= s.limits.GroupParticipants {
		tx.Logger().Warn("A group is full: somebody who has joined the class isn't in it.", "conversation", conversation, "user", p.User)
		return nil
	}
	record, err := newPersonOf(tx, "participants", conversation, protocol.ParseID(p.User))
	if err != nil {
		return err
	}
	if err := tx.Save(record); err != nil {
		return err
	}
	return s.noteEvents(tx, conversation, byClass(protocol.EventJoined, p))
}

func byClass(kind string, p placement) groupEvent {
	return groupEvent{kind: kind, cause: protocol.CauseClass, user: protocol.ParseID(p.User)}
}
