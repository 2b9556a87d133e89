package school

import (
	"slices"

	"messagerie/hooks/protocol"
)

// Rule is what people of one role may do with people of another, each what those before it allow:
// an index of protocol.ContactRules.
type Rule uint8

// The rules.
const (
	RuleNever      Rule = iota // not be in one conversation with them
	RuleSupervised             // be in a group with them in which staff takes part
	RuleReply                  // answer them in a direct conversation
	RuleClass                  // begin a conversation with them if both share a class
	RuleAlways                 // begin a conversation with them
)

// String returns the value used on the wire.
func (r Rule) String() string { return protocol.ContactRules[r] }

// roleCount is how many roles there are: len(protocol.Roles).
const roleCount = 5

// contactTable has the rule for people of each role, an index of protocol.Roles, with those of each.
type contactTable [roleCount][roleCount]Rule

// defaultContacts are the rules of an establishment that hasn't changed them.
var defaultContacts = contactTable{
	//                     admin       teacher     staff       parent          student
	/* admin   writes to */ {RuleAlways, RuleAlways, RuleAlways, RuleAlways, RuleAlways},
	/* teacher           */ {RuleAlways, RuleAlways, RuleAlways, RuleClass, RuleClass},
	/* staff             */ {RuleAlways, RuleAlways, RuleAlways, RuleAlways, RuleAlways},
	/* parent            */ {RuleAlways, RuleClass, RuleAlways, RuleSupervised, RuleNever},
	/* student           */ {RuleAlways, RuleReply, RuleReply, RuleNever, RuleSupervised},
}

func roleIndex(role string) int { return slices.Index(protocol.Roles, role) }

// set changes a rule. Words that aren't the protocol's change nothing.
func (t *contactTable) set(from, to, rule string) {
	i, j, r := roleIndex(from), roleIndex(to), slices.Index(protocol.ContactRules, rule)
	if i >= 0 && j >= 0 && r >= 0 {
		t[i][j] = Rule(r)
	}
}
