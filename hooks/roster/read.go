package roster

import (
	"cmp"
	"io"
	"slices"
	"time"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// Upload is a file as somebody hands it in. It is opened more than once, and closed each time.
type Upload struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Options are what whoever imports says about the files. The zero value leaves everything to
// their content.
type Options struct {
	Format string // one of the formats; "" for the one that is recognised

	// For a table.
	Columns  map[string]string // what a column is, by its header: one of the Column constants, or "" to ignore it
	Role     string            // of the people of a table that doesn't say; "" for students
	Complete bool              // it names everybody who has one of the roles in it

	remembered map[string]map[string]string // Columns said before, by headersKey
}

// The limits of one import. A school has some thousands of people at most; the files of a large one
// have some megabytes.
const (
	maxUploads   = 20
	maxBytes     = 100 << 20 // of all files, unpacked
	maxRows      = 1_000_000 // rows and elements, and the links in them
	maxPeople    = 100_000
	maxProblems  = 10_000
	maxLineBytes = 64 << 10
)

// Read reads the files of one import. What can't be read at all is one refusal with the code
// protocol.CodeUnreadableFile; parts that can't be used are the roster's Problems.
func Read(files []Upload, options Options) (*Roster, error) {
	if err := options.check(files); err != nil {
		return nil, err
	}
	r := newReading(options, time.Now())
	defer r.close()
	var documents []*document
	for _, file := range files {
		found, err := r.unpack(file)
		if err != nil {
			return nil, err
		}
		documents = append(documents, found...)
	}
	if err := r.chooseFormat(documents); err != nil {
		return nil, err
	}
	// What others refer to comes first: students before their guardians.
	slices.SortStableFunc(documents, func(a, b *document) int { return cmp.Compare(a.kind.order, b.kind.order) })
	for _, d := range documents {
		if err := r.readDocument(d); err != nil {
			return nil, err
		}
	}
	return r.finish()
}

func (o Options) check(files []Upload) error {
	formats := []string{"", FormatONDE, FormatSIECLE, FormatOneRoster, FormatTable}
	switch {
	case len(files) == 0:
		return refusal.Invalid("files", "There is no file.")
	case len(files) > maxUploads:
		return refusal.Invalid("files", "At most %d files are read together.", maxUploads)
	case !slices.Contains(formats, o.Format):
		return refusal.Invalid("format", "There is no format %q.", o.Format)
	case o.Role != "" && !slices.Contains(protocol.Roles, o.Role):
		return refusal.Invalid("role", "There is no role %q.", o.Role)
	}
	for _, field := range o.Columns {
		if field != "" && !slices.Contains(ColumnFields, field) {
			return refusal.Invalid("columns", "A column can't be %q.", field)
		}
	}
	return nil
}

// chooseFormat finds the one format that all documents have.
func (r *reading) chooseFormat(documents []*document) error {
	for _, d := range documents {
		if err := d.recognise(r.options); err != nil {
			return err
		}
		switch format := d.kind.format; {
		case r.roster.Format == "":
			r.roster.Format = format
		case r.roster.Format != format:
			return unreadable(Position{File: d.name}, "ce fichier est au format %s et %s au format %s ; importez-les séparément",
				formatNames[format], documents[0].name, formatNames[r.roster.Format])
		}
	}
	return nil
}

var formatNames = map[string]string{
	FormatONDE: "ONDE", FormatSIECLE: "SIECLE", FormatOneRoster: "OneRoster", FormatTable: "tableau",
}

// readDocument reads one of the documents, which has its place in the order.
func (r *reading) readDocument(d *document) error {
	if d.kind.read == nil {
		r.roster.Files = append(r.roster.Files, File{Name: d.name})
		return nil
	}
	r.file = d.name
	if r.roster.Encoding == utf8Encoding {
		r.roster.Encoding = d.encoding
	}
	rows := r.rows
	if err := d.kind.read(r, d); err != nil {
		return err
	}
	r.roster.Files = append(r.roster.Files, File{Name: d.name, Rows: r.rows - rows})
	for _, role := range d.kind.complete {
		r.complete[role] = true
	}
	return nil
}
