package attachments

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"messagerie/hooks/config"
	"messagerie/hooks/refusal"
)

// Whatever a file holds and however it is named, it is kept as a known type under a plain name, or refused.
func FuzzPrepare(f *testing.F) {
	t := &testing.T{}
	service := New(nil, nil, config.Default().Attachments, config.Default().Storage)
	f.Add("photo.jpg", withSegments(asJPEG(t, photo(8, 8)), segment(0xe1, exif(6))))
	f.Add("cours.odt", document(t, "mimetype", "content.xml"))
	f.Add("cours.docx", document(t, "[Content_Types].xml", "word/document.xml"))
	f.Add("../..\\a\u202egpj.exe", []byte("%PDF-1.7\n"))
	f.Add("film.mp4", box("ftyp", []byte("isom\x00\x00\x02\x00isomiso2mp41")))
	f.Add("son.wav", []byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x44\xac\x00\x00\x88\x58\x01\x00\x02\x00\x10\x00data\x00\x00\x00\x00"))
	f.Add("notes.txt", []byte("Bonjour"))
	f.Add("a.svg", []byte("<svg><script/></svg>"))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		path := filepath.Join(t.TempDir(), "upload")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := service.prepare(context.Background(), path, name)
		var refused *refusal.Error
		switch {
		case errors.As(err, &refused):
			return
		case err != nil:
			t.Fatalf("%q: an error that is no refusal: %v", name, err)
		}
		if kinds[p.Type].group == "" || p.Name == "" || !utf8.ValidString(p.Name) || strings.ContainsAny(p.Name, "/\\\x00\n") ||
			p.Duration < 0 || math.IsNaN(p.Duration) || p.Width < 0 || p.Height < 0 {
			t.Fatalf("%q: %+v", name, p)
		}
	})
}

// mediaKinds are the types that measure reads.
var mediaKinds = []string{"audio/mpeg", "audio/aac", "audio/ogg", "audio/flac", "audio/wav", "audio/webm", "video/webm", "audio/mp4", "video/mp4", "video/quicktime", "video/ogg"}

// Whatever a sound or a film says, its length and its size are possible ones.
func FuzzMeasure(f *testing.F) {
	all, err := os.ReadDir("testdata/sounds")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range all {
		for i := range mediaKinds {
			f.Add(uint8(i), sample(f, file.Name()))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, content []byte) {
		path := filepath.Join(t.TempDir(), "upload")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		m := measure(path, mediaKinds[int(kind)%len(mediaKinds)])
		if !(m.duration >= 0 && m.duration <= maxSeconds) || m.width < 0 || m.width > maxSide || m.height < 0 || m.height > maxSide {
			t.Fatalf("%+v", m)
		}
	})
}
