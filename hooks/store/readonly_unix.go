//go:build unix

package store

import (
	"errors"

	"golang.org/x/sys/unix"
)

// IsReadOnly reports whether a directory is on a file system that is mounted read-only.
func IsReadOnly(dir string) bool { return errors.Is(unix.Access(dir, unix.W_OK), unix.EROFS) }
