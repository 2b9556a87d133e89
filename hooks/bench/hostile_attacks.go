package main

import (
	"fmt"
	"net/http"
	"strings"
)

// attack is one way of trying to bring the server down.
type attack struct {
	name string
	run  func(*target)

	// The responses that must come, each at least once: an attack that doesn't arrive
	// shows nothing. See outcomes for the spelling.
	want []string
	slow bool // they come only when the server runs out of patience, for which a brief run doesn't wait

	cluster bool // the server is a node of a cluster, alone

	mails int // the most that the school's mail server may be given; 0 runs without one

	grows float64 // MiB that the server may grow by, where it needs more than mostGrowth for a good reason

	// The most responses a second, after the burst that everybody may have: who is refused waits for it. 0 for any.
	perSecond int
}

// burst is how many requests of a person are served at once, limits.requests_burst.
const burst = 500

// Responses to many attacks.
const (
	unauthorized = "401 unauthorized"
	forbidden    = "403 forbidden"
	invalid      = "400 invalid_request"
	tooLarge     = "413 too_large"
	tooMany      = "429 too_many_requests"
	flooded      = "closed 4029"
	cutOff       = "cut off"
)

// attacks are those that were tried on it: by strangers, by people of the school, and over sockets.
func attacks() []attack {
	all := []attack{{name: "nothing", run: func(t *target) { <-t.ctx.Done() }}}
	all = append(all, attacksOfStrangers()...)
	all = append(all, attacksOfPupils()...)
	all = append(all, attacksInGroups()...)
	all = append(all, attacksOverSockets()...)
	return append(all, attacksOnNodes()...)
}

func attacksOfStrangers() []attack {
	return []attack{
		{name: "50 strangers with realtime connections of 1000 long subscriptions each", run: func(t *target) { t.subscribe(50, "") }, want: []string{unauthorized, tooMany}},
		{name: "400 of them", run: func(t *target) { t.subscribe(400, "") }, want: []string{unauthorized, tooMany}},
		{name: "strangers posting 1000 long subscriptions", want: []string{unauthorized, tooMany}, run: func(t *target) {
			t.post(20, "/api/realtime", "", subscriptions("nobody"))
		}},
		{name: "4 strangers posting 32 MB of JSON", want: []string{unauthorized}, run: func(t *target) {
			t.post(4, "/api/collections/messages/records", "", largeBody())
		}},
		{name: "4 log-ins of 32 MB", want: []string{tooLarge}, run: func(t *target) { t.post(4, logInPath, "", largeBody()) }},
		{name: "404s with long addresses and user agents", run: (*target).askForNothing, want: []string{"404 not_found", tooMany}},
		{name: "log-ins without a name", want: []string{invalid, tooMany}, run: func(t *target) { t.post(50, logInPath, "", []byte("{}")) }},
		{name: "log-ins as people who don't exist", run: (*target).guessNames, want: []string{invalid}},
		{name: "log-ins with wrong passwords", run: (*target).guessPasswords, want: []string{invalid}},
		{name: "log-ins with the right password, of one person", run: (*target).logInAgain, want: []string{"200", tooMany}},
		{name: "health checks", run: getting("/api/health"), want: []string{"200", tooMany}},
		{name: "log-in pages", run: getting("/api/messagerie/school/"), want: []string{"200", tooMany}},
		{name: "requests for a verification", run: func(t *target) { t.askFor("request-verification") }, want: []string{forbidden, tooMany}},
		{name: "50 password resets at a time, of one person", run: func(t *target) { t.askFor("request-password-reset") }, want: []string{"204", tooMany}, mails: 3},
		{name: "the page's scripts, compressed each time", run: (*target).fetchScripts, want: []string{"200"}},
		{name: "500 scripts that aren't read", want: []string{"200"}, run: func(t *target) { t.leaveUnread(500, t.scripts()[0], "") }},
		{name: "500 headers, a line a second", run: func(t *target) { t.drip("GET /api/health HTTP/1.1\r\nHost: school\r\n", "X-More: x\r\n") }, want: []string{cutOff}, slow: true},
		{name: "500 bodies, a byte a second", want: []string{cutOff}, slow: true,
			run: func(t *target) {
				t.drip("POST "+logInPath+" HTTP/1.1\r\nHost: school\r\nContent-Type: application/json\r\nContent-Length: 8000\r\n\r\n", " ")
			}},
	}
}

