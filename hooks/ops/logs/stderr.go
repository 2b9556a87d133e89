package logs

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/ratelimit"
)

// stderrRate is how many lines standard error takes: whoever is refused could fill the journal.
var stderrRate = ratelimit.Rate{Burst: 2000, Every: time.Second / 100}

// stderrQueue is in lines. If whoever reads standard error is slow, further lines are dropped and counted.
const stderrQueue = 1000

// Options are what the configuration says about the log.
type Options struct {
	MaxBytes int64     // on the disk
	Level    string    // of standard error: debug, info, warn or error
	Format   string    // of standard error: text or json
	Output   io.Writer // standard error
}

// stderr writes lines to standard error, on a goroutine of its own.
type stderr struct {
	logger  *slog.Logger
	limiter *ratelimit.Limiter[struct{}]
	queue   chan []byte
	dropped atomic.Int64
	output  atomic.Pointer[io.Writer]
}

func newStderr(o Options) *stderr {
	s := &stderr{limiter: ratelimit.New[struct{}](stderrRate, 1), queue: make(chan []byte, stderrQueue)}
	s.output.Store(&o.Output)
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if o.Format == "json" {
		s.logger = slog.New(slog.NewJSONHandler(s, options))
	} else {
		s.logger = slog.New(slog.NewTextHandler(s, options))
	}
	return s
}

// Write queues a line. It never blocks.
func (s *stderr) Write(line []byte) (int, error) {
	select {
	case s.queue <- bytes.Clone(line):
	default:
		s.dropped.Add(1)
	}
	return len(line), nil
}

func (s *stderr) log(at time.Time, level slog.Level, message string, attributes ...slog.Attr) {
	handler := s.logger.Handler()
	if !handler.Enabled(context.Background(), level) {
		return
	}
	if _, ok := s.limiter.Take(struct{}{}, 1); !ok {
		s.dropped.Add(1)
		return
	}
	record := slog.NewRecord(at, level, message, 0)
	record.AddAttrs(attributes...)
	_ = handler.Handle(context.Background(), record) // it is only queued
}

// run writes the queued lines, one by one.
func (s *stderr) run(ctx context.Context) {
	tick := time.NewTicker(summaryPause)
	defer tick.Stop()
	for {
		select {
		case line := <-s.queue:
			s.print(line)
		case <-tick.C:
			s.printAll()
		case <-ctx.Done():
			s.printAll()
			return
		}
	}
}

// print writes a queued line.
func (s *stderr) print(line []byte) { _, _ = (*s.output.Load()).Write(line) }

// printAll writes what is queued, and how many lines were dropped before.
func (s *stderr) printAll() {
	if dropped := s.dropped.Swap(0); dropped > 0 {
		record := slog.NewRecord(time.Now(), slog.LevelWarn, "Lines were dropped: there were too many.", 0)
		record.AddAttrs(slog.Int64("dropped", dropped))
		_ = s.logger.Handler().Handle(context.Background(), record)
	}
	for {
		select {
		case line := <-s.queue:
			s.print(line)
		default:
			return
		}
	}
}

// SetOutput replaces standard error, for tests.
func (l *Log) SetOutput(w io.Writer) { l.stderr.output.Store(&w) }

// repeat writes a line of the dashboard's log that isn't about a request to standard error as well.
func (s *stderr) repeat(line *core.Log) {
	var attributes []slog.Attr
	for _, key := range []string{"error", "details", "panic", "stack"} {
		if text, ok := line.Data[key].(string); ok && text != "" {
			attributes = append(attributes, slog.String(key, scrub(cut(text, maxText))))
		}
	}
	s.log(line.Created.Time(), slog.Level(line.Level), scrub(line.Message), attributes...)
}

// Refused logs a refused frame, or a socket that the server has closed, of an account; request is the id of
// the request that opened the socket.
func (l *Log) Refused(what, code, account, request string) {
	l.stderr.log(time.Now(), slog.LevelWarn, what+" refused",
		slog.String("code", code), slog.String("user", account), slog.String("request_id", request))
}

var (
	mailAddress = regexp.MustCompile(`[^\s"'<>(),;:=]+@[^\s"'<>(),;:=]+`)
	tokenLike   = regexp.MustCompile(`[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{10,}|((?i:token|password|secret|code)=)[^&\s"']+`)
)

// scrub removes from a text the addresses of people and what looks like a token.
func scrub(text string) string {
	return tokenLike.ReplaceAllString(mailAddress.ReplaceAllString(text, "…@…"), "$1…")
}
