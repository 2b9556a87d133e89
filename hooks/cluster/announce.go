package cluster

import (
	"messagerie/hooks/store"
)

// Announce implements store.Cluster: what a transaction announces stands in the log with it, so that every node tells
// its listeners the same in the same order.
func (n *Node) Announce(changes []store.Change) {
	n.announcing.Lock()
	defer n.announcing.Unlock()
	n.pending = append(n.pending, changes...)
}

// announced implements proposer. There is one transaction at a time.
func (n *Node) announced() []byte {
	n.announcing.Lock()
	changes := n.pending
	n.pending = nil
	n.announcing.Unlock()
	if len(changes) == 0 {
		return nil
	}
	data, err := store.EncodeChanges(changes)
	if err != nil { // the others must read everything again
		n.log.Error("encode announcements", "error", err)
		data, _ = store.EncodeChanges([]store.Change{store.Reset{}, store.AnnouncementsLost{}})
	}
	return data
}
