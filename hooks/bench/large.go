package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"messagerie/hooks/apptest/freeport"
)

// What is asked of each database, and how fast.
const (
	starts  = 5
	asked   = 3000
	busy    = 200                   // conversations that the first person has at least
	pause   = 12 * time.Millisecond // each time one of each kind is asked
	settles = 3 * time.Second       // what is left of a start
)

// What is asked.
const (
	lists     = "conversation list"
	longLists = "conversation list of 200, all with unread messages"
	histories = "page of a history"
	searches  = "search for people"
)

// database is a generated school that is measured.
type database struct {
	people, each, messages int
}

func (d database) name() string {
	return fmt.Sprintf("%d messages, %d people with %d conversations", d.messages, d.people, d.each)
}

// compareSizes measures how fast a large school responds, and a small one.
// Both servers run, and are asked in turn.
func (s setup) compareSizes(folder string, large database) error {
	sides := []*side{}
	for _, d := range []database{{1000, large.each, 10_000}, large} {
		made, err := s.open(filepath.Join(folder, fmt.Sprintf("%d-%d-%d", d.people, d.each, d.messages)), d)
		if err != nil {
			return err
		}
		sides = append(sides, made)
	}
	for _, one := range sides {
		if err := one.startOften(); err != nil {
			return err
		}
		defer one.running.stop() //nolint:errcheck // the figures are there by then
	}
	time.Sleep(settles)
	for _, one := range sides {
		var err error
		if one.resident, err = resident(one.running.pids); err != nil {
			return err
		}
	}
	for _, one := range sides {
		if err := one.befriend(); err != nil {
			return err
		}
	}
	for range asked {
		for _, one := range sides {
			if err := one.askAll(); err != nil {
				return err
			}
		}
		time.Sleep(pause)
	}
	writeSizes(os.Stdout, sides)
	return nil
}

// side is one of the two.
type side struct {
	setup    setup
	database database
	dir      string
	people   dataset
	file     int64 // bytes
	address  string
	running  running
	started  []float64            // ms
	resident int64                // KiB
	took     map[string][]float64 // ms, by kind of request
}

type dataset struct {
	Users []struct {
		ID    int64  `json:"id"`
		Token string `json:"token"`
	} `json:"users"`
	Conversations []struct {
		ID           int64   `json:"id"`
		Participants []int64 `json:"participants"`
	} `json:"conversations"`
}

// open fills a folder, unless it was filled before.
func (s setup) open(dir string, d database) (*side, error) {
	path := filepath.Join(s.work, filepath.Base(dir)+".json")
	fmt.Fprintln(os.Stderr, "filling", dir)
	err := s.do(s.work, s.messagerie, "demo", "--dir", dir, noDev, "--fill-only", "--dataset", path, "--people", strconv.Itoa(d.people),
		"--conversations-each", strconv.Itoa(d.each), "--messages", strconv.Itoa(d.messages))
	if err != nil {
		return nil, err
	}
	made := &side{setup: s, database: d, dir: dir, took: map[string][]float64{}}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(filepath.Join(dir, "data.db"))
	if err != nil {
		return nil, err
	}
	made.file = info.Size()
	return made, json.Unmarshal(raw, &made.people)
}

// startOften measures the time from the start to the first response. The last server stays.
func (o *side) startOften() error {
	config, err := o.setup.configured()
	if err != nil {
		return err
	}
	for n := range starts {
		address, err := freeport.Address()
		if err != nil {
			return err
		}
		begun := time.Now()
		running, err := o.setup.launch(address, nil, o.setup.messagerie, "serve", "--dir", o.dir, "--config", config, "--http", address, noDev)
		if err != nil {
			return err
		}
		o.address, o.running = address, running
		_, err = o.ask("/api/health", "")
		o.started = append(o.started, time.Since(begun).Seconds()*1000)
		if last := n == starts-1; err != nil || !last {
			if err = errors.Join(err, running.stop()); err != nil {
				return err
			}
		}
	}
	return nil
}

