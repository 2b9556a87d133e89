//go:build unix

package ops

import "syscall"

// KeepPrivate makes every file and directory that this process creates readable by its own user only:
// databases, attachments, backups, exports.
func KeepPrivate() { syscall.Umask(0o077) }
