package messagerie

import (
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
)

// LimitsOf returns the table of limits on what clients send, for a school's configuration.
func LimitsOf(limits config.Limits) protocol.Limits {
	return protocol.NewLimits(protocol.Settable{
		ContentCharacters: limits.ContentCharacters,
		GroupParticipants: limits.GroupParticipants,
		EmailRecipients:   limits.EmailRecipients,
		EmailContentBytes: limits.EmailContentBytes,
	})
}
