package demo

// circle computes who is in which conversation of a generated school, without storing
// it. People and conversations are numbered from 0; the direct ones come first, then
// the groups.
//
// Direct conversations are the rounds of a tournament, in each of which everybody
// meets somebody new (the circle method). So each round is in pairs of different
// people, and no pair comes twice. With an odd number of people each round leaves
// one out.
type circle struct {
	people       int
	directRounds int
	groupRounds  int
}

func newCircle(s Size) circle {
	groups := s.ConversationsEach / 6
	if groups == 0 && s.ConversationsEach > 1 {
		groups = 1
	}
	return circle{people: s.People, directRounds: s.ConversationsEach - groups, groupRounds: groups}
}

func (c circle) pairsARound() int  { return c.people / 2 }
func (c circle) groupsARound() int { return max(1, (c.people+groupSize-3)/groupSize) } // so that no group has only two
func (c circle) directs() int      { return c.directRounds * c.pairsARound() }

func (c circle) conversations() int { return c.directs() + c.groupRounds*c.groupsARound() }

func (c circle) participants() int { return 2*c.directs() + c.groupRounds*c.people }

// size is how many people conversation n has.
func (c circle) size(n int) int {
	if n < c.directs() {
		return 2
	}
	if nth := (n - c.directs()) % c.groupsARound(); nth == c.groupsARound()-1 {
		return c.people - nth*groupSize
	}
	return groupSize
}

// member is the ith person of conversation n.
func (c circle) member(n, i int) int {
	if n < c.directs() {
		return c.pair(n/c.pairsARound(), n%c.pairsARound())[i]
	}
	n -= c.directs()
	place := n%c.groupsARound()*groupSize + i
	return place * c.stride(n/c.groupsARound()) % c.people
}

// pair is the nth pair of a round: two people at the same distance to the left and to
// the right of the round's own person, who meets the one in the middle, if there is one.
func (c circle) pair(round, nth int) [2]int {
	around := c.people - 1 + c.people%2
	own := round * (around + 1) / 2 % around
	if nth == around/2 {
		return [2]int{own, around}
	}
	return [2]int{(own + nth + 1) % around, (own + around - nth - 1) % around}
}

// stride is how far apart the people of a group stand: neighbours in the first
// round, others in each round after it.
func (c circle) stride(round int) int {
	stride := 1
	for ; round > 0; round-- {
		stride += groupSize
		for commonDivisor(stride, c.people) > 1 {
			stride++
		}
	}
	return stride
}

func commonDivisor(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}
