//go:build unix

package store

import "golang.org/x/sys/unix"

// SameDisk reports whether two existing directories are on the same disk.
func SameDisk(a, b string) bool {
	var first, second unix.Stat_t
	return unix.Stat(a, &first) == nil && unix.Stat(b, &second) == nil && first.Dev == second.Dev
}
