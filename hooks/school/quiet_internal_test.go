package school

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"messagerie/hooks/protocol"
)

var weekend = []string{"saturday", "sunday"}

// at is a moment of the clock on the wall in Paris.
func at(t *testing.T, local string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", local, location("Europe/Paris"))
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestHours_end(t *testing.T) {
	christmas := []Closure{{Name: "Noël", FirstDay: "2026-12-19", LastDay: "2027-01-03"}}
	nights := NewHours("20:00", "07:00", weekend, christmas, "Europe/Paris")
	noon := NewHours("12:00", "14:00", nil, nil, "Europe/Paris")
	none := NewHours("08:00", "08:00", nil, nil, "Europe/Paris")
	days := NewHours("08:00", "08:00", weekend, nil, "Europe/Paris")
	always := NewHours("20:00", "07:00", protocol.Days, nil, "Europe/Paris")
	small := NewHours("02:15", "02:45", nil, nil, "Europe/Paris")
	for _, c := range []struct {
		name  string
		hours Hours
		now   string
		until string // "" if it isn't quiet
	}{
		{"by day", nights, "2026-11-30 12:00", ""},
		{"just before the evening", nights, "2026-11-30 19:59", ""},
		{"the evening", nights, "2026-11-30 20:00", "2026-12-01 07:00"},
		{"the early morning", nights, "2026-12-01 06:59", "2026-12-01 07:00"},
		{"the end", nights, "2026-12-01 07:00", ""},
		{"Friday evening to Monday morning", nights, "2026-12-04 20:00", "2026-12-07 07:00"},
		{"Sunday noon", nights, "2026-12-06 12:00", "2026-12-07 07:00"},
		{"Friday evening into the holidays", nights, "2026-12-18 20:00", "2027-01-04 07:00"},
		{"in the holidays", nights, "2026-12-25 12:00", "2027-01-04 07:00"},
		{"at noon", noon, "2026-12-25 12:00", "2026-12-25 14:00"},
		{"at night", noon, "2026-12-25 23:00", ""},
		{"equal times are no hours", none, "2026-12-25 08:00", ""},
		{"equal times and a weekend", days, "2026-12-05 00:00", "2026-12-07 00:00"},
		{"every day: asked again in a year", always, "2026-01-01 12:00", "2027-01-02 20:00"},
		{"clocks go forward", nights, "2027-03-28 01:30", "2027-03-29 07:00"},
		{"the night before the clocks go back", nights, "2026-10-25 01:30", "2026-10-26 07:00"},
		{"hours that are skipped", small, "2027-03-28 01:59", ""},
	} {
		end, ok := c.hours.Until(at(t, c.now))
		got := ""
		if ok {
			got = end.In(location("Europe/Paris")).Format("2006-01-02 15:04")
		}
		if got != c.until {
			t.Errorf("%s: quiet until %q, want %q", c.name, got, c.until)
		}
	}
}

// A night of a weekday in which the clocks change is as long as the clock on the wall says.
func TestHours_lastAnHourMoreOrLessWhenTheClocksChange(t *testing.T) {
	nights := NewHours("20:00", "07:00", nil, nil, "Europe/Paris")
	for _, c := range []struct {
		now  string
		want time.Duration
	}{{"2026-11-30 20:00", 11 * time.Hour}, {"2027-03-27 20:00", 10 * time.Hour}, {"2026-10-24 20:00", 12 * time.Hour}} {
		now := at(t, c.now)
		if end, ok := nights.Until(now); !ok || end.Sub(now) != c.want {
			t.Errorf("from %s it lasts %v, want %v", c.now, end.Sub(now), c.want)
		}
	}
}

// Random hours agree with the clock on the wall, looked at minute by minute, on the days on which
// clocks change too: forward and back, by an hour or half an hour, and over midnight.
func TestHours_agreeWithTheClockOnTheWall(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 13))
	starts := map[string][]string{
		"Europe/Paris":        {"2026-10-24T12:00:00Z", "2027-03-27T12:00:00Z", "2026-12-18T03:10:00Z"},
		"Australia/Lord_Howe": {"2026-10-03T06:00:00Z", "2027-04-03T06:00:00Z"}, // by half an hour
		"Africa/Cairo":        {"2026-04-23T12:00:00Z", "2026-10-29T12:00:00Z"}, // at midnight
		"America/St_Johns":    {"2026-10-31T12:00:00Z", "2027-03-13T12:00:00Z"},
		"Pacific/Apia":        {"2011-12-29T12:00:00Z"}, // a day was left out
		"Asia/Kathmandu":      {"2026-12-18T03:10:00Z"},
	}
	clock := func() string { return clockTime(random.IntN(48) * 30) }
	for name, moments := range starts {
		zone := location(name)
		for range 12 {
			var days []string
			if random.IntN(2) == 0 {
				days = append(days, protocol.Days[random.IntN(7)])
			}
			begun, err := time.Parse(time.RFC3339, moments[random.IntN(len(moments))])
			if err != nil {
				t.Fatal(err)
			}
			closed := Closure{FirstDay: begun.AddDate(0, 0, 1).Format(time.DateOnly), LastDay: begun.AddDate(0, 0, random.IntN(3)).Format(time.DateOnly)}
			from, to := clock(), clock()
			hours := NewHours(from, to, days, []Closure{closed}, name)
			for minute := range 36 * 60 {
				now := begun.Add(time.Duration(minute) * time.Minute)
				end, quiet := hours.Until(now)
				if want := onTheWall(now.In(zone), from, to, days, closed); quiet != want {
					t.Fatalf("%s-%s %v %v: quiet at %v is %v", from, to, days, closed, now.In(zone), quiet)
				}
				if !quiet || minute%97 != 0 {
					continue
				}
				for tick := now; tick.Before(end); tick = tick.Add(time.Minute) {
					if !onTheWall(tick.In(zone), from, to, days, closed) {
						t.Fatalf("%s-%s %v %v: quiet from %v to %v, but not at %v", from, to, days, closed, now, end, tick)
					}
				}
				if onTheWall(end.In(zone), from, to, days, closed) {
					t.Fatalf("%s-%s %v %v: still quiet at %v", from, to, days, closed, end)
				}
			}
		}
	}
}

