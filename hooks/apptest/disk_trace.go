package apptest

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// DiskTrace is what SQLite did to the files of a directory, in order: a power cut may happen after any of it.
type DiskTrace struct {
	dir   string
	start map[string][]byte // the files as they were, by name

	mu     sync.Mutex
	steps  []diskStep
	closed bool
}

// diskStep is one write, truncation, deletion or fsync that has returned, or a note.
type diskStep struct {
	kind   stepKind
	file   string // name below the directory
	at     int64  // of a write; of a truncation the size
	data   []byte // that was written
	covers int    // of an fsync: the steps before it began, which are on the disk now
	note   any
}

type stepKind int

const (
	stepWrite stepKind = iota
	stepTruncate
	stepDelete
	stepSync
	stepNote
)

// RecordDisk records what happens to the databases of dir, which must not be open yet, until the test ends.
func RecordDisk(t testing.TB, dir string) *DiskTrace {
	t.Helper()
	trace := &DiskTrace{dir: dir, start: map[string][]byte{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		if trace.start[entry.Name()], err = os.ReadFile(filepath.Join(dir, entry.Name())); err != nil {
			t.Fatal(err)
		}
	}
	if err := traceFiles(trace); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = traceFiles(nil) })
	return trace
}

// name returns the name of a recorded file, "" for any other: the shared memory beside a log isn't on the disk.
func (d *DiskTrace) name(path string) string {
	name, err := filepath.Rel(d.dir, path)
	if err != nil || strings.HasPrefix(name, "..") || strings.HasSuffix(name, "-shm") {
		return ""
	}
	return name
}

func (d *DiskTrace) add(s diskStep) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		d.steps = append(d.steps, s)
	}
}

// Note adds an event of the test's own. What is on the disk by then, the disk has to keep.
func (d *DiskTrace) Note(event any) { d.add(diskStep{kind: stepNote, note: event}) }

// End ends the recording.
func (d *DiskTrace) End() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
}

// Len is the number of steps.
func (d *DiskTrace) Len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.steps)
}

// Cut returns the files by name as a power cut after so many steps may leave them, and the events noted before. What
// was written after a file's last fsync is there or not, in any combination of sectors.
func (d *DiskTrace) Cut(steps int, random *rand.Rand) (files map[string][]byte, events []any) {
	disk := map[string]*diskFile{}
	file := func(name string) *diskFile {
		if disk[name] == nil {
			data, exists := d.start[name]
			disk[name] = &diskFile{data: append([]byte(nil), data...), exists: exists}
		}
		return disk[name]
	}
	for name := range d.start {
		file(name)
	}
	for i, s := range d.steps[:steps] {
		switch s.kind {
		case stepNote:
			events = append(events, s.note)
		case stepSync:
			file(s.file).sync(s.covers)
		default:
			file(s.file).pending = append(file(s.file).pending, pendingStep{i, s})
		}
	}
	files = map[string][]byte{}
	fate := fates[random.IntN(len(fates))]
	for name, f := range disk {
		for _, p := range f.pending {
			f.apply(p.diskStep, func() bool { return fate(random) })
		}
		if f.exists {
			files[name] = f.data
		}
	}
	return files, events
}

// fates decide whether a sector that wasn't synced reached the disk.
var fates = []func(*rand.Rand) bool{
	func(*rand.Rand) bool { return false },
	func(*rand.Rand) bool { return true },
	func(r *rand.Rand) bool { return r.IntN(2) == 0 },
	func(r *rand.Rand) bool { return r.IntN(20) > 0 },
}

// diskFile is a file on the disk, and what is on its way there.
type diskFile struct {
	data    []byte
	exists  bool
	pending []pendingStep
}

type pendingStep struct {
	number int
	diskStep
}

// sync applies what was done before an fsync began.
func (f *diskFile) sync(covers int) {
	f.exists = true // SQLite also syncs the directory of a log that is new
	for len(f.pending) > 0 && f.pending[0].number < covers {
		f.apply(f.pending[0].diskStep, func() bool { return true })
		f.pending = f.pending[1:]
	}
}

// sector is what a disk writes as a whole, in bytes.
const sector = 512

// apply does one step as far as it reached the disk.
func (f *diskFile) apply(s diskStep, reached func() bool) {
	switch s.kind {
	case stepDelete:
		if reached() {
			f.data, f.exists = nil, false
		}
	case stepTruncate:
		if reached() {
			f.resize(s.at)
		}
	case stepWrite:
		for from := 0; from < len(s.data); {
			at := s.at + int64(from)
			length := min(sector-int(at%sector), len(s.data)-from)
			if reached() {
				f.exists = true
				f.resize(max(int64(len(f.data)), at+int64(length)))
				copy(f.data[at:], s.data[from:from+length])
			}
			from += length
		}
	}
}

func (f *diskFile) resize(size int64) {
	if grown := size - int64(len(f.data)); grown > 0 {
		f.data = append(f.data, make([]byte, grown)...)
	}
	f.data = f.data[:size]
}
