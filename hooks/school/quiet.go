package school

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"messagerie/hooks/protocol"
)

// Hours are when somebody is left in peace: each night, on some days of the week, and in holidays.
// All of it is meant as the clock on the wall shows it, so that it holds on the days on which clocks
// are changed. Create them with NewHours.
type Hours struct {
	from, to int // minutes after midnight; equal for no nights
	days     [7]bool
	closures []closedDays
	zone     *time.Location
}

// closedDays are the days of a holiday, as numbers such as 20261219.
type closedDays struct{ first, last int }

// NewHours parses hours: from and to are times such as "20:00" (equal ones mean that no part of an
// ordinary day is quiet), days are some of protocol.Days, which are quiet as a whole. A time that
// can't be read counts as midnight, an unknown zone as the default one: records are checked when
// they are saved.
func NewHours(from, to string, days []string, closures []Closure, zone string) Hours {
	h := Hours{zone: location(zone)}
	h.from, _ = minutes(from)
	h.to, _ = minutes(to)
	for i, day := range protocol.Days {
		h.days[i] = slices.Contains(days, day)
	}
	for _, c := range closures {
		first, ok := dayNumber(c.FirstDay)
		last, alsoOK := dayNumber(c.LastDay)
		if ok && alsoOK && first <= last {
			h.closures = append(h.closures, closedDays{first, last})
		}
	}
	return h
}

// maxQuiet bounds the search for the end of quiet hours. A message that waits longer is asked
// again then.
const maxQuiet = 366 * 24 * time.Hour

// Until returns the first moment after t that isn't quiet; ok is false if t isn't.
func (h Hours) Until(t time.Time) (end time.Time, ok bool) {
	if !h.isQuiet(t) {
		return time.Time{}, false
	}
	end = h.next(t)
	for end.Sub(t) < maxQuiet && h.isQuiet(end) {
		end = h.next(end)
	}
	return end, true
}

func (h Hours) isQuiet(t time.Time) bool {
	local := t.In(h.zone)
	if h.days[local.Weekday()] || h.isClosed(local) {
		return true
	}
	now := local.Hour()*60 + local.Minute()
	if h.from <= h.to {
		return h.from <= now && now < h.to
	}
	return now >= h.from || now < h.to
}

func (h Hours) isClosed(local time.Time) bool {
	year, month, day := local.Date()
	today := numberOf(year, int(month), day)
	return slices.ContainsFunc(h.closures, func(c closedDays) bool { return c.first <= today && today <= c.last })
}

// next returns the first moment after t at which isQuiet may change: a time of these hours, a
// midnight, or a change of the zone's clocks. Until then the clock on the wall runs evenly.
func (h Hours) next(t time.Time) time.Time {
	local := t.In(h.zone)
	now := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute +
		time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	wait := 24*time.Hour - now
	for _, boundary := range []int{h.from, h.to} {
		if at := time.Duration(boundary) * time.Minute; at > now {
			wait = min(wait, at-now)
		}
	}
	next := t.Add(wait)
	if _, changes := local.ZoneBounds(); !changes.IsZero() && changes.Before(next) {
		return changes
	}
	return next
}

// freeAt returns the first moment from t on at which none of several hours are quiet.
func freeAt(all []Hours, t time.Time) time.Time {
	free := t
	for moved := true; moved && free.Sub(t) < maxQuiet; {
		moved = false
		for _, h := range all {
			if end, ok := h.Until(free); ok {
				free, moved = end, true
			}
		}
	}
	return free
}

// minutes parses a time such as "20:00".
func minutes(at string) (n int, ok bool) {
	hour, minute, found := strings.Cut(at, ":")
	if !found || len(hour) != 2 || len(minute) != 2 {
		return 0, false
	}
	h, err := strconv.ParseUint(hour, 10, 8)
	if err != nil || h > 23 {
		return 0, false
	}
	m, err := strconv.ParseUint(minute, 10, 8)
	if err != nil || m > 59 {
		return 0, false
	}
	return int(h)*60 + int(m), true
}

func clockTime(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// dayNumber parses a day such as "2026-12-19".
func dayNumber(day string) (n int, ok bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, false
	}
	year, month, date := t.Date()
	return numberOf(year, int(month), date), true
}

func numberOf(year, month, day int) int { return (year*100+month)*100 + day }

func location(zone string) *time.Location {
	if loaded, err := time.LoadLocation(zone); err == nil && zone != "" {
		return loaded
	}
	loaded, err := time.LoadLocation(protocol.DefaultTimezone)
	if err != nil {
		return time.UTC
	}
	return loaded
}
