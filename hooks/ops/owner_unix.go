//go:build unix

package ops

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ErrRoot is why root doesn't run a command on the data of somebody else: the files it makes would be root's, and the
// server couldn't open them.
var ErrRoot = errors.New("root would make files there that the server can't open")

// CheckOwner refuses root on a data directory of another user. It accepts one that doesn't exist.
func CheckOwner(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return nil //nolint:nilerr // what is wrong with it, opening it tells
	}
	status, ok := info.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 || status.Uid == 0 {
		return nil
	}
	id := strconv.FormatUint(uint64(status.Uid), 10)
	name := "'#" + id + "'"
	if owner, err := user.LookupId(id); err == nil {
		name = owner.Username
	}
	return fmt.Errorf("%w: %s is of the user %s. Run it as that user: runuser -u %s -- messagerie …", ErrRoot, dir, name, name)
}
