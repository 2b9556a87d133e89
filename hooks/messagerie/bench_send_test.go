package messagerie_test

import (
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// A message through the rules and the commit to its announcement, without sockets: alone it has
// the latency of one commit, with others it shares one.
func BenchmarkSendMessage(b *testing.B) {
	for _, senders := range []int{1, 64, 200} {
		b.Run(strconv.Itoa(senders)+"AtOnce", func(b *testing.B) {
			app := apptest.New(b)
			school := app.Establishment("École")
			me := app.Person(school, protocol.RoleTeacher, "Claire", "Martin")
			other := app.Person(school, protocol.RoleParent, "Jérôme", "Lefèvre")
			message := messagerie.NewMessage{Conversation: app.Conversation(me, other), Sender: me.ID,
				Content: "Bonjour, Léa sera absente demain matin, merci de noter."}
			var all sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			begun := processorTime(b)
			for i := range senders {
				all.Go(func() {
					for n := i; n < b.N; n += senders {
						if _, _, err := app.Conversations.SendMessage(message); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64((processorTime(b)-begun).Nanoseconds())/float64(b.N), "cpu-ns/op")
		})
	}
}

// processorTime returns what this process has used: on a busy machine that says more than the
// wall clock.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// The delivered markers of thirty people who have received a message in their group.
func BenchmarkMarkDelivered_groupOf30(b *testing.B) {
	app := apptest.New(b)
	school := app.Establishment("École")
	people := make([]apptest.Person, 30)
	for i := range people {
		people[i] = app.Person(school, protocol.RoleParent, "Parent", strconv.Itoa(i))
	}
	group := app.Conversation(people...)
	batch := make([]messagerie.Delivered, len(people))
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		sent := app.Says(people[0], group, "Bonjour")
		for i, person := range people {
			batch[i] = messagerie.Delivered{Conversation: group, User: person.ID, UpTo: sent.ID}
		}
		b.StartTimer()
		if err := app.Conversations.MarkDelivered(batch); err != nil {
			b.Fatal(err)
		}
	}
}

// 64 people open their conversations at the same time, and mark everything as read.
func BenchmarkMarkRead_newest(b *testing.B) {
	app := apptest.New(b)
	school := app.Establishment("École")
	claire := app.Person(school, protocol.RoleTeacher, "Claire", "Martin")
	people := make([]apptest.Person, 64)
	conversations := make([]protocol.ID, len(people))
	for i := range people {
		people[i] = app.Person(school, protocol.RoleParent, "Parent", strconv.Itoa(i))
		conversations[i] = app.Conversation(claire, people[i])
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for _, conversation := range conversations {
			app.Says(claire, conversation, "Bonjour")
		}
		b.StartTimer()
		var all sync.WaitGroup
		for i, person := range people {
			all.Go(func() {
				if err := app.Conversations.MarkRead(person.ID, conversations[i], 0); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
	}
}
