package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"messagerie/hooks/apptest/freeport"
)

// victim is the server that suffers a fault, with those who write to it.
type victim struct {
	setup  setup
	ctx    context.Context
	config string
	people dataset
	random *rand.Rand
	brief  bool

	dir     string // of the data
	server  running
	address atomic.Pointer[string] // nil while it is down

	writers []*chaosWriter
	writing sync.WaitGroup
	stop    context.CancelFunc
	refused atomic.Int64          // messages
	read    map[int64]*transcript // by conversation, as far as it was read back
}

// settle copies the school to where the server is to run: a small disk, if the fault needs one.
func (v *victim) settle(f fault, school string) (free func() error, err error) {
	place := filepath.Join(v.setup.work, "victim")
	free = func() error { return os.RemoveAll(place) }
	if err := os.MkdirAll(place, 0o700); err != nil {
		return free, err
	}
	if f.disk > 0 {
		mount := exec.CommandContext(v.ctx, "mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", f.disk), "chaos", place)
		if out, err := mount.CombinedOutput(); err != nil {
			return free, fmt.Errorf("%w: a disk of its own: %s", errImpossible, out)
		}
		free = func() error {
			return errors.Join(exec.CommandContext(context.WithoutCancel(v.ctx), "umount", place).Run(), os.RemoveAll(place))
		}
	}
	v.dir = filepath.Join(place, "data")
	return free, os.CopyFS(v.dir, os.DirFS(school))
}

// start starts the server, on an address of its own each time: those who dial an address where nobody listens may
// take it themselves.
func (v *victim) start() error {
	address, err := freeport.Address()
	if err != nil {
		return err
	}
	v.server, err = v.setup.launch(address, nil, v.setup.messagerie, "serve", "--dir", v.dir, "--config", v.config, noDev, "--http", address)
	if err != nil {
		return err
	}
	v.address.Store(&address)
	return nil
}

// end sends a signal and waits for the end of the server.
func (v *victim) end(signal string) error {
	v.address.Store(nil)
	if err := v.signal(signal); err != nil {
		return err
	}
	return v.waitFor("the end of the server", v.server.hasEnded)
}

func (v *victim) signal(name string) error {
	if out, err := exec.CommandContext(v.ctx, "kill", "-"+name, v.server.pids).CombinedOutput(); err != nil {
		return fmt.Errorf("kill -%s: %w: %s", name, err, out)
	}
	return nil
}

// restart starts the server again, and returns when it was told to.
func (v *victim) restart() (begun time.Time, err error) {
	begun = time.Now()
	return begun, v.start()
}

func (v *victim) beginWriting(f fault) {
	ctx, stop := context.WithCancel(v.ctx)
	v.stop = stop
	v.read = map[int64]*transcript{}
	for _, p := range pairsOf(v.people, writers/2) {
		for _, person := range p.people {
			w := &chaosWriter{victim: v, number: len(v.writers), window: f.window, user: v.people.Users[person].ID, token: v.people.Users[person].Token,
				conversation: p.conversation}
			v.writers = append(v.writers, w)
			v.writing.Go(func() { w.write(ctx) })
		}
	}
}

// endWriting lets everybody wait for the acknowledgements that are due, and ends their sockets.
func (v *victim) endWriting() error {
	defer v.stopWriting()
	for _, w := range v.writers {
		w.ending.Store(true)
	}
	if v.server.hasEnded() {
		return nil
	}
	return v.waitFor("the acknowledgement of all messages", func() bool {
		for _, w := range v.writers {
			if w.waiting() > 0 {
				return false
			}
		}
		return true
	})
}

func (v *victim) stopWriting() {
	v.stop()
	v.writing.Wait()
}

func (v *victim) acknowledged() (count int) {
	for _, w := range v.writers {
		count += int(w.count.Load())
	}
	return count
}
