package messagerie_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// tables answers the same question as MayWrite, from the rows alone and as naively as the rules are
// written: the reference.
type tables struct {
	t                                            testing.TB
	users, participants, guardianships           []*core.Record
	enrollments, rules, establishments, messages []*core.Record
	conversations                                []*core.Record
	archived                                     map[string]bool
	establishmentOf                              map[string]string // of a class
}

func (h *harness) storedTables() tables {
	h.t.Helper()
	all := func(collection string) []*core.Record {
		records, err := h.FindAllRecords(collection)
		if err != nil {
			h.t.Fatal(err)
		}
		return records
	}
	s := tables{t: h.t, users: all("users"), participants: all("participants"), guardianships: all("guardianships"),
		enrollments: all("enrollments"), rules: all("contact_rules"), establishments: all("establishments"), messages: all("messages"),
		conversations: all("conversations"), archived: map[string]bool{}, establishmentOf: map[string]string{}}
	for _, class := range all("classes") {
		s.archived[class.Id], s.establishmentOf[class.Id] = class.GetBool("archived"), class.GetString("establishment")
	}
	return s
}

func find(records []*core.Record, id string) *core.Record {
	for _, r := range records {
		if r.Id == id {
			return r
		}
	}
	return nil
}

func belongs(user *core.Record, establishment string) bool {
	return slices.Contains(user.GetStringSlice("establishments"), establishment)
}

// childrenOf are the enabled children of a guardian.
func (s tables) childrenOf(user string) (children []*core.Record) {
	for _, g := range s.guardianships {
		if child := find(s.users, g.GetString("student")); g.GetString("guardian") == user && child != nil && !child.GetBool("disabled") {
			children = append(children, child)
		}
	}
	return children
}

func (s tables) sides(user *core.Record, establishment string) []string {
	sides := []string{user.GetString("role")}
	for _, child := range s.childrenOf(user.Id) {
		if belongs(child, establishment) {
			sides = append(sides, protocol.RoleParent)
		}
	}
	return sides
}

func (s tables) classes(user *core.Record, establishment string) (classes []string) {
	people := []string{user.Id}
	for _, child := range s.childrenOf(user.Id) {
		people = append(people, child.Id)
	}
	for _, e := range s.enrollments {
		class := e.GetString("class")
		if slices.Contains(people, e.GetString("user")) && !s.archived[class] && s.establishmentOf[class] == establishment {
			classes = append(classes, class)
		}
	}
	return classes
}

// strengths has the defaults of the contract, as in rest's table: rows write to columns, both in the
// order of protocol.Roles.
var strengths = map[string][]int{
	protocol.RoleAdmin: {4, 4, 4, 4, 4}, protocol.RoleTeacher: {4, 4, 4, 3, 3}, protocol.RoleStaff: {4, 4, 4, 4, 4},
	protocol.RoleParent: {4, 3, 4, 1, 0}, protocol.RoleStudent: {4, 2, 2, 0, 1},
}

func (s tables) rule(a, b *core.Record, establishment string) (best int) {
	for _, from := range s.sides(a, establishment) {
		for _, to := range s.sides(b, establishment) {
			strength := strengths[from][slices.Index(protocol.Roles, to)]
			for _, r := range s.rules {
				if r.GetString("establishment") == establishment && r.GetString("from_role") == from && r.GetString("to_role") == to {
					strength = slices.Index(protocol.ContactRules, r.GetString("rule"))
				}
			}
			best = max(best, strength)
		}
	}
	return best
}

func (s tables) isOpen(establishment string) bool {
	return find(s.establishments, establishment).GetString("contacts") == protocol.ContactsOpen
}

func (s tables) mayBegin(a, b *core.Record, establishment string) bool {
	if s.isOpen(establishment) {
		return true
	}
	rule := s.rule(a, b, establishment)
	shares := slices.ContainsFunc(s.classes(a, establishment), func(c string) bool { return slices.Contains(s.classes(b, establishment), c) })
	return rule == 4 || rule == 3 && shares
}

