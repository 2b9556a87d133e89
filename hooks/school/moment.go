package school

import (
	"encoding/json"
	"time"

	"messagerie/hooks/refusal"
)

// ParseMoment parses a time on the wire, the value of a field; "" is the zero time.
func ParseMoment(field, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return time.Time{}, refusal.Invalid(field, "%s must be a time in RFC 3339, such as 2026-11-30T07:00:00Z.", field)
	}
	return at, nil
}

// ParseMomentOrNull parses a field of a request that is a time, or null for the zero time.
func ParseMomentOrNull(field string, value json.RawMessage) (time.Time, error) {
	var text *string
	if json.Unmarshal(value, &text) != nil {
		return time.Time{}, refusal.Invalid(field, "%s is a time in RFC 3339, or null.", field)
	}
	if text == nil {
		return time.Time{}, nil
	}
	return ParseMoment(field, *text)
}
