package cluster

import (
	"context"

	"github.com/hashicorp/raft"
)

// era is the time in which one node leads, as far as this one knows.
type era struct {
	leader string // its address; "" if there is none
	ctx    context.Context
	end    context.CancelFunc
}

// eraOf returns a context that ends when another node leads, or none.
func (n *Node) eraOf(leader string) context.Context {
	n.eras.Lock()
	defer n.eras.Unlock()
	if n.era.ctx == nil || n.era.leader != leader {
		if n.era.end != nil {
			n.era.end()
		}
		n.era.leader = leader
		n.era.ctx, n.era.end = context.WithCancel(context.Background())
	}
	return n.era.ctx
}

// whileLed returns a context that ends with another one, or when the leader is another node: one that is frozen wouldn't
// answer.
func (n *Node) whileLed(ctx context.Context, leader string) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(n.eraOf(leader), cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}

// watchLeader breaks what waits for a node that doesn't lead any more.
func (n *Node) watchLeader() {
	seen := make(chan raft.Observation, 16)
	n.raft.RegisterObserver(raft.NewObserver(seen, false, func(o *raft.Observation) bool {
		_, ok := o.Data.(raft.LeaderObservation)
		return ok
	}))
	go func() {
		for {
			select {
			case o := <-seen:
				leader := string(o.Data.(raft.LeaderObservation).LeaderAddr)
				n.eraOf(leader)
				n.link.leaderChanged(leader)
			case <-n.closing:
				return
			}
		}
	}()
}
