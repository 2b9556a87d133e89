package demo

import (
	"fmt"
	"slices"
	"testing"
)

// From within, because a school would have to be filled for each of these sizes.
func TestCircle_givesEverybodyTheirConversations(t *testing.T) {
	for _, size := range []Size{
		{People: 3, ConversationsEach: 1}, {People: 3, ConversationsEach: 2}, {People: 10, ConversationsEach: 9},
		{People: 31, ConversationsEach: 12}, {People: 32, ConversationsEach: 6}, {People: 60, ConversationsEach: 12},
		{People: 91, ConversationsEach: 18}, {People: 93, ConversationsEach: 5},
	} {
		t.Run(fmt.Sprintf("%d people, %d each", size.People, size.ConversationsEach), func(t *testing.T) {
			c := newCircle(size)
			checkCircle(t, c, size)
		})
	}
}

func checkCircle(t *testing.T, c circle, size Size) {
	pairs, each, all := map[string]bool{}, make([]int, size.People), 0
	for n := range c.conversations() {
		var members []int
		for i := range c.size(n) {
			members = append(members, c.member(n, i))
		}
		all += len(members)
		slices.Sort(members)
		if len(slices.Compact(slices.Clone(members))) != len(members) {
			t.Fatalf("somebody is in conversation %d twice: %v", n, members)
		}
		if isDirect := n < c.directs(); isDirect && (len(members) != 2 || pairs[fmt.Sprint(members)]) {
			t.Errorf("conversation %d is between %v", n, members)
		} else if !isDirect && size.People > 2*groupSize && (len(members) < 3 || len(members) > groupSize+2) {
			t.Errorf("group %d is of %d people", n, len(members))
		}
		pairs[fmt.Sprint(members)] = true
		for _, m := range members {
			if m < 0 || m >= size.People {
				t.Fatalf("conversation %d is with person %d", n, m)
			}
			each[m]++
		}
	}
	if all != c.participants() {
		t.Errorf("%d participants, %d are announced", all, c.participants())
	}
	for person, count := range each {
		// One is left over in each round of an odd number of people, nobody twice.
		if count != size.ConversationsEach && (size.People%2 == 0 || count != size.ConversationsEach-1) {
			t.Errorf("person %d has %d conversations, want %d", person, count, size.ConversationsEach)
		}
	}
}

func TestCircle_firstRoundsAreDisjoint(t *testing.T) {
	c := newCircle(Size{People: 120, ConversationsEach: 6})
	for _, round := range [][2]int{{0, c.pairsARound()}, {c.directs(), c.directs() + c.groupsARound()}} {
		seen := map[int]bool{}
		for n := round[0]; n < round[1]; n++ {
			for i := range c.size(n) {
				seen[c.member(n, i)] = true
			}
		}
		if len(seen) != 120 {
			t.Errorf("%d people in conversations %v, want all 120", len(seen), round)
		}
	}
}
