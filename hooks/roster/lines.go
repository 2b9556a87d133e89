package roster

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// maxRecordLines is how many lines a row may have: an address in a cell has a few.
const maxRecordLines = 10

// errUnclosedQuote says that a quotation mark of a line has no counterpart in the lines below.
var errUnclosedQuote = errors.New("a quotation mark isn't closed")

// lines reads the rows of a table. It is no encoding/csv, which takes a quotation mark that isn't
// closed for the beginning of a cell with all the rest of the file.
type lines struct {
	scanner *bufio.Scanner
	number  int      // of the line that was returned last
	waiting []string // read ahead of it
}

func newLines(r io.Reader) *lines {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 4<<10), maxLineBytes)
	scanner.Split(splitLine)
	return &lines{scanner: scanner}
}

// splitLine ends lines at \n, \r\n or \r.
func splitLine(data []byte, atEOF bool) (advance int, token []byte, err error) {
	for i, b := range data {
		switch {
		case b == '\n':
			return i + 1, data[:i], nil
		case b == '\r' && i+1 < len(data) && data[i+1] == '\n':
			return i + 2, data[:i], nil
		case b == '\r' && (i+1 < len(data) || atEOF):
			return i + 1, data[:i], nil
		}
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// next returns the next line; io.EOF after the last.
func (l *lines) next() (string, error) {
	if len(l.waiting) > 0 {
		line := l.waiting[0]
		l.waiting = l.waiting[1:]
		l.number++
		return line, nil
	}
	if !l.scanner.Scan() {
		if err := l.scanner.Err(); err != nil {
			return "", err
		}
		return "", io.EOF
	}
	l.number++
	return l.scanner.Text(), nil
}

// record returns the cells of the next row and the number of its first line. After
// errUnclosedQuote the next row is on the next line.
func (l *lines) record(separator string) (cells []string, line int, err error) {
	first, err := l.next()
	if err != nil {
		return nil, l.number + 1, err
	}
	line = l.number
	row := first
	var more []string
	for {
		cells, closed := splitCells(row, separator)
		if closed {
			return cells, line, nil
		}
		next, err := "", io.EOF
		if len(more) < maxRecordLines {
			next, err = l.next()
		}
		if errors.Is(err, io.EOF) {
			l.waiting = append(more, l.waiting...)
			l.number = line
			return cells, line, errUnclosedQuote
		}
		if err != nil {
			return nil, l.number + 1, err
		}
		more = append(more, next)
		row += "\n" + next
	}
}

// splitCells splits a row (RFC 4180). A quotation mark inside a cell without any is itself, and so
// is one inside a quoted cell that nothing separates from more text. closed is false where the
// last cell begins with a quotation mark and doesn't end with one.
func splitCells(row, separator string) (cells []string, closed bool) {
	for {
		if quoted := strings.TrimLeft(row, " "); strings.HasPrefix(quoted, `"`) {
			cell, rest, ok := splitQuoted(quoted[1:], separator)
			cells = append(cells, cell)
			if !ok {
				return cells, false
			}
			if rest == "" {
				return cells, true
			}
			row = rest[len(separator):]
			continue
		}
		cell, rest, more := strings.Cut(row, separator)
		cells = append(cells, cell)
		if !more {
			return cells, true
		}
		row = rest
	}
}

// splitQuoted splits off a quoted cell, after its first mark. The rest is "" or begins with the
// separator.
func splitQuoted(row, separator string) (cell, rest string, ok bool) {
	var b strings.Builder
	for {
		text, after, found := strings.Cut(row, `"`)
		b.WriteString(text)
		if !found {
			return b.String(), "", false
		}
		end := strings.TrimLeft(after, " ")
		switch {
		case end == "" || strings.HasPrefix(end, separator):
			return b.String(), end, true
		case strings.HasPrefix(after, `"`):
			after = after[1:]
		}
		b.WriteByte('"')
		row = after
	}
}
