package cluster_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/cluster"
)

// raw sends a request as it stands, which Go's client would tidy up, and returns its status.
func raw(t *testing.T, url, text string) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, strings.ReplaceAll(text, "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

// A visitor of a node that doesn't lead is passed on with an address that they can't choose.
func TestAttack_visitorsCannotChooseTheirAddress(t *testing.T) {
	t.Parallel()
	n := newNodes(t, 2)
	leader := n.leader()
	token := n.apps[leader].Superuser()
	for name, c := range map[string]struct {
		allowed, trusted string
		headers          string
		status           int
	}{
		"their own":                                     {"127.0.0.1", "", "", 200},
		"by the nodes' own header":                      {"203.0.113.9", "", "Messagerie-Visitor: 203.0.113.9:4711\n", 403},
		"by a header of proxies, without one":           {"203.0.113.9", "", "X-Forwarded-For: 203.0.113.9\nX-Real-Ip: 203.0.113.9\nForwarded: for=203.0.113.9\n", 403},
		"behind a proxy":                                {"203.0.113.9", "X-Real-IP", "X-Real-Ip: 203.0.113.9\n", 200},
		"behind a proxy, the nodes' own header as well": {"203.0.113.9", "X-Real-IP", "X-Real-Ip: 198.51.100.1\nMessagerie-Visitor: 203.0.113.9:4711\n", 403},
		"behind a proxy, whose header is to be dropped": {"127.0.0.1", "X-Real-IP", "X-Real-Ip: 203.0.113.9\nConnection: X-Real-Ip\n", 403},
		"… and X-Forwarded-For":                         {"127.0.0.1", "X-Forwarded-For", "X-Forwarded-For: 203.0.113.9\nConnection: X-Forwarded-For\n", 403},
	} {
		t.Run(name, func(t *testing.T) {
			n.apps[leader].Configure(func(settings *core.Settings) {
				settings.SuperuserIPs, settings.TrustedProxy.Headers = []string{c.allowed}, nil
				if c.trusted != "" {
					settings.TrustedProxy.Headers = []string{c.trusted}
				}
			})
			eventually(t, "both have it", func() bool {
				_, equal := n.positions()
				return equal
			})
			for who, app := range map[string]int{"the leader": leader, "the other one": 1 - leader} {
				status, body := raw(t, n.apps[app].URL, "GET /api/collections/users/records HTTP/1.1\nHost: x\nAuthorization: "+token+"\n"+c.headers+"\n")
				if status != c.status {
					t.Errorf("%s responds with %d instead of %d: %s", who, status, c.status, body)
				}
			}
		})
	}
}

// What nodes ask of each other can't be asked through a node's HTTP port, whatever the path looks like.
func TestAttack_visitorsCannotGiveOrdersToNodes(t *testing.T) {
	t.Parallel()
	n := newNodes(t, 2)
	anna, _, _ := n.pairOf()
	leader := n.leader()
	body := `{"Node":"` + fmt.Sprint("node", 1-leader) + `"}`
	for _, path := range []string{"/cluster/remove", "/api/../cluster/remove", "/api/%2e%2e/cluster/remove", "//cluster/remove", "/api//../cluster/remove",
		"/api/..%2fcluster/remove", "http://" + n.addresses[leader] + "/cluster/remove", "/api/messagerie/../../cluster/remove"} {
		for _, method := range []string{"POST", "CONNECT"} {
			for i, app := range n.apps {
				status, said := raw(t, app.URL, fmt.Sprintf("%s %s HTTP/1.1\nHost: x\nAuthorization: Bearer %s\nContent-Length: %d\nConnection: close\n\n%s", method, path, anna.Token, len(body), body))
				if status < 300 && !strings.Contains(said, "<html") {
					t.Errorf("%s %s on node %d: %d %s", method, path, i, status, said)
				}
			}
		}
	}
	for i, app := range n.apps {
		for _, path := range []string{"/cluster/database", "/api/../cluster/database", "/api/%2e%2e/cluster/database", "/cluster/status"} {
			if _, said := raw(t, app.URL, fmt.Sprintf("GET %s HTTP/1.1\nHost: x\nConnection: close\n\n", path)); strings.HasPrefix(said, "SQLite") || strings.Contains(said, "Members") {
				t.Errorf("%s on node %d has responded with %.100q", path, i, said)
			}
		}
	}
	s, err := cluster.Ask(context.Background(), n.addresses[leader], testKey)
	must(t, err)
	if len(s.Members) != 2 {
		t.Errorf("%d members are left", len(s.Members))
	}
}

// Strangers at the nodes' port: they are refused, they take few file descriptors, and the nodes meet all the same.
func TestAttack_strangersAtTheNodesPort(t *testing.T) {
	t.Parallel()
	c := newProcesses(t)
	leader := c.leader()
	at, pid := c.children[leader].Listen, c.running[leader].Process.Pid
	if _, err := cluster.Ask(context.Background(), at, strings.Repeat("K", 32)); err == nil {
		t.Error("somebody with another key was answered")
	}
	conn, err := tls.Dial("tcp", at, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"messagerie-raft"}}) //nolint:gosec // a stranger
	if err == nil {
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error("somebody without a certificate isn't refused:", err)
		}
		_ = conn.Close()
	}
	before := openFiles(t, pid)
	var held []net.Conn
	defer func() {
		for _, conn := range held {
			_ = conn.Close()
		}
	}()
	for n := range 1000 {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		switch n % 3 { // the others say nothing
		case 0:
			_, _ = conn.Write([]byte{22, 3, 1, 0x40, 0}) // the beginning of a hello of 16 KB
		case 1:
			_, _ = io.WriteString(conn, "GET /cluster/database HTTP/1.1\r\nHost: x\r\n\r\n")
		}
		held = append(held, conn)
	}
	most := 0
	for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) { // handshakes take longer to be given up
		most = max(most, openFiles(t, pid))
	}
	if most > before+200 {
		t.Errorf("a thousand strangers have the node open %d files", most-before)
	}
	other := (leader + 1) % 3
	c.kill(other) // it has to get in again
	c.run(other, cluster.Begin{})
	c.awaitHTTP(other)
	eventually(t, "a message comes through", func() bool {
		status, _ := c.send(context.Background(), other, 0, "among-strangers")
		return isStored(status)
	})
	c.compare()
}

