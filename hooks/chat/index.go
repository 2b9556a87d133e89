package chat

import (
	"slices"
	"sync"

	"messagerie/hooks/protocol"
)

// indexShards spreads the locks of the index.
const indexShards = 64

// index finds the sockets of a person. Slices are replaced, never changed, so that no lock is held
// while sending.
type index struct {
	limit  int // sockets of one person
	shards [indexShards]struct {
		sync.RWMutex
		sockets map[protocol.ID][]*socket
	}

	count struct {
		sync.Mutex
		open    int
		waiting chan struct{} // closed when open reaches 0
	}
}

func (x *index) shard(user protocol.ID) int { return int(uint64(user) * 0x9E3779B97F4A7C15 >> 58) }

// add returns false if the person already has the maximum number of sockets.
func (x *index) add(s *socket) bool {
	shard := &x.shards[x.shard(s.user)]
	shard.Lock()
	defer shard.Unlock()
	sockets := shard.sockets[s.user]
	if len(sockets) >= x.limit {
		return false
	}
	if shard.sockets == nil {
		shard.sockets = make(map[protocol.ID][]*socket)
	}
	shard.sockets[s.user] = append(slices.Clip(sockets), s)
	x.counted(+1)
	return true
}

func (x *index) remove(s *socket) {
	shard := &x.shards[x.shard(s.user)]
	shard.Lock()
	defer shard.Unlock()
	sockets := shard.sockets[s.user]
	i := slices.Index(sockets, s)
	if i < 0 {
		return
	}
	if len(sockets) == 1 {
		delete(shard.sockets, s.user)
	} else {
		shard.sockets[s.user] = slices.Concat(sockets[:i], sockets[i+1:])
	}
	x.counted(-1)
}

func (x *index) counted(by int) {
	x.count.Lock()
	defer x.count.Unlock()
	x.count.open += by
	if x.count.open == 0 && x.count.waiting != nil {
		close(x.count.waiting)
		x.count.waiting = nil
	}
}

// open returns the number of sockets.
func (x *index) open() int {
	x.count.Lock()
	defer x.count.Unlock()
	return x.count.open
}

// emptied is closed once no socket is open.
func (x *index) emptied() <-chan struct{} {
	x.count.Lock()
	defer x.count.Unlock()
	done := make(chan struct{})
	if x.count.open == 0 {
		close(done)
	} else {
		x.count.waiting = done
	}
	return done
}

// of returns the sockets of a person. The slice must not be changed.
func (x *index) of(user protocol.ID) []*socket {
	shard := &x.shards[x.shard(user)]
	shard.RLock()
	defer shard.RUnlock()
	return shard.sockets[user]
}

// users returns everybody who has a socket.
func (x *index) users() []protocol.ID {
	var users []protocol.ID
	for i := range x.shards {
		shard := &x.shards[i]
		shard.RLock()
		for user := range shard.sockets {
			users = append(users, user)
		}
		shard.RUnlock()
	}
	return users
}

// all returns all sockets.
func (x *index) all() []*socket {
	var all []*socket
	for i := range x.shards {
		shard := &x.shards[i]
		shard.RLock()
		for _, sockets := range shard.sockets {
			all = append(all, sockets...)
		}
		shard.RUnlock()
	}
	return all
}
