package messagerie

import (
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
	r.keep(1, group, 0)
	return &r, group
}

// Who holds a roster isn't told of what changes meanwhile.
func TestRosters_replaceLeavesTheFormerAsItWas(t *testing.T) {
	r, former := groupInMemory(3)
	r.replace(1, Member{Record: former.Members[1].Record, User: 2, LastRead: 7})
	if m, _ := former.Member(2); m.LastRead != 0 {
		t.Errorf("the former has %+v", m)
	}
	if m, _ := r.settle(r.known(1)).Member(2); m.LastRead != 7 {
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
	if now := r.known(1); &now.Members[0] != &former.Members[0] || len(now.moved) != 8 {
		t.Errorf("%d wait, copied: %v", len(now.moved), &now.Members[0] != &former.Members[0])
	}
	asked, err := r.get(outside{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(asked.moved) != 0 || asked != r.known(1) {
		t.Error("what was asked for isn't kept")
	}
	replaced(8, 100)
	if waiting := len(r.known(1).moved); waiting >= maxMoved {
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
	known := r.known(1)
	r.replace(1, Member{Record: 3, User: 3, LastRead: 8})
	r.settle(known)
	now := r.settle(r.known(1))
	for user, want := range map[protocol.ID]protocol.ID{2: 7, 3: 8} {
		if m, _ := now.Member(user); m.LastRead != want {
			t.Errorf("%d has read up to %d, want %d", user, m.LastRead, want)
		}
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
