package messagerie_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/apptest"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

type (
	coreApp    = core.App
	storeReset = store.Reset
)

// delivery is a school under random clocks, restarts and failing commits, with a model of what its
// messages have to come to.
type delivery struct {
	*harness
	dir    string
	faults *apptest.Faults
	random *rand.Rand
	clock  *testClock
	zone   *time.Location

	members []school.Person // an admin and two teachers
	places  []protocol.ID
	quiet   bool

	sent map[string]messagerie.NewMessage // by client_id, whatever became of it
	gone map[string]bool                  // cancelled
	seen int                              // how many changes were checked
	rows map[protocol.ID]waiting          // what waited before the last round
}

// waiting is a row of scheduled_messages.
type waiting struct {
	ID           string         `db:"id"`
	Conversation string         `db:"conversation"`
	ClientID     string         `db:"client_id"`
	DeliverAt    types.DateTime `db:"deliver_at"`
}

// readRows reads what waits: a row that a failing commit has stored is announced to nobody.
func (d *delivery) readRows() {
	d.t.Helper()
	var rows []waiting
	if err := d.ConcurrentDB().Select("id", "conversation", "client_id", "deliver_at").From("scheduled_messages").All(&rows); err != nil {
		d.t.Fatal(err)
	}
	d.rows = make(map[protocol.ID]waiting)
	for _, row := range rows {
		d.rows[protocol.ParseID(row.ID)] = row
	}
}

func (d *delivery) open() {
	d.harness = openHarness(d.t, d.dir, d.faults.Connect)
	d.people.SetClock(d.clock.now)
	d.seen = 0
}

// The outcomes of a message are looked up in the database: each is stored once, or waits once.
func (d *delivery) checkOnce() {
	d.t.Helper()
	counts := map[string]int{}
	for _, id := range d.column("SELECT client_id FROM messages UNION ALL SELECT client_id FROM scheduled_messages", nil) {
		counts[id]++
	}
	for id := range d.sent {
		if want := map[bool]int{false: 1, true: 0}[d.gone[id]]; counts[id] != want {
			d.t.Fatalf("%s is there %d times, want %d", id, counts[id], want)
		}
	}
}

// checkDelivered checks the messages announced since the last look, of a round at one moment: none is
// early or comes to somebody who is left in peace, and those of each conversation are in order.
// Between conversations there is no order after a failed commit.
func (d *delivery) checkDelivered() {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	lasts := map[string]waiting{} // by conversation
	var delivered messagerie.StoredMessage
	for _, change := range d.changes[d.seen:] {
		switch c := change.(type) {
		case messagerie.MessageCreated:
			delivered = c.Message
			if !c.Message.Urgent && d.isQuietFor(c.Message) {
				d.t.Fatalf("at %v %q was delivered", d.clock.at.In(d.zone), c.Message.ClientID)
			}
		case messagerie.ScheduledGone:
			if c.Reason != protocol.GoneDelivered {
				continue
			}
			row := d.rows[c.ID]
			last := lasts[row.Conversation]
			switch {
			case delivered.ClientID != row.ClientID:
				d.t.Fatalf("%q went without a message", row.ClientID)
			case row.DeliverAt.Time().After(d.clock.at):
				d.t.Fatalf("%q is early: %v, at %v", row.ClientID, row.DeliverAt, d.clock.at)
			case row.DeliverAt.Before(last.DeliverAt) || row.DeliverAt.Equal(last.DeliverAt) && row.ID < last.ID:
				d.t.Fatalf("%q comes after %q", row.ClientID, last.ClientID)
			}
			lasts[row.Conversation] = row
		}
	}
	d.seen = len(d.changes)
}

// isQuietFor looks at the clock on the wall: a weekend, or the night, for anybody but the author and
// the admin, the first member.
func (d *delivery) isQuietFor(m messagerie.StoredMessage) bool {
	local := d.clock.at.In(d.zone)
	day, clock := local.Weekday(), local.Format("15:04")
	if !d.quiet || day != time.Saturday && day != time.Sunday && clock >= "07:00" && clock < "20:00" {
		return false
	}
	p, err := d.conversations.Participants(m.Conversation)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, member := range p.Members {
		if member.User != m.Sender && member.User != d.members[0].ID {
			return true
		}
	}
	return false
}

