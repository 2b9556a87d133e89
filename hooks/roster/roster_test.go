package roster_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/roster"
)

// fixture is a file of testdata. Its name says nothing about what it is.
func fixture(t testing.TB, name string) roster.Upload {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return upload("export-"+filepath.Base(name)[:4]+".txt", content)
}

func upload(name string, content []byte) roster.Upload {
	return roster.Upload{Name: name, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

// zipped is an archive of files of testdata.
func zipped(t testing.TB, pattern string) roster.Upload {
	t.Helper()
	return upload("export.zip", archive(t, pattern))
}

func archive(t testing.TB, pattern string) []byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files of %s: %v", len(names), pattern, err)
	}
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pack(t, w, filepath.Base(name), content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func pack(t testing.TB, w *zip.Writer, name string, content []byte) {
	t.Helper()
	entry, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := entry.Write(content); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, options roster.Options, files ...roster.Upload) *roster.Roster {
	t.Helper()
	got, err := roster.Read(files, options)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// refused reads files that can't be read and returns the refusal.
func refused(t testing.TB, options roster.Options, files ...roster.Upload) *refusal.Error {
	t.Helper()
	got, err := roster.Read(files, options)
	var refused *refusal.Error
	if !errors.As(err, &refused) || got != nil {
		t.Fatalf("read %v, %v; want a refusal", got, err)
	}
	if refused.Code() != protocol.CodeUnreadableFile {
		t.Fatalf("refused with %s: %v", refused.Code(), refused)
	}
	return refused
}

// want compares what a roster says with a text, which names people as describe does.
func want(t testing.TB, got *roster.Roster, text string) {
	t.Helper()
	text = strings.TrimSpace(strings.ReplaceAll(text, "\n\t\t", "\n"))
	if described := describe(got); described != text {
		t.Errorf("read\n%s\n\nwant\n%s", described, text)
	}
}

// describe writes a roster down: a head, then everything on a line of its own.
func describe(got *roster.Roster) string {
	lines := []string{strings.TrimSpace(fmt.Sprint(got.Format, " ", got.Encoding, " ", got.Year, " complete", got.Complete))}
	names, homonyms := map[string]string{}, map[string]int{}
	for _, p := range got.People {
		homonyms[p.FirstName+p.LastName]++
	}
	for _, p := range got.People {
		name := p.FirstName + " " + p.LastName
		names[p.Key] = name
		if homonyms[p.FirstName+p.LastName] > 1 {
			names[p.Key] += " of " + p.BirthDate
		}
		line := p.Role + " " + name
		for _, detail := range []struct{ name, value string }{
			{"born", p.BirthDate}, {"ine", p.INE}, {"id", p.ExternalID}, {"mail", p.Email}, {"login", p.Username}, {"left", p.Left},
		} {
			if detail.value != "" {
				line += " " + detail.name + "=" + detail.value
			}
		}
		if p.Partial {
			line += " partial"
		}
		lines = append(lines, line)
	}
	for _, class := range got.Classes {
		lines = append(lines, strings.TrimSpace("class "+class.Name+" / "+class.Level))
	}
	for _, e := range got.Enrollments {
		lines = append(lines, fmt.Sprintf("%s: %s of %s", names[e.Person], e.Role, e.Class))
	}
	for _, g := range got.Guardianships {
		kind := "contact"
		if g.Legal {
			kind = "legal"
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s > %s %s %s", names[g.Guardian], names[g.Student], kind, g.Relation)))
	}
	for _, p := range got.Problems {
		lines = append(lines, fmt.Sprintf("%s:%d:%d %s", p.File, p.Line, p.Column, p.Code))
	}
	for _, p := range got.LeftOut {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("left out: %s %s %s", p.Role, p.FirstName, p.LastName)))
	}
	return strings.Join(lines, "\n")
}
