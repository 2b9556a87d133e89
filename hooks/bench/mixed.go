package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"messagerie/hooks/apptest/freeport"
)

// mixed is a busy school: people write to each other in pairs, type before they do, read
// what comes and open their lists, at times that are fixed beforehand, so that a server
// can't hide that it was late.
type mixed struct {
	online int // people
	rate   int // messages a second, of all
	lists  int // lists a second, asked for over REST
	lasts  time.Duration
	warmUp time.Duration // before anything is measured

	address, pid string
	people       dataset
	begun        time.Time
	messages     []delivery // by number
	read         atomic.Int64
	refused      atomic.Int64
	listed       []float64 // ms
	memory       []float64 // MiB, each second
}

// A message counts from when it was due until the last of the two has it.
type delivery struct {
	arrived atomic.Int32
	took    atomic.Int64 // ns
}

// How often a device says what it has read and that its person types.
const (
	readEach  = 5           // messages
	typeEach  = 2           // messages of one's own
	patience  = time.Minute // for what is late, which is not lost
	listLimit = 50
)

func (s setup) measureMixed(m *mixed) error {
	ours, err := s.ours()
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(s.dataset())
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &m.people); err != nil {
		return err
	}
	if m.address, err = freeport.Address(); err != nil {
		return err
	}
	running, err := ours.start(m.address)
	if err != nil {
		return err
	}
	m.pid = running.pids
	if err := errors.Join(m.run(s.ctx), running.stop()); err != nil {
		return err
	}
	return m.write(os.Stdout)
}

// pair is two people who write to each other.
type pair struct {
	conversation int64
	people       [2]int // places in dataset.Users
}

// pairsOf finds pairs that have nobody in common.
func pairsOf(d dataset, most int) (pairs []pair) {
	free := make(map[int64]int, len(d.Users))
	for i, user := range d.Users {
		free[user.ID] = i
	}
	for _, c := range d.Conversations {
		if len(c.Participants) != 2 || len(pairs) == most {
			continue
		}
		first, isFree := free[c.Participants[0]]
		second, isFreeToo := free[c.Participants[1]]
		if isFree && isFreeToo {
			delete(free, c.Participants[0])
			delete(free, c.Participants[1])
			pairs = append(pairs, pair{c.ID, [2]int{first, second}})
		}
	}
	return pairs
}

// due is when message number n is to be sent.
func (m *mixed) due(n int) time.Time {
	return m.begun.Add(time.Duration(n) * time.Second / time.Duration(m.rate))
}

func (m *mixed) run(ctx context.Context) error {
	pairs := pairsOf(m.people, m.online/2)
	if len(pairs) < m.online/2 {
		return fmt.Errorf("%d pairs are there, for %d people", len(pairs), m.online)
	}
	m.messages = make([]delivery, int((m.warmUp+m.lasts).Seconds()*float64(m.rate)))
	var devices []*device
	for _, p := range pairs {
		for _, person := range p.people {
			d, err := m.connect(ctx, p.conversation, person)
			if err != nil {
				return err
			}
			defer func() { _ = d.conn.Close() }() // the run is over
			go d.listen()
			devices = append(devices, d)
		}
	}
	m.begun = time.Now()
	var all sync.WaitGroup
	all.Go(func() { m.watchMemory() })
	all.Go(func() { m.askForLists(ctx) })
	for i, d := range devices {
		all.Go(func() { d.talk(i, len(devices)) })
	}
	all.Wait()
	for until := time.Now().Add(patience); m.missing() > 0 && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

func (m *mixed) missing() (count int) {
	for i := range m.messages {
		if m.messages[i].arrived.Load() != 2 {
			count++
		}
	}
	return count
}

func (m *mixed) watchMemory() {
	for second := range int((m.warmUp + m.lasts).Seconds()) {
		time.Sleep(time.Until(m.begun.Add(time.Duration(second) * time.Second)))
		if kib, err := resident(m.pid); err == nil {
			m.memory = append(m.memory, float64(kib)/1024)
		}
	}
}

func (m *mixed) askForLists(ctx context.Context) {
	for n := range int((m.warmUp + m.lasts).Seconds() * float64(m.lists)) {
		due := m.begun.Add(time.Duration(n) * time.Second / time.Duration(m.lists))
		time.Sleep(time.Until(due))
		if err := m.askForList(ctx, n%len(m.people.Users)); err != nil {
			m.refused.Add(1)
			continue
		}
		m.listed = append(m.listed, time.Since(due).Seconds()*1000)
	}
}

func (m *mixed) askForList(ctx context.Context, person int) error {
	who := m.people.Users[person]
	url := fmt.Sprintf("http://%s/api/messagerie/conversations/%d/?limit=%d", m.address, who.ID, listLimit)
	_, err := request(ctx, http.MethodGet, url, who.Token, "")
	return err
}

// took is how long each message took, in ms, but for those of the warm-up.
func (m *mixed) took() (all []float64) {
	for n := range m.messages {
		if !m.due(n).Before(m.begun.Add(m.warmUp)) {
			all = append(all, float64(m.messages[n].took.Load())/1e6)
		}
	}
	return all
}

// write says how it went. A message that didn't arrive at both is an error.
func (m *mixed) write(out io.Writer) error {
	took := m.took()
	fmt.Fprintf(out, "%d online, %d messages a second with typing and reading, %d lists a second, %v\n",
		m.online, m.rate, m.lists, m.lasts)
	fmt.Fprintf(out, "send to both:    p50 %.1f  p99 %.1f  most %.1f ms\n", quantile(took, 0.5), quantile(took, 0.99), slices.Max(took))
	fmt.Fprintf(out, "a list:          p50 %.1f  p99 %.1f ms\n", quantile(m.listed, 0.5), quantile(m.listed, 0.99))
	fmt.Fprintf(out, "resident memory: %.0f MiB, %.0f after the warm-up, %.0f half way, %.0f at the end\n",
		m.memory[0], m.memory[int(m.warmUp.Seconds())], m.memory[len(m.memory)/2], m.memory[len(m.memory)-1])
	fmt.Fprintf(out, "messages read:   %d frames\n", m.read.Load())
	if missing, refused := m.missing(), m.refused.Load(); missing+int(refused) > 0 {
		return fmt.Errorf("%d of %d messages didn't reach both, %d requests were refused", missing, len(m.messages), refused)
	}
	return nil
}
