package messagerie_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Random messages and markers, by the fast path in one school and as records in another: the
// rows, what is announced and what is refused are the same.
func TestFastPath_doesWhatSavingARecordDoes(t *testing.T) {
	const steps = 400
	fast, slow := newTwin(t), newTwin(t)
	slow.OnRecordCreate("messages").BindFunc(func(e *core.RecordEvent) error { return e.Next() })
	slow.OnRecordUpdate("participants").BindFunc(func(e *core.RecordEvent) error { return e.Next() })
	if messages, participants := fast.conversations.FastPaths(); !messages || !participants {
		t.Fatal("the fast paths are closed")
	}
	if messages, participants := slow.conversations.FastPaths(); messages || participants {
		t.Fatal("the fast paths are open in spite of other handlers")
	}
	random := rand.New(rand.NewPCG(1, 2))
	outcomes := map[string]int{}
	for step := range steps {
		draw := drawn{random.IntN(10), random.IntN(4), random.IntN(2), random.IntN(12), random.IntN(20), random.IntN(step + 3), random.IntN(12)}
		one, other := fast.apply(draw), slow.apply(draw)
		if one != other {
			t.Fatalf("step %d, %+v:\n%s\n%s", step, draw, one, other)
		}
		outcome, _, _ := strings.Cut(one, ":")
		outcomes[outcome]++
	}
	for _, outcome := range []string{"sent", "again", "moved", protocol.CodeNotParticipant, protocol.CodeContentEmpty, protocol.CodeContentTooLong,
		protocol.CodeInvalidReplyTo, protocol.CodeInvalidMentions, protocol.CodeClientIDReused, protocol.CodeClientIDTooLong, protocol.CodeInvalidMessageID} {
		if outcomes[outcome] == 0 {
			t.Errorf("nothing random had the outcome %s: %v", outcome, outcomes)
		}
	}
	for _, table := range []string{"messages", "participants"} {
		if one, other := fast.rows(table), slow.rows(table); !slices.Equal(one, other) {
			t.Errorf("the %s differ:\n%s\n\n%s", table, strings.Join(one, "\n"), strings.Join(other, "\n"))
		}
	}
	if one, other := fast.announced(), slow.announced(); !slices.Equal(one, other) {
		t.Errorf("the announcements differ:\n%s\n\n%s", strings.Join(one, "\n"), strings.Join(other, "\n"))
	}
}

// twin is a school that has another just like it, but for ids and times.
type twin struct {
	*harness
	people   []school.Person // of whom the last takes part in nothing
	places   []protocol.ID   // conversations
	messages []protocol.ID   // in the order of sending
	names    map[protocol.ID]string
}

func newTwin(t *testing.T) *twin {
	w := &twin{harness: newHarness(t, nil), names: map[protocol.ID]string{}}
	for i := range 4 {
		w.people = append(w.people, w.person(fmt.Sprint("Personne", i)))
		w.names[w.people[i].ID] = fmt.Sprint("person", i)
	}
	w.places = []protocol.ID{w.conversation(w.people[:3]...), w.conversation(w.people[:2]...)}
	for i, place := range w.places {
		w.names[place] = fmt.Sprint("conversation", i)
	}
	for i, id := range w.column("SELECT id FROM participants ORDER BY id", nil) {
		w.names[protocol.ParseID(id)] = fmt.Sprint("participant", i)
	}
	return w
}

// drawn are random numbers that say what is done.
type drawn struct{ act, person, place, content, client, message, mentions int }

// apply does it and returns the outcome, a colon, and the details.
func (w *twin) apply(d drawn) string {
	user, place := w.people[d.person].ID, w.places[d.place]
	message := protocol.ID(12345) // of which there is none
	if d.message < len(w.messages) {
		message = w.messages[d.message]
	}
	var err error
	switch d.act {
	case 8:
		err = w.conversations.MarkDelivered([]messagerie.Delivered{{Conversation: place, User: user, UpTo: message}})
	case 9:
		err = w.conversations.MarkRead(user, place, message)
	default:
		m := messagerie.NewMessage{Conversation: place, Sender: user, Content: contents[d.content%len(contents)]}
		if d.client < 15 {
			m.ClientID = fmt.Sprint("client", d.client)
		} else if d.client == 15 {
			m.ClientID = strings.Repeat("x", 65)
		}
		if d.act > 5 {
			m.ReplyTo = message
		}
		if d.mentions < len(w.people) { // the last of whom takes part in nothing
			m.Mentions = []protocol.ID{w.people[d.mentions].ID, w.people[d.mentions/2].ID}
		}
		var stored messagerie.Sent
		var again bool
		stored, again, err = w.conversations.SendMessage(m)
		sent := stored.Message
		if err == nil && !again {
			w.messages = append(w.messages, sent.ID)
			w.names[sent.ID] = fmt.Sprint("message", len(w.messages))
		}
		if err == nil {
			sent.ReplyTo = nil
			if sent.Status == "" {
				w.t.Errorf("no status: %+v", sent)
			}
			return w.plain(fmt.Sprintf("%s: %+v", map[bool]string{false: "sent", true: "again"}[again], sent))
		}
	}
	var refused *refusal.Error
	switch {
	case err == nil:
		return "moved:"
	case errors.As(err, &refused):
		return refused.Code() + ": " + refused.Field + " " + refused.Message
	}
	return "error: " + w.plain(err.Error())
}

