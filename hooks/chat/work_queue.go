package chat

import (
	"runtime"
	"sync"
)

// workQueue processes new sockets in order, a few at a time. Making a list takes a deep stack: on
// the socket's own goroutine it would stay allocated while the socket is open, and a goroutine for
// each of many reconnecting sockets would grow a new one, while all wait for the same processors.
type workQueue struct {
	do func(*socket)

	mu      sync.Mutex
	waiting []*socket
	running int
}

// maxWorkers is how many sockets are processed at a time: enough to keep processors and disk busy.
var maxWorkers = max(4, runtime.GOMAXPROCS(0))

func (q *workQueue) add(s *socket) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, s)
	if q.running < maxWorkers {
		q.running++
		go q.run()
	}
}

func (q *workQueue) run() {
	for s := q.next(); s != nil; s = q.next() {
		q.do(s)
	}
}

// next returns nil when the queue is empty: the worker must then end.
func (q *workQueue) next() *socket {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		q.waiting = nil
		q.running--
		return nil
	}
	s := q.waiting[0]
	q.waiting[0] = nil
	q.waiting = q.waiting[1:]
	return s
}
