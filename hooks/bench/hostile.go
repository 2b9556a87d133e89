package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"messagerie/hooks/apptest/freeport"
)

// hostile is a run of attacks, one after the other, each on a server of its own, beside
// two people who write to each other and behave.
type hostile struct {
	setup  setup
	lasts  time.Duration // each
	warmUp time.Duration
	only   string // part of a name; "" for all
	memory int    // MiB that the server may have, 0 for any
	brief  bool   // without the responses that come only when the server runs out of patience

	attacker string // this program, which is started once more to attack
}

// The school, and how often the two write, which is what people do: below every limit.
const (
	hostilePeople   = 600
	hostileMessages = 20_000
	hostileRate     = 20
)

// What has to hold while an attack goes on.
const (
	mostLatency = 50.0 // ms, p99 until both have a message
	mostGrowth  = 100  // MiB
	mostMemory  = 512  // MiB, what a small machine has
	mostLog     = 16   // MiB, of a log that may have 64 in the long run
)

// result is what came of one attack.
type result struct {
	attack                attack
	each                  float64 // of the attack, a second
	done                  int64
	seconds               float64
	responses             string
	took                  []float64 // ms, of the two's messages
	before, highest, last float64   // MiB resident
	cores                 float64   // that the server kept busy
	log                   int64     // bytes
	mails                 int
	missing               []string // responses that the attackers should have received
	lost                  int
	shutOut               int64  // requests and log-ins of others that were refused
	died                  string // what the server said in the end
}

// broken is what doesn't hold, "" if everything does. Of time alone it doesn't judge.
func (r result) broken() string {
	switch {
	case r.died != "":
		return "the server ended"
	case r.lost > 0:
		return fmt.Sprintf("%d messages lost", r.lost)
	case r.highest-r.before >= max(mostGrowth, r.attack.grows):
		return fmt.Sprintf("grew by %.0f MiB", r.highest-r.before)
	case r.highest >= mostMemory:
		return fmt.Sprintf("took %.0f MiB", r.highest)
	case r.shutOut > 0:
		return fmt.Sprintf("%d of others refused", r.shutOut)
	case r.log >= mostLog<<20:
		return fmt.Sprintf("logged %d MiB", r.log>>20)
	case r.mails > r.attack.mails, r.attack.mails > 0 && r.mails == 0:
		return fmt.Sprintf("%d mails sent", r.mails)
	case r.attack.perSecond > 0 && float64(r.done) > burst+float64(r.attack.perSecond)*r.seconds:
		return fmt.Sprintf("sent %d responses in %.1f s", r.done, r.seconds)
	case len(r.missing) > 0:
		return "nobody received " + strings.Join(r.missing, ", ")
	}
	return ""
}

// run makes the school and tries every attack on it.
func (h hostile) run() ([]result, error) {
	school := filepath.Join(h.setup.work, "school")
	err := h.setup.do(h.setup.work, h.setup.messagerie, "demo", "--dir", school, noDev, "--fill-only",
		"--dataset", h.setup.dataset(), "--people", strconv.Itoa(hostilePeople), "--messages", strconv.Itoa(hostileMessages))
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(h.setup.dataset())
	if err != nil {
		return nil, err
	}
	var people dataset
	if err := json.Unmarshal(raw, &people); err != nil {
		return nil, err
	}
	var all []result
	for _, a := range attacksNamed(h.only) {
		r, err := h.try(a, school, people)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
		all = append(all, r)
		fmt.Fprintln(os.Stderr, r.line())
	}
	return all, nil
}

