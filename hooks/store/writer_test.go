package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest/plainapp"
	"messagerie/hooks/refusal"
)

// newNotes creates a writer on a real database with a table of notes.
func newNotes(t *testing.T) (*writer, core.App) {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	if _, err := app.DB().NewQuery("CREATE TABLE notes (note TEXT UNIQUE NOT NULL)").Execute(); err != nil {
		t.Fatal(err)
	}
	w := newWriter(app, func() {}, func() {}, func(error) {}, func(time.Duration) {})
	t.Cleanup(func() {
		w.close()
		if err := plainapp.Terminate(app); err != nil {
			t.Error(err)
		}
	})
	return w, app
}

func note(text string) func(core.App) error {
	return func(tx core.App) error {
		_, err := tx.DB().NewQuery("INSERT INTO notes VALUES ({:text})").Bind(map[string]any{"text": text}).Execute()
		return err
	}
}

func notes(t *testing.T, app core.App) (list []string) {
	t.Helper()
	if err := app.DB().NewQuery("SELECT note FROM notes ORDER BY rowid").Column(&list); err != nil {
		t.Fatal(err)
	}
	return list
}

// hold keeps the writer busy until release is called, so that the jobs that are queued
// in the meantime form one group.
func hold(w *writer) (release func()) {
	busy, free := make(chan struct{}), make(chan struct{})
	go func() { _ = w.transaction(func(core.App) error { close(busy); <-free; return nil }) }()
	<-busy
	return func() { close(free) }
}

// asked is a job with a channel for its end.
type asked struct {
	*job
	ended chan struct{}
}

// ask creates such jobs.
func ask(jobs ...*job) (list []*asked) {
	for _, j := range jobs {
		list = append(list, &asked{job: j})
	}
	return list
}

// queue enqueues jobs in their order, while the writer is held.
func queue(t *testing.T, w *writer, jobs ...*asked) {
	t.Helper()
	for _, j := range jobs {
		j.ended = make(chan struct{})
		j.done = func(error) { close(j.ended) }
		w.jobs <- j.job
	}
}

func TestWriter_commitsWaitingJobsTogether(t *testing.T) {
	w, app := newNotes(t)
	release := hold(w)
	var transactions []core.App
	seen := func(run func(core.App) error) func(core.App) error {
		return func(tx core.App) error {
			transactions = append(transactions, tx)
			return run(tx)
		}
	}
	refused := refusal.New("refused", "No.")
	jobs := ask([]*job{
		{run: seen(note("un"))},
		{run: seen(note("un"))}, // not unique
		{run: seen(func(core.App) error { return refused })},
		{run: seen(note("deux"))},
		{alone: true, run: seen(func(tx core.App) error { return errors.Join(note("trois")(tx), refused) })},
		{alone: true, run: seen(note("quatre"))},
		{run: seen(note("cinq"))},
	}...)
	queue(t, w, jobs...)
	release()
	for _, j := range jobs {
		<-j.ended
	}
	if got, want := notes(t, app), []string{"un", "deux", "quatre", "cinq"}; !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
	for i, failed := range []bool{false, true, true, false, true, false, false} {
		if (jobs[i].err != nil) != failed {
			t.Errorf("job %d ended with %v", i, jobs[i].err)
		}
	}
	if !errors.Is(jobs[2].err, refused) || !errors.Is(jobs[4].err, refused) {
		t.Errorf("the errors are %v and %v", jobs[2].err, jobs[4].err)
	}
	for i, want := range []int{0, 0, 0, 0, 4, 5, 6} {
		if transactions[i] != transactions[want] || i == want && i > 0 && transactions[i] == transactions[i-1] {
			t.Errorf("job %d isn't in the transaction of job %d", i, want)
		}
	}
}

