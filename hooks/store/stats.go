package store

import (
	"sync/atomic"
	"time"
)

// CommitBounds are the upper bounds of the buckets of a CommitTimes. The writer commits for GroupTime at most, and a
// disk that syncs slowly takes tens of milliseconds.
var CommitBounds = [...]time.Duration{
	250 * time.Microsecond, 500 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond,
	25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, time.Second, 5 * time.Second,
}

// CommitTimes is how long the writer's transactions took, from their beginning until the disk had them.
type CommitTimes struct {
	Buckets [len(CommitBounds) + 1]int64 // the last is for those above every bound; none includes another
	Sum     time.Duration
}

// commitTimes is a CommitTimes that is being counted.
type commitTimes struct {
	buckets [len(CommitBounds) + 1]atomic.Int64
	sum     atomic.Int64 // nanoseconds
}

func (c *commitTimes) add(took time.Duration) {
	bucket := 0
	for bucket < len(CommitBounds) && took > CommitBounds[bucket] {
		bucket++
	}
	c.buckets[bucket].Add(1)
	c.sum.Add(int64(took))
}

// CommitTimes returns the transactions of the writer since the start, those that failed included.
func (s *Store) CommitTimes() (times CommitTimes) {
	for i := range times.Buckets {
		times.Buckets[i] = s.commits.buckets[i].Load()
	}
	times.Sum = time.Duration(s.commits.sum.Load())
	return times
}

// QueueLength returns how many changes wait for the writer.
func (s *Store) QueueLength() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.writer == nil {
		return 0
	}
	return len(s.writer.jobs)
}
