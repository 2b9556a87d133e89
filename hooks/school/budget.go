package school

import (
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/ratelimit"
	"messagerie/hooks/refusal"
)

// Budget limits how much of one kind a person may do in a day, by role. It is a token bucket:
// a day's worth at once, then as it refills. Budgets are in memory, so a restart resets them.
type Budget struct {
	others, staff int // a day
	limits        map[bool]*ratelimit.Limiter[protocol.ID]
}

// day is the period of a budget.
const day = 24 * time.Hour

// budgetKeys is how many people a budget tracks, at most twice as many, at some 100 bytes
// each, before it forgets those who have been idle the longest.
const budgetKeys = 4096

// NewBudget creates a daily budget, of one size for staff and one for parents and students.
func NewBudget(others, staff int) *Budget {
	b := &Budget{others: others, staff: staff}
	b.limits = map[bool]*ratelimit.Limiter[protocol.ID]{}
	for isStaff, amount := range map[bool]int{false: others, true: staff} {
		b.limits[isStaff] = ratelimit.New[protocol.ID](
			ratelimit.Rate{Burst: amount, Every: day / time.Duration(amount)}, budgetKeys)
	}
	return b
}

// Spend takes a cost from the budget, or refuses it with CodeTooManyRequests and the time
// after which there is enough. A cost of more than a whole day's budget takes all of it.
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