// befriend gives the first person as many conversations as a busy teacher has, each
// with a message that is unread.
func (o *side) befriend() error {
	first := o.people.Users[0]
	for _, other := range o.people.Users[1 : busy+1] {
		var made struct {
			ID int64 `json:"conversation_id"`
		}
		body := fmt.Sprintf(`{"participants":[%d]}`, other.ID)
		if err := o.post("/api/messagerie/conversations/create/", first.Token, body, &made); err != nil {
			return err
		}
		path := fmt.Sprintf("/api/messagerie/messages/%d/", made.ID)
		if err := o.post(path, other.Token, `{"content":"Bonjour, auriez-vous un moment demain ?"}`, nil); err != nil {
			return err
		}
		time.Sleep(pause)
	}
	return nil
}

// sought are the beginnings that people type, of common names and rare ones.
var sought = []string{"ma", "mar", "je", "jerome", "jerome lef", "le", "elod", "garcon", "durand ma", "zoe", "wojcik", "martin"}

// askAll requests a list, a page of a history, and a search, as random people.
func (o *side) askAll() error {
	conversation := o.people.Conversations[rand.IntN(len(o.people.Conversations))]
	user := conversation.Participants[rand.IntN(len(conversation.Participants))]
	first := o.people.Users[0]
	token := o.people.Users[user-1].Token // generated people are numbered from 1
	for _, q := range []struct{ kind, path, token string }{
		{lists, fmt.Sprintf("/api/messagerie/conversations/%d/?limit=200", user), token},
		{longLists, fmt.Sprintf("/api/messagerie/conversations/%d/?limit=200", first.ID), first.Token},
		{histories, fmt.Sprintf("/api/messagerie/messages/%d/", conversation.ID), token},
		{searches, "/api/messagerie/search/1/?q=" + strings.ReplaceAll(sought[rand.IntN(len(sought))], " ", "+"), token},
	} {
		took, err := o.ask(q.path, q.token)
		if err != nil {
			return err
		}
		o.took[q.kind] = append(o.took[q.kind], took.Seconds()*1000)
	}
	return nil
}

func (o *side) ask(path, token string) (time.Duration, error) {
	begun := time.Now()
	_, err := request(o.setup.ctx, http.MethodGet, "http://"+o.address+path, token, "")
	return time.Since(begun), err
}

func (o *side) post(path, token, body string, into any) error {
	answer, err := request(o.setup.ctx, http.MethodPost, "http://"+o.address+path, token, body)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

// resident is the memory of a process in KiB.
func resident(pid string) (int64, error) { return memoryOf(pid, "VmRSS") }

// memoryOf is one of the sizes of a process in KiB, as Linux tells it.
func memoryOf(pid, name string) (int64, error) {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] == name+":" {
			return strconv.ParseInt(words[1], 10, 64)
		}
	}
	return 0, fmt.Errorf("/proc says nothing of %s", name)
}

func writeSizes(out io.Writer, sides []*side) {
	small, large := sides[0], sides[1]
	fmt.Fprintf(out, "\n| | %s | %s | |\n|---|---|---|---|\n", small.database.name(), large.database.name())
	row := func(name, format string, a, b float64) {
		fmt.Fprintf(out, "| %s | "+format+" | "+format+" | %.2f |\n", name, a, b, b/a)
	}
	for _, kind := range []string{lists, longLists, histories, searches} {
		row(kind+", p50, ms", "%.2f", quantile(small.took[kind], 0.5), quantile(large.took[kind], 0.5))
		row("… p99, ms", "%.2f", quantile(small.took[kind], 0.99), quantile(large.took[kind], 0.99))
	}
	row("start to first response, ms", "%.0f", median(small.started), median(large.started))
	row("resident memory at rest, MiB", "%.1f", float64(small.resident)/1024, float64(large.resident)/1024)
	row("data.db, MiB", "%.0f", float64(small.file)/(1<<20), float64(large.file)/(1<<20))
}

// quantile is the value that a share of all doesn't exceed.
func quantile(values []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
