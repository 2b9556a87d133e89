package messagerie

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// newNotes is a writer on a real database with a table of notes.
func newNotes(t *testing.T) (*writer, core.App) {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	if _, err := app.DB().NewQuery("CREATE TABLE notes (note TEXT UNIQUE NOT NULL)").Execute(); err != nil {
		t.Fatal(err)
	}
	w := newWriter(app)
	t.Cleanup(func() {
		w.close()
		if err := app.ResetBootstrapState(); err != nil {
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

// hold keeps the writer busy until the answer is called, so that what is handed
// over meanwhile waits together.
func hold(w *writer) (release func()) {
	busy, free := make(chan struct{}), make(chan struct{})
	go func() { _ = w.transaction(func(core.App) error { close(busy); <-free; return nil }) }()
	<-busy
	return func() { close(free) }
}

// asked is a job whose end can be waited for.
type asked struct {
	*job
	answer chan struct{}
}

// ask makes such jobs.
func ask(jobs ...*job) (list []*asked) {
	for _, j := range jobs {
		list = append(list, &asked{job: j})
	}
	return list
}

// queue hands over jobs in their order, while the writer is held.
func queue(t *testing.T, w *writer, jobs ...*asked) {
	t.Helper()
	for _, j := range jobs {
		j.answer = make(chan struct{})
		j.done = func(error) { close(j.answer) }
		w.jobs <- j.job
	}
}

func TestWriter_commitsThoseThatWaitTogether(t *testing.T) {
	w, app := newNotes(t)
	release := hold(w)
	var mu sync.Mutex
	var transactions []core.App
	seen := func(run func(core.App) error) func(core.App) error {
		return func(tx core.App) error {
			mu.Lock()
			transactions = append(transactions, tx)
			mu.Unlock()
			return run(tx)
		}
	}
	failed := errors.New("refused")
	jobs := ask([]*job{
		{run: seen(note("un"))},
		{run: seen(note("un"))}, // not unique
		{run: seen(func(core.App) error { return failed })},
		{run: seen(func(core.App) error { panic("boum") })},
		{run: seen(note("deux"))},
		{alone: true, run: seen(func(tx core.App) error { return errors.Join(note("trois")(tx), failed) })},
		{alone: true, run: seen(note("quatre"))},
		{run: seen(note("cinq"))},
	}...)
	queue(t, w, jobs...)
	release()
	for _, j := range jobs {
		<-j.answer
	}
	if got, want := notes(t, app), []string{"un", "deux", "quatre", "cinq"}; !slices.Equal(got, want) {
		t.Errorf("stored %q, want %q", got, want)
	}
	for i, refused := range []bool{false, true, true, true, false, true, false, false} {
		if (jobs[i].err != nil) != refused {
			t.Errorf("job %d ended with %v", i, jobs[i].err)
		}
	}
	if !errors.Is(jobs[2].err, failed) || !errors.Is(jobs[5].err, failed) {
		t.Errorf("the reasons became %v and %v", jobs[2].err, jobs[5].err)
	}
	for i, want := range []int{0, 0, 0, 0, 0, 5, 6, 7} {
		if transactions[i] != transactions[want] || i == want && i > 0 && transactions[i] == transactions[i-1] {
			t.Errorf("job %d isn't in the transaction of job %d", i, want)
		}
	}
}

func TestWriter_outlivesAPanic(t *testing.T) {
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

func TestWriter_closesAfterWhatWasHandedOver(t *testing.T) {
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
		case <-j.answer:
			if j.err != nil {
				t.Errorf("job %d: %v", i, j.err)
			}
		default:
			t.Fatalf("job %d was never answered", i)
		}
	}
	if got := notes(t, app); len(got) != len(jobs) {
		t.Errorf("%d of %d stored", len(got), len(jobs))
	}
	for _, run := range []func(func(core.App) error) error{w.save, w.transaction} {
		if err := run(note("trop tard")); !errors.Is(err, errClosed) {
			t.Errorf("after the end: %v", err)
		}
	}
	w.close() // again does nothing
}

// The rollback of a whole group is nobody's success.
func TestWriter_tellsEverybodyOfAFailedCommit(t *testing.T) {
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
		if <-j.answer; j.err == nil {
			t.Errorf("job %d was told that it is stored", i)
		}
	}
	if got := notes(t, app); len(got) != 0 {
		t.Errorf("stored %q", got)
	}
}