var contents = []string{"Bonjour", "Léa sera absente demain. Merci !", " à\tlundi\r\n", "a\x00b\x07c", "", " \n\u200b", "x", "👩‍👩‍👧 ok",
	strings.Repeat("é", 10_000), strings.Repeat("é", 10_001)}

var (
	longNumber = regexp.MustCompile(`\d{12,}`)
	anyTime    = regexp.MustCompile(`20\d\d-\d\d-\d\d[ T][\d:.]+Z`)
)

// plain puts names in the place of ids, and hides times.
func (w *twin) plain(text string) string {
	text = anyTime.ReplaceAllString(text, "TIME")
	return longNumber.ReplaceAllStringFunc(text, func(digits string) string {
		if name, ok := w.names[protocol.ParseID(digits)]; ok {
			return name
		}
		return digits
	})
}

// rows are those of a table, in order, with the types in which SQLite keeps the values.
func (w *twin) rows(table string) (rows []string) {
	w.t.Helper()
	var columns []string
	for _, name := range w.column("SELECT name FROM pragma_table_info('"+table+"') ORDER BY name", nil) {
		columns = append(columns, fmt.Sprintf("'%[1]s=' || coalesce(%[1]s, 'NULL') || ':' || typeof(%[1]s)", name))
	}
	for _, row := range w.column("SELECT "+strings.Join(columns, " || ' ' || ")+" FROM "+table+" ORDER BY id", nil) {
		rows = append(rows, w.plain(row))
	}
	return rows
}

func (w *twin) announced() (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, change := range w.changes {
		switch change.(type) {
		case messagerie.MessageCreated, messagerie.ParticipantChanged:
			all = append(all, w.plain(fmt.Sprintf("%T %+v", change, change)))
		}
	}
	return all
}

func TestFastPath_isOpenWhileTheServerRuns(t *testing.T) {
	app := apptest.New(t)
	if messages, participants := app.Conversations.FastPaths(); !messages || !participants {
		t.Errorf("messages %v, participants %v", messages, participants)
	}
}

func TestFastPath_closesWhereSomebodyCouldTell(t *testing.T) {
	someone := subscriptions.NewDefaultClient()
	changed := func(collection string, change func(*core.Collection)) func(*testing.T, *harness) {
		return func(t *testing.T, h *harness) {
			c, err := h.FindCollectionByNameOrId(collection)
			if err != nil {
				t.Fatal(err)
			}
			change(c)
			if err := h.Save(c); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, change := range map[string]func(*testing.T, *harness){
		"messages: another field": changed("messages", func(c *core.Collection) { c.Fields.Add(&core.TextField{Name: "colour"}) }),
		"messages: a smaller limit": changed("messages", func(c *core.Collection) {
			c.Fields.GetByName("content").(*core.TextField).Max = 10
		}),
		"messages: a required field": changed("messages", func(c *core.Collection) {
			c.Fields.GetByName("client_id").(*core.TextField).Required = true
		}),
		"participants: a field of each change": func(t *testing.T, h *harness) {
			changed("participants", func(c *core.Collection) {
				c.Fields.Add(&core.AutodateField{Name: "moved", OnUpdate: true})
			})(t, h)
			if messages, participants := h.conversations.FastPaths(); !messages || participants {
				t.Errorf("messages %v, participants %v", messages, participants)
			}
			h.SubscriptionsBroker().Register(someone)
		},
		"a handler of a save": func(_ *testing.T, h *harness) {
			h.OnRecordAfterCreateSuccess().BindFunc(func(e *core.RecordEvent) error { return e.Next() })
		},
		"a subscriber": func(_ *testing.T, h *harness) { h.SubscriptionsBroker().Register(someone) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, nil)
			change(t, h)
			if messages, participants := h.conversations.FastPaths(); messages || participants && !strings.HasPrefix(name, "messages: ") {
				t.Errorf("messages %v, participants %v", messages, participants)
			}
		})
	}
	h := newHarness(t, nil)
	h.SubscriptionsBroker().Register(someone)
	h.SubscriptionsBroker().Unregister(someone.Id())
	if messages, participants := h.conversations.FastPaths(); !messages || !participants {
		t.Error("closed although the subscriber has gone")
	}
}

