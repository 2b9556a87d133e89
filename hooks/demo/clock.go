package demo

import (
	"fmt"
	"time"
)

// moment is when something was said, seen from the day of the filling: either some
// time of a school day before it, or a while ago.
type moment struct {
	schoolDays int    // 1 is the last school day before today
	clock      string // HH:MM of that day
	ago        time.Duration
}

// on is a time of a school day before today, at most ten of them back (two weeks).
// On the last one, nothing is said after 20:30: see ago.
func on(schoolDays int, clock string) moment { return moment{schoolDays: schoolDays, clock: clock} }

// ago is a while before the filling, at most three hours: even just after midnight
// this is later than everything said the day before.
func ago(d time.Duration) moment { return moment{ago: d} }

func (m moment) before(now time.Time) (time.Time, error) {
	if m.clock == "" {
		return now.Add(-m.ago), nil
	}
	clock, err := time.Parse("15:04", m.clock)
	if err != nil {
		return time.Time{}, fmt.Errorf("time of a line: %w", err)
	}
	day := schoolDay(now.In(paris()), m.schoolDays)
	return time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, day.Location()), nil
}

// schoolDay goes back from today by a number of school days.
func schoolDay(today time.Time, back int) time.Time {
	day := today
	for back > 0 {
		day = day.AddDate(0, 0, -1)
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			back--
		}
	}
	return day
}

// paris falls back to UTC on a machine without time zones: the times are then slightly off.
func paris() *time.Location {
	location, err := time.LoadLocation(timezone)
	if err != nil {
		return time.UTC
	}
	return location
}
