package store

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
)

// Cluster is what a store needs of several machines that keep the same records. One of them leads: only it can store
// anything.
type Cluster interface {
	// Leads reports whether this machine leads.
	Leads() bool
	// Announce passes on what the running transaction announces, to be told on the other machines once they have it.
	Announce(changes []Change)
	// Call runs a call on the machine that leads, in the order of the calls. done is called once, unless Call returns
	// false.
	Call(name string, argument []byte, done func(result []byte, err error)) bool
	// Broadcast runs a call on all other machines, if they can be reached.
	Broadcast(name string, argument []byte)
	// Position is the number of the last transaction that this machine has.
	Position() uint64
	// WaitFor waits until this machine has a transaction and has told its listeners of it. It returns false if that takes
	// too long.
	WaitFor(position uint64) bool
}

// handler runs a call that came from another machine. It returns false, and has done nothing, if it must be tried again.
type handler func(argument []byte, done func(result []byte, err error)) bool

// Join makes the store one of several. It must be called before anything is stored.
func (s *Store) Join(c Cluster) { s.cluster = c }

// Leads reports whether this machine may store anything, and does what only one may do. A single machine always leads.
func (s *Store) Leads() bool { return s.cluster == nil || s.cluster.Leads() }

// Position is the number of the last transaction that this machine has, 0 on a single one.
func (s *Store) Position() uint64 {
	if s.cluster == nil {
		return 0
	}
	return s.cluster.Position()
}

// WaitFor waits until this machine, one of several, has a transaction and has told its listeners of it. It returns false if
// that takes too long.
func (s *Store) WaitFor(position uint64) bool { return s.cluster.WaitFor(position) }

// OnLead registers fn to be called when this machine has begun to lead, not on a single one. One is called after the other.
func (s *Store) OnLead(fn func()) { s.onLead = append(s.onLead, fn) }

// PrepareToLead is called before this machine stores anything as the leader.
func (s *Store) PrepareToLead() error { return s.startIDs() }

// BeganToLead is called once it may. It doesn't wait for those who are told.
func (s *Store) BeganToLead() {
	go func() {
		s.telling.Lock()
		defer s.telling.Unlock()
		for _, fn := range s.onLead {
			fn()
		}
	}()
}

// Handle runs a call that another machine has made.
func (s *Store) Handle(name string, argument []byte, done func(result []byte, err error)) bool {
	handle := s.calls[name]
	if handle == nil {
		done(nil, fmt.Errorf("no call is named %s: is another version running there?", name))
		return true
	}
	return handle(argument, done)
}

// Call is a function that runs where something can be stored. Arguments and results are encoded as JSON, which tells an
// empty list from none, as clients do.
type Call[A, R any] struct {
	store *Store
	name  string
}

// NewCall registers a function under a name. run calls done once, or returns false and has done nothing.
func NewCall[A, R any](s *Store, name string, run func(argument A, done func(R, error)) bool) *Call[A, R] {
	if s.calls == nil {
		s.calls = make(map[string]handler)
	}
	s.calls[name] = func(data []byte, done func([]byte, error)) bool {
		var argument A
		if err := json.Unmarshal(data, &argument); err != nil {
			done(nil, fmt.Errorf("%s: %w", name, err))
			return true
		}
		return run(argument, func(result R, err error) {
			if err != nil {
				done(nil, err)
				return
			}
			done(json.Marshal(result))
		})
	}
	return &Call[A, R]{s, name}
}

// Ask runs the call on the machine that leads, for one that doesn't: a single machine calls the function itself. As with
// run, done is called once, unless Ask returns false.
func (c *Call[A, R]) Ask(argument A, done func(R, error)) bool {
	var none R
	data, err := json.Marshal(argument)
	if err != nil {
		done(none, err)
		return true
	}
	return c.store.cluster.Call(c.name, data, func(data []byte, err error) {
		var result R
		if err == nil {
			err = json.Unmarshal(data, &result)
		}
		done(result, err)
	})
}

// Tell runs the call on all other machines, and doesn't wait.
func (c *Call[A, R]) Tell(argument A) {
	if c.store.cluster == nil {
		return
	}
	if data, err := json.Marshal(argument); err == nil {
		c.store.cluster.Broadcast(c.name, data)
	}
}

// Carry registers the types of changes that other machines are told of. They are encoded by gob, which drops unexported
// fields: those must encode themselves.
func Carry(changes ...Change) {
	for _, change := range changes {
		gob.Register(change)
	}
}

func init() { Carry(Reset{}, AnnouncementsLost{}) }

// EncodeChanges encodes changes of registered types, for DecodeChanges.
func EncodeChanges(changes []Change) ([]byte, error) {
	var out bytes.Buffer
	err := gob.NewEncoder(&out).Encode(changes)
	return out.Bytes(), err
}

// DecodeChanges decodes what EncodeChanges has made.
func DecodeChanges(data []byte) (changes []Change, err error) {
	err = gob.NewDecoder(bytes.NewReader(data)).Decode(&changes)
	return changes, err
}
