package backup

import (
	"errors"
	"fmt"
	"time"
)

// prune removes the backups that are too many or too old, but never the one that was just made. If removing one fails,
// the others go nevertheless.
func (s *Service) prune(p place, made string) error {
	found, err := p.list()
	if err != nil {
		return fmt.Errorf("list the backups: %w", err)
	}
	for _, name := range due(found, s.settings.Keep, s.settings.KeepDays, s.now()) {
		if name != made {
			err = errors.Join(err, p.remove(name))
		}
	}
	if err != nil {
		return fmt.Errorf("remove old backups: %w", err)
	}
	return nil
}

// due lists those that are to be removed of what is stored, newest first. The newest is kept at any age. keepDays 0 is
// for any age.
func due(found []Stored, keep, keepDays int, now time.Time) (names []string) {
	for i, stored := range found {
		old := keepDays > 0 && stored.Made.Before(now.AddDate(0, 0, -keepDays))
		if i > 0 && (i >= keep || old) {
			names = append(names, stored.Name)
		}
	}
	return names
}
