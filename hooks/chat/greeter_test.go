package chat

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"messagerie/hooks/protocol"
)

func TestGreeter_greetsEachOnceInOrderAndFewAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var begun []protocol.ID
		var now, most int
		g := greeter{greet: func(s *socket) {
			mu.Lock()
			begun = append(begun, s.user)
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Millisecond)
			mu.Lock()
			now--
			mu.Unlock()
		}}
		come := 20 * atOnce
		for id := range protocol.ID(come) {
			g.add(&socket{user: id})
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if most != atOnce {
			t.Errorf("%d were greeted at once, not %d", most, atOnce)
		}
		if len(begun) != come {
			t.Fatalf("%d were greeted of %d", len(begun), come)
		}
		for i, id := range begun {
			if early := i - int(id); early >= atOnce || early <= -atOnce {
				t.Errorf("the one that came as number %d was greeted as number %d", id, i)
			}
		}
		if g.running != 0 || g.waiting != nil {
			t.Errorf("%d still wait for somebody, %v are left", g.running, g.waiting)
		}
		g.add(&socket{user: protocol.ID(come)})
		time.Sleep(time.Second)
		synctest.Wait()
		if len(begun) != come+1 {
			t.Error("who came after a pause wasn't greeted")
		}
	})
}

// A list that can't be made is that of one person.
func TestGreeter_goesOnWhileOneWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var greeted atomic.Int32
		block := make(chan struct{})
		g := greeter{greet: func(s *socket) {
			if s.user == 0 {
				<-block
			}
			greeted.Add(1)
		}}
		for id := range protocol.ID(20) {
			g.add(&socket{user: id})
		}
		synctest.Wait()
		if got := greeted.Load(); got != 19 {
			t.Errorf("%d were greeted beside the one that waits, not 19", got)
		}
		close(block)
		synctest.Wait()
		if got := greeted.Load(); got != 20 {
			t.Errorf("%d were greeted, not 20", got)
		}
	})
}
