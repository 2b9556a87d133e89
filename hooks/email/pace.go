package email

import "time"

// pace spaces letters, so that a mail server which takes only so many an hour refuses none: a tenth of them at once, for
// a letter to a class, the others evenly over the hour.
type pace struct {
	interval time.Duration // 0 for no limit
	burst    time.Duration
	last     time.Time // when the letters sent so far would be due if there was no burst
}

func newPace(perHour int) pace {
	if perHour == 0 {
		return pace{}
	}
	burst := max(1, perHour/10)
	interval := time.Hour / time.Duration(max(1, perHour-burst))
	return pace{interval: interval, burst: time.Duration(burst) * interval}
}

// next returns when the next letter may be sent, not after now if it may at once.
func (p *pace) next() time.Time { return p.last.Add(p.interval - p.burst) }

// sent counts a letter.
func (p *pace) sent(now time.Time) {
	if p.last.Before(now) {
		p.last = now
	}
	p.last = p.last.Add(p.interval)
}

// interval is the time between two invitations, so that other letters pass in between.
func (q *Queue) interval() time.Duration { return newPace(q.limits.EmailsPerHour).interval }
