package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/config"
)

const (
	cronBackup = "messagerieBackup"
	// missed is the age of the last good backup from which a server that starts doesn't wait for the night.
	missed = 26 * time.Hour
)

// bindSchedule makes a backup each night, once a place is named, and removes old restore points.
func (s *Service) bindSchedule() {
	ctx, stop := context.WithCancel(context.Background())
	s.app.Cron().MustAdd("messagerieRestorePoints", "11 3 * * *", func() {
		if err := s.prunePoints(); err != nil {
			s.app.Logger().Error("remove old restore points", "error", err)
		}
	})
	s.app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		stop()
		return e.Next()
	})
	if s.settings.To == "" {
		return
	}
	run := func() { s.scheduled(ctx) }
	s.app.Cron().MustAdd(cronBackup, s.settings.Cron(), run)
	s.app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		last, err := Last(se.App.DataDir())
		if err == nil && last.due(s.now()) {
			s.pending.Go(run)
		}
		return se.Next()
	})
}

// due reports whether a server that starts makes a backup at once: the last one failed, or was cut short when it was
// stopped, or it was off when the next one was due.
func (s Status) due(now time.Time) bool {
	return s.Error != "" || !s.LastGood.IsZero() && now.Sub(s.LastGood) > missed
}

func (s *Service) scheduled(ctx context.Context) {
	if s.Leads != nil && !s.Leads() {
		return
	}
	made, err := s.Create(ctx, "")
	if s.settings.To != config.BackupS3 {
		s.lookAtPlace(nil) // the first backup makes it
	}
	switch {
	case errors.Is(err, ErrRunning), ctx.Err() != nil:
	case err != nil:
		s.app.Logger().Error("make a backup", "to", s.settings.To, "error", err)
		fmt.Fprintf(os.Stderr, "%s The backup failed: %v\n", s.now().Format(time.DateTime), err)
	default:
		s.app.Logger().Info("A backup was made.", "to", s.settings.To, "name", made.Name, "bytes", made.Bytes)
	}
}
