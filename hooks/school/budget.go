package school

import (
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/ratelimit"
	"messagerie/hooks/refusal"
)

// Budget is how much of one kind a person may do in a day, by role. It is a token bucket:
// a day's worth at once, then as it refills. Budgets live in memory, so a restart forgives.
type Budget struct {
	others, staff int // a day
	limits        map[bool]*ratelimit.Limiter[protocol.ID]
}

// day is what a budget is for.
const day = 24 * time.Hour

// budgetKeys is how many people's spending a budget remembers before it forgets those who
// have been quiet the longest: some 100 bytes each, twice as many at most.
const budgetKeys = 4096

// NewBudget is a budget of a day for staff, and one for parents and students.
func NewBudget(others, staff int) *Budget {
	b := &Budget{others: others, staff: staff}
	b.limits = map[bool]*ratelimit.Limiter[protocol.ID]{}
	for isStaff, amount := range map[bool]int{false: others, true: staff} {
		b.limits[isStaff] = ratelimit.New[protocol.ID](
			ratelimit.Rate{Burst: amount, Every: day / time.Duration(amount)}, budgetKeys)
	}
	return b
}

// Spend takes what something costs, or refuses it with CodeTooManyRequests and the time
// after which there is enough. What costs more than a whole day takes the whole day.
func (b *Budget) Spend(caller Person, cost int) error {
	wait, ok := b.limits[caller.IsStaff()].Take(caller.ID, b.atMost(caller, cost))
	if ok {
		return nil
	}
	return refusal.TooManyRequests(wait, "That is more than one person may do in a day; wait for %s.", wait.Round(time.Second))
}

// Return gives back what Spend took for something that wasn't done.
func (b *Budget) Return(caller Person, cost int) {
	b.limits[caller.IsStaff()].Give(caller.ID, b.atMost(caller, cost))
}

func (b *Budget) atMost(caller Person, cost int) int {
	if caller.IsStaff() {
		return min(cost, b.staff)
	}
	return min(cost, b.others)
}
