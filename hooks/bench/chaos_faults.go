package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"messagerie/hooks/bench/wallclock"
)

// fault is one way of breaking the server.
type fault struct {
	name   string
	times  int
	brief  int // times in a brief run
	window int // messages that a writer has in flight
	disk   int // MiB of a disk of its own; 0 for that of the machine

	// strike causes it for the nth time, and returns since when messages can be stored again.
	strike func(v *victim, n int) (over time.Time, err error)
}

func faults() []fault {
	return []fault{
		{name: "kill -9", times: 50, brief: 3, window: 4, strike: killed},
		{name: "SIGTERM", times: 10, window: 4, strike: terminated},
		{name: "out of memory", times: 5, window: 4, strike: outOfMemory},
		{name: "clock an hour back", times: 5, window: 4, strike: clockBack},
		{name: "clock a day forward, then right again", times: 5, window: 4, strike: clockForward},
		{name: "corrupted end of the log", times: 10, brief: 1, window: 4, strike: logCorrupted},
		{name: "deleted -shm", times: 10, brief: 1, window: 4, strike: shmDeleted},
		{name: "full disk", times: 3, window: 1, disk: 64, strike: diskFull},
		{name: "frozen for two seconds", times: 5, window: 4, strike: frozen},
	}
}

func killed(v *victim, _ int) (time.Time, error) {
	if err := v.end("KILL"); err != nil {
		return time.Time{}, err
	}
	return v.restart()
}

func terminated(v *victim, _ int) (time.Time, error) {
	if err := v.end("TERM"); err != nil {
		return time.Time{}, err
	}
	return v.restart()
}

// outOfMemory gives the server hardly more memory than it has, and opens sockets until the kernel ends it.
func outOfMemory(v *victim, _ int) (time.Time, error) {
	const more = 4 // MiB
	free, err := limitMemory(v.server.pids, more)
	defer func() { free() }()
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: %w", errImpossible, err)
	}
	address := *v.address.Load()
	for user := 2 * writers; !v.server.hasEnded() && v.ctx.Err() == nil && user < len(v.people.Users); user++ {
		for range 5 {
			if conn := v.dial(address, user); conn != nil {
				defer func() { _ = conn.Close() }() // its server has ended
			}
		}
	}
	if err := v.waitFor("the kernel to end a server without memory", v.server.hasEnded); err != nil {
		return time.Time{}, err
	}
	v.address.Store(nil)
	return v.restart()
}

// dial opens a socket of another person, nil if the server is ending.
func (v *victim) dial(address string, user int) *websocket.Conn {
	ctx, cancel := context.WithTimeout(v.ctx, 5*time.Second)
	defer cancel()
	who := v.people.Users[user]
	conn, response, err := websocket.DefaultDialer.DialContext(ctx, fmt.Sprintf("ws://%s/ws/chat/%d/", address, who.ID),
		http.Header{"Authorization": {"Bearer " + who.Token}})
	if err != nil {
		return nil
	}
	response.Body.Close()
	return conn
}

// clockBack sets the clock of the running server back, and right again by a start.
func clockBack(v *victim, _ int) (time.Time, error) { return v.withClock(-time.Hour) }

// clockForward sets it forward: a start sets it back by a day.
func clockForward(v *victim, _ int) (time.Time, error) { return v.withClock(24 * time.Hour) }

func (v *victim) withClock(shift time.Duration) (time.Time, error) {
	pid, err := strconv.Atoi(v.server.pids)
	if err != nil {
		return time.Time{}, err
	}
	if err := wallclock.Shift(v.ctx, pid, shift); err != nil {
		return time.Time{}, err
	}
	if err := v.waitForMessages(100); err != nil {
		return time.Time{}, err
	}
	if got, err := v.clockOfNewest(); err != nil || got-shift > time.Minute || shift-got > time.Minute {
		return time.Time{}, fmt.Errorf("the newest message is of %v from now, want %v: %w", got, shift, err)
	}
	return killed(v, 0)
}

// clockOfNewest returns how far from now the server says that a new message was written.
func (v *victim) clockOfNewest() (time.Duration, error) {
	w := v.writers[0]
	url := fmt.Sprintf("http://%s/api/messagerie/messages/%d/?limit=1", *v.address.Load(), w.conversation)
	body, err := request(v.ctx, http.MethodGet, url, w.token, "")
	if err != nil {
		return 0, err
	}
	var newest []struct {
		Timestamp time.Time `json:"timestamp"`
	}
	if err := json.Unmarshal(body, &newest); err != nil || len(newest) == 0 {
		return 0, fmt.Errorf("the newest message: %s: %w", body, err)
	}
	return time.Until(newest[0].Timestamp), nil
}

// logCorrupted writes what a crash may leave after the last commit in the log.
func logCorrupted(v *victim, n int) (time.Time, error) {
	if err := v.end("KILL"); err != nil {
		return time.Time{}, err
	}
	if err := corruptTail(filepath.Join(v.dir, "data.db-wal"), n, v.random); err != nil {
		return time.Time{}, err
	}
	return v.restart()
}

// shmDeleted deletes the index of the log: of a server that was killed, and every other time of a running one as well.
func shmDeleted(v *victim, n int) (time.Time, error) {
	remove := func() error { return os.Remove(filepath.Join(v.dir, "data.db-shm")) }
	if n%2 == 1 {
		if err := errors.Join(remove(), v.waitForMessages(100)); err != nil {
			return time.Time{}, err
		}
	}
	if err := v.end("KILL"); err != nil {
		return time.Time{}, err
	}
	if err := remove(); err != nil && !errors.Is(err, os.ErrNotExist) {
		return time.Time{}, err
	}
	return v.restart()
}

// diskFull takes all room until messages are refused, and gives it back.
func diskFull(v *victim, _ int) (time.Time, error) {
	ballast := filepath.Join(filepath.Dir(v.dir), "ballast")
	before := v.refused.Load()
	err := v.waitFor("the refusal of messages on a full disk", func() bool {
		return fill(ballast) != nil || v.refused.Load() >= before+2*writers
	})
	if err != nil {
		return time.Time{}, err
	}
	return time.Now(), os.Remove(ballast)
}

// fill takes all the room of a disk.
func fill(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // what it holds is of no use
	for size := 1 << 20; size > 0; {
		switch _, err := file.Write(make([]byte, size)); {
		case errors.Is(err, syscall.ENOSPC):
			size /= 2
		case err != nil:
			return err
		}
	}
	return nil
}

// frozen stops the server, as a suspended machine does.
func frozen(v *victim, _ int) (time.Time, error) {
	if err := v.signal("STOP"); err != nil {
		return time.Time{}, err
	}
	time.Sleep(2 * time.Second)
	return time.Now(), v.signal("CONT")
}
