package chat

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"messagerie/hooks/protocol"
)

func TestWorkQueue_processesEachOnceInOrderAndFewAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var begun []protocol.ID
		var now, most int
		q := workQueue{do: func(s *socket) {
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
		count := 20 * maxWorkers
		for id := range protocol.ID(count) {
			q.add(&socket{user: id})
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if most != maxWorkers {
			t.Errorf("%d were processed at a time, not %d", most, maxWorkers)
		}
		if len(begun) != count {
			t.Fatalf("%d were processed of %d", len(begun), count)
		}
		for i, id := range begun {
			if early := i - int(id); early >= maxWorkers || early <= -maxWorkers {
				t.Errorf("number %d was processed as number %d", id, i)
			}
		}
		if q.running != 0 || q.waiting != nil {
			t.Errorf("%d workers still run, %v are left", q.running, q.waiting)
		}
		q.add(&socket{user: protocol.ID(count)})
		time.Sleep(time.Second)
		synctest.Wait()
		if len(begun) != count+1 {
			t.Error("one added after a pause wasn't processed")
		}
	})
}

// A list that can't be made holds up only its own person.
func TestWorkQueue_goesOnWhileOneIsBlocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Int32
		block := make(chan struct{})
		q := workQueue{do: func(s *socket) {
			if s.user == 0 {
				<-block
			}
			done.Add(1)
		}}
		for id := range protocol.ID(20) {
			q.add(&socket{user: id})
		}
		synctest.Wait()
		if got := done.Load(); got != 19 {
			t.Errorf("%d were processed besides the blocked one, not 19", got)
		}
		close(block)
		synctest.Wait()
		if got := done.Load(); got != 20 {
			t.Errorf("%d were processed, not 20", got)
		}
	})
}
