package messagerie_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"messagerie/hooks/messagerie"
)

// Five thousand messages that quiet hours have held back are due at seven o'clock, and two people write
// to each other meanwhile. The metrics are the milliseconds until all are delivered, and the 99th
// percentile of the two people's sends before and during it.
func BenchmarkDeliverDue_5000WhileOthersWrite(b *testing.B) {
	const due, pairs = 5000, 100
	n := newNight(b, "2026-11-30 12:00:00")
	held := make([]messagerie.NewMessage, pairs)
	for i := range held {
		sender, other := n.person(fmt.Sprint("Ecrit", i)), n.person(fmt.Sprint("Lit", i))
		held[i] = messagerie.NewMessage{Conversation: n.conversation(sender, other), Sender: sender.ID, Content: "À demain matin."}
	}
	pair := messagerie.NewMessage{Conversation: n.conversation(n.claire, n.jerome), Sender: n.claire.ID, Content: "Bonjour"}
	send := func(m messagerie.NewMessage) {
		if _, _, err := n.conversations.SendMessage(m); err != nil {
			b.Error(err)
		}
	}
	// p99 sends one message after another until stop is closed.
	p99 := func(stop <-chan struct{}) time.Duration {
		var times []time.Duration
		for {
			begun := time.Now()
			send(pair)
			times = append(times, time.Since(begun))
			select {
			case <-stop:
				slices.Sort(times)
				return times[len(times)*99/100]
			default:
			}
		}
	}
	for b.Loop() {
		n.clock.set(b, "2026-11-30 22:00:00")
		var all sync.WaitGroup
		for _, m := range held {
			all.Go(func() {
				for range due / pairs {
					send(m)
				}
			})
		}
		all.Wait()
		if waiting := n.column("SELECT id FROM scheduled_messages", nil); len(waiting) != due {
			b.Fatalf("%d wait", len(waiting))
		}
		n.clock.set(b, "2026-12-01 07:00:00")
		quiet := make(chan struct{})
		time.AfterFunc(time.Second, func() { close(quiet) })
		before := p99(quiet)
		delivered := make(chan struct{})
		var took time.Duration
		go func() {
			defer close(delivered)
			begun := time.Now()
			if _, err := n.conversations.DeliverDue(); err != nil {
				b.Error(err)
			}
			took = time.Since(begun)
		}()
		during := p99(delivered)
		if waiting := n.column("SELECT id FROM scheduled_messages", nil); len(waiting) != 0 {
			b.Fatalf("%d are left", len(waiting))
		}
		b.ReportMetric(float64(took.Milliseconds()), "ms/all")
		b.ReportMetric(float64(before.Microseconds())/1000, "p99-ms-before")
		b.ReportMetric(float64(during.Microseconds())/1000, "p99-ms-during")
	}
}
