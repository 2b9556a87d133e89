package roster

import (
	"errors"
	"io"
	"strings"

	"messagerie/hooks/protocol"
)

// maxHeaderLine is how far down the header of a table may be: some begin with a title.
const maxHeaderLine = 10

// separators of a table, the most usual first.
var separators = []string{";", "\t", ","}

// header is the header of a table.
type header struct {
	separator string
	line      int // its first line
	cells     []string
	columns   []Column
}

// recognise finds out what a document is, by its content.
func (d *document) recognise(options Options) error {
	text := d.beginning()
	var err error
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		d.kind, err = recogniseXML(d)
	} else {
		d.header, d.kind, err = d.recogniseTable(text, options)
	}
	if err != nil {
		return err
	}
	if options.Format != "" && options.Format != d.kind.format {
		return unreadable(Position{File: d.name}, "ce fichier n'est pas au format %s", formatNames[options.Format])
	}
	return nil
}

// recogniseTable finds the line that is the header of a table we know: of several, the one with most
// columns that we know.
func (d *document) recogniseTable(text string, options Options) (header, kind, error) {
	var found, widest header
	var known kind
	for line := 1; line <= maxHeaderLine; line++ {
		for _, separator := range separators {
			h, ok := headerAt(text, line, separator)
			if !ok {
				continue
			}
			if len(h.cells) > len(widest.cells) {
				widest = h
			}
			if k := kindOfTable(h.cells, options); k.format != "" {
				h.columns = mapColumns(h.cells, namesFor(k), options.columnsFor(h.cells))
				if mapped(h) > mapped(found) {
					found, known = h, k
				}
			}
		}
	}
	if known.format != "" {
		return found, known, nil
	}
	refused := unreadable(Position{File: d.name}, "aucune ligne d'en-tête n'a été reconnue : il faut au moins un nom et un prénom")
	headers := make([]string, len(widest.cells))
	for i, cell := range widest.cells {
		headers[i] = clean(cell)
	}
	// For correcting what the columns are.
	refused.Data["columns"] = headers
	return header{}, kind{}, refused
}

// headerAt returns the row that begins on a line.
func headerAt(text string, line int, separator string) (header, bool) {
	rows := newLines(strings.NewReader(text))
	for {
		cells, at, err := rows.record(separator)
		if errors.Is(err, io.EOF) || err != nil && !errors.Is(err, errUnclosedQuote) || at > line {
			return header{}, false
		}
		if at == line {
			return header{separator: separator, line: line, cells: cells}, true
		}
	}
}

func mapped(h header) int {
	n := 0
	for _, column := range h.columns {
		if column.Field != "" {
			n++
		}
	}
	return n
}

// kindOfTable returns the kind of a table with these headers; its format is "" if they aren't those
// of a table of people.
func kindOfTable(headers []string, options Options) kind {
	keys := map[string]bool{}
	for _, header := range headers {
		keys[headerKey(header)] = true
	}
	if options.Format != FormatTable {
		if k := kindOfOneRoster(keys); k.format != "" {
			return k
		}
		if k := kindOfONDE(keys); k.format != "" {
			return k
		}
	}
	fields := map[string]bool{}
	for _, column := range mapColumns(headers, headerNames, options.columnsFor(headers)) {
		fields[column.Field] = true
	}
	if fields[ColumnFullName] || (fields[ColumnLastName] || fields[ColumnUsualName]) && fields[ColumnFirstName] {
		return kind{format: FormatTable, order: orderOfTable(fields), read: readTable}
	}
	return kind{}
}

// kindOfONDE tells the three files of ONDE apart.
func kindOfONDE(keys map[string]bool) kind {
	pupil := (keys["nomeleve"] || keys["nomdefamilleeleve"]) && keys["prenomeleve"]
	adult := keys["nomresponsable"] && keys["prenomresponsable"]
	teacher := keys["directeur"] && keys["nom"] && keys["prenom"]
	switch {
	case adult && (pupil || keys["prenomenfant"]):
		return kind{format: FormatONDE, order: 1, complete: []string{protocol.RoleParent}, read: readTable}
	case pupil:
		return kind{format: FormatONDE, order: 0, complete: []string{protocol.RoleStudent}, read: readTable}
	case teacher:
		return kind{format: FormatONDE, order: 2, complete: []string{protocol.RoleTeacher}, read: readTable}
	}
	return kind{}
}

// orderOfTable puts tables of guardians after others.
func orderOfTable(fields map[string]bool) int {
	for _, field := range childColumns {
		if fields[field] {
			return 1
		}
	}
	return 0
}

// namesFor are the names of the columns of a kind.
func namesFor(k kind) map[string]string {
	if k.format == FormatOneRoster {
		return oneRosterNames
	}
	return headerNames
}
