package roster

import (
	"errors"
	"io"
	"strings"
)

// sheet is a table that is being read, row by row.
type sheet struct {
	reading  *reading
	document *document
	lines    *lines
	columns  []Column
	places   map[string][]int // of the columns of a field
}

// row is one row.
type row struct {
	entry
	*sheet
	cells []string
}

// eachRow calls read with every row below the header of a table that has anything but a footer.
func (r *reading) eachRow(d *document, read func(*row) error) error {
	content, closer, err := d.text()
	if err != nil {
		return err
	}
	defer closer.Close()
	s := &sheet{reading: r, document: d, lines: newLines(content), columns: d.header.columns, places: map[string][]int{}}
	for i, column := range s.columns {
		s.places[column.Field] = append(s.places[column.Field], i)
	}
	for s.lines.number < d.header.line-1 {
		if _, err := s.lines.next(); err != nil {
			return s.readError(err)
		}
	}
	if _, _, err := s.lines.record(d.header.separator); err != nil && !errors.Is(err, errUnclosedQuote) {
		return s.readError(err)
	}
	return s.read(read)
}

// maxFooter is how many rows a footer may have.
const maxFooter = 50

// read reads what is below the header. The last rows of one cell are a footer ("25 élèves"); with
// people below, or more of them than a footer has, they are broken rows.
func (s *sheet) read(read func(*row) error) error {
	var footer []*row
	for {
		w, err := s.nextRow()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		filled := w.filled()
		if filled == 0 && !w.bad {
			continue
		}
		footer = append(footer, w)
		above := len(footer) // all of them, if this is no row of a footer
		if filled == 1 && !w.bad && len(s.columns) > 2 {
			above = max(0, len(footer)-maxFooter)
		}
		for _, w := range footer[:above] {
			if err := s.readRow(w, read); err != nil {
				return err
			}
		}
		footer = footer[above:]
	}
}

func (s *sheet) readRow(w *row, read func(*row) error) error {
	if err := s.reading.countRow(w.at); err != nil {
		return err
	}
	return read(w)
}

func (s *sheet) nextRow() (*row, error) {
	cells, line, err := s.lines.record(s.document.header.separator)
	w := &row{entry: entry{reading: s.reading, at: Position{File: s.document.name, Line: line}}, sheet: s, cells: cells}
	if errors.Is(err, errUnclosedQuote) {
		w.fail(w.position(len(cells)-1), ProblemUnclosedQuote, "Un guillemet est ouvert et n'est pas fermé.")
		return w, nil
	}
	if err != nil {
		return nil, s.readError(err)
	}
	s.widen(w)
	return w, nil
}

func (s *sheet) readError(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return err
	case strings.Contains(err.Error(), "token too long"):
		return unreadable(Position{File: s.document.name, Line: s.lines.number + 1}, "la ligne est trop longue pour un tableau")
	}
	return s.document.broken(err)
}

// filled counts the cells of a row that have something in them.
func (w *row) filled() int {
	n := 0
	for _, cell := range w.cells {
		if strings.TrimSpace(cell) != "" {
			n++
		}
	}
	return n
}

// widen repeats the last columns about a child for a row that has more of them than the header. A
// row with any other cell too many may be shifted.
func (s *sheet) widen(w *row) {
	end := len(w.cells)
	for end > len(s.columns) && strings.TrimSpace(w.cells[end-1]) == "" {
		end--
	}
	w.cells = w.cells[:end]
	group := s.lastChild()
	for len(s.columns) < end && len(group) > 0 && end <= maxCells {
		for _, column := range group {
			s.places[column.Field] = append(s.places[column.Field], len(s.columns))
			s.columns = append(s.columns, column)
		}
	}
	if end > len(s.columns) {
		w.fail(w.position(len(s.columns)), ProblemTooManyCells, "La ligne a %d cellules et l'en-tête %d : elles sont peut-être décalées.",
			end, len(s.columns))
	}
}

const maxCells = 500

// lastChild returns the columns about the last child, if they are the table's last.
func (s *sheet) lastChild() []Column {
	seen := map[string]bool{}
	i := len(s.columns)
	for ; i > 0; i-- {
		field := s.columns[i-1].Field
		if !strings.HasPrefix(field, "child_") || seen[field] {
			break
		}
		seen[field] = true
	}
	return s.columns[i:]
}

// position is where a cell is. Its column counts from 0 here.
func (w *row) position(column int) Position {
	at := w.at
	at.Column = column + 1
	return at
}

// place returns the column of a field, -1 for none.
func (w *row) place(field string) int {
	if places := w.places[field]; len(places) > 0 {
		return places[0]
	}
	return -1
}

// value returns a field, "" where the row or the table doesn't have it.
func (w *row) value(field string, limit int) string { return w.cell(w.place(field), limit) }

// values returns the fields that a table may have several times, with "" for empty ones.
func (w *row) values(field string, limit int) []string {
	values := make([]string, 0, len(w.places[field]))
	for _, column := range w.places[field] {
		values = append(values, w.cell(column, limit))
	}
	return values
}

func (w *row) cell(column, limit int) string {
	if column < 0 || column >= len(w.cells) {
		return ""
	}
	return w.text(w.position(column), w.columns[column].Header, w.cells[column], limit)
}

// where is the position of a field.
func (w *row) where(field string) Position { return w.position(w.place(field)) }

// person reads the columns about a person.
func (w *row) person(role string) Person {
	p := Person{At: w.at, Role: role, ExternalID: w.value(ColumnExternalID, maxExternalID)}
	w.names(&p)
	p.Username = parseUsername(w.value(ColumnUsername, maxExternalID))
	p.INE = w.ine(w.where(ColumnINE), w.value(ColumnINE, maxName))
	p.BirthDate = w.day(w.where(ColumnBirthDate), w.value(ColumnBirthDate, maxName))
	p.Left = w.left(w.where(ColumnLeft), w.value(ColumnLeft, maxName))
	p.Email = w.email(w.where(ColumnEmail), w.value(ColumnEmail, 2*maxExternalID))
	return p
}

// names reads the names: the usual name rather than the family name.
func (w *row) names(p *Person) {
	p.LastName, p.FirstName = w.value(ColumnUsualName, maxName), w.value(ColumnFirstName, maxName)
	if p.LastName == "" {
		p.LastName = w.value(ColumnLastName, maxName)
	}
	if full := w.value(ColumnFullName, 2*maxName); full != "" && p.LastName == "" && p.FirstName == "" {
		p.LastName, p.FirstName = w.split(w.where(ColumnFullName), full)
	}
	w.named(p, w.position(max(w.place(ColumnLastName), w.place(ColumnFullName))),
		w.position(max(w.place(ColumnFirstName), w.place(ColumnFullName))))
}

// split splits a name in one cell.
func (w *row) split(at Position, full string) (last, first string) {
	last, first, ok := splitName(full)
	if !ok {
		w.fail(at, ProblemUnclearName, "« %s » : rien ne sépare le nom du prénom. Écrivez le nom en majuscules.", full)
	}
	return last, first
}
