package messagerie

// The bounds of the conversation caches in bytes: together 25 MiB (and 6 for the accounts of
// school), and as much again until garbage is collected. That is room for 25 000 conversations: a
// whole school of ten thousand people, or the most recently active people of a larger one. The
// rest is read from the database. Participants that take more than a shard, from some 2 000
// members on, are kept alone there.
const (
	summaryBytes       = 12 << 20
	participantsBytes  = 8 << 20
	participationBytes = 2 << 20
	unreadBytes        = 1 << 20
	compositionBytes   = 1 << 20
	authorsBytes       = 1 << 20
)

// The size of each entry without its texts, including its slot in the map, as measured
// (TestCaches_countWhatTheyTake).
const (
	summaryBase       = 408
	recentBytes       = 16
	participantsBase  = 192
	memberBytes       = 80
	participationBase = 104
	unreadBase        = 96
	compositionBase   = 104
	sidesCountBytes   = 16
	authorsBase       = 96
	idBytes           = 8
	reactionBytes     = 48 // with its emoji
	fileBytes         = 96
)

func (s *summary) cacheSize() int {
	size := summaryBase + len(s.title) + recentBytes*cap(s.recent) + idBytes*(cap(s.speakers)+cap(s.pinned))
	if s.last != nil {
		size += len(s.last.Content) + len(s.last.ClientID)
		size += idBytes * cap(s.last.Mentions)
		for _, reaction := range s.last.Reactions {
			size += reactionBytes + idBytes*cap(reaction.UserIDs)
		}
		for _, attachment := range s.last.Attachments {
			size += fileBytes + len(attachment.Name) + len(attachment.Type)
		}
	}
	return size
}

func (p *Participants) cacheSize() int {
	return participantsBase + memberBytes*(len(p.Members)+len(p.pending))
}

func (m *participations) cacheSize() int {
	return participationBase + idBytes*(len(m.all)+len(m.pinned))
}

func (t *unreadCount) cacheSize() int { return unreadBase }
