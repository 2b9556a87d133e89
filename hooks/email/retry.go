package email

import (
	"errors"
	"io"
	"net"
	"net/textproto"
	"slices"
	"time"
)

// delays are the backoff after each failed attempt; after the last one a letter is given
// up, four days and 20 hours after the first. RFC 5321 4.5.4.1 requires at least four to
// five days: a server may be down for a weekend.
var delays = []time.Duration{
	time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 24 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

// attemptTimeout bounds one attempt, from the connection to the server's last reply; RFC
// 5321 4.5.3.2.6 gives a server ten minutes to accept a letter.
const attemptTimeout = 10 * time.Minute

// outagePause is how long all letters wait after the server itself has failed: it is tried
// with one letter a minute rather than with hundreds.
const outagePause = time.Minute

var (
	errTimeout = errors.New("the mail server didn't respond in time")
	errPanic   = errors.New("sending failed because of an error in this program; see the log")
)

// accountCodes are the 5xx replies that refuse the configured account or connection rather
// than the letter (RFC 4954 6, RFC 3207 4): they are fixed in the settings, and no reason
// to give up every letter of the school.
var accountCodes = []int{530, 534, 535, 538}

// isPermanent reports whether this letter will never be sent: the server replied 5yz (RFC 5321 4.2.1), or it is an
// invitation with a void code.
func isPermanent(err error) bool {
	if errors.Is(err, errSuperseded) {
		return true
	}
	var reply *textproto.Error
	return errors.As(err, &reply) && reply.Code/100 == 5 && !slices.Contains(accountCodes, reply.Code)
}

// isOutage reports whether the next letter would fail as well: the server can't be reached,
// is closing (421, RFC 5321 3.8) or doesn't let us log in (454, RFC 4954 6).
func isOutage(err error) bool {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code == 421 || reply.Code == 454 || slices.Contains(accountCodes, reply.Code)
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, errTimeout)
}
