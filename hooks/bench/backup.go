package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // as PocketBase has it

	"messagerie/hooks/apptest/freeport"
)

// backups measures how long people wait for each other's messages while a backup is made, in turn with times without one.
type backups struct {
	setup  setup
	size   int           // MB that the database has
	rounds int           // with a backup each
	lasts  time.Duration // each time without one; with one, it is measured as often as it takes
}

// Ten people write in pairs, together ten times as often as busy classes do.
const (
	backupPeople = 10
	backupRate   = 100
)

// waits are the delays of messages, in ms.
type waits struct{ without, with []float64 }

func (b backups) run(out io.Writer) error {
	dir := filepath.Join(b.setup.work, "school")
	err := b.setup.do(b.setup.work, b.setup.messagerie, "demo", "--dir", dir, noDev, "--fill-only",
		"--dataset", b.setup.dataset(), "--people", strconv.Itoa(hostilePeople), "--messages", strconv.Itoa(hostileMessages))
	if err != nil {
		return err
	}
	if err := b.enlarge(filepath.Join(dir, "data.db")); err != nil {
		return err
	}
	raw, err := os.ReadFile(b.setup.dataset())
	if err != nil {
		return err
	}
	var people dataset
	if err := json.Unmarshal(raw, &people); err != nil {
		return err
	}
	address, err := freeport.Address()
	if err != nil {
		return err
	}
	server, err := b.setup.launch(address, nil, b.setup.messagerie, "serve", "--dir", dir, noDev, "--http", address)
	if err != nil {
		return err
	}
	defer server.stop() //nolint:errcheck // the figures are there by then
	write := func() ([]float64, error) {
		m := &mixed{online: backupPeople, rate: backupRate, lists: 2, warmUp: warmUp, lasts: b.lasts, address: address, pid: server.pids, people: people}
		err := m.run(b.setup.ctx)
		if missing := m.missing(); missing > 0 {
			err = errors.Join(err, fmt.Errorf("%d messages didn't arrive", missing))
		}
		return m.took(), err
	}
	for round := range b.rounds {
		w, took, err := b.round(dir, write)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "round %d: without p50 %.1f, p99 %.1f, most %.1f ms; with a backup of %d MB, which took %v, p50 %.1f, p99 %.1f, most %.1f ms; p99 %.2f times\n",
			round+1, quantile(w.without, 0.5), quantile(w.without, 0.99), slices.Max(w.without), b.size, took.Round(time.Second),
			quantile(w.with, 0.5), quantile(w.with, 0.99), slices.Max(w.with), quantile(w.with, 0.99)/quantile(w.without, 0.99))
	}
	return nil
}

// enlarge adds a table that nobody reads. It compresses to about half, as messages do.
func (b backups) enlarge(path string) (err error) {
	fmt.Fprintln(os.Stderr, "filling", path)
	db, err := sql.Open("sqlite", path+"?_pragma=synchronous(OFF)&_pragma=wal_autocheckpoint(1000)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(b.setup.ctx, "CREATE TABLE bench_ballast (content TEXT)"); err != nil {
		return err
	}
	for range b.size {
		if _, err := db.ExecContext(b.setup.ctx, "INSERT INTO bench_ballast VALUES (hex(randomblob(524288)))"); err != nil {
			return err
		}
	}
	if _, err := db.ExecContext(b.setup.ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	return flushed(path)
}

// flushed returns once a file is on the disk: what the system still writes would be measured with what comes next.
func flushed(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// round measures without a backup before and after it, and all the time that it takes.
func (b backups) round(dir string, write func() ([]float64, error)) (w waits, took time.Duration, err error) {
	if w.without, err = write(); err != nil {
		return w, 0, err
	}
	to := filepath.Join(b.setup.work, "backups")
	backup := exec.CommandContext(b.setup.ctx, b.setup.messagerie, "backup", "--to", to, "--dir", dir, noDev)
	backup.Stderr = os.Stderr
	began, ended := time.Now(), make(chan error, 1)
	go func() {
		err := backup.Run()
		took = time.Since(began)
		ended <- err
	}()
	for under := true; under; {
		with, err := write()
		if err != nil {
			return w, 0, err
		}
		fmt.Fprintf(os.Stderr, "%v: p99 %.1f, most %.1f ms\n", time.Since(began).Round(time.Second), quantile(with, 0.99), slices.Max(with))
		select {
		case err := <-ended:
			if err != nil {
				return w, 0, fmt.Errorf("the backup: %w", err)
			}
			under = false
		default:
		}
		if under || w.with == nil { // the last one went on after its end
			w.with = append(w.with, with...)
		}
	}
	after, err := write()
	w.without = append(w.without, after...)
	return w, took, errors.Join(err, os.RemoveAll(to))
}
