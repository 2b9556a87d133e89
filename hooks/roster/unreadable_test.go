package roster_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/roster"
)

// zipOf is an archive of one file.
func zipOf(t testing.TB, name string, content []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	pack(t, w, name, content)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func TestRead_refusesWhatIsNoRoster(t *testing.T) {
	zipped := archive(t, "oneroster11/*.csv")
	damaged := bytes.Clone(zipped)
	copy(damaged[60:], "\xff\xff\xff\xff\xff\xff")
	encrypted := bytes.ReplaceAll(zipOf(t, "a.csv", []byte("Nom;Prénom\nA;B\n")), []byte("PK\x01\x02\x14\x00\x14\x00\x08"), []byte("PK\x01\x02\x14\x00\x14\x00\x09"))
	var crowded bytes.Buffer
	many := zip.NewWriter(&crowded)
	for i := range 1001 {
		pack(t, many, fmt.Sprint(i), nil)
	}
	many.Close()

	for _, c := range []struct {
		name, content string
		line, column  int
		reason        string
	}{
		{"an empty file", "", 0, 0, "vide"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 0, 0, "pas un fichier texte"},
		{"a PDF", "%PDF-1.7\nNom;Prénom\n", 0, 0, "pas un fichier texte"},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", 0, 0, "CSV"},
		{"a workbook", string(zipOf(t, "[Content_Types].xml", []byte("<Types/>"))), 0, 0, "CSV"},
		{"a truncated archive", string(zipped[:len(zipped)/2]), 0, 0, "incomplète ou endommagée"},
		{"a damaged archive", string(damaged), 0, 0, "incomplète ou endommagée"},
		{"an encrypted archive", string(encrypted), 0, 0, "mot de passe"},
		{"an empty archive", "PK\x05\x06" + strings.Repeat("\x00", 18), 0, 0, "vide"},
		{"an archive of many files", crowded.String(), 0, 0, "plus de 1000 fichiers"},
		{"an archive in an archive", string(zipOf(t, "a.csv", zipOf(t, "b.csv", nil))), 0, 0, "archive dans une archive"},
		{"a bomb", string(zipOf(t, "a.csv", bytes.Repeat([]byte("Nom;Prénom\n"), 2<<20))), 0, 0, "trop volumineux"},
		{"a text", "Bonjour à tous,\nvoici la liste.\n", 0, 0, "en-tête"},
		{"a header only", "Nom;Prénom;Classe\n", 0, 0, "ne contient personne"},
		{"broken rows only", "Nom;Prénom;Né le\nBENALI;;\nROUX;;01/02/2014\n", 2, 2, "Le prénom manque"},
		{"an endless line", "Nom;Prénom\nBENALI;" + strings.Repeat("x", 70_000), 2, 0, "trop longue"},
		{"a page", "<html><body>Nom;Prénom</body></html>", 1, 1, "n'est pas la racine"},
		{"a document type", "<?xml version=\"1.0\"?>\n<!DOCTYPE BEE_ELEVES [<!ENTITY a \"aaaa\">]>\n<BEE_ELEVES/>", 2, 1, "DOCTYPE"},
		{"a late document type", "<BEE_ELEVES>\n<!DOCTYPE a>\n</BEE_ELEVES>", 2, 1, "DOCTYPE"},
		{"an entity", "<BEE_ELEVES><ELEVE ELEVE_ID=\"1\">\n<NOM>&a;</NOM></ELEVE></BEE_ELEVES>", 2, 9, "mal formé"},
		{"broken XML", "<BEE_ELEVES>\n<ELEVE ELEVE_ID=\"1\"></NOM></ELEVE></BEE_ELEVES>", 2, 27, "mal formé"},
		{"truncated XML", "<BEE_ELEVES>\n<ELEVES><ELEVE ELEVE_ID=\"1\"><NOM>BENALI", 2, 40, "incomplet"},
		{"other XML of SIECLE", "<BEE_NOMENCLATURES></BEE_NOMENCLATURES>", 0, 0, "ne contient personne"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := refused(t, roster.Options{}, upload("liste.csv", []byte(c.content)))
			file, _ := got.Data["file"].(string)
			if !strings.HasPrefix(file, "liste.csv") && file != "" || !strings.HasPrefix(got.Message, file) {
				t.Errorf("the refusal names %q: %s", file, got.Message)
			}
			if got.Data["line"] != c.line || got.Data["column"] != c.column || !strings.Contains(got.Message, c.reason) {
				t.Errorf("refused at %v:%v with %q, want %d:%d %q", got.Data["line"], got.Data["column"], got.Message, c.line, c.column, c.reason)
			}
		})
	}
}