// try starts a server on a copy of the school and attacks it.
func (h hostile) try(a attack, school string, people dataset) (r result, err error) {
	dir := filepath.Join(h.setup.work, "attacked")
	if err := os.CopyFS(dir, os.DirFS(school)); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	address, err := freeport.Address()
	if err != nil {
		return r, err
	}
	args := []string{"serve", "--dir", dir, noDev, "--http", address}
	var mails mailServer
	var configuration string
	switch {
	case a.mails > 0:
		if err := mails.open(h.setup.ctx); err != nil {
			return r, err
		}
		defer mails.close()
		configuration = mails.configuration(address)
	case a.cluster:
		configuration = nodeConfiguration(address)
		args = append(args, "--cluster-init")
	}
	if configuration != "" {
		config := filepath.Join(h.setup.work, "attacked.yaml")
		if err := os.WriteFile(config, []byte(configuration), 0o600); err != nil {
			return r, err
		}
		args = append(args, "--config", config)
	}
	server, err := h.setup.launch(address, nil, h.setup.messagerie, args...)
	if err != nil {
		return r, err
	}
	freed, err := limitMemory(server.pids, h.memory)
	defer func() {
		_ = server.stop() // it may have ended by itself, which is said otherwise
		freed()
	}()
	if err != nil {
		return r, err
	}
	r.attack = a
	pair := &mixed{online: 2, rate: hostileRate, lists: 2, warmUp: h.warmUp, lasts: h.lasts,
		address: address, pid: server.pids, people: people}
	h.attack(&r, pair, server)
	r.mails = int(mails.received.Load())
	if r.log, err = sizeOf(dir, "auxiliary.db", "auxiliary.db-wal"); err != nil {
		return r, err
	}
	return r, nil
}

// attack lets the two write, and attacks when they have warmed up.
func (h hostile) attack(r *result, pair *mixed, server running) {
	ctx := h.setup.ctx
	var all sync.WaitGroup
	attacked := make(chan struct{})
	want := r.attack.wanted(h.brief)
	var report attackReport
	var failed error
	all.Go(func() {
		defer close(attacked)
		time.Sleep(h.warmUp)
		r.before = mebibytes(server.pids, "VmRSS")
		busy, began := processorTime(server.pids), time.Now()
		report, failed = h.startAttacker(r.attack, pair.address)
		r.cores = float64(processorTime(server.pids)-busy) / float64(time.Since(began))
	})
	all.Go(func() { newTarget(ctx, pair.address, pair.people).logInAsOthers(attacked, &r.shutOut) })
	err := pair.run(ctx)
	all.Wait()
	r.done, r.seconds = report.Done, report.Seconds
	r.each, r.responses, r.missing = report.each(), report.shares(), report.missing(want)
	time.Sleep(h.warmUp) // it may still be busy
	r.highest, r.last = mebibytes(server.pids, "VmHWM"), mebibytes(server.pids, "VmRSS")
	r.took, r.lost = pair.took(), pair.missing()
	r.shutOut += pair.refused.Load()
	if err = errors.Join(err, failed); server.hasEnded() || err != nil {
		r.died = fmt.Sprint(err, server.said())
	}
}

// logInAsOthers has people of the school log in from where the attack comes from, and
// counts those who can't.
func (t *target) logInAsOthers(attacked <-chan struct{}, refused *int64) {
	const pause = time.Second
	for n := 0; ; n++ {
		select {
		case <-attacked:
			return
		case <-time.After(pause):
		}
		email, err := t.emailOf(bystander + n%10)
		if err != nil {
			*refused++
			continue
		}
		body := fmt.Sprintf(`{"identity":%q,"password":%q}`, email, demoPassword)
		if _, err := request(t.ctx, http.MethodPost, t.url(logInPath), "", body); err != nil {
			*refused++
		}
	}
}

// mebibytes is one of the sizes that Linux tells of a process, 0 for one that has ended.
func mebibytes(pid, name string) float64 {
	kib, err := memoryOf(pid, name)
	if err != nil {
		return 0
	}
	return float64(kib) / 1024
}

// sizeOf adds up files, of which some may not be there.
func sizeOf(dir string, names ...string) (size int64, err error) {
	for _, name := range names {
		info, err := os.Stat(filepath.Join(dir, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	return size, nil
}
