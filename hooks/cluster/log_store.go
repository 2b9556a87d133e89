package cluster

import (
	"time"

	"github.com/hashicorp/raft"
)

// watchedLog is raft's log and what it must not forget, such as its term. It notes why nothing can be stored.
type watchedLog struct {
	raft.LogStore
	raft.StableStore
	node *Node
}

func (w watchedLog) StoreLog(log *raft.Log) error { return w.StoreLogs([]*raft.Log{log}) }

// StoreLogs implements raft.LogStore. A node that can't store entries doesn't count for the majority, and may miss any
// number of them.
func (w watchedLog) StoreLogs(logs []*raft.Log) error {
	err := w.LogStore.StoreLogs(logs)
	w.note(err)
	return err
}

// SetUint64 implements raft.StableStore. raft ends the process if it can't store its term: on a full disk it has to wait
// instead, so that messages can still be read here.
func (w watchedLog) SetUint64(key []byte, value uint64) error {
	for {
		err := w.StableStore.SetUint64(key, value)
		w.note(err)
		if err == nil {
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-w.node.closing:
			select {} // see close, which doesn't wait for this
		}
	}
}

func (w watchedLog) note(err error) {
	if err == nil {
		w.node.unstored.Store(nil)
		return
	}
	if w.node.unstored.Swap(&err) == nil {
		w.node.log.Error("the cluster's log can't be stored", "error", err)
	}
}
