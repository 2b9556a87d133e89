package search

import (
	"slices"
	"sync"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// maxChanged bounds the ids that wait, in some hundred kilobytes. If there are more, all messages are
// compared with the index instead.
const maxChanged = 10_000

// pending is what the index lacks. New messages take no memory: their ids grow in the order of the
// commits, so the worker reads those after the newest that it has indexed. Only what isn't at the
// end is noted by its id.
type pending struct {
	wake  chan struct{} // one slot: there is something to do
	hurry chan struct{} // likewise: somebody waits for it

	mu      sync.Mutex
	isOpen  bool        // the index is open: what was announced before is found by other means
	newest  protocol.ID // that was announced
	sent    int         // messages announced so far
	changed map[protocol.ID]struct{}
	lost    bool // something has changed that isn't in changed
	damaged bool // the index can't be read
	waiting []chan struct{}
}

func newPending() *pending {
	return &pending{wake: make(chan struct{}, 1), hurry: make(chan struct{}, 1), changed: make(map[protocol.ID]struct{})}
}

// note is a listener of the store. It runs between a message and its delivery, so it does nothing more.
func (p *pending) note(change store.Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch c := change.(type) {
	case messagerie.MessageCreated:
		p.sent++
		isNewest := c.Message.ID > p.newest
		p.newest = max(p.newest, c.Message.ID)
		if p.isOpen && isNewest {
			break
		}
		p.add(c.Message.ID) // an import has chosen the id
	case messagerie.MessageChanged:
		if c.Before.Content == c.After.Content && c.Before.Deleted == c.After.Deleted && !c.LostFile() {
			return
		}
		p.add(c.After.ID)
	case messagerie.MessageRemoved: // by itself, or with its conversation
		p.add(c.Message.ID)
	case store.AnnouncementsLost:
		p.lost = true
	case store.Reset:
		p.lost = p.lost || p.isOpen
	default:
		return
	}
	signal(p.wake)
}

func (p *pending) add(id protocol.ID) {
	if len(p.changed) == maxChanged {
		clear(p.changed)
		p.lost = true
	}
	if !p.lost {
		p.changed[id] = struct{}{}
	}
}

func signal(slot chan struct{}) {
	select {
	case slot <- struct{}{}:
	default: // the worker is going to look anyway
	}
}

// open begins with an index that has all messages up to an id.
func (p *pending) open(newest protocol.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.isOpen, p.newest = true, max(p.newest, newest)
}

// taken is what take returns.
type taken struct {
	changed []protocol.ID
	lost    bool
	damaged bool
	sent    int
	waiting []chan struct{} // to be closed once all of it is indexed
}

func (p *pending) take() taken {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := taken{lost: p.lost, damaged: p.damaged, sent: p.sent, waiting: p.waiting}
	for id := range p.changed {
		t.changed = append(t.changed, id)
	}
	slices.Sort(t.changed)
	clear(p.changed)
	p.lost, p.damaged, p.waiting = false, false, nil
	return t
}

// wait returns what is closed once everything noted before is indexed.
func (p *pending) wait() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	indexed := make(chan struct{})
	p.waiting = append(p.waiting, indexed)
	signal(p.hurry)
	return indexed
}

// noteDamage has the index made anew.
func (p *pending) noteDamage() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.damaged = true
	signal(p.wake)
}
