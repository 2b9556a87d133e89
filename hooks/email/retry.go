package email

import (
	"errors"
	"io"
	"net"
	"net/textproto"
	"slices"
	"time"
)

// delays are the waits after each failed attempt; after the last one a letter is
// given up, four days and 20 hours after the first. RFC 5321 4.5.4.1 asks for at
// least four to five days: servers fail for a weekend.
var delays = []time.Duration{
	time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 24 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

// answerTimeout bounds one attempt, from the connection to the server's last word; RFC
// 5321 4.5.3.2.6 gives a server ten minutes to accept a letter.
const answerTimeout = 10 * time.Minute

// outagePause is the wait for everybody after a server failed as a whole: it is
// tried with one letter a minute rather than with hundreds.
const outagePause = time.Minute

var (
	errNoAnswer = errors.New("the mail server didn't respond in time")
	errPanic    = errors.New("sending failed because of an error in this program; see the log")
)

// aboutUs are the 5xx answers that refuse the account or the connection that is
// configured rather than the letter (RFC 4954 6, RFC 3207 4): to be mended in the
// settings, and no reason to give up every letter of the school.
var aboutUs = []int{530, 534, 535, 538}

// isPermanent says whether the server won't take this letter ever: it answered
// 5yz (RFC 5321 4.2.1).
func isPermanent(err error) bool {
	var answer *textproto.Error
	return errors.As(err, &answer) && answer.Code/100 == 5 && !slices.Contains(aboutUs, answer.Code)
}

// isOutage says whether the next letter would fare no better: the server can't be
// reached, is closing (421, RFC 5321 3.8) or doesn't let us in (454, RFC 4954 6).
func isOutage(err error) bool {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return answer.Code == 421 || answer.Code == 454 || slices.Contains(aboutUs, answer.Code)
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, errNoAnswer)
}
