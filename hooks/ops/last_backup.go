package ops

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// backupFile is in the data directory: how the last backup ended.
const backupFile = "backup.json"

// Backup is how a backup ended.
type Backup struct {
	Finished time.Time `json:"finished"`
	OK       bool      `json:"ok"`
	Error    string    `json:"error"` // why it isn't OK
	Bytes    int64     `json:"bytes"`
	File     string    `json:"file"`
}

// LastBackup reads how the last backup of a data directory ended; nil if none was ever made.
func LastBackup(dataDir string) (*Backup, error) {
	data, err := os.ReadFile(filepath.Join(dataDir, backupFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var last Backup
	if err := json.Unmarshal(data, &last); err != nil {
		return nil, fmt.Errorf("%s: %w", backupFile, err)
	}
	return &last, nil
}
