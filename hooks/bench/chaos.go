package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"messagerie/hooks/bench/wallclock"
)

// chaos breaks the server under load in many ways, and checks that whatever it acknowledged is stored once and in
// order.
type chaos struct {
	setup setup
	only  string // part of a fault's name; "" for all
	times int    // of each fault; 0 for its own number
	brief bool   // a few of each, at short intervals
	seed  uint64 // of the moments
}

// The school and its writers.
const (
	chaosPeople   = 200
	chaosMessages = 500
	writers       = 8
)

// Waiting.
const (
	longestWait   = 900 * time.Millisecond // from one fault to the next, while everybody writes
	shortestWait  = 100 * time.Millisecond
	chaosPatience = time.Minute // for what has to happen
	poll          = 2 * time.Millisecond
)

// errImpossible says that a fault can't be caused on this machine, or by this user.
var errImpossible = wallclock.ErrImpossible

// suffered is what came of one fault.
type suffered struct {
	fault        string
	times        int
	acknowledged int
	checked
	served  []float64 // seconds until the first acknowledgement afterwards
	skipped error     // why it couldn't be caused
}

// run tries every fault on a school of its own.
func (c chaos) run() ([]suffered, error) {
	school := filepath.Join(c.setup.work, "school")
	config, err := c.setup.configured()
	if err != nil {
		return nil, err
	}
	err = c.setup.do(c.setup.work, c.setup.messagerie, "demo", "--dir", school, "--config", config, noDev, "--fill-only",
		"--dataset", c.setup.dataset(), "--people", strconv.Itoa(chaosPeople), "--messages", strconv.Itoa(chaosMessages))
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(c.setup.dataset())
	if err != nil {
		return nil, err
	}
	var people dataset
	if err := json.Unmarshal(raw, &people); err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(c.seed, c.seed))
	var all []suffered
	for _, f := range faults() {
		if !strings.Contains(f.name, c.only) || c.brief && f.brief == 0 {
			continue
		}
		s, err := c.try(f, school, config, people, random)
		if err != nil {
			return all, fmt.Errorf("%s: %w", f.name, err)
		}
		all = append(all, s)
		fmt.Fprintln(os.Stderr, s.line())
	}
	return all, nil
}

// try starts a server on a copy of the school, and causes one fault again and again while people write.
func (c chaos) try(f fault, school, config string, people dataset, random *rand.Rand) (s suffered, err error) {
	s = suffered{fault: f.name}
	v := &victim{setup: c.setup, ctx: c.setup.ctx, config: config, people: people, random: random, brief: c.brief}
	free, err := v.settle(f, school)
	defer func() { err = errors.Join(err, free()) }()
	if errors.Is(err, errImpossible) {
		s.skipped = err
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := v.start(); err != nil {
		return s, err
	}
	defer func() { _ = v.server.stop() }() // it may have ended by itself
	v.beginWriting(f)
	defer v.stopWriting()
	times := cmp.Or(c.times, f.times)
	if c.brief {
		times = f.brief
	}
	for range times {
		err := v.suffer(&s, f)
		if errors.Is(err, errImpossible) {
			s.skipped = err
			break
		}
		if err != nil {
			return s, fmt.Errorf("%w\n%s", err, v.server.said())
		}
	}
	if err := v.endWriting(); err != nil {
		return s, fmt.Errorf("%w\n%s", err, v.server.said())
	}
	s.acknowledged = v.acknowledged()
	s.checked, err = v.check()
	return s, err
}

// suffer causes the fault once, at a random moment, waits until messages are stored again, and reads back what was
// acknowledged before.
func (v *victim) suffer(s *suffered, f fault) error {
	wait := longestWait
	if v.brief {
		wait = 2 * shortestWait
	}
	if err := v.waitForMessages(writers); err != nil {
		return err
	}
	time.Sleep(shortestWait/2 + time.Duration(v.random.Int64N(int64(wait))))
	over, err := f.strike(v, s.times)
	if err != nil {
		return err
	}
	if err := v.waitForMessages(1); err != nil {
		return err
	}
	s.served = append(s.served, time.Since(over).Seconds())
	s.times++
	found, err := v.checkNew()
	if err == nil && found.isBroken() {
		err = fmt.Errorf("after %d: %s", s.times, found)
	}
	return err
}

// waitForMessages waits until so many more messages are acknowledged.
func (v *victim) waitForMessages(count int) error {
	target := v.acknowledged() + count
	return v.waitFor("messages that are acknowledged", func() bool { return v.acknowledged() >= target })
}

func (v *victim) waitFor(what string, isThere func() bool) error {
	for until := time.Now().Add(chaosPatience); !isThere(); time.Sleep(poll) {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(until) {
			return fmt.Errorf("waited in vain for %s", what)
		}
	}
	return nil
}
