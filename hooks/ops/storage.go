package ops

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// Times of reporting a disk that takes no more.
const (
	reportEvery = time.Minute      // at most
	probeEvery  = 10 * time.Second // until it works again, if nobody writes
	probeLasts  = 5 * time.Second  // for those who ask whether the server is ready
)

// Storage knows whether the disk takes changes, and reports it on standard error when it doesn't.
type Storage struct {
	app    core.App
	store  *store.Store
	stderr io.Writer
	now    func() time.Time

	mu        sync.Mutex
	reported  time.Time // when a failure last was
	announced bool      // a failure was reported, but not yet that it is over
	probed    time.Time
}

// NewStorage watches the store of an app.
func NewStorage(app core.App, st *store.Store, stderr io.Writer) *Storage {
	s := &Storage{app: app, store: st, stderr: stderr, now: time.Now}
	st.WatchStorage(s.report)
	return s
}

// Bind tries again, while the disk takes nothing, until it does.
func (s *Storage) Bind() {
	ctx, stop := context.WithCancel(context.Background())
	s.app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		go every(ctx, probeEvery, func() {
			if s.store.Failure() != nil {
				_ = s.store.Probe() // the store notes how it ended
			}
		})
		return se.Next()
	})
	s.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		stop()
		return e.Next()
	})
}

// every calls fn once in each period until ctx ends.
func every(ctx context.Context, period time.Duration, fn func()) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			fn()
		}
	}
}

// Ready tries whether a change can be stored, and returns why not. However often it is asked, it tries once in five
// seconds.
func (s *Storage) Ready() error {
	s.mu.Lock()
	now := s.now()
	due := now.Sub(s.probed) >= probeLasts
	if due {
		s.probed = now
	}
	s.mu.Unlock()
	if due {
		if err := s.store.Probe(); err != nil {
			return err
		}
	}
	return s.store.Failure()
}

// report says once a minute at most why nothing can be stored, and once that it works again.
func (s *Storage) report(failure error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	switch {
	case failure == nil && s.announced:
		s.announced = false
		fmt.Fprintf(s.stderr, "%s %s can be written again.\n", now.Format(time.DateTime), s.app.DataDir())
	case failure != nil && now.Sub(s.reported) >= reportEvery:
		s.reported, s.announced = now, true
		fmt.Fprintf(s.stderr, "%s Nothing can be stored in %s (%s, %s). Messages can still be read; once it can be written again, everything goes on by itself.\n",
			now.Format(time.DateTime), s.app.DataDir(), s.free(), refusal.Cause(failure))
	}
}

func (s *Storage) free() string {
	bytes, err := store.FreeBytes(s.app.DataDir())
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d MB free", bytes>>20)
}