// mayWrite is the code with which a person's message is refused, "" if it isn't.
func (s tables) mayWrite(conversation *core.Record, user string) string {
	me := find(s.users, user)
	if me == nil || me.GetBool("disabled") {
		return protocol.CodeNotParticipant
	}
	var others []*core.Record
	takesPart := false
	for _, p := range s.participants {
		if p.GetString("conversation") != conversation.Id {
			continue
		}
		if p.GetString("user") == user {
			takesPart = true
		} else if other := find(s.users, p.GetString("user")); other != nil {
			others = append(others, other)
		}
	}
	establishment := conversation.GetString("establishment")
	switch {
	case !takesPart:
		return protocol.CodeNotParticipant
	case conversation.GetString("kind") == protocol.KindDirect:
		return s.directly(conversation, me, others)
	case !belongs(me, establishment):
		return protocol.CodeNotInEstablishment
	}
	if !s.isOpen(establishment) {
		active := slices.DeleteFunc(others, func(o *core.Record) bool { return o.GetBool("disabled") || !belongs(o, establishment) })
		staffed := false
		for _, person := range append(active, me) {
			staffed = staffed || slices.Contains(protocol.StaffRoles, person.GetString("role"))
			if person != me && s.rule(me, person, establishment) == 0 {
				return protocol.CodeContactNotAllowed
			}
		}
		if !staffed {
			return protocol.CodeContactNotAllowed
		}
	}
	if conversation.GetString("posting") == protocol.PostingStaff && !slices.Contains(protocol.StaffRoles, me.GetString("role")) {
		return protocol.CodeStaffOnly
	}
	return ""
}

func (s tables) directly(conversation, me *core.Record, others []*core.Record) string {
	if len(others) == 0 || others[0].GetBool("disabled") {
		return protocol.CodeRecipientGone
	}
	other, shared, answers := others[0], false, false
	for _, establishment := range me.GetStringSlice("establishments") {
		if !belongs(other, establishment) {
			continue
		}
		shared = true
		if s.mayBegin(me, other, establishment) {
			return ""
		}
		answers = answers || s.rule(me, other, establishment) >= 2 && s.mayBegin(other, me, establishment)
	}
	switch {
	case !shared && !belongs(me, conversation.GetString("establishment")):
		return protocol.CodeNotInEstablishment
	case !shared:
		return protocol.CodeRecipientGone
	case !answers:
		return protocol.CodeContactNotAllowed
	}
	for _, m := range s.messages {
		if m.GetString("conversation") == conversation.Id && m.GetString("sender") == other.Id {
			return ""
		}
	}
	return protocol.CodeReplyOnly
}