// What an administrator sets in the dashboard, and what others bind, holds for each message.
func TestFastPath_leavesMessagesToOthersRules(t *testing.T) {
	h := newHarness(t, nil)
	me, other := h.person("Martin"), h.person("Petit")
	conversation := h.conversation(me, other)
	h.says(me, conversation, "")
	seen := 0
	h.OnRecordAfterCreateSuccess("messages").BindFunc(func(e *core.RecordEvent) error {
		seen++
		return e.Next()
	})
	h.says(me, conversation, "")
	if seen != 1 {
		t.Errorf("a handler has seen %d messages", seen)
	}
	c, err := h.FindCollectionByNameOrId("messages")
	if err != nil {
		t.Fatal(err)
	}
	c.Fields.GetByName("content").(*core.TextField).Max = 5
	if err := h.Save(c); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.conversations.SendMessage(messagerie.NewMessage{Conversation: conversation, Sender: me.ID, Content: "Bonjour"}); err == nil {
		t.Error("a message is longer than the dashboard allows")
	}
}

// Between the sender's checks and the writer's transaction, somebody may have been removed.
func TestFastPath_checksTheSenderInTheTransaction(t *testing.T) {
	h := newHarness(t, nil)
	me, other, outsider := h.person("Martin"), h.person("Petit"), h.person("Durand")
	message := messagerie.NewMessage{Conversation: h.conversation(me, other), Sender: outsider.ID, Content: "Bonjour"}
	for _, way := range []string{"fast", "as a record"} {
		if err := h.conversations.Insert(message); !errors.Is(err, messagerie.ErrNotParticipant) {
			t.Errorf("%s: %v", way, err)
		}
		h.OnRecordCreate("messages").BindFunc(func(e *core.RecordEvent) error { return e.Next() })
	}
	if stored := h.column("SELECT id FROM messages", nil); len(stored) > 0 {
		t.Errorf("stored: %v", stored)
	}
}

// A job that fails after its statement rolls back what its group has written, which runs again.
func TestFastPath_storesOnceAfterARollback(t *testing.T) {
	h := newHarness(t, nil)
	me, other := h.person("Martin"), h.person("Petit")
	conversation := h.conversation(me, other)
	held, proceed := make(chan struct{}), make(chan struct{})
	h.records.SaveLater(func(core.App) error {
		close(held)
		<-proceed
		return nil
	}, func(error) {})
	<-held
	var all sync.WaitGroup
	send := func(clientID string, again bool) {
		all.Add(1)
		h.conversations.Send(messagerie.NewMessage{Conversation: conversation, Sender: me.ID, Content: "Bonjour", ClientID: clientID},
			func(before *messagerie.Sent, err error) {
				defer all.Done()
				if err != nil || (before != nil) != again {
					t.Errorf("%s: %v, %v", clientID, before, err)
				}
			})
	}
	send("one", false)
	all.Add(1)
	h.records.SaveLater(func(tx core.App) error {
		_, err := tx.DB().NewQuery("UPDATE messages SET content = 'lost'").Execute()
		return errors.Join(err, errors.New("after the statement"))
	}, func(err error) {
		defer all.Done()
		if err == nil {
			t.Error("the job in between succeeded")
		}
	})
	send("two", false)
	send("one", true)
	send("three", false)
	close(proceed)
	all.Wait()
	h.conversations.Flush()
	stored := h.column("SELECT client_id || ' ' || content FROM messages ORDER BY id", nil)
	if !slices.Equal(stored, []string{"one Bonjour", "two Bonjour", "three Bonjour"}) {
		t.Errorf("stored: %v", stored)
	}
	var ids []string
	for _, id := range h.created() {
		ids = append(ids, id.RecordID())
	}
	if inOrder := h.column("SELECT id FROM messages ORDER BY id", nil); !slices.Equal(ids, inOrder) {
		t.Errorf("announced %v, stored %v", ids, inOrder)
	}
}

func TestFastPath_staysClosedWhereSomebodyWasThereBefore(t *testing.T) {
	for _, before := range []bool{false, true} {
		app := core.NewBaseApp(core.BaseAppConfig{DataDir: plainapp.DataDir(t), DBConnect: store.Connect})
		if before {
			app.OnRecordAfterCreateSuccess("messages").BindFunc(func(e *core.RecordEvent) error { return e.Next() })
		}
		st := store.New(app)
		s := newServices(app, st, config.Default().Limits)
		s.bind()
		st.Seal()
		if err := app.Bootstrap(); err != nil {
			t.Fatal(err)
		}
		if messages, participants := s.conversations.FastPaths(); messages == before || participants == before {
			t.Errorf("a handler bound before %v: messages %v, participants %v", before, messages, participants)
		}
		st.Close()
		if err := plainapp.Terminate(app); err != nil {
			t.Error(err)
		}
	}
}