func TestRead_refusesFilesOfSeveralFormats(t *testing.T) {
	for _, files := range [][]roster.Upload{
		{fixture(t, "onde_pupils.csv"), fixture(t, "pasted.tsv")},
		{fixture(t, "siecle_eleves.xml"), zipped(t, "oneroster11/*.csv")},
	} {
		if got := refused(t, roster.Options{}, files...); got.Data["file"] == files[0].Name {
			t.Errorf("refused %v: %s", got.Data["file"], got.Message)
		}
	}
	_ = refused(t, roster.Options{Format: roster.FormatSIECLE}, fixture(t, "onde_pupils.csv"))
	_ = refused(t, roster.Options{Format: roster.FormatONDE}, fixture(t, "siecle_eleves.xml"))
}

func TestRead_refusesMorePeopleThanASchoolHas(t *testing.T) {
	var csv bytes.Buffer
	csv.WriteString("Nom;Prénom\n")
	for i := range 100_001 {
		fmt.Fprintf(&csv, "N%d;P\n", i)
	}
	if got := refused(t, roster.Options{}, upload("a.csv", csv.Bytes())); got.Data["line"] != 100_002 {
		t.Errorf("refused at line %v: %s", got.Data["line"], got.Message)
	}
}

func TestRead_refusesOptionsThatDoNotExist(t *testing.T) {
	file := upload("a.csv", []byte("Nom;Prénom\nA;B\n"))
	for _, c := range []struct {
		field   string
		options roster.Options
		files   []roster.Upload
	}{
		{"format", roster.Options{Format: "excel"}, []roster.Upload{file}},
		{"role", roster.Options{Role: "boss"}, []roster.Upload{file}},
		{"columns", roster.Options{Columns: map[string]string{"Nom": "name"}}, []roster.Upload{file}},
		{"files", roster.Options{}, nil},
		{"files", roster.Options{}, make([]roster.Upload, 21)},
	} {
		_, err := roster.Read(c.files, c.options)
		var refused *refusal.Error
		if !errors.As(err, &refused) || refused.Code() != protocol.CodeInvalidRequest || refused.Field != c.field {
			t.Errorf("%s: %v", c.field, err)
		}
	}
}

func TestRead_isNoRefusalWhereTheServerFails(t *testing.T) {
	broken := roster.Upload{Name: "a.csv", Open: func() (io.ReadCloser, error) { return nil, os.ErrPermission }}
	if _, err := roster.Read([]roster.Upload{broken}, roster.Options{}); !errors.Is(err, os.ErrPermission) {
		t.Errorf("read with %v", err)
	}
}

func TestRead_leavesNoTemporaryFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	read(t, roster.Options{}, zipped(t, "oneroster11/*.csv"))
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"*.csv", "*.tsv", "*.xml", "oneroster11/*.csv", "oneroster12/*.csv"} {
		f.Add(archive(f, pattern))
	}
	for _, name := range []string{"onde_pupils.csv", "onde_adults.csv", "siecle_eleves.xml", "sts_emp.xml", "edifice_parents.csv", "oneroster11/users.csv"} {
		content, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := roster.Read([]roster.Upload{upload("a", content)}, roster.Options{})
		if err != nil {
			var refused *refusal.Error
			if !errors.As(err, &refused) {
				t.Fatalf("an error that is no refusal: %v", err)
			}
			return
		}
		keys := map[string]bool{}
		for _, p := range got.People {
			if keys[p.Key] || p.LastName == "" || p.FirstName == "" || p.Role == "" {
				t.Fatalf("%+v", p)
			}
			keys[p.Key] = true
		}
		for _, e := range got.Enrollments {
			if !keys[e.Person] || e.Class == "" {
				t.Fatalf("%+v is of nobody", e)
			}
		}
		for _, g := range got.Guardianships {
			if !keys[g.Guardian] || !keys[g.Student] || g.Guardian == g.Student {
				t.Fatalf("%+v is of nobody", g)
			}
		}
	})
}
