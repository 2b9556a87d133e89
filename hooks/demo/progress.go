package demo

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// How often progress is shown: as a bar that is redrawn on a terminal, as a line from
// time to time elsewhere.
const (
	drawEvery = 100 * time.Millisecond
	lineEvery = 10 * time.Second
)

// progress shows how far a long filling has come.
type progress struct {
	out   io.Writer
	isBar bool
	now   func() time.Time

	what        string
	done, total int
	begun       time.Time
	shown       time.Time
}

func newProgress(out io.Writer) *progress {
	return &progress{out: out, isBar: isTerminal(out), now: time.Now}
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// begin starts a step of so many rows; 0 if that isn't known.
func (p *progress) begin(what string, total int) {
	p.what, p.done, p.total = what, 0, total
	p.begun = p.now()
	p.shown = p.begun
	if p.isBar {
		p.draw()
	}
}

// add counts rows that were written.
func (p *progress) add(rows int) {
	p.done += rows
	every := lineEvery
	if p.isBar {
		every = drawEvery
	}
	if now := p.now(); p.total > 0 && now.Sub(p.shown) >= every {
		p.shown = now
		p.draw()
	}
}

// end prints a line about the finished step.
func (p *progress) end() {
	took := p.now().Sub(p.begun).Round(drawEvery)
	p.print(fmt.Sprintf("%-14s %d in %v", p.what, p.done, took), "\n")
}

func (p *progress) draw() {
	if p.total == 0 {
		p.print(p.what+" …", "")
		return
	}
	const width = 30
	filled := min(width, width*p.done/p.total)
	state := fmt.Sprintf("%-14s %s%s %3d %%  %d of %d%s", p.what,
		strings.Repeat("█", filled), strings.Repeat("░", width-filled), 100*p.done/p.total, p.done, p.total, p.left())
	end := ""
	if !p.isBar {
		end = "\n"
	}
	p.print(state, end)
}

// left is the time that the rest takes at the pace so far.
func (p *progress) left() string {
	passed := p.now().Sub(p.begun)
	if p.done == 0 || passed < time.Second {
		return ""
	}
	left := time.Duration(float64(passed) / float64(p.done) * float64(p.total-p.done))
	return fmt.Sprintf(", %v left", left.Round(time.Second))
}

// print overwrites the bar.
func (p *progress) print(text, end string) {
	if p.isBar {
		text = "\r\x1b[K" + text
	}
	fmt.Fprint(p.out, text+end)
}
