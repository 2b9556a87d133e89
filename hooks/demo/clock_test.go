package demo

import (
	"testing"
	"time"
)

// From within, because a school has to be dated for many days: to fill as many
// would take minutes.
func TestThreads_areInOrderOnAnyDayAndHour(t *testing.T) {
	all := threads()
	start := time.Date(2026, 3, 23, 0, 1, 0, 0, paris()) // the week before the clocks go forward
	for quarter := range 14 * 4 {
		f := filling{now: start.Add(time.Duration(quarter) * 6 * time.Hour)}
		for i, thread := range all {
			stamps, err := f.date(thread.lines)
			if err != nil {
				t.Fatalf("filled on %v, conversation %d: %v", f.now, i+1, err)
			}
			if last := stamps[len(stamps)-1].at; !last.Before(f.now) {
				t.Fatalf("filled on %v, conversation %d goes on until %v", f.now, i+1, last)
			}
		}
	}
}

func TestPeople_haveEveryNameThatTheThreadsUse(t *testing.T) {
	known := map[string]bool{}
	for _, p := range people {
		if known[p.login] {
			t.Errorf("%s is there twice", p.login)
		}
		known[p.login] = true
	}
	for i, thread := range threads() {
		taking := map[string]bool{}
		for _, login := range thread.people {
			if taking[login] = true; !known[login] {
				t.Errorf("conversation %d: nobody is %s", i+1, login)
			}
		}
		for _, markers := range []map[string]int{thread.unread, thread.unreceived, {thread.mutedBy: 0}} {
			for login := range markers {
				if login != "" && !taking[login] {
					t.Errorf("conversation %d: %s doesn't take part", i+1, login)
				}
			}
		}
	}
}
