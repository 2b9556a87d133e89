package messagerie

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/protocol"
)

func groupInMemory(size int) (*rosters, *Roster) {
	group := &Roster{Conversation: 1, Kind: protocol.KindGroup}
	for i := range size {
		group.Members = append(group.Members, &Member{Record: protocol.ID(i + 1), User: protocol.ID(i + 1)})
	}
	r := newRosters()
	r.cache.Put(1, group, 0)
	return &r, group
}

// Who holds a roster isn't told of what changes meanwhile.
func TestRosters_replaceLeavesTheFormerAsItWas(t *testing.T) {
	r, former := groupInMemory(3)
	r.replace(1, Member{Record: former.Members[1].Record, User: 2, LastRead: 7})
	if m, _ := former.Member(2); m.LastRead != 0 {
		t.Errorf("the former has %+v", m)
	}
	if m, _ := r.settle(r.cache.Peek(1)).Member(2); m.LastRead != 7 {
		t.Errorf("memory has %+v", m)
	}
}

// The markers of one commit share a copy of the roster, made when somebody asks; however
// many come before that, few wait.
func TestRosters_replacedTogetherAreCopiedOnce(t *testing.T) {
	r, former := groupInMemory(100)
	replaced := func(from, to int) {
		for i := from; i < to; i++ {
			m := *former.Members[i]
			m.LastRead = protocol.ID(1000 + i)
			r.replace(1, m)
		}
	}
	replaced(0, 8)
	if now := r.cache.Peek(1); &now.Members[0] != &former.Members[0] || len(now.moved) != 8 {
		t.Errorf("%d wait, copied: %v", len(now.moved), &now.Members[0] != &former.Members[0])
	}
	asked, err := r.get(outside{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(asked.moved) != 0 || asked != r.cache.Peek(1) {
		t.Error("what was asked for isn't kept")
	}
	replaced(8, 100)
	if waiting := len(r.cache.Peek(1).moved); waiting >= maxMoved {
		t.Errorf("%d wait", waiting)
	}
	all, err := r.all(outside{}, []protocol.ID{1})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range all[1].Members {
		if m.LastRead != protocol.ID(1000+i) {
			t.Errorf("member %d has read up to %d", i, m.LastRead)
		}
	}
}

// A marker that comes while somebody else's copy is made isn't lost by it.
func TestRosters_settleKeepsWhatCameMeanwhile(t *testing.T) {
	r, _ := groupInMemory(3)
	r.replace(1, Member{Record: 2, User: 2, LastRead: 7})
	known := r.cache.Peek(1)
	r.replace(1, Member{Record: 3, User: 3, LastRead: 8})
	r.settle(known)
	now := r.settle(r.cache.Peek(1))
	for user, want := range map[protocol.ID]protocol.ID{2: 7, 3: 8} {
		if m, _ := now.Member(user); m.LastRead != want {
			t.Errorf("%d has read up to %d, want %d", user, m.LastRead, want)
		}
	}
}

// Who joins or leaves is taken in without a look at the table, and nobody who holds the
// roster of before sees it.
func TestRosters_takeInWhoJoinsAndLeaves(t *testing.T) {
	r, former := groupInMemory(20)
	r.replace(1, Member{Record: 2, User: 2, LastRead: 7}) // waits for somebody to ask
	r.joined(1, Member{Record: 21, User: 21})
	held := r.cache.Peek(1)
	r.left(1, 2)
	r.joined(1, Member{Record: 22, User: 2})
	now := r.settle(r.cache.Peek(1))
	users := func(r *Roster) string { return fmt.Sprint(r.users()[:3], r.users()[len(r.Members)-2:]) }
	if users(former) != "[1 2 3] [19 20]" || users(held) != "[1 2 3] [20 21]" || users(now) != "[1 3 4] [21 2]" {
		t.Errorf("there were %s and %s, there are %s", users(former), users(held), users(now))
	}
	if again, _ := now.Member(2); again.LastRead != 0 || again.Record != 22 {
		t.Errorf("who is back has the marker of before: %+v", again)
	}
	r.joined(1, Member{Record: 3, User: 99}) // an id that an import chose, between others
	if r.cache.Peek(1) != nil {
		t.Error("somebody is remembered at the end whose place is elsewhere")
	}
}

// Somebody may ask between the commit and its hooks: what they have loaded has the participant already.
func TestRosters_takeInOnceWhoIsThere(t *testing.T) {
	r, _ := groupInMemory(3)
	for range 2 {
		r.joined(1, Member{Record: 4, User: 4})
	}
	if users := fmt.Sprint(r.cache.Peek(1).users()); users != "[1 2 3 4]" {
		t.Errorf("there are %s", users)
	}
}

// outside is an app that isn't in a transaction.
type outside struct{ core.App }

func (outside) IsTransactional() bool { return false }

// What a marker costs in memory, in a group of a whole school.
func BenchmarkRosters_replaceAmong3000(b *testing.B) {
	r, group := groupInMemory(3000)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		m := *group.Members[n%3000]
		m.LastDelivered = protocol.ID(n)
		r.replace(1, m)
	}
}
