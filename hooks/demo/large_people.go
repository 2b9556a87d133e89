package demo

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/words"
)

var userColumns = []string{
	"id", "created", "updated", "email", "emailVisibility", "verified", "password", "tokenKey",
	"first_name", "last_name", "role", "locale", "establishments", "disabled", "temporary_password",
}

// people are all in one school, which makes searching hardest.
func (l *large) people() iter.Seq[[]any] {
	chance := l.chance('p')
	opening := stored(l.calendar.opening())
	school := `["` + collegeID.RecordID() + `"]`
	return func(yield func([]any) bool) {
		for i := range l.size.People {
			first := firstNames[chance.IntN(len(firstNames))]
			last := lastNames[chance.IntN(len(lastNames))]
			role := roleOf(i)
			showsAddress := role == parent && chance.IntN(5) == 0
			if !yield([]any{
				numbered(i).RecordID(), opening, opening, loginOf(first, last, i), showsAddress, true, l.password, tokenKey(chance),
				first, last, role, "fr", school, false, false,
			}) {
				return
			}
		}
	}
}

// roleOf makes one in fifty staff, one in ten a teacher, two in five parents and the
// others pupils.
func roleOf(i int) string {
	switch n := i % 100; {
	case i == 0:
		return admin
	case n < 2:
		return staff
	case n < 12:
		return teacher
	case n < 52:
		return parent
	}
	return student
}

func loginOf(first, last string, i int) string {
	spelt := func(name string) string { return strings.Join(words.Of(name), "-") }
	return address(fmt.Sprintf("%s.%s.%d", spelt(first), spelt(last), i+1))
}

// tokenKey has the form of PocketBase's own. Knowing it isn't enough to forge a token,
// which is also signed with the collection's secret that PocketBase drew for this database.
func tokenKey(chance *rand.Rand) string {
	const letters, length = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 50
	key := make([]byte, length)
	for i := range key {
		key[i] = letters[chance.IntN(len(letters))]
	}
	return string(key)
}

var conversationColumns = []string{
	"id", "created", "updated", "kind", "title", "direct_key", "establishment", "created_by",
}

func (l *large) conversations() iter.Seq[[]any] {
	opening := stored(l.calendar.opening())
	return func(yield func([]any) bool) {
		for n := range l.circle.conversations() {
			kind, title, key := protocol.KindGroup, "", ""
			if n < l.circle.directs() {
				kind, key = protocol.KindDirect, messagerie.DirectKey(l.person(n, 0), l.person(n, 1))
			} else {
				group := n - l.circle.directs()
				title = fmt.Sprintf("%s %d", groupTitles[group%len(groupTitles)], group/len(groupTitles)+1)
			}
			if !yield([]any{
				numbered(n).RecordID(), opening, opening, kind, title, key, collegeID.RecordID(), l.person(n, 0).RecordID(),
			}) {
				return
			}
		}
	}
}

// person is the ith person of a conversation.
func (l *large) person(conversation, i int) protocol.ID {
	return numbered(l.circle.member(conversation, i))
}