func openFiles(t *testing.T, pid int) int {
	t.Helper()
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	must(t, err)
	return len(files)
}

// The data of a node on a second machine, and data of yesterday on the machine that they are of.
func TestCluster_dataThatWereCopied(t *testing.T) {
	t.Parallel()
	c := newProcesses(t)
	i := (c.leader() + 1) % 3
	c.kill(i)
	copied := filepath.Join(t.TempDir(), "copy")
	must(t, os.CopyFS(copied, os.DirFS(c.children[i].Dir)))
	c.run(i, cluster.Begin{})
	c.awaitHTTP(i)
	for n := range 30 {
		eventually(t, "a message is stored", func() bool {
			status, _ := c.send(context.Background(), n%3, n%8, fmt.Sprint("later-", n))
			return isStored(status)
		})
	}
	second := c.children[i]
	second.Dir, second.Listen, second.HTTP = filepath.Join(t.TempDir(), "second"), freeAddress(t), freeAddress(t)
	second.Advertise = second.Listen
	must(t, os.CopyFS(second.Dir, os.DirFS(copied)))
	process := c.launch(second)
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the second machine has ended as if all were well")
		}
	case <-time.After(20 * time.Second):
		t.Error("the second machine takes part")
		_ = process.Process.Kill()
		t.Log("ended:", <-ended)
	}
	c.kill(i)
	must(t, os.RemoveAll(c.children[i].Dir))
	must(t, os.CopyFS(c.children[i].Dir, os.DirFS(copied)))
	c.run(i, cluster.Begin{})
	c.awaitHTTP(i)
	if stored := c.compare().Strings(t, "SELECT client_id FROM messages"); len(stored) != 30 {
		t.Errorf("%d messages are stored", len(stored))
	}
}

func TestCluster_admitsOnlyWhoBelongsToIt(t *testing.T) {
	t.Parallel()
	n := newNodes(t, 2)
	at := n.addresses[n.leader()]
	s, err := cluster.Ask(context.Background(), at, testKey)
	must(t, err)
	for name, c := range map[string]struct{ node, address, cluster string }{
		"of another cluster":       {"node9", "127.0.0.1:9", "another"},
		"without a name":           {"", "127.0.0.1:9", s.Cluster},
		"with another one's name":  {"node1", "127.0.0.1:9", s.Cluster},
		"at another one's address": {"node9", n.addresses[1], s.Cluster},
	} {
		if err := cluster.Join(context.Background(), at, testKey, c.node, c.address, c.cluster); err == nil {
			t.Errorf("a node %s was admitted", name)
		}
	}
	if s, err = cluster.Ask(context.Background(), at, testKey); err != nil || len(s.Members) != 2 {
		t.Errorf("the members are %+v, %v", s.Members, err)
	}
}
