package backup

import "time"

// SetNow lets a test choose the time.
func (s *Service) SetNow(now func() time.Time) { s.now = now }

// Interrupt leaves a restore of what is in the staging directory as it is after the first renames.
func Interrupt(dir, aside string, after int) error {
	j := journal{From: stagingDir, Aside: aside, Names: append([]string{storageDir}, replaced...)}
	if err := emptyDir(dir + "/" + aside); err != nil {
		return err
	}
	if err := moveAll(j.Names[:after], dir, dir+"/"+aside); err != nil {
		return err
	}
	return j.write(dir)
}

// WaitPoints waits for restore points that are written beside a transaction, and for a backup begun at the start.
func (s *Service) WaitPoints() { s.pending.Wait() }

// EndMinute ends the minute in which deleted people are counted.
func (s *Service) EndMinute() { s.deletions.forget() }

// SetReserve lets a test run out of room.
func (s *Service) SetReserve(bytes int64) { s.reserve = bytes }

// SetLook replaces the look at the place of backups.
func (s *Service) SetLook(look func(dataDir, to string) Weakness) { s.watch.look = look }

// IsLooking reports whether a look at the place hasn't ended.
func (s *Service) IsLooking() bool { return s.watch.busy.Load() }