func attacksOfPupils() []attack {
	return []attack{
		{name: "50 realtime connections of a pupil", run: func(t *target) { t.subscribe(50, t.token(attackers)) }, want: []string{forbidden, tooMany}},
		{name: "a pupil posting 32 MB of JSON", want: []string{forbidden}, run: func(t *target) {
			t.post(4, "/api/collections/messages/records", t.token(attackers), largeBody())
		}},
		{name: "a pupil's letter to 3.6 million", want: []string{forbidden}, run: func(t *target) {
			t.post(2, "/api/email/send/", t.token(attackers), listBody("recipients", 3_600_000, `"subject":"x","content":"x",`))
		}},
		{name: "a teacher's letters to 3.6 and 16 million", want: []string{tooLarge, invalid}, run: (*target).writeLetters},
		{name: "a million people to remove from a group", want: []string{tooLarge, "400 too_many_participants"}, run: (*target).removeMany},
		{name: "searches for 300 KB", want: []string{"431"}, run: func(t *target) { t.search(strings.Repeat("ab%20", 60_000)) }},
		{name: "searches for 4 KB", want: []string{invalid, tooMany}, run: func(t *target) { t.search(strings.Repeat("ab%20", 800)) }},
		{name: "searches for a hundred letters, by 10 pupils", want: []string{"200"}, run: func(t *target) {
			t.search(strings.Repeat("a%20e%20r%20i%20", 25))
		}},
		{name: "a pupil's groups of 250", run: (*target).makeGroups, want: []string{"201", tooMany}},
		{name: "a pupil's renaming a group of 250", run: (*target).renameGroup, want: []string{"200", tooMany}},
		{name: "a pupil's editing a message of 9990 <", run: (*target).editMessage, want: []string{"200", tooMany}},
		{name: "a pupil's changing their language to and fro", run: (*target).changeProfile, want: []string{"200", tooMany}},
		{name: "one person's list, as fast as it comes", want: []string{"200", tooMany}, perSecond: 100, run: func(t *target) {
			t.repeat(50, http.MethodGet, fmt.Sprintf("/api/messagerie/conversations/%d/?limit=200", t.people.Users[attackers].ID), nil)
		}},
		{name: "one person's history, in the largest pages", run: (*target).readHistory, want: []string{"200"}, perSecond: 100},
		{name: "one person's requests on 400 connections", want: []string{"200", tooMany}, perSecond: 200, run: func(t *target) {
			t.repeat(400, http.MethodGet, "/api/messagerie/me/", nil)
		}},
		{name: "long addresses and user agents of 10 pupils, which are logged", run: (*target).askAtLength, want: []string{"200"}},
		{name: "300 pages of long messages that aren't read", run: (*target).leavePagesUnread, want: []string{"200"}},
	}
}

func attacksOverSockets() []attack {
	return []attack{
		{name: "messages of 9990 <, to sockets that don't read", run: writeToIdleReaders(strings.Repeat("<", 9990)), want: []string{"201", tooMany, cutOff}},
		{name: "messages of 9990 é, to sockets that don't read", run: writeToIdleReaders(strings.Repeat("é", 9990)), want: []string{"201", tooMany, cutOff}},
		{name: "10 sockets of pongs", run: flooding(nil, wsFrame(0xA, true, "")), want: []string{flooded}},
		{name: "10 sockets of pings", run: flooding(nil, wsFrame(0x9, true, "x")), want: []string{flooded}},
		{name: "10 sockets of empty fragments", run: flooding(wsFrame(0x1, false, "{"), wsFrame(0x0, false, "")), want: []string{flooded}},
		{name: "10 sockets of binary frames", run: flooding(nil, wsFrame(0x2, true, "x")), want: []string{flooded}},
		{name: "10 sockets of nonsense", run: flooding(nil, wsFrame(0x1, true, `{"type":"x"}`)), want: []string{flooded}},
	}
}

// wanted are the responses that a run must see, a brief one or not.
func (a attack) wanted(brief bool) []string {
	if brief && a.slow {
		return nil
	}
	return a.want
}

// attacksNamed are those whose names hold a text.
func attacksNamed(part string) (named []attack) {
	for _, a := range attacks() {
		if strings.Contains(a.name, part) {
			named = append(named, a)
		}
	}
	return named
}
