package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/raft"
)

// What nodes ask of each other over HTTP, beside forwarded requests.
const (
	pathStatus   = "/cluster/status"
	pathDatabase = "/cluster/database"
	pathJoin     = "/cluster/join"
	pathRemove   = "/cluster/remove"
	pathLead     = "/cluster/lead"
	pathSnapshot = "/cluster/snapshot"

	headerLeader = "Messagerie-Leader" // with a 421: whom to ask instead
)

// joining is the node that wants to join or to lead, or that is removed.
type joining struct {
	Node    string
	Address string
	Voter   bool
	Cluster string // its id
}

func (n *Node) transportTo(protocol string) *http.Transport {
	return &http.Transport{
		DialTLSContext: func(ctx context.Context, _, to string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, dialTimeout)
			defer cancel()
			return dial(ctx, n.who, protocol, to)
		},
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     time.Minute,
		DisableCompression:  true, // bodies of forwarded requests pass as they are
	}
}

func (n *Node) serveNodes() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pathStatus, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(n.status())
	})
	mux.HandleFunc("GET "+pathDatabase, n.asLeader(n.sendDatabase))
	mux.HandleFunc("POST "+pathJoin, n.asLeader(n.admit))
	mux.HandleFunc("POST "+pathRemove, n.asLeader(n.remove))
	mux.HandleFunc("POST "+pathLead, n.asLeader(n.handOver))
	mux.HandleFunc("POST "+pathSnapshot, func(w http.ResponseWriter, _ *http.Request) {
		err := n.raft.Snapshot().Error()
		if errors.Is(err, raft.ErrNothingNewToSnapshot) {
			err = nil
		}
		answer(w, err)
	})
	mux.HandleFunc("/", n.serveForwarded)
	n.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = n.http.Serve(lane{n.listener, n.listener.http}) }()
	go n.serveLinks()
}

// asLeader refuses what only the leader can do.
func (n *Node) asLeader(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if n.raft.State() != raft.Leader {
			leader, _ := n.raft.LeaderWithID()
			w.Header().Set(headerLeader, string(leader))
			http.Error(w, "this node doesn't lead", http.StatusMisdirectedRequest)
			return
		}
		handle(w, r)
	}
}

func answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (n *Node) sendDatabase(w http.ResponseWriter, r *http.Request) {
	file, err := copyOf(n.file.copyTo, n.clusterDir())
	if err != nil {
		answer(w, err)
		return
	}
	defer func() { _ = file.Close() }()
	http.ServeContent(w, r, "", time.Time{}, file)
}

func readJoining(r *http.Request) (who joining, err error) {
	err = json.NewDecoder(http.MaxBytesReader(nil, r.Body, 4096)).Decode(&who)
	return who, err
}

// changeTimeout is how long a change of the members may take.
const changeTimeout = 20 * time.Second

func (n *Node) admit(w http.ResponseWriter, r *http.Request) {
	who, err := readJoining(r)
	switch {
	case err != nil:
	case who.Cluster != n.cluster:
		err = errors.New("the node's database is of another cluster")
	case who.Node == "" || who.Address == "":
		err = errors.New("a node has a name and an address")
	default:
		err = n.addServer(who)
	}
	answer(w, err)
}

func (n *Node) addServer(who joining) error {
	for _, server := range n.servers() {
		sameName, sameAddress := string(server.ID) == who.Node, string(server.Address) == who.Address
		if sameName != sameAddress {
			return fmt.Errorf("node %s is at %s already: remove it first", server.ID, server.Address)
		}
	}
	id, address := raft.ServerID(who.Node), raft.ServerAddress(who.Address)
	if who.Voter {
		return n.raft.AddVoter(id, address, 0, changeTimeout).Error()
	}
	return n.raft.AddNonvoter(id, address, 0, changeTimeout).Error()
}

func (n *Node) remove(w http.ResponseWriter, r *http.Request) {
	who, err := readJoining(r)
	if err == nil {
		err = n.removeServer(who.Node)
	}
	answer(w, err)
}

func (n *Node) removeServer(name string) error {
	voters, isMember, isVoter := 0, false, false
	for _, server := range n.servers() {
		if server.Suffrage == raft.Voter {
			voters++
		}
		if string(server.ID) == name {
			isMember, isVoter = true, server.Suffrage == raft.Voter
		}
	}
	switch {
	case !isMember:
		return fmt.Errorf("no node is named %s", name)
	case isVoter && voters == 1:
		return errors.New("the last voter can't be removed: messagerie cluster recover makes it a single machine again")
	}
	return n.raft.RemoveServer(raft.ServerID(name), 0, changeTimeout).Error()
}

func (n *Node) handOver(w http.ResponseWriter, r *http.Request) {
	who, err := readJoining(r)
	if err == nil && who.Node != n.cfg.Node {
		err = n.raft.LeadershipTransferToServer(raft.ServerID(who.Node), raft.ServerAddress(who.Address)).Error()
	}
	answer(w, err)
}

func (n *Node) servers() []raft.Server {
	future := n.raft.GetConfiguration()
	if future.Error() != nil {
		return nil
	}
	return future.Configuration().Servers
}

// ask sends a request to a node, and on to the leader if only that can answer.
func (n *Node) ask(ctx context.Context, to, method, path string, body any) (*http.Response, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	for range 3 {
		req, err := http.NewRequestWithContext(ctx, method, "https://"+to+path, bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		resp, err := n.client.Do(req)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == http.StatusMisdirectedRequest {
			_ = resp.Body.Close()
			if to = resp.Header.Get(headerLeader); to == "" {
				return nil, errNoLeader
			}
			continue
		}
		if resp.StatusCode >= http.StatusBadRequest {
			text, _ := io.ReadAll(io.LimitReader(resp.Body, 1000))
			_ = resp.Body.Close()
			return nil, errors.New(strings.TrimSpace(string(text)))
		}
		return resp, nil
	}
	return nil, errNoLeader
}

var errNoLeader = errors.New("no node leads at the moment: more than half of the voters must be reachable")

// fetch gets the leader's database, before this node has one.
func (n *Node) fetch(ctx context.Context, from, path string) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("there is a database already, %s, which the cluster's would replace: move it away first", path)
	}
	resp, err := n.ask(context.WithoutCancel(ctx), from, http.MethodGet, pathDatabase, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	partial := path + ".joining"
	if err := writeFile(partial, resp.Body); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	return os.Rename(partial, path)
}

func writeFile(path string, content io.Reader) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Sync(), file.Close())
}

func (n *Node) askToJoin(ctx context.Context) error {
	who := joining{n.cfg.Node, n.cfg.Reached(), n.cfg.Voter, n.cluster}
	resp, err := n.ask(ctx, n.begin.Join, http.MethodPost, pathJoin, who)
	if err != nil {
		return fmt.Errorf("join: %w", err)
	}
	return resp.Body.Close()
}

// takeLead makes this node lead.
func (n *Node) takeLead(ctx context.Context) error {
	who := joining{Node: n.cfg.Node, Address: n.cfg.Reached()}
	for !n.Leads() {
		if leader, id := n.raft.LeaderWithID(); leader != "" && string(id) != n.cfg.Node {
			if resp, err := n.ask(ctx, string(leader), http.MethodPost, pathLead, who); err == nil {
				_ = resp.Body.Close()
			}
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return errNoLeader
		}
	}
	return nil
}