// onTheWall compares what a clock and a calendar show, as texts.
func onTheWall(local time.Time, from, to string, days []string, closed Closure) bool {
	clock, day := local.Format("15:04"), local.Format(time.DateOnly)
	if len(days) > 0 && protocol.Days[local.Weekday()] == days[0] || closed.FirstDay <= day && day <= closed.LastDay {
		return true
	}
	if from <= to {
		return from <= clock && clock < to
	}
	return clock >= from || clock < to
}

func TestFreeAt_waitsForEverybody(t *testing.T) {
	nights := NewHours("20:00", "07:00", weekend, nil, "Europe/Paris")
	early := NewHours("06:30", "09:00", nil, nil, "Europe/Paris")
	late := NewHours("08:30", "10:15", []string{"monday"}, nil, "Europe/Paris")
	friday := at(t, "2026-12-04 21:00")
	for _, c := range []struct {
		all  []Hours
		want string
	}{
		{nil, "2026-12-04 21:00"},
		{[]Hours{early}, "2026-12-04 21:00"},
		{[]Hours{early, nights}, "2026-12-07 09:00"},
		{[]Hours{nights, early, late}, "2026-12-08 10:15"},
	} {
		if got := freeAt(c.all, friday).In(location("Europe/Paris")).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%d hours: free at %s, want %s", len(c.all), got, c.want)
		}
	}
}

func TestMinutes_areOfADay(t *testing.T) {
	for _, wrong := range []string{"", "7:00", "24:00", "07:60", "0700", "-1:00", "07:0x", "+7:00"} {
		if n, ok := minutes(wrong); ok {
			t.Errorf("%q is %d", wrong, n)
		}
	}
	if n, ok := minutes("23:59"); !ok || n != 23*60+59 || clockTime(n) != "23:59" {
		t.Errorf("23:59 is %d", n)
	}
}

// What each message pays: on a quiet evening of a school of which a conversation of 250 is about, by
// day, and where nobody has quiet hours.
func BenchmarkPeace(b *testing.B) {
	nights := &knownHours{Hours: NewHours("20:00", "07:00", weekend, nil, "Europe/Paris")}
	noon := &knownHours{Hours: NewHours("12:00", "14:00", nil, nil, "Europe/Paris")}
	people := make([]*Person, 250)
	for i := range people {
		people[i] = &Person{ID: protocol.ID(i + 1), Role: protocol.RoleParent, Establishments: []protocol.ID{1}}
	}
	quiet := &Peace{establishments: map[protocol.ID]*protection{1: {nights, []string{protocol.RoleParent}}},
		own: map[protocol.ID]*knownHours{7: noon}, all: []*knownHours{nights, noon}}
	zone := location("Europe/Paris")
	for name, c := range map[string]struct {
		peace *Peace
		hour  int
	}{"off": {&Peace{}, 10}, "by day": {quiet, 10}, "one person at noon": {quiet, 13}, "at night": {quiet, 22}} {
		b.Run(name, func(b *testing.B) {
			now := time.Date(2026, 11, 30, c.hour, 0, 0, 0, zone)
			b.ReportAllocs()
			for b.Loop() {
				c.peace.FreeAt(slices.Values(people), now)
			}
		})
	}
}