// A job that fails after its statement, or in a way that may have ended the transaction,
// is undone completely and doesn't affect the others.
func TestWriter_undoesAJobThatFailsAfterItsStatement(t *testing.T) {
	for name, fail := range map[string]func(core.App) error{
		"by an error of no known kind": func(core.App) error { return errors.New("boum") },
		"by a panic":                   func(core.App) error { panic("boum") },
		"by a hook behind it":          func(core.App) error { return executedError{refusal.New("refused", "No.")} },
		"by SQLite's own rollback": func(tx core.App) error {
			_, err := tx.DB().NewQuery("INSERT OR ROLLBACK INTO notes VALUES (NULL)").Execute()
			return errors.New("as on a full disk: " + err.Error()) // without its code, of a constraint
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, app := newNotes(t)
			release := hold(w)
			spoil := func(text string) *job {
				return &job{run: func(tx core.App) error { return errors.Join(note(text)(tx), fail(tx)) }}
			}
			jobs := ask(spoil("perdu"), &job{run: note("un")}, &job{run: note("un")}, &job{run: note("deux")},
				spoil("perdu"), spoil("perdu"), &job{run: note("trois")}, spoil("perdu"))
			queue(t, w, jobs...)
			release()
			for i, j := range jobs {
				<-j.ended
				if failed := !slices.Contains([]int{1, 3, 6}, i); (j.err != nil) != failed {
					t.Errorf("job %d ended with %v", i, j.err)
				}
			}
			if got, want := notes(t, app), []string{"un", "deux", "trois"}; !slices.Equal(got, want) {
				t.Errorf("stored %q, want %q", got, want)
			}
		})
	}
}

func TestWriter_survivesAPanic(t *testing.T) {
	w, app := newNotes(t)
	for _, run := range []func(func(core.App) error) error{w.save, w.transaction} {
		if err := run(func(tx core.App) error {
			_ = note("perdu")(tx)
			panic("boum")
		}); err == nil {
			t.Error("a panic was taken for success")
		}
	}
	if err := w.save(note("après")); err != nil {
		t.Error(err)
	}
	if got := notes(t, app); !slices.Contains(got, "après") {
		t.Errorf("stored %q", got)
	}
}

func TestWriter_finishesQueuedJobsOnClose(t *testing.T) {
	w, app := newNotes(t)
	release := hold(w)
	var jobs []*asked
	for i := range groupSize + 5 {
		jobs = append(jobs, ask(&job{run: note(fmt.Sprint("note ", i))})...)
	}
	queue(t, w, jobs...)
	closed := make(chan struct{})
	go func() { w.close(); close(closed) }()
	release()
	<-closed
	for i, j := range jobs {
		select {
		case <-j.ended:
			if j.err != nil {
				t.Errorf("job %d: %v", i, j.err)
			}
		default:
			t.Fatalf("job %d never ended", i)
		}
	}
	if got := notes(t, app); len(got) != len(jobs) {
		t.Errorf("%d of %d stored", len(got), len(jobs))
	}
	for _, run := range []func(func(core.App) error) error{w.save, w.transaction} {
		if err := run(note("trop tard")); !errors.Is(err, refusal.Unavailable) {
			t.Errorf("after the end: %v", err)
		}
	}
	w.close() // a second call does nothing
}

// When a whole group is rolled back, no job succeeds.
func TestWriter_reportsAFailedCommitToAllJobs(t *testing.T) {
	w, app := newNotes(t)
	if _, err := app.DB().NewQuery(`CREATE TABLE children (note TEXT REFERENCES notes(note) DEFERRABLE INITIALLY DEFERRED)`).Execute(); err != nil {
		t.Fatal(err)
	}
	release := hold(w)
	jobs := ask(&job{run: note("un")}, &job{run: func(tx core.App) error {
		_, err := tx.DB().NewQuery("INSERT INTO children VALUES ('orphelin')").Execute()
		return err
	}})
	queue(t, w, jobs...)
	release()
	for i, j := range jobs {
		if <-j.ended; j.err == nil {
			t.Errorf("job %d was reported as stored", i)
		}
	}
	if got := notes(t, app); len(got) != 0 {
		t.Errorf("stored %q", got)
	}
}
