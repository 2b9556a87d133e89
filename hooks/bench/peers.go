package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// setup is where things are. The folder of the load generator has:
//
//	loadgen/            the generator, a Go module
//	peers/melody/       an upper bound: melody, everything in memory
//	peers/pocketbase/   PocketBase with three collections and no code
//	peers/django/       Django Channels; measured where its setup.sh has run
type setup struct {
	ctx         context.Context
	work, bench string
	messagerie  string
	plan        plan
}

// server is one of those that are compared.
type server struct {
	name       string
	keepsOrder bool // promises one order for all: then another is a fault
	isSlow     bool // isn't given what is heavy
	start      func(address string) (running, error)
}

func (s server) runs(w workload) bool { return !s.isSlow || !w.heavy }

// running is a server under way.
type running struct {
	pids string   // with commas
	args []string // for the load generator
	stop func() error

	ended <-chan struct{} // closed with the process; nil where nothing here has started it
	said  func() string   // all that it printed
}

func (r running) hasEnded() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

// servers builds them, ours first, and fills their databases.
func (s setup) servers() ([]server, error) {
	if err := s.build("loadgen", "loadgen"); err != nil {
		return nil, err
	}
	var all []server
	for _, prepare := range []func() (server, error){s.ours, s.melody, s.pocketbase, s.django, s.tinode} {
		made, err := prepare()
		if err != nil {
			return nil, err
		}
		if made.start != nil {
			all = append(all, made)
		}
	}
	return all, nil
}

func (s setup) build(folder, name string) error {
	return s.do(filepath.Join(s.bench, folder), "go", "build", "-o", name, ".")
}

func (s setup) do(folder, name string, args ...string) error {
	command := exec.CommandContext(s.ctx, name, args...)
	command.Dir = folder
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

// noDev keeps PocketBase from printing each query: it takes a program in the folder
// for temporary files for one that is being written.
const noDev = "--dev=false"

// limits are raised above what one person does: the generator's few people are many.
// All else is as it comes.
const limits = `limits:
  frames_per_second: 1000
  frames_burst: 10000
  requests_per_second: 100000
  requests_burst: 100000
`

// configured writes the configuration with those limits, and returns its path.
func (s setup) configured() (string, error) {
	path := filepath.Join(s.work, "config.yaml")
	return path, os.WriteFile(path, []byte(limits), 0o600)
}

func (s setup) ours() (server, error) {
	data, dataset := filepath.Join(s.work, "messagerie"), s.dataset()
	config, err := s.configured()
	if err != nil {
		return server{}, err
	}
	err = s.do(s.work, s.messagerie, "demo", "--dir", data, "--config", config, noDev, "--fill-only", "--dataset", dataset,
		"--people", strconv.Itoa(s.plan.people), "--messages", strconv.Itoa(s.plan.messages))
	return server{name: "messagerie", keepsOrder: true, start: func(address string) (running, error) {
		return s.launch(address, s.protocol(address, dataset, true),
			s.messagerie, "serve", "--dir", data, "--config", config, noDev, "--http", address)
	}}, err
}

func (s setup) dataset() string { return filepath.Join(s.work, "dataset.json") }

// protocol are the generator's flags for those that speak ours.
func (s setup) protocol(address, dataset string, isStored bool) []string {
	args := []string{"-target", "messagerie", "-dataset", dataset, "-ws-url", "ws://" + address + "/ws/chat/{id}/?token={token}"}
	if isStored {
		args = append(args, "-auth-header", "Bearer {token}",
			"-history-url", "http://"+address+"/api/messagerie/messages/{conv}/?limit=200")
	}
	return args
}

func (s setup) melody() (server, error) {
	program := filepath.Join(s.bench, "peers/melody/melody-peer")
	return server{name: "melody, nothing stored", keepsOrder: true, start: func(address string) (running, error) {
		return s.launch(address, s.protocol(address, s.dataset(), false), program, "-listen", address, "-dataset", s.dataset())
	}}, s.build("peers/melody", "melody-peer")
}

func (s setup) pocketbase() (server, error) {
	const folder = "peers/pocketbase"
	if err := s.build(folder, "pocketbase-peer"); err != nil {
		return server{}, err
	}
	program := filepath.Join(s.bench, folder, "pocketbase-peer")
	data, dataset := filepath.Join(s.work, "pocketbase"), filepath.Join(s.work, "pocketbase.json")
	err := s.do(s.work, program, "seed", strconv.Itoa(s.plan.people), dataset, "--dir", data, noDev)
	return server{name: "PocketBase", isSlow: true, start: func(address string) (running, error) {
		args := []string{"-target", "pocketbase", "-dataset", dataset, "-http-url", "http://" + address}
		return s.launch(address, args, program, "serve", "--http", address, "--dir", data, noDev)
	}}, err
}

// django is compared where the peer's setup.sh has made its data.
func (s setup) django() (server, error) {
	data := os.Getenv("PEER_DATA")
	dataset := filepath.Join(data, "dataset.json")
	if _, err := os.Stat(dataset); data == "" || err != nil {
		return skipped("Django", "its setup.sh hasn't run; PEER_DATA names the folder")
	}
	folder := filepath.Join(s.bench, "peers/django")
	return server{name: "Django", start: func(address string) (running, error) {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return running{}, err
		}
		script := func(verb string) *exec.Cmd {
			command := exec.CommandContext(s.ctx, "./run.sh", verb)
			command.Dir, command.Env = folder, append(os.Environ(), "HTTP_PORT="+port)
			return command
		}
		if err := script("start").Run(); err != nil {
			return running{}, fmt.Errorf("run.sh start: %w", err)
		}
		pids, err := script("pids").Output()
		return running{pids: string(bytes.TrimSpace(pids)), stop: func() error { return script("stop").Run() },
			args: s.protocol(address, dataset, true)}, err
	}}, nil
}

