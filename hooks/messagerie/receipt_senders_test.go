package messagerie_test

import (
	"slices"
	"testing"

	"messagerie/hooks/protocol"
)

func TestSenders_arePeopleWhoWrote(t *testing.T) {
	h := newHarness(t, nil)
	me, other, third := h.person("Moi"), h.person("Autre"), h.person("Tiers")
	group, direct := h.conversation(me, other, third), h.conversation(me, other)
	first := h.says(me, group, "")
	last := h.says(other, group, "")
	for name, c := range map[string]struct {
		conversation, after, upTo protocol.ID
		want                      []protocol.ID
	}{
		"both":           {group, 0, last.ID, []protocol.ID{me.ID, other.ID}},
		"the second":     {group, first.ID, last.ID, []protocol.ID{other.ID}},
		"nobody":         {group, last.ID, protocol.MaxID, nil},
		"a pair, unread": {direct, 0, 1, []protocol.ID{me.ID, other.ID}},
	} {
		got, err := h.conversations.Senders(c.conversation, c.after, c.upTo)
		if slices.Sort(got); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
