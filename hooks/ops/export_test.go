package ops

import "time"

// SetNow replaces the clock of the notifier and of its problems.
func (n *Notifier) SetNow(now func() time.Time) { n.now, n.problems.now = now, now }

// SetNow replaces the clock.
func (p *Problems) SetNow(now func() time.Time) { p.now = now }
