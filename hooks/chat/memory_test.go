package chat_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// The memory that an idle socket may take, both ends in this process. Eight KiB are the stacks of
// its two goroutines; the rest is a short queue, a small read buffer and the structs of gorilla,
// melody and the hub.
const idleSocketBudget = 14<<10 + raceDetector

func TestIdleSocket_staysWithinItsBudget(t *testing.T) {
	const sockets = 400
	app := apptest.New(t)
	school := app.Establishment("École")
	people := make([]apptest.Person, sockets/10)
	for i := range people {
		people[i] = app.Person(school, protocol.RoleParent, "Parent", strconv.Itoa(i))
	}
	others := idle(t, app, people[:4]) // they fill pools and caches
	before := inUse()
	open := idle(t, app, people[4:])
	after := inUse()
	each := (after - before) / int64(len(open))
	t.Logf("%d bytes a socket", each)
	if each > idleSocketBudget {
		t.Errorf("an idle socket takes %d bytes, more than %d", each, idleSocketBudget)
	}
	for _, conn := range append(open, others...) {
		conn.Close()
	}
}

// idle opens ten sockets for each person without a client library, whose buffers would count.
func idle(t *testing.T, app *apptest.App, people []apptest.Person) (open []net.Conn) {
	t.Helper()
	for _, person := range people {
		for range 10 {
			conn, err := net.Dial("tcp", strings.TrimPrefix(app.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "GET /ws/chat/%d/ HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
				"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
				person.ID, strings.TrimPrefix(app.URL, "http://"), person.Token)
			reader := bufio.NewReader(conn)
			response, err := http.ReadResponse(reader, nil)
			if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
				t.Fatal(err, response)
			}
			header := make([]byte, 2) // an empty list is a short frame
			if _, err := io.ReadFull(reader, header); err != nil || header[1] >= 126 {
				t.Fatal(err, header)
			}
			if _, err := reader.Discard(int(header[1])); err != nil {
				t.Fatal(err)
			}
			open = append(open, conn)
		}
	}
	return open
}

// inUse returns the size of heap and stacks after garbage collection; stacks shrink only over
// several collections.
func inUse() int64 {
	var m runtime.MemStats
	for range 6 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
