//go:build unix

package chat_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// What contact rules cost, in turn with everybody writing to everybody: a hundred pairs of a teacher and a
// parent of their class, each with one message in flight, and a group of thirty with one. The metrics
// are messages a second and microseconds of processor time a message, both ends, medians of the rounds, and
// the ratios.
func BenchmarkContacts_inTurn(b *testing.B) {
	benchmarkInTurn(b, "contacts", protocol.ContactsOpen, protocol.ContactsRules, nil)
}

// What quiet hours cost by day, in turn with them turned off.
func BenchmarkQuietHours_inTurn(b *testing.B) {
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	benchmarkInTurn(b, "quiet", protocol.QuietOff, protocol.QuietDefer, func() time.Time { return noon })
}

func benchmarkInTurn(b *testing.B, field, without, with string, clock func() time.Time) {
	b.Run("pairs", func(b *testing.B) { benchmarkRule(b, field, without, with, clock, 100, 2, 2000) })
	b.Run("groupOf30", func(b *testing.B) { benchmarkRule(b, field, without, with, clock, 4, 30, 400) })
}

func benchmarkRule(b *testing.B, field, without, with string, clock func() time.Time, conversations, size, messages int) {
	app := apptest.New(b, withoutFrameLimit)
	if clock != nil {
		app.People.SetClock(clock)
	}
	school := app.EstablishmentWithRules("École")
	talks := make([]talk, conversations)
	for n := range talks {
		talks[n] = newTalk(b, app, school, n, size)
	}
	rates, costs := map[string][]float64{}, map[string][]float64{}
	for b.Loop() {
		for range 9 {
			for _, mode := range []string{without, with} {
				app.Change("establishments", school, map[string]any{field: mode})
				each := messages / conversations
				talkAll(talks, each/10) // lists, and what changed, are out of the way
				begun, used := time.Now(), processorTime(b)
				talkAll(talks, each)
				sent := float64(each * conversations)
				rates[mode] = append(rates[mode], sent/time.Since(begun).Seconds())
				costs[mode] = append(costs[mode], float64((processorTime(b)-used).Microseconds())/sent)
			}
		}
	}
	median := func(of map[string][]float64, mode string) float64 {
		slices.Sort(of[mode])
		return of[mode][len(of[mode])/2]
	}
	for unit, of := range map[string]map[string][]float64{"msg/s": rates, "cpu-µs/msg": costs} {
		b.ReportMetric(median(of, without), without+"-"+unit)
		b.ReportMetric(median(of, with), with+"-"+unit)
		b.ReportMetric(median(of, with)/median(of, without), "ratio-"+unit)
	}
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// talk is a conversation whose first person writes.
type talk struct {
	sockets []*apptest.Socket
	frame   []byte
}

func newTalk(b *testing.B, app *apptest.App, school protocol.ID, n, size int) talk {
	b.Helper()
	people := []apptest.Person{app.Person(school, protocol.RoleTeacher, "A", strconv.Itoa(n))}
	child := app.Person(school, protocol.RoleStudent, "Enfant", strconv.Itoa(n))
	app.Enroll(app.Class(school, strconv.Itoa(n), child), people[0], protocol.InClassTeacher)
	for i := range size - 1 {
		parent := app.Person(school, protocol.RoleParent, "B", fmt.Sprint(n, " ", i))
		app.Guardian(parent, protocol.RelationMother, child)
		people = append(people, parent)
	}
	t := talk{frame: []byte(chatFrame(b, app.Conversation(people...), "Bonjour "+strconv.Itoa(n)))}
	for _, person := range people {
		socket, _ := app.Dial(person)
		t.sockets = append(t.sockets, socket)
	}
	return t
}

func talkAll(talks []talk, messages int) {
	var wait sync.WaitGroup
	for _, t := range talks {
		wait.Go(func() {
			for range messages {
				if t.sockets[0].Conn.WriteMessage(websocket.TextMessage, t.frame) != nil {
					return
				}
				for _, socket := range t.sockets {
					socket.Expect(protocol.TypeNewMessage, nil)
				}
			}
		})
	}
	wait.Wait()
}

// A rule changes while many are online: the time until all of them have their list, and the 99th
// percentile of the delay of messages between two other people, during the change and without it.
func BenchmarkRuleChange_whileManyAreOnline(b *testing.B) {
	online := 5000
	if n, err := strconv.Atoi(os.Getenv("ONLINE")); err == nil {
		online = n
	}
	app := apptest.New(b, withoutFrameLimit)
	school := app.EstablishmentWithRules("École")
	lycee := app.Establishment("Lycée")
	pair := talk{frame: nil}
	one, other := app.Person(lycee, protocol.RoleTeacher, "Une", "Autre"), app.Person(lycee, protocol.RoleTeacher, "Un", "Autre")
	pair.frame = []byte(chatFrame(b, app.Conversation(one, other), "Bonjour"))
	for _, person := range []apptest.Person{one, other} {
		socket, _ := app.Dial(person)
		pair.sockets = append(pair.sockets, socket)
	}
	office := app.Person(school, protocol.RoleAdmin, "Olga", "Bureau")
	arrived := make(chan struct{}, 1<<20)
	for i := range online {
		person := app.Person(school, protocol.RoleParent, "P", strconv.Itoa(i))
		app.Conversation(office, person)
		socket, _ := app.Dial(person)
		go func() {
			for range socket.Frames() {
				arrived <- struct{}{}
			}
		}()
	}
	latencies := func(until func() bool) time.Duration {
		var times []time.Duration
		for !until() {
			begun := time.Now()
			talkAll([]talk{pair}, 1)
			times = append(times, time.Since(begun))
		}
		slices.Sort(times)
		return times[len(times)*99/100]
	}
	rules := []string{protocol.RuleNever, protocol.RuleAlways}
	for n := 0; b.Loop(); n++ {
		quietUntil := time.Now().Add(2 * time.Second)
		before := latencies(func() bool { return time.Now().After(quietUntil) })
		for len(arrived) > 0 {
			<-arrived
		}
		begun := time.Now()
		record, err := app.FindFirstRecordByFilter("contact_rules", "establishment = '"+school.RecordID()+"' && from_role = 'parent' && to_role = 'admin'")
		if err != nil {
			app.Create("contact_rules", map[string]any{"establishment": school.RecordID(), "from_role": "parent", "to_role": "admin", "rule": rules[0]})
		} else {
			app.Change("contact_rules", protocol.ParseID(record.Id), map[string]any{"rule": rules[n%2]})
		}
		during := latencies(func() bool { return len(arrived) >= online })
		b.ReportMetric(float64(time.Since(begun).Milliseconds()), "ms/all-lists")
		b.ReportMetric(float64(before.Microseconds())/1000, "ms/p99-before")
		b.ReportMetric(float64(during.Microseconds())/1000, "ms/p99-during")
	}
}
