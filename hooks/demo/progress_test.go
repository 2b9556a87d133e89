package demo

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgress_isALineNowAndThenOffTheTerminal(t *testing.T) {
	var out bytes.Buffer
	p, clock := newProgress(&out), time.Now()
	p.now = func() time.Time { return clock }
	p.begin("messages", 4000)
	for range 4 {
		clock = clock.Add(lineEvery / 2)
		p.add(1000)
	}
	p.end()
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 3 || strings.Contains(out.String(), "\r") {
		t.Fatalf("want two lines on the way and one at the end: %q", out.String())
	}
	for i, want := range []string{"50 %  2000 of 4000, 10s left", "100 %  4000 of 4000", "4000 in 20s"} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("line %d is %q, want %q in it", i+1, lines[i], want)
		}
	}
}

func TestProgress_isDrawnOverOnATerminal(t *testing.T) {
	var out bytes.Buffer
	p, clock := newProgress(&out), time.Now()
	p.now, p.isBar = func() time.Time { return clock }, true
	p.begin("messages", 2000)
	clock = clock.Add(drawEvery)
	p.add(1000)
	if got := out.String(); strings.Count(got, "\r") != 2 || strings.Contains(got, "\n") || !strings.Contains(got, "50 %") {
		t.Errorf("drawn: %q", got)
	}
}