// step does something at random; commits may fail.
func (d *delivery) step(i int) {
	switch r := d.random; {
	case r.IntN(10) < 6:
		place := r.IntN(len(d.places))
		people := [][]school.Person{d.members, d.members[1:], d.members[:2]}[place]
		m := messagerie.NewMessage{Conversation: d.places[place], Sender: people[r.IntN(len(people))].ID,
			Content: fmt.Sprint(i), ClientID: fmt.Sprint("m", i)}
		if r.IntN(2) == 0 {
			m.DeliverAt = d.clock.at.Add(time.Duration(r.IntN(30*60)) * time.Minute)
		}
		m.Urgent = m.Sender == d.members[0].ID && r.IntN(8) == 0
		d.send(m)
	case r.IntN(3) == 0 && len(d.sent) > 0: // again, as after a lost receipt
		for id, m := range d.sent {
			if !d.gone[id] {
				d.send(m)
				break
			}
		}
	case r.IntN(3) == 0:
		d.cancelOrMove()
	case r.IntN(4) == 0:
		d.faults.Fail(0)
		d.quiet = !d.quiet
		mode := map[bool]string{false: protocol.QuietOff, true: protocol.QuietDefer}[d.quiet]
		d.change("establishments", d.school, object{"quiet": mode})
		if err := d.conversations.AskAgain(); err != nil {
			d.t.Fatal(err)
		}
	case r.IntN(4) == 0:
		d.faults.Fail(0)
		d.checkDelivered()
		school := d.school
		d.close()
		d.open()
		d.school = school
	}
}

// send sends until it is known to be stored: whoever isn't answered sends again.
func (d *delivery) send(m messagerie.NewMessage) {
	d.sent[m.ClientID] = m
	var err error
	for range 50 {
		if _, _, err = d.conversations.SendMessage(m); err == nil {
			return
		}
	}
	d.t.Fatalf("%q couldn't be sent: %v", m.ClientID, err)
}

func (d *delivery) cancelOrMove() {
	d.faults.Fail(0)
	person := d.members[d.random.IntN(len(d.members))]
	page, _, err := d.conversations.Scheduled(person.ID, "", 0)
	if err != nil || len(page) == 0 {
		return
	}
	one := page[d.random.IntN(len(page))]
	if d.random.IntN(2) == 0 {
		err = d.conversations.CancelScheduled(person.ID, one.ID)
		d.gone[one.ClientID] = true
	} else {
		at := d.clock.at.Add(time.Duration(d.random.IntN(600)-60) * time.Minute)
		_, err = d.conversations.ChangeScheduled(person.ID, one.ID, messagerie.ScheduledChange{DeliverAt: &at})
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// round is what the worker does, first with failing commits, then until it has succeeded.
func (d *delivery) round() {
	d.t.Helper()
	d.readRows()
	if d.random.IntN(3) == 0 {
		d.faults.Fail(0.5)
	}
	_, _ = d.conversations.DeliverDue() // fails, or doesn't
	d.faults.Fail(0)
	next, err := d.conversations.DeliverDue()
	if err != nil {
		d.t.Fatal(err)
	}
	if !next.IsZero() && !next.After(d.clock.at) {
		d.t.Fatalf("at %v something due at %v is left", d.clock.at, next)
	}
}

// Random clocks forward and back over both changes of the clocks, restarts, and commits that fail
// before or after they are stored: everything is delivered once, never early, in order, never to
// somebody who is left in peace, and in the first round in which it may be.
func TestDelivery_isOnceInTimeAndInOrder(t *testing.T) {
	for seed, begin := range []string{"2026-10-23 17:00:00", "2027-03-26 17:00:00"} {
		t.Run(begin, func(t *testing.T) {
			first := newNight(t, begin)
			d := &delivery{harness: first.harness, dir: first.DataDir(), faults: apptest.NewFaults(uint64(seed)), random: rand.New(rand.NewPCG(13, uint64(seed))),
				clock: first.clock, zone: first.clock.at.Location(), members: []school.Person{first.head, first.claire, first.jerome}, quiet: true,
				sent: map[string]messagerie.NewMessage{}, gone: map[string]bool{}}
			d.places = []protocol.ID{d.conversation(d.members...), d.conversation(d.members[1:]...), d.conversation(d.members[:2]...)}
			establishment := d.school
			d.close()
			d.open()
			d.school = establishment
			for i := range 250 {
				d.faults.Fail(0.2 * float64(d.random.IntN(2)))
				d.step(i)
				d.checkDelivered()
				d.round()
				d.checkDelivered()
				forward := time.Duration(d.random.IntN(45*60)) * time.Second
				if d.random.IntN(6) == 0 {
					forward = -forward
				}
				d.clock.at = d.clock.at.Add(forward)
			}
			d.faults.Fail(0)
			d.clock.at = d.clock.at.AddDate(0, 0, 5)
			for d.isNight() {
				d.clock.at = d.clock.at.Add(time.Hour)
			}
			d.round()
			d.checkOnce()
			if left := d.column("SELECT id FROM scheduled_messages", nil); len(left) > 0 {
				t.Errorf("%d are left", len(left))
			}
			if stored, lost := d.faults.Counts(); stored == 0 || lost == 0 {
				t.Errorf("of the commits that failed, %d were stored and %d lost", stored, lost)
			}
		})
	}
}

func (d *delivery) isNight() bool {
	local := d.clock.at.In(d.zone)
	return local.Weekday() == time.Saturday || local.Weekday() == time.Sunday || local.Hour() < 7 || local.Hour() >= 20
}
