package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// A server that is killed while it delivers, again and again, delivers each message once and in order.
func TestScheduled_areDeliveredOnceAlthoughTheServerIsKilled(t *testing.T) {
	app := apptest.New(t)
	school := app.Establishment("Collège")
	claire, jerome := app.Person(school, protocol.RoleTeacher, "Claire", "Martin"), app.Person(school, protocol.RoleTeacher, "Jérôme", "Lefèvre")
	conversation := app.Conversation(claire, jerome)
	const many = 3000
	const fill = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {:many} - 1)
		INSERT INTO scheduled_messages (id, conversation, sender, content, client_id, reply_to, deliver_at, reason, urgent, code, created, updated)
		SELECT printf('%016d', 1000 + i), {:conversation}, {:sender}, i, 'm' || i, '', {:due}, 'scheduled', FALSE, '', {:due}, {:due} FROM n`
	_, err := app.DB().NewQuery(fill).Bind(dbx.Params{"many": many, "conversation": conversation.RecordID(), "sender": claire.Record.Id,
		"due": time.Now().Add(-time.Minute).UTC().Format("2006-01-02 15:04:05.000Z")}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	app.Stop()

	interrupted := 0
	for range 4 {
		server, url := serveAt(t, app.Dir)
		app.URL = url
		if socket, _ := app.Dial(jerome); socket.Frame() != nil { // the first that is announced
			interrupted++
		}
		if err := server.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = server.Wait()
	}
	again := apptest.Open(t, app.Dir)
	left := again.Count("scheduled_messages")
	t.Logf("%d kills, %d messages were left at the last start", interrupted, left)
	for again.Count("scheduled_messages") > 0 {
		time.Sleep(10 * time.Millisecond)
	}
	var contents []string
	if err := again.DB().NewQuery("SELECT content FROM messages ORDER BY id").Column(&contents); err != nil {
		t.Fatal(err)
	}
	if len(contents) != many {
		t.Fatalf("%d messages, want %d", len(contents), many)
	}
	for i, content := range contents {
		if content != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, content)
		}
	}
}
