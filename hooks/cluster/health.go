package cluster

import (
	"time"

	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// Ready returns why nothing can be stored through this node, or why it doesn't follow the others: nil if all is well, and
// on a nil node. Load balancers ask this.
func (n *Node) Ready() error {
	if n == nil {
		return nil
	}
	if err := n.failure(); err != nil {
		return err
	}
	if leader, _ := n.raft.LeaderWithID(); leader == "" {
		return refusal.NoLeader
	}
	return nil
}

// failure is what keeps this node from following the cluster, nil if nothing does.
func (n *Node) failure() error {
	for _, why := range []*error{n.stuck.Load(), n.unstored.Load()} {
		if why != nil {
			return *why
		}
	}
	return nil
}

// strayedAfter is how long a node may be unready before its sockets are closed, and new ones refused, so that they go to one
// that hears what is stored. An election takes about two seconds.
const strayedAfter = 5 * time.Second

// watchHealth closes the sockets of a node that is cut off, or whose disk is full.
func (n *Node) watchHealth() {
	tick := time.NewTicker(strayedAfter / 10)
	defer tick.Stop()
	ready := time.Now()
	for {
		select {
		case <-tick.C:
		case <-n.closing:
			return
		}
		switch err := n.Ready(); {
		case err == nil:
			ready = time.Now()
			n.strayed.Store(false)
		case time.Since(ready) >= strayedAfter && !n.strayed.Swap(true):
			n.log.Warn("this node doesn't follow the cluster: its sockets are closed", "error", err)
			if s := n.served.Load(); s != nil && s.ready.Load() {
				s.store.Notify(store.AnnouncementsLost{})
			}
		}
	}
}
