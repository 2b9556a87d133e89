package email

import (
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
	_ "messagerie/pb_migrations"
)

// testSchool is a real app with its mail queue, a real mail server and a clock that only
// the test moves.
type testSchool struct {
	t      testing.TB
	dir    string
	limits config.Limits
	clock  *clock
	smtp   *smtpServer

	app     core.App
	queue   *Queue
	changed chan struct{} // a recipient's record was saved

	establishment, elsewhere string
	claire                   school.Person // a teacher, who writes
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newSchool is a school whose worker doesn't run until serve.
func newSchool(t testing.TB) *testSchool {
	t.Helper()
	s := &testSchool{
		t: t, dir: plainapp.DataDir(t), limits: config.Default().Limits, smtp: startSMTP(t),
		clock: &clock{now: time.Now().UTC().Truncate(time.Millisecond)},
	}
	s.open()
	t.Cleanup(s.close)
	s.establishment = s.add("establishments", map[string]any{"name": "Collège Jean Moulin"}).Id
	s.elsewhere = s.add("establishments", map[string]any{"name": "Lycée Ampère"}).Id
	s.claire = s.person("Claire", "Martin", protocol.RoleTeacher, "claire@jean-moulin.fr")
	s.configure(func(settings *core.Settings) {
		settings.Meta.AppName = "Collège Jean Moulin"
		settings.Meta.AppURL = "https://messagerie.jean-moulin.fr"
		settings.Meta.SenderAddress = "messagerie@jean-moulin.fr"
		settings.SMTP.Enabled = true
		settings.SMTP.Host = "127.0.0.1"
		settings.SMTP.Port = s.smtp.port()
	})
	return s
}

// bindRules binds the rules for people and their conversations.
func bindRules(app core.App, st *store.Store, limits config.Limits) *school.Service {
	people := school.New(app, st, limits)
	people.Bind()
	messagerie.New(app, st, people, limits).Bind()
	return people
}

func (s *testSchool) open() {
	s.t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: s.dir})
	st := store.New(app)
	people := bindRules(app, st, s.limits)
	s.queue = New(app, st, people, s.limits)
	s.queue.now = s.clock.Now
	s.queue.Bind()
	changed := make(chan struct{}, 10_000)
	app.OnRecordAfterUpdateSuccess(recipients).BindFunc(func(e *core.RecordEvent) error {
		changed <- struct{}{}
		return e.Next()
	})
	if err := app.Bootstrap(); err != nil {
		s.t.Fatal(err)
	}
	s.app, s.changed = app, changed
}

// serve does what PocketBase does once it listens.
func (s *testSchool) serve() {
	s.t.Helper()
	event := &core.ServeEvent{App: s.app}
	if err := s.app.OnServe().Trigger(event, func(*core.ServeEvent) error { return nil }); err != nil {
		s.t.Fatal(err)
	}
}

// close does what PocketBase does when it is stopped.
func (s *testSchool) close() {
	if err := plainapp.Terminate(s.app); err != nil {
		s.t.Error(err)
	}
}

func (s *testSchool) restart() {
	s.t.Helper()
	s.close()
	s.open()
	s.serve()
}

// later advances the clock and wakes the worker.
func (s *testSchool) later(d time.Duration) {
	s.clock.advance(d)
	s.queue.signal()
}

// settle returns once the worker has finished what it was doing: there is one slot for
// signals, and it is only emptied between two rounds.
func (s *testSchool) settle() {
	s.queue.wake <- struct{}{}
	s.queue.wake <- struct{}{}
}

func (s *testSchool) configure(change func(*core.Settings)) {
	s.t.Helper()
	change(s.app.Settings())
	s.save(s.app.Settings())
}

func (s *testSchool) save(model core.Model) {
	s.t.Helper()
	if err := s.app.Save(model); err != nil {
		s.t.Fatal(err)
	}
}

func (s *testSchool) add(collection string, values map[string]any) *core.Record {
	s.t.Helper()
	c, err := s.app.FindCollectionByNameOrId(collection)
	if err != nil {
		s.t.Fatal(err)
	}
	record := core.NewRecord(c)
	if collection == "users" {
		// Nobody signs in here, and hashing a password takes a second with -race.
		record.SetRaw("password", &core.PasswordFieldValue{Hash: "-"})
		record.RefreshTokenKey()
	}
	record.Load(values)
	s.save(record)
	return record
}

func (s *testSchool) change(collection, id string, values map[string]any) {
	s.t.Helper()
	record, err := s.app.FindRecordById(collection, id)
	if err != nil {
		s.t.Fatal(err)
	}
	record.Load(values)
	s.save(record)
}

func (s *testSchool) person(first, last, role, address string) school.Person {
	s.t.Helper()
	return s.personWith(first, last, role, address, nil)
}

func (s *testSchool) personWith(first, last, role, address string, more map[string]any) school.Person {
	s.t.Helper()
	values := map[string]any{
		"first_name": first, "last_name": last, "role": role, "email": address,
		"establishments": []string{s.establishment},
	}
	for name, value := range more {
		values[name] = value
	}
	return school.PersonOf(s.add("users", values))
}

func (s *testSchool) parent(name string) school.Person {
	s.t.Helper()
	return s.person(name, "Durand", protocol.RoleParent, name+"@famille.fr")
}

// send sends a letter of Claire's that everybody accepts.
func (s *testSchool) send(content string, to ...school.Person) protocol.EmailAccepted {
	s.t.Helper()
	letter := Letter{Subject: "Sortie au musée", Content: content}
	for _, person := range to {
		letter.Recipients = append(letter.Recipients, Recipient{ID: person.ID})
	}
	result, err := s.queue.Send(s.claire, letter)
	if err != nil {
		s.t.Fatal(err)
	}
	if result.Accepted != len(to) {
		s.t.Fatalf("refused %v", result.Refused)
	}
	return result
}

// recipient reads the newest record for an address.
func (s *testSchool) recipient(person school.Person) *core.Record {
	s.t.Helper()
	found, err := s.app.FindRecordsByFilter(recipients, "address = {:a}", "-id", 1, 0, map[string]any{"a": person.Email})
	if err != nil || len(found) == 0 {
		s.t.Fatalf("no record for %s: %v", person.Email, err)
	}
	return found[0]
}

// until waits until the record of a person is as wanted.
func (s *testSchool) until(person school.Person, wanted func(*core.Record) bool) *core.Record {
	s.t.Helper()
	deadline := time.After(patience)
	for {
		record := s.recipient(person)
		if wanted(record) {
			return record
		}
		select {
		case <-s.changed:
		case <-deadline:
			s.t.Fatalf("the record stayed at %v", record.PublicExport())
		}
	}
}

func (s *testSchool) untilState(person school.Person, state string) *core.Record {
	s.t.Helper()
	return s.until(person, func(r *core.Record) bool { return r.GetString("state") == state })
}

func (s *testSchool) untilAttempts(person school.Person, attempts int) *core.Record {
	s.t.Helper()
	return s.until(person, func(r *core.Record) bool { return r.GetInt("attempts") == attempts })
}

func (s *testSchool) count(collection string) int64 {
	s.t.Helper()
	n, err := s.app.CountRecords(collection)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}
