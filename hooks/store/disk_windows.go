package store

import (
	"path/filepath"
	"strings"
)

// SameDisk reports whether two existing directories are on the same disk.
func SameDisk(a, b string) bool {
	a, errA := filepath.Abs(a)
	b, errB := filepath.Abs(b)
	return errA == nil && errB == nil && strings.EqualFold(filepath.VolumeName(a), filepath.VolumeName(b))
}
