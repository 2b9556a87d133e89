package messagerie

// What memory keeps of conversations and people takes at most these bytes, together
// 29 MiB, as much again until the collector has run: room for 25 000 conversations and 18 000
// people, which is a whole school of ten thousand, or those of a larger one who looked last.
// Others' are read from the database. A roster that is larger than a shard, as of 2 000
// members, is kept alone there.
const (
	summaryBytes    = 12 << 20
	rosterBytes     = 8 << 20
	peopleBytes     = 6 << 20
	membershipBytes = 2 << 20
	tallyBytes      = 1 << 20
)

// What each thing weighs without its texts, with its place in a map, as measured
// (TestMemory_weighsWhatItTakes).
const (
	summaryBase    = 320
	recentBytes    = 16
	rosterBase     = 152
	memberBytes    = 56
	accountBase    = 240
	membershipBase = 80
	tallyBase      = 96
	idBytes        = 8
)

func (s *summary) weight() int {
	weight := summaryBase + len(s.title) + recentBytes*cap(s.recent)
	if s.last != nil {
		weight += len(s.last.Content) + len(s.last.ClientID)
	}
	return weight
}

func (r *Roster) weight() int { return rosterBase + memberBytes*(len(r.Members)+len(r.moved)) }

func (a *account) weight() int {
	return accountBase + len(a.FirstName) + len(a.LastName) + len(a.Email) + len(a.tokenKey) + idBytes*len(a.Establishments)
}

func (m *membership) weight() int { return membershipBase + idBytes*len(*m) }

func (t *tally) weight() int { return tallyBase }
