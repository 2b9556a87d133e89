// Package closures takes the holidays of a school from calendar files (.ics), as the ministry
// publishes one for each zone.
package closures

import (
	"bytes"
	"cmp"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/text"
)

// Holiday is a holiday as a calendar names it. Days are such as "2026-12-19"; both are included.
type Holiday struct{ Name, FirstDay, LastDay string }

// MaxFile is the size of the largest calendar, in bytes: that of ten years has some 100 KB.
const MaxFile = 1 << 20

const (
	maxHolidays = 500 // in a calendar
	maxDays     = 120 // of a holiday: those of the summer have some sixty
)

// ReadCalendar returns the holidays of a calendar in the order of their first days, and the names of
// the events that are none: those of hours instead of days, those that repeat, longer ones, and the
// first days of school. A refusal has CodeUnreadableFile.
func ReadCalendar(file io.Reader) (holidays []Holiday, ignored []string, err error) {
	data, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err != nil || len(data) > MaxFile {
		return nil, nil, unreadable("The file is too large: a calendar has at most %d bytes.", MaxFile)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("BEGIN:VCALENDAR")) {
		return nil, nil, unreadable("The file isn't a calendar (.ics).")
	}
	calendar, err := ics.ParseCalendar(bytes.NewReader(data))
	if err != nil {
		return nil, nil, unreadable("The calendar can't be read: it is damaged or incomplete.")
	}
	zones := map[string]bool{}
	for _, event := range calendar.Events() {
		holiday, ok := holidayOf(event)
		if !ok {
			ignored = append(ignored, holiday.Name)
			continue
		}
		if zone := zoneOf(event); zone != "" {
			zones[zone] = true
		}
		if !slices.Contains(holidays, holiday) {
			holidays = append(holidays, holiday)
		}
	}
	switch {
	case len(zones) > 1:
		return nil, nil, unreadable("The calendar has the holidays of several zones: choose the one of your zone.")
	case len(holidays) == 0:
		return nil, nil, unreadable("The calendar has no holidays: events that last whole days.")
	case len(holidays) > maxHolidays:
		return nil, nil, unreadable("The calendar has too many holidays: at most %d.", maxHolidays)
	}
	slices.SortFunc(holidays, func(a, b Holiday) int {
		return cmp.Or(cmp.Compare(a.FirstDay, b.FirstDay), cmp.Compare(a.LastDay, b.LastDay), cmp.Compare(a.Name, b.Name))
	})
	return holidays, ignored, nil
}

// isSchoolDay finds the days on which teachers or pupils come back, and the day on which the summer
// begins, whose length the ministry's calendars don't say.
var isSchoolDay = regexp.MustCompile(`(?i)rentr[ée]e|^d[ée]but des`)

// holidayOf returns the holiday that an event is, and its name even if it is none.
func holidayOf(event *ics.VEvent) (holiday Holiday, ok bool) {
	holiday.Name = text.Truncate(text.Line(value(event, ics.ComponentPropertySummary)), protocol.MaxTitle)
	begin := event.GetProperty(ics.ComponentPropertyDtStart)
	if begin == nil || holiday.Name == "" || event.GetProperty(ics.ComponentPropertyRrule) != nil ||
		value(event, ics.ComponentPropertyStatus) == "CANCELLED" {
		return holiday, false
	}
	first, err := time.Parse("20060102", begin.Value) // a date without a time
	if err != nil {
		return holiday, false
	}
	last := first
	if end := event.GetProperty(ics.ComponentPropertyDtEnd); end != nil {
		after, err := time.Parse("20060102", end.Value)
		if err != nil {
			return holiday, false
		}
		if after.After(first) {
			last = after.AddDate(0, 0, -1) // DTEND is the day after (RFC 5545, 3.6.1)
		}
	}
	if last.Equal(first) && isSchoolDay.MatchString(holiday.Name) || last.After(first.AddDate(0, 0, maxDays)) {
		return holiday, false
	}
	holiday.FirstDay, holiday.LastDay = first.Format(time.DateOnly), last.Format(time.DateOnly)
	return holiday, true
}

func value(event *ics.VEvent, property ics.ComponentProperty) string {
	if found := event.GetProperty(property); found != nil {
		return ics.FromText(found.Value)
	}
	return ""
}

// aZone finds what a calendar says of the zone that an event is for, if it is for one only.
var aZone = regexp.MustCompile(`(?i)\bzones?\s+([ABC](?:\s*(?:,|/|-|et)\s*[ABC])*)\b`)

func zoneOf(event *ics.VEvent) string {
	for _, property := range []ics.ComponentProperty{ics.ComponentPropertySummary, ics.ComponentPropertyLocation, ics.ComponentPropertyDescription} {
		if found := aZone.FindStringSubmatch(value(event, property)); found != nil && len(found[1]) == 1 {
			return strings.ToUpper(found[1])
		}
	}
	return ""
}

func unreadable(format string, args ...any) *refusal.Error {
	return refusal.New(protocol.CodeUnreadableFile, format, args...)
}
