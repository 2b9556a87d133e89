package demo

import "time"

// calendar is when people of a generated school write: on the school days before a
// day, from half past seven to half past six.
type calendar []time.Time // each day's first minute, the oldest first

const (
	schoolYear = 180 // days
	dayOpens   = 7*time.Hour + 30*time.Minute
	dayLasts   = 11 * time.Hour
)

func newCalendar(now time.Time) calendar {
	days := make(calendar, schoolYear)
	day := now.In(paris())
	for i := schoolYear - 1; i >= 0; i-- {
		day = schoolDay(day, 1)
		days[i] = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location()).Add(dayOpens).UTC()
	}
	return days
}

// opening is earlier than all messages.
func (c calendar) opening() time.Time { return c[0].Add(-time.Hour) }

// at is when the nth message of so many is written; it never decreases with n.
func (c calendar) at(n, of int) time.Time {
	day := n * len(c) / of
	begun := n*len(c) - day*of // of the day, in messages times days
	return c[day].Add(time.Duration(float64(begun) / float64(of) * float64(dayLasts))).Truncate(time.Millisecond)
}
