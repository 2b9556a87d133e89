//go:build unix

package store

import "golang.org/x/sys/unix"

// FreeBytes is how much this program may still write to the disk of a directory.
func FreeBytes(dir string) (int64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil {
		return 0, err
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil //nolint:unconvert // 32 bits on macOS
}
