package roster_test

import (
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

// large is a school of 20 000 people: 9 000 students with a parent each, and 2 000 teachers.
func large() roster.Roster {
	r := roster.Roster{Format: roster.FormatSIECLE, Year: year, Complete: everybody}
	for i := range 9000 {
		key, adult, class := fmt.Sprint("s", i), fmt.Sprint("p", i), fmt.Sprint(i%300, "e")
		pupil := student(key, fmt.Sprint(firstNames[i%len(firstNames)], i), lastNames[i%len(lastNames)], fmt.Sprintf("2014-%02d-%02d", i%12+1, i%28+1))
		pupil.ExternalID, pupil.INE = key, fmt.Sprintf("INE%06d", i)
		guardian := parent(adult, "Parent "+strconv.Itoa(i), lastNames[i%len(lastNames)], fmt.Sprintf("p%d@famille.example", i))
		guardian.ExternalID = adult
		r.People = append(r.People, pupil, guardian)
		r.Enrollments = append(r.Enrollments, in(key, class))
		r.Guardianships = append(r.Guardianships, of(adult, key))
	}
	for i := range 2000 {
		key := fmt.Sprint("t", i)
		p := teacher(key, "Prof "+strconv.Itoa(i), "Durand", fmt.Sprintf("t%d@ecole.example", i))
		p.ExternalID = key
		r.People = append(r.People, p)
		r.Enrollments = append(r.Enrollments, roster.Enrollment{Person: key, Class: fmt.Sprint(i%300, "e"), Role: protocol.InClassTeacher})
	}
	return r
}

// resident returns a line of /proc/self/status in MiB: VmRSS is the memory of the process now,
// VmHWM the most so far.
func resident(b *testing.B, line string) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("no /proc:", err)
	}
	kib, err := strconv.Atoi(string(regexp.MustCompile(line + `:\s+(\d+)`).FindSubmatch(status)[1]))
	if err != nil {
		b.Fatal(err)
	}
	return float64(kib) / 1024
}

// processorTime is what the process has used so far: on a shared machine it says more than the clock.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkImport_of20000People also measures how long a message takes meanwhile.
func BenchmarkImport_of20000People(b *testing.B) {
	for b.Loop() {
		app := apptest.New(b)
		college := app.Establishment("Cité scolaire")
		claire, jerome := app.Person(college, "admin", "Claire", "Martin"), app.Person(college, "admin", "Jérôme", "Lefèvre")
		conversation := app.Conversation(claire, jerome)
		r := large()
		debug.FreeOSMemory()
		before := resident(b, "VmRSS")
		began, beganCPU := time.Now(), processorTime(b)
		id, err := app.Rosters.PlanRoster(claire.ID, college, &r)
		if err != nil {
			b.Fatal(err)
		}
		planned := time.Since(began)

		sent := time.Now()
		for range 20 {
			app.Says(claire, conversation, "Bonjour")
		}
		b.ReportMetric(float64(time.Since(sent).Milliseconds())/20, "ms-message-before")

		stop := make(chan struct{})
		var writing sync.WaitGroup
		var took []time.Duration
		writing.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(100 * time.Millisecond):
				}
				sent := time.Now()
				app.Says(claire, conversation, "Bonjour")
				took = append(took, time.Since(sent))
			}
		})
		if err := app.Rosters.Apply(college, id, nil); err != nil {
			b.Fatal(err)
		}
		app.Rosters.Wait()
		applied := time.Since(began) - planned
		b.ReportMetric((processorTime(b) - beganCPU).Seconds(), "s-processor")
		close(stop)
		writing.Wait()
		if got := app.Count("users"); got != 20_002 {
			b.Fatalf("%d people", got)
		}
		slices.Sort(took)
		began = time.Now()
		if _, err = app.Rosters.PlanRoster(claire.ID, college, &r); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(planned.Seconds(), "s-planned")
		b.ReportMetric(applied.Seconds(), "s-applied")
		b.ReportMetric(time.Since(began).Seconds(), "s-again")
		b.ReportMetric(resident(b, "VmHWM")-before, "MiB-more")
		b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms-message-median")
		b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "ms-message-p99")
		b.ReportMetric(float64(took[len(took)-1].Milliseconds()), "ms-message-most")
		began = time.Now()
		if err := app.Rosters.Undo(college, id); err != nil {
			b.Fatal(err)
		}
		app.Rosters.Wait()
		b.ReportMetric(time.Since(began).Seconds(), "s-undone")
		app.Stop()
	}
}
