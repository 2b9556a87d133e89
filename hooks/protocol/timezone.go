package protocol

import (
	"slices"
	"strings"
	"time"
)

// DefaultTimezone is that of an establishment that names none.
const DefaultTimezone = "Europe/Paris"

// IsTimezone says whether a name is in IANA's time zone database, such as Europe/Paris:
// those are the names that clients know as well.
func IsTimezone(name string) bool {
	// Files of a machine's own copy of the database, and names that Go adds.
	foreign := []string{"", "Local", "localtime", "posixrules", "Factory"}
	if slices.Contains(foreign, name) || strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
