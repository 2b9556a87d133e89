package main

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// storedMessage is a message as far as it is compared.
type storedMessage struct {
	ID       int64  `json:"id"`
	SenderID int64  `json:"sender_id"`
	ClientID string `json:"client_id"`
	Content  string `json:"content"`
}

// checked counts what is wrong with messages that were read back.
type checked struct {
	lost      int // acknowledged, but not there, or with another id or text
	doubled   int // there more than once, or acknowledged with two ids
	reordered int // before one that the same person sent earlier, or below the last id of its page
}

func (c checked) isBroken() bool { return c != checked{} }

func (c checked) String() string {
	return fmt.Sprintf("%d lost, %d doubled, %d out of order", c.lost, c.doubled, c.reordered)
}

func (c *checked) add(other checked) {
	c.lost, c.doubled, c.reordered = c.lost+other.lost, c.doubled+other.doubled, c.reordered+other.reordered
}

// transcript is what a conversation holds, as its pages tell.
type transcript struct {
	last     int64 // id
	messages map[string]storedMessage
	highest  map[int64]int // number of a message, by the writer's id
	checked  map[int64]int // numbers below it were found, by the writer's id
	found    checked
}

func newTranscript() *transcript {
	return &transcript{messages: map[string]storedMessage{}, highest: map[int64]int{}, checked: map[int64]int{}}
}

// checkNew reads the messages after those that it read before, and looks for what was acknowledged until now.
func (v *victim) checkNew() (checked, error) { return v.readInto(v.read) }

// check reads everything from the beginning.
func (v *victim) check() (checked, error) { return v.readInto(map[int64]*transcript{}) }

func (v *victim) readInto(read map[int64]*transcript) (total checked, err error) {
	ends := make([][]int64, len(v.writers)) // before reading: what comes later may be missing
	for i, w := range v.writers {
		w.mu.Lock()
		ends[i] = append(ends[i], w.ids...)
		w.mu.Unlock()
	}
	for i, w := range v.writers {
		t := read[w.conversation]
		if t == nil {
			t = newTranscript()
			read[w.conversation] = t
		}
		if err := v.readOn(t, w); err != nil {
			return total, err
		}
		t.compare(w, ends[i])
	}
	for _, t := range read {
		total.add(t.found)
	}
	for _, w := range v.writers {
		w.mu.Lock()
		total.doubled += w.differ
		w.mu.Unlock()
	}
	return total, nil
}

// readOn reads the pages of a writer's conversation after the last one.
func (v *victim) readOn(t *transcript, w *chaosWriter) error {
	const page = 200
	for {
		url := fmt.Sprintf("http://%s/api/messagerie/messages/%d/?limit=%d&after=%d", *v.address.Load(), w.conversation, page, t.last)
		body, err := request(v.ctx, http.MethodGet, url, w.token, "")
		if err != nil {
			return err
		}
		var messages []storedMessage
		if err := json.Unmarshal(body, &messages); err != nil {
			return err
		}
		for _, m := range messages {
			t.take(m)
		}
		if len(messages) < page {
			return nil
		}
	}
}

// take adds the next message of a page.
func (t *transcript) take(m storedMessage) {
	if m.ID <= t.last {
		t.found.reordered++
	}
	t.last = m.ID
	var writer, n int
	if _, err := fmt.Sscanf(m.ClientID, "chaos-%d-%d", &writer, &n); err != nil {
		return // it was there before
	}
	if _, again := t.messages[m.ClientID]; again {
		t.found.doubled++
		return
	}
	t.messages[m.ClientID] = m
	if highest, any := t.highest[m.SenderID]; any && n < highest {
		t.found.reordered++
	}
	t.highest[m.SenderID] = max(n, t.highest[m.SenderID])
}

// compare looks for what was acknowledged to one writer, whose ids are given by number.
func (t *transcript) compare(w *chaosWriter, ids []int64) {
	all := true // before this one
	for n := t.checked[w.user]; n < len(ids); n++ {
		if ids[n] == 0 {
			all = false
			continue
		}
		m, isThere := t.messages[w.clientID(n)]
		if !isThere || m.ID != ids[n] || m.SenderID != w.user || m.Content != w.text(n) {
			t.found.lost++
		}
		if all {
			t.checked[w.user] = n + 1
		}
	}
}
