package messagerie

import (
	"testing"

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
	if m, _ := r.known(1).Member(2); m.LastRead != 7 {
		t.Errorf("memory has %+v", m)
	}
}

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
