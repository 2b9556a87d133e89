package roster

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"messagerie/hooks/refusal"
)

// The limits of archives, against those that are made to exhaust the server.
const (
	maxZipBytes   = 32 << 20 // packed
	maxZipEntries = 1000
	maxZipRatio   = 200 // unpacked to packed; XML has some 30
	zipRatioFrom  = 1 << 20
)

// unpack returns the documents of an upload: itself, or the files of a ZIP archive.
func (r *reading) unpack(file Upload) ([]*document, error) {
	content, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file.Name, err)
	}
	defer content.Close()
	head := make([]byte, 4)
	n, err := io.ReadFull(content, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", file.Name, err)
	}
	if n < len(head) || !bytes.HasPrefix(head, []byte("PK")) || head[2] > 8 {
		d, err := r.survey(&document{name: clean(file.Name), open: file.Open})
		if err != nil {
			return nil, err
		}
		return []*document{d}, nil
	}
	archive, err := r.seekable(file.Name, io.MultiReader(bytes.NewReader(head), content))
	if err != nil {
		return nil, err
	}
	return r.unpackZIP(clean(file.Name), archive)
}

// seekable copies an archive into a temporary file: its directory is at its end.
func (r *reading) seekable(name string, content io.Reader) (*os.File, error) {
	file, err := os.CreateTemp("", "roster-*.zip")
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", name, err)
	}
	r.files = append(r.files, file)
	size, err := io.Copy(file, io.LimitReader(content, maxZipBytes+1))
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", name, err)
	}
	if size > maxZipBytes {
		return nil, unreadable(Position{File: clean(name)}, "l'archive dépasse %d Mo", maxZipBytes>>20)
	}
	return file, nil
}

func (r *reading) unpackZIP(name string, file *os.File) ([]*document, error) {
	at := Position{File: name}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", name, err)
	}
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return nil, unreadable(at, "l'archive ZIP est incomplète ou endommagée")
	}
	if len(archive.File) > maxZipEntries {
		return nil, unreadable(at, "l'archive contient plus de %d fichiers", maxZipEntries)
	}
	var documents []*document
	for _, entry := range archive.File {
		if entry.FileInfo().IsDir() || isJunk(entry.Name) {
			continue
		}
		if refused := refuseEntry(name, entry); refused != nil {
			return nil, refused
		}
		d, err := r.survey(&document{
			name: name + "/" + clean(entry.Name), open: entry.Open, packed: int64(entry.CompressedSize64), zipped: true,
		})
		if err != nil {
			return nil, err
		}
		documents = append(documents, d)
	}
	if len(documents) == 0 {
		return nil, unreadable(at, "l'archive est vide")
	}
	return documents, nil
}

// isJunk reports whether a file of an archive was added by an operating system.
func isJunk(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, ".") || strings.EqualFold(base, "thumbs.db")
}

func refuseEntry(archive string, entry *zip.File) *refusal.Error {
	at := Position{File: archive + "/" + clean(entry.Name)}
	switch {
	case entry.Name == "[Content_Types].xml", entry.Name == "mimetype":
		return unreadable(Position{File: archive}, "c'est un classeur : enregistrez-le au format CSV (UTF-8), ou copiez ses cellules")
	case entry.Flags&1 != 0:
		return unreadable(at, "l'archive est protégée par un mot de passe")
	case strings.EqualFold(path.Ext(entry.Name), ".zip"):
		return unreadable(at, "une archive dans une archive n'est pas lue")
	}
	return nil
}

// survey reads a document once, to its end, for its size and its encoding.
func (r *reading) survey(d *document) (*document, error) {
	content, err := d.open()
	if err != nil {
		return nil, d.broken(err)
	}
	defer content.Close()
	var s survey
	limit := maxBytes - r.bytes
	if d.zipped && d.packed*maxZipRatio < limit {
		limit = max(d.packed*maxZipRatio, zipRatioFrom)
	}
	if _, err = io.Copy(&s, io.LimitReader(content, limit+1)); err != nil {
		return nil, d.broken(err)
	}
	at := Position{File: d.name}
	r.bytes += s.size
	d.size, d.head, d.encoding = s.size, s.head, s.encoding()
	switch {
	case s.size > limit:
		return nil, unreadable(at, "le fichier est trop volumineux")
	case s.size == 0:
		return nil, unreadable(at, "le fichier est vide")
	case bytes.HasPrefix(s.head, []byte("PK\x03\x04")):
		return nil, unreadable(at, "une archive dans une archive n'est pas lue")
	case bytes.HasPrefix(s.head, []byte("\xd0\xcf\x11\xe0")):
		return nil, unreadable(at, "c'est un classeur : enregistrez-le au format CSV (UTF-8), ou copiez ses cellules")
	case s.binary && d.encoding != utf16Encoding, bytes.HasPrefix(s.head, []byte("%PDF")):
		return nil, unreadable(at, "ce n'est pas un fichier texte")
	}
	return d, nil
}

// document is a text file of the import, by itself or out of an archive.
type document struct {
	name   string
	open   func() (io.ReadCloser, error)
	packed int64 // its size in the archive
	zipped bool

	size     int64
	head     []byte // the first bytes
	encoding string

	kind   kind
	header header // of a table
}

// kind is what a document is about.
type kind struct {
	format   string
	order    int                                 // in which documents are read
	complete []string                            // the roles of which it names everybody
	read     func(r *reading, d *document) error // nil for what isn't needed
}

// broken is the error of reading: of an archive it is the archive's fault.
func (d *document) broken(err error) error {
	if d.zipped {
		return unreadable(Position{File: d.name}, "l'archive ZIP est incomplète ou endommagée")
	}
	return fmt.Errorf("read %s: %w", d.name, err)
}

// text opens the document as UTF-8.
func (d *document) text() (io.Reader, io.Closer, error) {
	content, err := d.open()
	if err != nil {
		return nil, nil, d.broken(err)
	}
	return decode(io.LimitReader(content, d.size), d.encoding), content, nil
}

// beginning is the first bytes as UTF-8, without a line that is cut.
func (d *document) beginning() string {
	decoded, err := io.ReadAll(decode(bytes.NewReader(d.head), d.encoding))
	if err != nil {
		return ""
	}
	text := string(decoded)
	if d.size > int64(len(d.head)) {
		if end := strings.LastIndexAny(text, "\r\n"); end > 0 {
			return text[:end]
		}
	}
	return text
}
