// Command bench measures this server from outside.
//
// `make bench-peers` runs it and others through the same workloads of one load
// generator, in turn, and prints the medians with the ratios. What is asked of the
// folder of generator and peers is in peers.go.
//
//	go run ./hooks/bench -peers FOLDER [-quick]
//
// `make bench-large` compares how fast it responds with a large database and a small one.
//
//	go run ./hooks/bench -large FOLDER [-people N] [-conversations-each N] [-messages N]
//
// `make bench-mixed` has people write, type, read and open their lists at once.
//
//	go run ./hooks/bench -mixed 2000 [-lasts 10s]
//
// `make hostile` attacks it in many ways, beside two people who write to each other.
//
//	go run ./hooks/bench -hostile [-lasts 10s] [-only NAME] [-memory MIB]
//
// `make bench-backup` compares how long messages take while a backup is made, and without one.
//
//	go run ./hooks/bench -backup 5000 [-times N] [-lasts 20s]
//
// `make chaos` breaks it while eight people write, and looks for what it had acknowledged.
//
//	go run ./hooks/bench -chaos [-times N] [-only NAME] [-seed N]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"messagerie/hooks/apptest/freeport"
)

func main() {
	var o options
	flag.StringVar(&o.peers, "peers", "", "folder of the load generator and the other servers")
	flag.StringVar(&o.messagerie, "messagerie", "./messagerie", "this server")
	flag.BoolVar(&o.quick, "quick", false, "two minutes instead of a quarter of an hour: short runs, one of each")
	flag.StringVar(&o.large, "large", "", "folder for generated schools, kept for the next time: compare a large one with a small one")
	flag.IntVar(&o.size.people, "people", 100_000, "people of the large one")
	flag.IntVar(&o.size.each, "conversations-each", 6, "conversations of each person")
	flag.IntVar(&o.size.messages, "messages", 10_000_000, "messages of the large one")
	flag.IntVar(&o.mixed, "mixed", 0, "messages a second among people who also type, read and open their lists")
	flag.DurationVar(&o.lasts, "lasts", 10*time.Second, "how long that lasts")
	flag.IntVar(&o.backup, "backup", 0, "MB of a database of which backups are made while people write")
	flag.BoolVar(&o.hostile, "hostile", false, "attack it")
	flag.StringVar(&o.only, "only", "", "the attacks or faults whose names hold this")
	flag.BoolVar(&o.chaos, "chaos", false, "break it")
	flag.IntVar(&o.times, "times", 0, "how often each fault is caused, 0 for its own number; how many backups are made")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "of the moments at which it is broken")
	flag.IntVar(&o.memory, "memory", 0, "MiB that the server may have under attack, by a control group (needs root); 0 for any")
	flag.StringVar(&o.attacker.attack, "attack", "", "be the attackers of one attack (started by -hostile)")
	flag.StringVar(&o.attacker.address, "address", "", "host:port of the server that is attacked")
	flag.StringVar(&o.attacker.dataset, "dataset", "", "file of the people there, from messagerie demo --dataset")
	flag.BoolVar(&o.attacker.brief, "brief", false, "don't wait for responses that come when the server runs out of patience")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	peers, messagerie string
	quick             bool
	large             string
	size              database
	mixed             int
	backup            int
	lasts             time.Duration
	hostile           bool
	only              string
	chaos             bool
	times             int
	seed              uint64
	memory            int
	attacker          attacker
}

// warmUp runs before anything is measured.
const warmUp = 2 * time.Second

func run(ctx context.Context, o options) (err error) {
	if o.attacker.attack != "" {
		o.attacker.lasts = o.lasts
		return o.attacker.run(ctx, os.Stdout)
	}
	binary, err := filepath.Abs(o.messagerie)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "messagerie-bench-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	s := setup{ctx: ctx, work: work, messagerie: binary, plan: planOf(o.quick)}
	if o.mixed > 0 {
		return s.measureMixed(&mixed{online: 200, rate: o.mixed, lists: 20, lasts: o.lasts, warmUp: warmUp})
	}
	if o.backup > 0 {
		return backups{setup: s, size: o.backup, rounds: max(1, o.times), lasts: o.lasts}.run(os.Stdout)
	}
	if o.hostile {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		results, err := hostile{setup: s, lasts: o.lasts, warmUp: warmUp, only: o.only, memory: o.memory, attacker: self}.run()
		writeResults(os.Stdout, results)
		return errors.Join(err, faultsOf(results))
	}
	if o.chaos {
		results, err := chaos{setup: s, only: o.only, times: o.times, seed: o.seed}.run()
		writeChaos(os.Stdout, o.seed, results)
		return errors.Join(err, brokenBy(results))
	}
	if o.large == "" {
		return s.comparePeers(o.peers)
	}
	folder, err := filepath.Abs(o.large)
	if err != nil {
		return err
	}
	return s.compareSizes(folder, o.size)
}

func (s setup) comparePeers(folder string) error {
	if _, err := os.Stat(filepath.Join(folder, "loadgen")); folder == "" || err != nil {
		return fmt.Errorf("%q holds no loadgen: name the folder of the load generator (make bench-peers BENCH=…)", folder)
	}
	// Copied, because what is compared may lie where nothing can be built.
	s.bench = filepath.Join(s.work, "bench")
	if err := os.CopyFS(s.bench, os.DirFS(folder)); err != nil {
		return fmt.Errorf("copy %s: %w", folder, err)
	}
	servers, err := s.servers()
	if err != nil {
		return err
	}
	results, err := s.measure(servers)
	if err != nil {
		return err
	}
	results.write(os.Stdout, s.plan, servers)
	return results.faultsOf(servers[0].name)
}

// measure runs everything in turn, so that other load on the machine affects all servers alike.
func (s setup) measure(servers []server) (results, error) {
	all := results{}
	for round := range s.plan.rounds {
		for _, w := range s.plan.workloads {
			if round > 0 && w.once {
				continue
			}
			for _, server := range servers {
				if !server.runs(w) {
					continue
				}
				report, err := s.measureOne(server, w)
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", server.name, w.name, err)
				}
				all.add(server, w, report)
				fmt.Fprintf(os.Stderr, "%s, %s: %s\n", server.name, w.name, report.line(server))
			}
		}
	}
	return all, nil
}

func (s setup) measureOne(server server, w workload) (report, error) {
	address, err := freeport.Address()
	if err != nil {
		return report{}, err
	}
	running, err := server.start(address)
	if err != nil {
		return report{}, err
	}
	got, err := s.generate(running, w)
	return got, errors.Join(err, running.stop())
}