// tinode is compared where one is running: nothing here starts it.
func (s setup) tinode() (server, error) {
	dataset, key, pids := os.Getenv("TINODE_DATASET"), os.Getenv("TINODE_API_KEY"), os.Getenv("TINODE_PIDS")
	if dataset == "" || key == "" || pids == "" {
		return skipped("Tinode", "TINODE_DATASET, TINODE_API_KEY and TINODE_PIDS name one that is running")
	}
	return server{name: "Tinode", keepsOrder: true, start: func(string) (running, error) {
		return running{pids: pids, stop: func() error { return nil },
			args: []string{"-target", "tinode", "-dataset", dataset, "-api-key", key}}, nil
	}}, nil
}

func skipped(name, why string) (server, error) {
	fmt.Fprintf(os.Stderr, "%s: skipped (%s)\n", name, why)
	return server{}, nil
}

// launch starts a program that listens on an address, and waits until it does.
func (s setup) launch(address string, args []string, program string, programArgs ...string) (running, error) {
	command := exec.CommandContext(s.ctx, program, programArgs...)
	command.Dir = s.work
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	said := &lockedBuffer{}
	command.Stdout, command.Stderr = said, said
	if err := command.Start(); err != nil {
		return running{}, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait() // some end with the signal, others well
	}()
	stop := func() error {
		if err := command.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		<-ended
		return nil
	}
	if err := listens(s.ctx, address, ended); err != nil {
		_ = command.Process.Kill() // it may have ended by itself
		return running{}, fmt.Errorf("%s: %w\n%s", program, err, said.String())
	}
	return running{pids: strconv.Itoa(command.Process.Pid), args: args, stop: stop, ended: ended, said: said.String}, nil
}

// lockedBuffer is read while a program still prints into it.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func listens(ctx context.Context, address string, ended <-chan struct{}) error {
	patience := time.After(30 * time.Second)
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ended:
			return errors.New("ended at once")
		case <-patience:
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}
