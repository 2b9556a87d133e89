package attachments

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// File is an open file, with how it is to be sent. The caller must close it.
type File struct {
	io.ReadSeeker
	Type        string // for Content-Type
	Disposition string // for Content-Disposition
	ETag        string
	Size        int64
	Modified    time.Time

	close func() error
}

// Close releases the file.
func (f *File) Close() error { return f.close() }

// Open opens a file that a person may read, or its thumbnail.
func (s *Service) Open(user, id protocol.ID, thumbnail bool) (*File, error) {
	a, err := s.conversations.Attachment(user, id)
	if err != nil {
		return nil, err
	}
	if thumbnail && a.Thumbnail == "" {
		return nil, messagerie.ErrAttachmentNotFound
	}
	folder, err := s.folder(id)
	if err != nil {
		return nil, err
	}
	file := &File{Type: a.Type, Disposition: disposition(a.Type, a.Name), ETag: `"` + id.String() + `"`}
	name := a.File
	if thumbnail {
		name = a.Thumbnail
		file.Type, file.ETag = mime.TypeByExtension(extensionOf(name)), `"`+id.String()+`-thumbnail"`
		file.Disposition = disposition(file.Type, thumbnailName+extensionOf(name))
	}
	if strings.HasPrefix(file.Type, "text/") {
		file.Type += "; charset=utf-8"
	}
	files, err := s.app.NewFilesystem()
	if err != nil {
		return nil, err
	}
	reader, err := files.GetReader(folder + name)
	if err != nil {
		err = errors.Join(err, files.Close())
		if errors.Is(err, filesystem.ErrNotFound) { // just deleted
			return nil, messagerie.ErrAttachmentNotFound
		}
		return nil, s.unreachable(fmt.Errorf("open a file: %w", err))
	}
	file.ReadSeeker, file.Size, file.Modified = reader, reader.Size(), reader.ModTime()
	file.close = func() error { return errors.Join(reader.Close(), files.Close()) }
	return file, nil
}

// disposition shows what browsers show without running anything; all else is saved. Names that aren't ASCII are
// encoded as RFC 5987 asks, with a plain one beside them for old programs.
func disposition(kind, name string) string {
	how := "attachment"
	if isShown(kind) {
		how = "inline"
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf(`%s; filename="%s"; filename*=UTF-8''%s`, how, plain, escape(name))
}

// isShown reports whether a browser may show files of a type in place: pictures, sounds and films.
func isShown(kind string) bool {
	family, _, _ := strings.Cut(kind, "/")
	return slices.Contains([]string{"image", "audio", "video"}, family)
}

// escape encodes a value for a parameter as RFC 5987, 3.2.1.
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// ServeTo sends a file, or the range of it that a request asks for. Browsers may keep it, but ask each time whether
// they may still show it: others log in on the same computer.
func (f *File) ServeTo(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.Type)
	header.Set("Content-Disposition", f.Disposition)
	header.Set("ETag", f.ETag)
	header.Set("Cache-Control", "private, no-cache")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(w, r, "", f.Modified, f)
}
