package backup

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// When a restore point is taken before people are deleted. The dashboard deletes one after the other, so that the first
// of many can't be told from a single one.
const (
	deletedPeople = 20          // of which no restore point is taken
	deletedWithin = time.Minute // counted from the first
)

// erasedWithin is the time of which one restore point is enough for those who are erased each night because they have left:
// what was erased stays in it.
const erasedWithin = 7 * 24 * time.Hour

// truncation is PocketBase's route that deletes all records of a collection.
const truncation = http.MethodDelete + " /api/collections/{collection}/truncate"

// deletions counts deleted people. From the first on it holds a snapshot from before, for a minute at most; after a
// restore point it waits until none was deleted for a minute.
type deletions struct {
	mu      sync.Mutex
	count   int
	snap    *snapshot // nil once the restore point was begun
	refused error     // why it couldn't be taken
	timer   *time.Timer
}

// forget begins to count anew.
func (d *deletions) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
	}
	if d.snap != nil {
		d.snap.close()
	}
	d.count, d.snap, d.refused, d.timer = 0, nil, nil, nil
}

// refuse lets nobody else be deleted for a minute.
func (d *deletions) refuse(err error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refused = fmt.Errorf("nobody else was deleted, because no restore point could be taken: %w", err)
	return d.refused
}

// add counts one person, and returns the snapshot from before the first when they are too many.
func (d *deletions) add(open func() (*snapshot, error)) (before *snapshot, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.count == 0:
		if d.snap, err = open(); err != nil {
			return nil, err
		}
		d.timer = time.AfterFunc(deletedWithin, d.forget)
	case d.snap == nil:
		d.timer.Reset(deletedWithin)
	}
	if d.count++; d.count > deletedPeople {
		before, d.snap = d.snap, nil
	}
	return before, d.refused
}

// bindDeletions takes restore points before a collection is emptied, and before more than deletedPeople are deleted.
// If one can't be taken nothing is deleted.
func (s *Service) bindDeletions() {
	if s.settings.RestorePoints == 0 {
		return
	}
	s.app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		se.Router.BindFunc(func(e *core.RequestEvent) error {
			if strings.TrimSuffix(e.Request.Pattern, "/{$}") == truncation && e.HasSuperuserAuth() {
				if err := s.beforeTruncation(e); err != nil {
					return e.InternalServerError("Nothing was deleted, because no restore point could be taken: "+err.Error()+".", err)
				}
			}
			return e.Next()
		})
		return se.Next()
	})
	s.app.OnRecordDelete("users").Bind(store.Handler(store.PriorityBeforeWriter, func(e *core.RecordEvent) error {
		if err := s.beforeDeletion(e.Context, e.App.IsTransactional()); err != nil {
			return err
		}
		return e.Next()
	}))
}

func (s *Service) beforeTruncation(e *core.RequestEvent) error {
	collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
	if err != nil {
		return nil //nolint:nilerr // PocketBase tells that there is none
	}
	if collection.IsView() { // PocketBase refuses that
		return nil
	}
	_, err = s.Point(e.Request.Context(), "before_truncating_"+strings.ToLower(collection.Name))
	return err
}

// beforeDeletion is called before each person is deleted. In a transaction, which keeps others from writing, the restore
// point is written beside it: what it is of is fixed already.
func (s *Service) beforeDeletion(ctx context.Context, inTransaction bool) error {
	if school.IsErasing(ctx) {
		if recent, err := s.hasPoint(kindDeleting, s.now().Add(-erasedWithin)); recent || err != nil {
			return err
		}
	}
	snap, err := s.deletions.add(func() (*snapshot, error) {
		return openSnapshot(context.WithoutCancel(ctx), filepath.Join(s.app.DataDir(), databaseFile))
	})
	if err != nil || snap == nil {
		return err
	}
	if err := s.checkRoom(s.app.DataDir(), archive{contents: databaseOnly}); err != nil {
		snap.close()
		return s.deletions.refuse(err)
	}
	write := func() error {
		if _, err := s.pointOf(context.WithoutCancel(ctx), snap, kindDeleting+"_people"); err != nil {
			s.app.Logger().Error("take a restore point before people are deleted", "error", err)
			return s.deletions.refuse(err)
		}
		return nil
	}
	if !inTransaction {
		return write()
	}
	s.pending.Go(func() { _ = write() }) // logged
	return nil
}
