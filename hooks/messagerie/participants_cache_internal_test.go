package messagerie

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

func cachedGroup(size int) (*participantsCache, *Participants) {
	group := &Participants{Conversation: 1, Kind: protocol.KindGroup}
	for i := range size {
		group.Members = append(group.Members, &Member{Record: protocol.ID(i + 1), User: protocol.ID(i + 1)})
	}
	c := newParticipantsCache()
	c.cache.Put(1, group, 0)
	return &c, group
}

// A copy in use doesn't change.
func TestParticipantsCache_replaceLeavesTheFormerAsItWas(t *testing.T) {
	c, former := cachedGroup(3)
	c.replace(1, Member{Record: former.Members[1].Record, User: 2, LastRead: 7})
	if m, _ := former.Member(2); m.LastRead != 0 {
		t.Errorf("the former has %+v", m)
	}
	if m, _ := c.applyPending(c.cache.Peek(1)).Member(2); m.LastRead != 7 {
		t.Errorf("the cache has %+v", m)
	}
}

// The markers of one commit share a copy, made on the next read; the number of pending changes
// is bounded.
func TestParticipantsCache_replacedTogetherAreCopiedOnce(t *testing.T) {
	c, former := cachedGroup(100)
	replaced := func(from, to int) {
		for i := from; i < to; i++ {
			m := *former.Members[i]
			m.LastRead = protocol.ID(1000 + i)
			c.replace(1, m)
		}
	}
	replaced(0, 8)
	if now := c.cache.Peek(1); &now.Members[0] != &former.Members[0] || len(now.pending) != 8 {
		t.Errorf("%d are pending, copied: %v", len(now.pending), &now.Members[0] != &former.Members[0])
	}
	read, err := c.get(noTransaction{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(read.pending) != 0 || read != c.cache.Peek(1) {
		t.Error("the copy made for a read isn't cached")
	}
	replaced(8, 100)
	if waiting := len(c.cache.Peek(1).pending); waiting >= maxPending {
		t.Errorf("%d are pending", waiting)
	}
	all, err := c.all(noTransaction{}, []protocol.ID{1})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range all[1].Members {
		if m.LastRead != protocol.ID(1000+i) {
			t.Errorf("member %d has read up to %d", i, m.LastRead)
		}
	}
}

// A marker that comes while a copy is made isn't lost.
func TestParticipantsCache_applyPendingKeepsLaterChanges(t *testing.T) {
	c, _ := cachedGroup(3)
	c.replace(1, Member{Record: 2, User: 2, LastRead: 7})
	known := c.cache.Peek(1)
	c.replace(1, Member{Record: 3, User: 3, LastRead: 8})
	c.applyPending(known)
	now := c.applyPending(c.cache.Peek(1))
	for user, want := range map[protocol.ID]protocol.ID{2: 7, 3: 8} {
		if m, _ := now.Member(user); m.LastRead != want {
			t.Errorf("%d has read up to %d, want %d", user, m.LastRead, want)
		}
	}
}

// Joining and leaving update the cache without a query, and don't change copies in use.
func TestParticipantsCache_isUpdatedWhenSomebodyJoinsOrLeaves(t *testing.T) {
	c, former := cachedGroup(20)
	c.replace(1, Member{Record: 2, User: 2, LastRead: 7}) // stays pending
	c.joined(1, Member{Record: 21, User: 21})
	held := c.cache.Peek(1)
	c.left(1, 2)
	c.joined(1, Member{Record: 22, User: 2})
	now := c.applyPending(c.cache.Peek(1))
	users := func(p *Participants) string { return fmt.Sprint(p.users()[:3], p.users()[len(p.Members)-2:]) }
	if users(former) != "[1 2 3] [19 20]" || users(held) != "[1 2 3] [20 21]" || users(now) != "[1 3 4] [21 2]" {
		t.Errorf("there were %s and %s, there are %s", users(former), users(held), users(now))
	}
	if again, _ := now.Member(2); again.LastRead != 0 || again.Record != 22 {
		t.Errorf("somebody who is back has the marker of before: %+v", again)
	}
	c.joined(1, Member{Record: 3, User: 99}) // an id chosen by an import, between others
	if c.cache.Peek(1) != nil {
		t.Error("somebody whose place is elsewhere is cached at the end")
	}
}

// A read between the commit and its hooks loads the new participant already.
func TestParticipantsCache_addsNobodyTwice(t *testing.T) {
	c, _ := cachedGroup(3)
	for range 2 {
		c.joined(1, Member{Record: 4, User: 4})
	}
	if users := fmt.Sprint(c.cache.Peek(1).users()); users != "[1 2 3 4]" {
		t.Errorf("there are %s", users)
	}
}

// noTransaction is an app that isn't in a transaction.
type noTransaction struct{ core.App }

func (noTransaction) IsTransactional() bool { return false }

// The cost of updating a marker in the cache, in a group of a whole school.
func BenchmarkParticipantsCache_replaceAmong3000(b *testing.B) {
	c, group := cachedGroup(3000)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		m := *group.Members[n%3000]
		m.LastDelivered = protocol.ID(n)
		c.replace(1, m)
	}
}
