package main

import (
	"bytes"
	"database/sql"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A few of the faults on the real program, while eight people write: nothing that was acknowledged is lost, doubled or
// out of order. All of them, and many more times, are caused by `make chaos`.
func TestChaos_losesNothingThatEightAtOnceWereAcknowledged(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("processes are signalled as on Linux")
	}
	work := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", work, "messagerie")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	seed := uint64(time.Now().UnixNano())
	all, err := chaos{setup: setup{ctx: t.Context(), work: work, messagerie: filepath.Join(work, "messagerie")}, brief: true, seed: seed}.run()
	if err == nil {
		err = brokenBy(all)
	}
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	faultsTried := 0
	for _, s := range all {
		t.Log(s.line())
		faultsTried += s.times
		if s.skipped != nil || s.acknowledged == 0 {
			t.Errorf("%s wasn't tried", s.fault)
		}
	}
	if faultsTried != 5 {
		t.Errorf("%d faults were caused, want 3 kills, a corrupted log and a deleted -shm", faultsTried)
	}
}

func TestTranscript_findsWhatIsWrong(t *testing.T) {
	w := &chaosWriter{number: 3, user: 7}
	stored := func(n int, id int64) storedMessage {
		return storedMessage{ID: id, SenderID: w.user, ClientID: w.clientID(n), Content: w.text(n)}
	}
	other := stored(1, 11)
	other.Content = "another text"
	for name, c := range map[string]struct {
		messages     []storedMessage
		acknowledged []int64
		want         checked
	}{
		"all there":                    {[]storedMessage{{ID: 9}, stored(0, 10), stored(1, 11)}, []int64{10, 11}, checked{}},
		"stored, not acknowledged yet": {[]storedMessage{stored(0, 10), stored(1, 11)}, []int64{10, 0}, checked{}},
		"lost":                         {[]storedMessage{stored(0, 10)}, []int64{10, 11}, checked{lost: 1}},
		"lost after a gap":             {[]storedMessage{stored(0, 10)}, []int64{10, 0, 12}, checked{lost: 1}},
		"another id":                   {[]storedMessage{stored(0, 10), stored(1, 12)}, []int64{10, 11}, checked{lost: 1}},
		"another text":                 {[]storedMessage{stored(0, 10), other}, []int64{10, 11}, checked{lost: 1}},
		"doubled":                      {[]storedMessage{stored(0, 10), stored(1, 11), stored(1, 12)}, []int64{10, 11}, checked{doubled: 1}},
		"not as it was sent":           {[]storedMessage{stored(1, 10), stored(0, 11)}, []int64{11, 10}, checked{reordered: 1}},
		"a page out of order":          {[]storedMessage{stored(0, 12), stored(1, 11)}, []int64{12, 11}, checked{reordered: 1}},
	} {
		read := newTranscript()
		for _, m := range c.messages {
			read.take(m)
		}
		read.compare(w, c.acknowledged)
		if read.found != c.want {
			t.Errorf("%s: %s", name, read.found)
		}
		if err := brokenBy([]suffered{{checked: read.found}}); (err != nil) != c.want.isBroken() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWriter_countsASecondIDAsDoubled(t *testing.T) {
	w := &chaosWriter{number: 3, user: 7, ids: make([]int64, 3)}
	for _, id := range []int64{10, 10, 11} {
		w.acknowledge(storedMessage{ID: id, ClientID: "chaos-3-0"})
	}
	w.acknowledge(storedMessage{ID: 12, ClientID: "chaos-4-1"}) // of somebody else
	if w.differ != 1 || w.count.Load() != 1 || w.waiting() != 2 {
		t.Errorf("%d differ, %d are acknowledged, %d waited for", w.differ, w.count.Load(), w.waiting())
	}
}

// SQLite itself says where the last commit is: what corruptTail writes after it changes nothing, and a byte before it
// loses that commit.
func TestCorruptTail_isAfterTheLastCommit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for n := range 3 {
		path := filepath.Join(t.TempDir(), "data.db")
		source := path + "?_pragma=journal_mode(WAL)"
		db, err := sql.Open("sqlite", source)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{"CREATE TABLE t (x)", "INSERT INTO t VALUES (randomblob(9000))", "INSERT INTO t VALUES (2)"} {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		crashed := filepath.Join(t.TempDir(), "data.db") // a copy of what is open
		for _, suffix := range []string{"", "-wal"} {
			data, err := os.ReadFile(path + suffix)
			if err == nil {
				err = os.WriteFile(crashed+suffix, data, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		db.Close()
		before, _ := os.ReadFile(crashed + "-wal")
		if err := corruptTail(crashed+"-wal", n, random); err != nil {
			t.Fatal(err)
		}
		after, _ := os.ReadFile(crashed + "-wal")
		end, _ := lastCommit(before)
		if end != len(before) || len(after) <= end || !bytes.Equal(after[:end], before) {
			t.Errorf("the last commit of %d bytes ends at %d; %d bytes were left", len(before), end, len(after))
		}
		if rows := count(t, crashed); rows != 2 {
			t.Errorf("with a corrupted end of kind %d: %d rows", n, rows)
		}
		before[end-1]++
		if damaged, _ := lastCommit(before); damaged >= end {
			t.Error("a damaged commit counts")
		}
	}
}

func count(t *testing.T, path string) (rows int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM t").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestWriteChaos_namesWhatWasNotPossible(t *testing.T) {
	var out bytes.Buffer
	writeChaos(&out, 5, []suffered{{fault: "a", times: 2, acknowledged: 9, served: []float64{1, 2}, checked: checked{lost: 1}},
		{fault: "b", skipped: errImpossible}})
	for _, row := range []string{"seed 5", "| a | 2 | 9 | 1 | 0 | 0 | 1.50 | 2.00 |", "| b | not possible here | | | | | | |"} {
		if !strings.Contains(out.String(), row) {
			t.Errorf("no %q in\n%s", row, &out)
		}
	}
}
