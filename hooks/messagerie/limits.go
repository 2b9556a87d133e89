package messagerie

import (
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// LimitsOf is the table of what clients may send to a school with these limits.
func LimitsOf(limits config.Limits) protocol.Limits {
	return protocol.NewLimits(protocol.Settable{
		ContentCharacters: limits.ContentCharacters,
		GroupParticipants: limits.GroupParticipants,
		EmailRecipients:   limits.EmailRecipients,
		EmailContentBytes: limits.EmailContentBytes,
	})
}
