package cluster

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/hashicorp/raft"
)

// Status is what a node knows of itself and its cluster.
type Status struct {
	Node     string
	Cluster  string
	Role     string // leader, follower, candidate
	Leader   string // its name; "" if there is none
	Term     uint64
	Position uint64 // the number of the last transaction that it has
	Behind   uint64 // entries that the log has and the database doesn't
	Contact  string // how long ago the leader was heard
	Stuck    string // why it can't follow; "" if it can
	Members  []Member
}

// Member is a node as the cluster knows it.
type Member struct {
	Node    string
	Address string
	Voter   bool

	Reachable bool    `json:",omitempty"`
	Status    *Status `json:",omitempty"`
}

func (n *Node) status() Status {
	leader, id := n.raft.LeaderWithID()
	s := Status{Node: n.cfg.Node, Cluster: n.cluster, Term: n.raft.CurrentTerm(), Position: n.position.Load(),
		Role: map[raft.RaftState]string{raft.Leader: "leader", raft.Follower: "follower", raft.Candidate: "candidate", raft.Shutdown: "stopped"}[n.raft.State()]}
	if leader != "" {
		s.Leader = string(id)
	}
	if last, applied := n.raft.LastIndex(), n.raft.AppliedIndex(); last > applied {
		s.Behind = last - applied
	}
	if at := n.raft.LastContact(); n.raft.State() != raft.Leader && !at.IsZero() {
		s.Contact = time.Since(at).Round(time.Millisecond).String()
	}
	if why := n.failure(); why != nil {
		s.Stuck = why.Error()
	}
	for _, server := range n.servers() {
		s.Members = append(s.Members, Member{Node: string(server.ID), Address: string(server.Address), Voter: server.Suffrage == raft.Voter})
	}
	return s
}

// statusOf asks a node, by the address at which it listens.
func (n *Node) statusOf(ctx context.Context, at string) (s Status, err error) {
	resp, err := n.ask(ctx, at, http.MethodGet, pathStatus, nil)
	if err != nil {
		return s, err
	}
	defer resp.Body.Close()
	err = json.NewDecoder(resp.Body).Decode(&s)
	return s, err
}

// Gauges are figures for the metrics, by the name that follows messagerie_cluster_.
func (n *Node) Gauges() map[string]float64 {
	if n == nil || n.raft == nil {
		return nil
	}
	figures := map[string]float64{
		"leader": 0, "term": float64(n.raft.CurrentTerm()), "position": float64(n.position.Load()), "stuck": 0,
		"log_entries_behind": float64(n.status().Behind), "quorum_seconds": time.Duration(n.quorum.Load()).Seconds(),
	}
	if n.Leads() {
		figures["leader"] = 1
	}
	if n.failure() != nil {
		figures["stuck"] = 1
	}
	if at := n.raft.LastContact(); !at.IsZero() && !n.Leads() {
		figures["leader_contact_seconds"] = time.Since(at).Seconds()
	}
	return figures
}
