package messagerie

// What the caches of conversations take is at most these bytes, together 23 MiB (and 6 for the
// accounts of school), as much again until the collector has run: room for 25 000 conversations,
// which is a whole school of ten thousand people, or those of a larger one who looked last.
// Others' are read from the database. A roster that is larger than a shard, as of 2 000
// members, is kept alone there.
const (
	summaryBytes    = 12 << 20
	rosterBytes     = 8 << 20
	membershipBytes = 2 << 20
	unreadBytes     = 1 << 20
)

// What each thing takes without its texts, with its place in a map, as measured
// (TestCaches_countWhatTheyTake).
const (
	summaryBase    = 344
	recentBytes    = 16
	rosterBase     = 152
	memberBytes    = 56
	membershipBase = 80
	unreadBase     = 96
	idBytes        = 8
)

func (s *summary) cacheSize() int {
	size := summaryBase + len(s.title) + recentBytes*cap(s.recent) + idBytes*cap(s.speakers)
	if s.last != nil {
		size += len(s.last.Content) + len(s.last.ClientID)
	}
	return size
}

func (r *Roster) cacheSize() int { return rosterBase + memberBytes*(len(r.Members)+len(r.moved)) }

func (m *membership) cacheSize() int { return membershipBase + idBytes*len(*m) }

func (t *unreadCount) cacheSize() int { return unreadBase }
