package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/raft"
	raftboltdb "github.com/hashicorp/raft-boltdb/v2"
	"github.com/spf13/cobra"
)

// BeginOf reads from the arguments of serve how a node gets a cluster. They are needed before cobra reads them, because
// the database is opened then.
func BeginOf(args []string) (b Begin) {
	for i, arg := range args {
		name, value, given := strings.Cut(arg, "=")
		switch name {
		case "--cluster-init":
			b.Init = !given || value == "true"
		case "--cluster-join":
			if !given && i+1 < len(args) {
				value = args[i+1]
			}
			b.Join = value
		}
	}
	return b
}

// AddFlags declares the flags that BeginOf reads.
func AddFlags(serve *cobra.Command) {
	serve.Flags().Bool("cluster-init", false, "begin a cluster with the data of this machine")
	serve.Flags().String("cluster-join", "", "join the cluster of the node at this address, host:port")
}

// askTimeout is how long a node may take to answer a command.
const askTimeout = 3 * time.Second

// Command is messagerie cluster. dataDir and lock are those of the data directory.
func Command(n *Node, dataDir func() string, lock func() (unlock func(), err error)) *cobra.Command {
	group := &cobra.Command{Use: "cluster", Short: "Several machines that keep the same data"}
	sub := func(use, short string, args cobra.PositionalArgs, run func(ctx context.Context, c *cobra.Command, args []string) error) {
		group.AddCommand(&cobra.Command{Use: use, Short: short, Args: args, SilenceUsage: true, SilenceErrors: true,
			RunE: func(c *cobra.Command, args []string) error {
				if n == nil && use != "recover" { // a backup of a node may be restored on a single machine
					return errors.New("this is a single machine: cluster.node isn't set")
				}
				return run(c.Context(), c, args)
			}})
	}
	sub("status", "List the nodes and how they are", cobra.NoArgs, func(ctx context.Context, c *cobra.Command, _ []string) error {
		s, err := n.anyStatus(ctx)
		if err != nil {
			return err
		}
		n.askMembers(ctx, &s)
		return s.write(c)
	})
	sub("remove NODE", "Remove a node, which is stopped or will be", cobra.ExactArgs(1), func(ctx context.Context, _ *cobra.Command, args []string) error {
		return n.order(ctx, pathRemove, joining{Node: args[0]})
	})
	sub("snapshot", "Cut the log of this node", cobra.NoArgs, func(ctx context.Context, _ *cobra.Command, _ []string) error {
		return n.order(ctx, pathSnapshot, nil)
	})
	sub("recover", "Make this node a single machine again, with everything that it has", cobra.NoArgs, func(_ context.Context, c *cobra.Command, _ []string) error {
		unlock, err := lock()
		if err != nil {
			return err
		}
		defer unlock()
		at, err := recoverNode(dataDir())
		if err == nil {
			fmt.Fprintf(c.OutOrStdout(), "This is a single machine now, with everything up to transaction %d. Start it without cluster.node, or with --cluster-init for a new cluster; the other nodes have to join that with an empty data directory.\n", at)
		}
		return err
	})
	return group
}

// anyStatus asks this machine's node, or another one if it doesn't run.
func (n *Node) anyStatus(ctx context.Context) (s Status, err error) {
	for _, at := range append([]string{n.cfg.Reached()}, n.cfg.Peers...) {
		bounded, cancel := context.WithTimeout(ctx, askTimeout)
		s, err = n.statusOf(bounded, at)
		cancel()
		if err == nil {
			return s, nil
		}
	}
	return s, fmt.Errorf("no node answers: %w", err)
}

func (n *Node) askMembers(ctx context.Context, s *Status) {
	for i := range s.Members {
		m := &s.Members[i]
		bounded, cancel := context.WithTimeout(ctx, askTimeout)
		if theirs, err := n.statusOf(bounded, m.Address); err == nil {
			m.Reachable, m.Status = true, &theirs
		}
		cancel()
	}
}

func (s *Status) write(c *cobra.Command) error {
	out := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "NODE\tADDRESS\tROLE\tVOTER\tTERM\tTRANSACTION\tBEHIND\tREMARK")
	for _, m := range s.Members {
		voter := map[bool]string{true: "yes", false: "no"}[m.Voter]
		if m.Status == nil {
			fmt.Fprintf(out, "%s\t%s\tunreachable\t%s\t\t\t\t\n", m.Node, m.Address, voter)
			continue
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", m.Node, m.Address, m.Status.Role, voter,
			m.Status.Term, m.Status.Position, m.Status.Behind, m.Status.Stuck)
	}
	return out.Flush()
}

func (n *Node) order(ctx context.Context, path string, what any) error {
	s, err := n.anyStatus(ctx)
	if err != nil {
		return err
	}
	at := n.cfg.Reached()
	if path != pathSnapshot {
		for _, m := range s.Members {
			if m.Node == s.Node {
				at = m.Address
			}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, changeTimeout)
	defer cancel()
	resp, err := n.ask(ctx, at, http.MethodPost, path, what)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// recoverNode brings what a stopped node's log has into its database and takes it out of the cluster. It returns the
// number of the last transaction.
func recoverNode(dir string) (at uint64, err error) {
	f, err := openFile(filepath.Join(dir, "data.db"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	id, err := f.cluster()
	if err != nil {
		return 0, err
	}
	if id == "" {
		return 0, errors.New("the database belongs to no cluster")
	}
	within := filepath.Join(dir, "cluster")
	if err := f.replay(filepath.Join(within, "log.db")); err != nil {
		return 0, err
	}
	if err := f.refresh(); err != nil {
		return 0, err
	}
	if err := errors.Join(f.forget(), f.flush()); err != nil {
		return 0, err
	}
	return f.at.seq, os.RemoveAll(within)
}

// replay applies the entries of a log that the database doesn't contain yet, such as after a power cut.
func (f *file) replay(path string) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	logs, err := raftboltdb.New(raftboltdb.Options{Path: path})
	if err != nil {
		return err
	}
	defer func() { _ = logs.Close() }()
	first, err := logs.FirstIndex()
	if err != nil {
		return err
	}
	last, err := logs.LastIndex()
	if err != nil {
		return err
	}
	for index := first; index <= last && first > 0; index++ {
		var stored raft.Log
		if err := logs.GetLog(index, &stored); err != nil {
			return err
		}
		if stored.Type != raft.LogCommand {
			continue
		}
		e, err := decodeEntry(stored.Data)
		if err != nil {
			return err
		}
		if e.term != stored.Term {
			continue
		}
		if _, err := f.apply(e); err != nil {
			return err
		}
	}
	return nil
}
