package backup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const statusFile = "backup.json"

// Status is how the last backup ended, by the schedule or by the command. The zero value: there was none.
type Status struct {
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	To       string    `json:"to"`                 // the directory, or s3
	Name     string    `json:"name,omitempty"`     // of the archive
	Bytes    int64     `json:"bytes,omitempty"`    // of the archive
	Error    string    `json:"error,omitempty"`    // "" if it is good
	LastGood time.Time `json:"last_good,omitzero"` // when the last good one was begun, whatever came after
	GoodTo   string    `json:"good_to,omitempty"`  // where that one is
}

// Good reports whether the last backup is one.
func (s Status) Good() bool { return s.Error == "" && !s.Finished.IsZero() }

// goodTo is where the last good backup is, "" if none is known. Earlier versions have only noted where the last one went.
func (s Status) goodTo() string {
	if s.GoodTo == "" && s.Good() {
		return s.To
	}
	return s.GoodTo
}

// Last returns how the last backup of a data directory ended.
func Last(dataDir string) (status Status, err error) {
	data, err := os.ReadFile(filepath.Join(dataDir, statusFile))
	if errors.Is(err, fs.ErrNotExist) {
		return status, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &status)
	}
	return status, err
}

// note remembers how a backup ended. One that wasn't begun because another is being made is no failure.
func (s *Service) note(started time.Time, to string, made Made, failure error) error {
	if errors.Is(failure, ErrRunning) {
		return nil
	}
	last, err := Last(s.app.DataDir())
	if err != nil {
		last = Status{} // damaged: begun again
	}
	status := Status{Started: started.UTC(), Finished: s.now().UTC(), To: to, Name: made.Name, Bytes: made.Bytes, LastGood: last.LastGood, GoodTo: last.goodTo()}
	if failure != nil {
		status.Error = failure.Error()
	}
	if made.Name != "" { // also if old ones couldn't be removed
		status.LastGood, status.GoodTo = status.Started, to
	}
	return writeJSON(filepath.Join(s.app.DataDir(), statusFile), status)
}