// editing makes random changes of whatever the answer depends on.
type editing struct {
	*harness
	random  *rand.Rand
	classes []string
	schools []string
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// one makes a change, and says which. What the rules refuse changes nothing.
func (e editing) one(s tables) string {
	user, conversation := pick(e.random, s.users), pick(e.random, s.conversations)
	change := func(record *core.Record, field string, value any) string {
		record.Set(field, value)
		return fmt.Sprint(record.Collection().Name, ".", field, " of ", record.Id, " = ", value, ": ", e.Save(record))
	}
	remove := func(records []*core.Record) string {
		if len(records) == 0 {
			return "nothing"
		}
		record := pick(e.random, records)
		return fmt.Sprint("delete ", record.Collection().Name, " ", record.Id, ": ", e.Delete(record))
	}
	add := func(collection string, fields object) string {
		return fmt.Sprint("create ", collection, " ", fields, ": ", e.Save(e.record(collection, fields)))
	}
	switch e.random.IntN(14) {
	case 0:
		return change(user, "role", pick(e.random, protocol.Roles))
	case 1:
		return change(user, "disabled", !user.GetBool("disabled"))
	case 2:
		return change(user, "establishments", e.schools[:1+e.random.IntN(2)])
	case 3:
		return change(user, "establishments", e.schools[1:])
	case 4:
		return add("enrollments", object{"class": pick(e.random, e.classes), "user": user.Id, "role": pick(e.random, protocol.ClassRoles)})
	case 5:
		return remove(s.enrollments)
	case 6:
		return add("guardianships", object{"guardian": user.Id, "student": pick(e.random, s.users).Id, "legal": true})
	case 7:
		return remove(s.guardianships)
	case 8:
		rule := object{"establishment": pick(e.random, e.schools), "from_role": pick(e.random, protocol.Roles),
			"to_role": pick(e.random, protocol.Roles), "rule": pick(e.random, protocol.ContactRules)}
		for _, r := range s.rules {
			if r.GetString("establishment") == rule["establishment"] && r.GetString("from_role") == rule["from_role"] && r.GetString("to_role") == rule["to_role"] {
				return change(r, "rule", rule["rule"])
			}
		}
		return add("contact_rules", rule)
	case 9:
		return remove(s.rules)
	case 10:
		school := find(s.establishments, pick(e.random, e.schools))
		return change(school, "contacts", pick(e.random, []string{protocol.ContactsRules, protocol.ContactsRules, protocol.ContactsOpen}))
	case 11:
		if conversation.GetString("kind") == protocol.KindDirect {
			return "nothing"
		}
		if e.random.IntN(3) == 0 {
			return change(conversation, "posting", pick(e.random, protocol.Postings))
		}
		return add("participants", object{"conversation": conversation.Id, "user": user.Id})
	case 12:
		groups := slices.DeleteFunc(slices.Clone(s.participants), func(p *core.Record) bool {
			return find(s.conversations, p.GetString("conversation")).GetString("kind") == protocol.KindDirect
		})
		return remove(groups)
	}
	_, _, err := e.conversations.SendMessage(messagerie.NewMessage{Conversation: protocol.ParseID(conversation.Id),
		Sender: protocol.ParseID(user.Id), Content: "Bonjour"})
	return fmt.Sprint("message of ", user.Id, " in ", conversation.Id, ": ", err)
}

// After whatever changes, the answer from memory is the one that the rows give, for everybody in every conversation.
func TestMayWrite_isWhatTheTablesSay(t *testing.T) {
	const seeds, edits = 3, 120
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			e := newEditing(t, seed)
			answers := map[string]int{}
			for n := range edits {
				what := e.one(e.storedTables())
				s := e.storedTables()
				for _, conversation := range s.conversations {
					for _, user := range s.users {
						want := s.mayWrite(conversation, user.Id)
						err := e.conversations.MayWrite(protocol.ParseID(conversation.Id), protocol.ParseID(user.Id))
						var refused *refusal.Error
						got := ""
						if errors.As(err, &refused) {
							got = refused.Code()
						} else if err != nil {
							t.Fatal(err)
						}
						if answers[got]++; got != want {
							t.Fatalf("edit %d (%s): %s %s in %s %s: %q, want %q", n, what, user.GetString("role"), user.Id,
								conversation.GetString("kind"), conversation.Id, got, want)
						}
					}
				}
			}
			for _, code := range []string{"", protocol.CodeContactNotAllowed, protocol.CodeNotParticipant} {
				if answers[code] == 0 {
					t.Errorf("the answer %q never came: %v", code, answers)
				}
			}
		})
	}
}

func newEditing(t *testing.T, seed uint64) editing {
	h := newHarness(t, nil)
	e := editing{harness: h, random: rand.New(rand.NewPCG(seed, 13)), schools: []string{h.school.RecordID()}}
	e.schools = append(e.schools, h.create("establishments", object{"name": "Lycée"}).Id)
	school := find(e.storedTables().establishments, e.schools[0])
	school.Set("contacts", protocol.ContactsRules)
	if err := h.Save(school); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		e.classes = append(e.classes, h.create("classes", object{"name": fmt.Sprint(i), "year": "2026-2027", "establishment": e.schools[i%2]}).Id)
	}
	var people []string
	for i := range 9 {
		record := h.record("users", object{"first_name": "A", "last_name": fmt.Sprint(i), "role": protocol.Roles[i%5],
			"establishments": e.schools, "email": fmt.Sprintf("p%d@ecole.example", i)})
		record.SetRandomPassword()
		if err := h.SaveNoValidate(record); err != nil {
			t.Fatal(err)
		}
		people = append(people, record.Id)
	}
	for i := range 12 {
		kind, size := protocol.KindDirect, 2
		if i%3 == 0 {
			kind, size = protocol.KindGroup, 3+i%3
		}
		id := h.create("conversations", object{"kind": kind, "establishment": e.schools[i%2]}).Id
		e.random.Shuffle(len(people), func(a, b int) { people[a], people[b] = people[b], people[a] })
		for _, user := range people[:size] {
			// A pair that has a conversation already is left out.
			if h.Save(h.record("participants", object{"conversation": id, "user": user})) != nil {
				break
			}
		}
	}
	return e
}
