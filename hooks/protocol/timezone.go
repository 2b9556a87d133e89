package protocol

import (
	"slices"
	"strings"
	"time"
)

// DefaultTimezone is the time zone of an establishment without one.
const DefaultTimezone = "Europe/Paris"

// IsTimezone reports whether a name is in IANA's time zone database, such as Europe/Paris:
// clients know those names as well.
func IsTimezone(name string) bool {
	// Files of a machine's own copy of the database, and names that Go adds.
	foreign := []string{"", "Local", "localtime", "posixrules", "Factory"}
	if slices.Contains(foreign, name) || strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
