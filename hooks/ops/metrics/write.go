package metrics

import (
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/backup"
	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// write adds what is read when it is asked for.
func (m *Metrics) write(w io.Writer) {
	metrics.WriteGaugeUint64(w, fmt.Sprintf("messagerie_build_info{version=%q,go=%q}", m.version, runtime.Version()), 1)
	metrics.WriteGaugeUint64(w, "messagerie_sockets_open", uint64(m.hub.Sockets()))
	metrics.WriteCounterUint64(w, "messagerie_messages_total", uint64(m.hub.Messages()))
	in, out := m.hub.Frames()
	writeFrames(w, "messagerie_frames_received_total", in)
	writeFrames(w, "messagerie_frames_sent_total", out)
	metrics.WriteGaugeUint64(w, "messagerie_writer_queue_length", uint64(m.store.QueueLength()))
	writeCommits(w, m.store.CommitTimes())
	m.writeDisk(w)
	m.writeBackup(w)
	for _, state := range m.mail.load() {
		metrics.WriteGaugeUint64(w, fmt.Sprintf("messagerie_mail_recipients{state=%q}", state.State), state.Count)
	}
}

func writeFrames(w io.Writer, name string, counts map[string]int64) {
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		metrics.WriteCounterUint64(w, fmt.Sprintf("%s{type=%q}", name, kind), uint64(counts[kind]))
	}
}

func writeCommits(w io.Writer, times store.CommitTimes) {
	const name = "messagerie_commit_seconds"
	count := int64(0)
	for i, bucket := range times.Buckets {
		count += bucket
		bound := "+Inf"
		if i < len(store.CommitBounds) {
			bound = fmt.Sprint(store.CommitBounds[i].Seconds())
		}
		fmt.Fprintf(w, "%s_bucket{le=%q} %d\n", name, bound, count)
	}
	fmt.Fprintf(w, "%s_sum %g\n%s_count %d\n", name, times.Sum.Seconds(), name, count)
}

func (m *Metrics) writeDisk(w io.Writer) {
	if free, err := store.FreeBytes(m.app.DataDir()); err == nil {
		metrics.WriteGaugeUint64(w, "messagerie_disk_free_bytes", uint64(max(free, 0)))
	}
	writable := uint64(1)
	if m.store.Failure() != nil {
		writable = 0
	}
	metrics.WriteGaugeUint64(w, "messagerie_storage_writable", writable)
}

// writeBackup adds nothing if no backup was ever made.
func (m *Metrics) writeBackup(w io.Writer) {
	last, err := backup.Last(m.app.DataDir())
	if err != nil || last.Finished.IsZero() {
		return
	}
	ok := uint64(0)
	if last.Good() {
		ok = 1
	}
	metrics.WriteGaugeUint64(w, "messagerie_backup_last_success", ok)
	metrics.WriteGaugeFloat64(w, "messagerie_backup_last_timestamp_seconds", float64(last.Finished.UnixMilli())/1000)
	metrics.WriteGaugeUint64(w, "messagerie_backup_last_bytes", uint64(max(last.Bytes, 0)))
}

// mailStates counts the recipients of letters by their state, once a minute at most: all rows are read for it.
type mailStates struct {
	app core.App
	now func() time.Time

	mu    sync.Mutex
	read  time.Time
	known []mailState
}

type mailState struct {
	State string `db:"state"`
	Count uint64 `db:"count"`
}

const mailStatesLast = time.Minute

func (s *mailStates) load() []mailState {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); now.Sub(s.read) >= mailStatesLast {
		counts := map[string]uint64{protocol.EmailQueued: 0, protocol.EmailSent: 0, protocol.EmailFailed: 0}
		var rows []mailState
		err := s.app.ConcurrentDB().Select("state", "count(*) AS count").From("email_recipients").GroupBy("state").All(&rows)
		if err != nil {
			return s.known
		}
		for _, row := range rows {
			counts[row.State] = row.Count
		}
		s.read, s.known = now, nil
		for _, state := range slices.Sorted(maps.Keys(counts)) {
			s.known = append(s.known, mailState{state, counts[state]})
		}
	}
	return s.known
}
