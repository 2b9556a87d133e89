package messagerie_test

import (
	"errors"
	"strings"
	"testing"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

// Each action has its budget, which is spent before anything is stored; a teacher's is larger.
func TestBudget_isSpentByEachAction(t *testing.T) {
	h := newHarness(t, nil)
	teacher, other := h.person("Martin"), h.person("Lefevre")
	pupil := h.person("Roy")
	pupil.Role = protocol.RoleStudent
	record, err := h.FindRecordById("users", pupil.ID.RecordID())
	if err != nil {
		t.Fatal(err)
	}
	record.Set("role", protocol.RoleStudent)
	if err := h.Save(record); err != nil {
		t.Fatal(err)
	}
	yes, no, title := true, false, ""
	for name, c := range map[string]struct {
		budget        *school.Budget
		others, staff int
		act           func(as school.Person, group protocol.ID, sent protocol.Message) error
	}{
		"renaming": {h.conversations.Budgets().Renames, 60, 600, func(as school.Person, group protocol.ID, _ protocol.Message) error {
			title += "x"
			_, err := h.conversations.UpdateConversation(as, group, messagerie.ConversationChange{Title: &title})
			return err
		}},
		"muting": {h.conversations.Budgets().Mutes, 300, 1_000, func(as school.Person, group protocol.ID, _ protocol.Message) error {
			yes, no = no, yes
			_, err := h.conversations.UpdateConversation(as, group, messagerie.ConversationChange{Own: messagerie.OwnChange{Muted: &yes}})
			return err
		}},
		"editing": {h.conversations.Budgets().Edits, 1_000, 5_000, func(as school.Person, group protocol.ID, sent protocol.Message) error {
			_, err := h.conversations.EditMessage(as.ID, group, sent.ID, "Bonsoir")
			return err
		}},
		"deleting": {h.conversations.Budgets().Edits, 1_000, 5_000, func(as school.Person, group protocol.ID, sent protocol.Message) error {
			return h.conversations.DeleteMessage(as.ID, group, sent.ID)
		}},
		"reacting": {h.conversations.Budgets().Reactions, 2_000, 5_000, func(as school.Person, group protocol.ID, sent protocol.Message) error {
			return h.conversations.AddReaction(messagerie.Reaction{Conversation: group, Message: sent.ID, User: as.ID, Emoji: "👍"})
		}},
		"pinning": {h.conversations.Budgets().Pins, 300, 1_000, func(as school.Person, group protocol.ID, sent protocol.Message) error {
			return h.conversations.PinMessage(as, group, sent.ID)
		}},
		"searching": {h.people.Budgets().Searches, 2_000, 20_000, func(as school.Person, _ protocol.ID, _ protocol.Message) error {
			_, err := h.people.Search(as, h.school, "le")
			return err
		}},
		"signing out": {h.people.Budgets().SignOuts, 50, 50, func(as school.Person, _ protocol.ID, _ protocol.Message) error {
			_, err := h.people.SignOutEverywhere(as, "")
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, as := range []school.Person{pupil, teacher} {
				group := h.conversation(as, other, h.person(strings.ReplaceAll("Petit"+name+as.Role, " ", "")))
				sent := h.says(as, group, "")
				amount := c.others
				if as.IsStaff() {
					amount = c.staff
				}
				if err := c.act(as, group, sent); err != nil {
					t.Fatalf("once, by a %s: %v", as.Role, err)
				}
				if err := c.budget.Spend(as, amount-1); err != nil {
					t.Errorf("a %s doesn't have %d: %v", as.Role, amount, err)
				}
				err := c.act(as, group, sent)
				var refused *refusal.Error
				if !errors.As(err, &refused) || refused.Code() != protocol.CodeTooManyRequests || refused.RetryAfter <= 0 {
					t.Errorf("after a day's worth, by a %s: %v", as.Role, err)
				}
				c.budget.Return(as, amount)
			}
		})
	}
}
