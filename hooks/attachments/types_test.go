package attachments

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"messagerie/hooks/config"
)

// document is an office document with the given parts.
func document(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, part := range parts {
		// Stored, as OpenDocument asks for its first part.
		w, err := archive.CreateHeader(&zip.FileHeader{Name: part, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		content := "<x/>"
		if part == "mimetype" {
			content = "application/vnd.oasis.opendocument.text"
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func saved(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "upload")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrepare_knowsDocumentsByTheirContent(t *testing.T) {
	s := New(nil, nil, config.Default().Attachments, config.Default().Storage)
	word := document(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml")
	for name, c := range map[string]struct {
		content []byte
		kind    string // "" for a refusal
		stored  string
	}{
		"cours.docx":    {word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "cours.docx"},
		"cours.pdf":     {word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "cours.docx"},
		"cours.odt":     {document(t, "mimetype", "content.xml"), "application/vnd.oasis.opendocument.text", "cours.odt"},
		"macros.docx":   {document(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/vbaProject.bin"), "", ""},
		"macros.odt":    {document(t, "mimetype", "content.xml", "Basic/Standard/Module1.xml"), "", ""},
		"cours.docm":    {word, "", ""},
		"suite.docx":    {append(append([]byte{}, word...), "<script>"...), "", ""},
		"archive.docx":  {document(t, "virus.exe"), "", ""},
		"programme.jar": {document(t, "META-INF/MANIFEST.MF", "A.class"), "", ""},
		"notes.csv":     {[]byte("nom;note\nZoé;12\n"), "text/plain", "notes.csv"},
		"notes":         {[]byte("Zoé : 12"), "text/plain", "notes.txt"},
		"cours.pdf ":    {[]byte("%PDF-1.7\n1 0 obj\n"), "application/pdf", "cours.pdf"},
		"leçon.mp3":     {append([]byte("ID3\x04\x00\x00\x00\x00\x00\x00"), make([]byte, 200)...), "audio/mpeg", "leçon.mp3"},
	} {
		p, err := s.prepare(context.Background(), saved(t, c.content), name)
		if c.kind == "" {
			if !errors.Is(err, ErrTypeNotAllowed) {
				t.Errorf("%s was taken as %s (%v)", name, p.Type, err)
			}
			continue
		}
		if err != nil || p.Type != c.kind || p.Name != c.stored || p.Size != int64(len(c.content)) {
			t.Errorf("%s: %v, %+v", name, err, p.Attachment)
		}
	}
}

func TestNamed_makesNamesPlain(t *testing.T) {
	for name, want := range map[string]string{
		`C:\Users\claire\Plan.txt`: "Plan.txt", "../../etc/passwd": "passwd.txt", "": "fichier.txt", ".txt": "fichier.txt", " . ": "fichier.txt",
		"photo\u202egpj.exe.txt": "photogpj.exe.txt", "a\x00b\nc.txt": "ab c.txt", `a<b>:"c".txt`: "a_b___c_.txt", "Plan.TXT": "Plan.TXT",
		"5e B.2027": "5e B.2027.txt", "v1.2 final": "v1.2 final.txt", "été.md": "été.md", "plan.png": "plan.txt", "\xff.txt": "fichier.txt",
	} {
		if got := named(name, kinds["text/plain"].extensions); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
	if got := []rune(named(string(bytes.Repeat([]byte("é"), 500))+".txt", []string{".txt"})); len(got) != maxName || string(got[maxName-4:]) != ".txt" {
		t.Errorf("a long name has %d characters", len(got))
	}
}

// box is a box of an ISO media file.
func box(name string, content ...[]byte) []byte {
	all := bytes.Join(content, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(all)+8)), name...), all...)
}

func TestMeasure_readsLengthAndSize(t *testing.T) {
	header := make([]byte, 100)
	binary.BigEndian.PutUint32(header[12:], 1000)
	binary.BigEndian.PutUint32(header[16:], 61_500)
	track := make([]byte, 84)
	binary.BigEndian.PutUint16(track[76:], 1280)
	binary.BigEndian.PutUint16(track[80:], 720)
	film := bytes.Join([][]byte{box("ftyp", []byte("isom")), box("free", make([]byte, 50)), box("moov", box("mvhd", header), box("trak", box("tkhd", track)))}, nil)
	if m := measure(saved(t, film), "video/mp4"); m.duration != 61.5 || m.width != 1280 || m.height != 720 {
		t.Errorf("the film takes %v s and is %d by %d", m.duration, m.width, m.height)
	}
	format := make([]byte, 16)
	binary.LittleEndian.PutUint32(format[8:], 16_000)
	sound := bytes.Join([][]byte{riff()[:8], []byte("WAVE"), webpChunk("fmt ", format), webpChunk("data", make([]byte, 24_000))}, nil)
	if m := measure(saved(t, sound), "audio/wav"); m.duration != 1.5 {
		t.Errorf("the sound takes %v s", m.duration)
	}
	for cut := range film { // whatever is missing, it ends
		measure(saved(t, film[:cut]), "video/mp4")
	}
	binary.BigEndian.PutUint32(header[16:], math.MaxUint32)
	if m := measure(saved(t, box("moov", box("mvhd", header))), "video/mp4"); m.duration != 0 {
		t.Errorf("nonsense takes %v s", m.duration)
	}
}
