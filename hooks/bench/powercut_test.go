package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/config"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// What is written before the power is cut.
const (
	cutMessages = 30 // of each writer
	cutServers  = 1  // of the cuts after which a server is started
)

// acknowledgedMessage is noted in the trace when its sender has the receipt.
type acknowledgedMessage struct {
	clientID string
	id       protocol.ID
}

// The power may be cut after any write and any fsync: whatever of the rest reached the disk, every message that was
// acknowledged before is there, once and in order. POWER_CUTS is how many cuts are tried, SEED which.
func TestPowerCut_losesNothingThatWasSentAtOnceAndAcknowledged(t *testing.T) {
	cuts, seed := fromEnv(t, "POWER_CUTS", 25), fromEnv(t, "SEED", int(time.Now().UnixNano()))
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	school := apptest.New(t)
	college := school.Establishment("Collège")
	pairs := make([]writingPair, writers/2)
	for i := range pairs {
		pairs[i].people[0] = school.Person(college, protocol.RoleTeacher, "Claire", fmt.Sprint("Martin", i))
		pairs[i].people[1] = school.Person(college, protocol.RoleParent, "Jérôme", fmt.Sprint("Lefèvre", i))
		pairs[i].conversation = school.Conversation(pairs[i].people[0], pairs[i].people[1])
	}
	school.Stop()

	trace := apptest.RecordDisk(t, school.Dir)
	app := apptest.Open(t, school.Dir, func(cfg *config.Config) { cfg.Limits.FramesBurst = 10 * cutMessages })
	var writing sync.WaitGroup
	for i, p := range pairs {
		for j, person := range p.people {
			socket, _ := app.Dial(person)
			writing.Go(func() { writeTraced(t, app, socket, p.conversation, 2*i+j, trace) })
		}
	}
	writing.Wait()
	trace.End()
	app.Stop()

	t.Logf("%d cuts of %d steps, seed %d", cuts, trace.Len(), seed)
	counted := 0
	for n := range cuts {
		at := random.IntN(trace.Len() + 1)
		files, events := trace.Cut(at, random)
		dir := t.TempDir()
		for name, data := range files {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		counted += len(events)
		if err := intact(dir, events); err != nil {
			t.Fatalf("seed %d, cut %d, after %d steps: %v", seed, n, at, err)
		}
		if n < cutServers {
			servesAfterCut(t, dir, pairs[0], events)
		}
		os.RemoveAll(dir)
	}
	if counted == 0 {
		t.Error("nothing was acknowledged before any cut")
	}
	t.Logf("| power cut at any step of a trace | %d | %d, each as often as it was cut after it | 0 | 0 | 0 | | |", cuts, counted)
}

type writingPair struct {
	people       [2]apptest.Person
	conversation protocol.ID
}

func fromEnv(t *testing.T, name string, otherwise int) int {
	value := os.Getenv(name)
	if value == "" {
		return otherwise
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// writeTraced sends messages, two at a time, and notes the receipts. The log is checkpointed now and then, as a busy
// server's is.
func writeTraced(t *testing.T, app *apptest.App, socket *apptest.Socket, conversation protocol.ID, writer int, trace *apptest.DiskTrace) {
	const inFlight = 2
	for n, received := 0, 0; received < cutMessages; {
		for ; n < cutMessages && n < received+inFlight; n++ {
			frame := protocol.ClientFrame{Type: protocol.TypeChatMessage, ConversationID: conversation, ClientID: fmt.Sprintf("chaos-%d-%d", writer, n),
				Message: fmt.Sprint("Message ", strings.Repeat("é", n%7*500), n)}
			if err := socket.Conn.WriteJSON(frame); err != nil {
				t.Error(err)
				return
			}
		}
		data, isOpen := <-socket.Frames()
		if !isOpen {
			t.Error("the socket was closed")
			return
		}
		var f protocol.MessageFrame
		if json.Unmarshal(data, &f) != nil || f.Type != protocol.TypeNewMessage || !strings.HasPrefix(f.Message.ClientID, fmt.Sprintf("chaos-%d-", writer)) {
			continue
		}
		trace.Note(acknowledgedMessage{f.Message.ClientID, f.Message.ID})
		if received++; received%10 == 0 && writer%4 == 0 {
			if _, err := app.NonconcurrentDB().NewQuery("PRAGMA wal_checkpoint(" + []string{"PASSIVE", "TRUNCATE"}[writer/4] + ")").Execute(); err != nil {
				t.Error(err)
			}
		}
	}
}

// intact opens a database as the server does and looks for the acknowledged messages.
func intact(dir string, events []any) (err error) {
	db, err := store.Connect(filepath.Join(dir, "data.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	var verdict string
	if err := db.NewQuery("PRAGMA integrity_check").Row(&verdict); err != nil || verdict != "ok" {
		return fmt.Errorf("integrity_check: %s %w", verdict, err)
	}
	var rows []struct {
		ID       string `db:"id"`
		ClientID string `db:"client_id"`
	}
	if err := db.NewQuery("SELECT id, client_id FROM messages WHERE client_id LIKE 'chaos-%' ORDER BY id").All(&rows); err != nil {
		return err
	}
	ids, highest := map[string]protocol.ID{}, map[int]int{}
	for _, row := range rows {
		var writer, n int
		if _, err := fmt.Sscanf(row.ClientID, "chaos-%d-%d", &writer, &n); err != nil {
			return err
		}
		if ids[row.ClientID] != 0 || n != highest[writer] {
			return fmt.Errorf("%s is there again, or out of order", row.ClientID)
		}
		ids[row.ClientID], highest[writer] = protocol.ParseID(row.ID), n+1
	}
	for _, event := range events {
		if m := event.(acknowledgedMessage); ids[m.clientID] != m.id {
			return fmt.Errorf("%s was acknowledged as %d, and is %d", m.clientID, m.id, ids[m.clientID])
		}
	}
	return nil
}

// servesAfterCut starts a server on what is left: its next message comes after all others.
func servesAfterCut(t *testing.T, dir string, p writingPair, events []any) {
	t.Helper()
	app := apptest.Open(t, dir)
	defer app.Stop()
	said := app.Says(p.people[0], p.conversation, "après")
	for _, event := range events {
		if m := event.(acknowledgedMessage); m.id >= said.ID {
			t.Errorf("the next message has the id %d, which is before %d", said.ID, m.id)
		}
	}
}
