package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"messagerie/hooks/protocol"
	"messagerie/hooks/roster"
)

func TestRead_readsStudentsAndParentsOfEdifice(t *testing.T) {
	want(t, read(t, roster.Options{}, fixture(t, "edifice_parents.csv"), fixture(t, "edifice_students.csv")), `
		table utf-8  complete[]
		student Yasmine Benali born=2014-03-21 id=E1 mail=yasmine@example.org
		student Adam Benali born=2015-09-02 id=E2
		parent Samira Benali id=P1 mail=samira@example.org
		parent Karim Benali id=P2
		parent Paul Petit id=P3 partial
		class 5e B /
		class 6e A /
		Yasmine Benali: student of 5e B
		Adam Benali: student of 6e A
		Samira Benali > Yasmine Benali legal
		Samira Benali > Adam Benali legal
		Karim Benali > Yasmine Benali legal
		export-edif.txt:4:4 unknown_student`)
}

func TestRead_splitsNamesOfPronote(t *testing.T) {
	want(t, read(t, roster.Options{}, fixture(t, "pronote_students.csv")), `
		table windows-1252  complete[]
		student Yasmine Benali born=2014-03-21 mail=yasmine@example.org
		student Anne-Sophie Le Goff born=2014-05-04
		student Éloïse de La Tour born=2014-07-06
		class 5B /
		class 5LATIN /
		class 5B ANG /
		Yasmine Benali: student of 5B
		Yasmine Benali: student of 5LATIN
		Yasmine Benali: student of 5B ANG
		Anne-Sophie Le Goff: student of 5B
		Éloïse de La Tour: student of 5B
		export-pron.txt:5:1 unclear_name
		left out: student`)
}

func TestRead_findsTheHeaderBelowATitle(t *testing.T) {
	want(t, read(t, roster.Options{}, fixture(t, "pronote_names.csv")), `
		table utf-8  complete[]
		student Yasmine Benali born=2014-03-21
		student Iris McEwan born=2014-07-06
		class 5B /
		Yasmine Benali: student of 5B
		Iris McEwan: student of 5B
		export-pron.txt:5:3 invalid_date
		left out: student Ronan Mc Donald`)
}

func TestRead_takesATitleForNoHeader(t *testing.T) {
	want(t, read(t, roster.Options{}, upload("a.csv", []byte("Élèves;;\n;;\nNom;Prénom;Classe\nBENALI;Zoé;5A\n"))), `
		table utf-8  complete[]
		student Zoé Benali
		class 5A /
		Zoé Benali: student of 5A`)
}

func TestRead_readsWhatWasPastedFromASpreadsheet(t *testing.T) {
	want(t, read(t, roster.Options{}, fixture(t, "pasted.tsv")), `
		table utf-8  complete[]
		student Yasmine Benali mail=yasmine@example.org
		student Chloé D'Angelo
		class 5e B /
		class latin /
		Yasmine Benali: student of 5e B
		Chloé D'Angelo: student of 5e B
		Chloé D'Angelo: student of latin`)
}

func TestRead_readsEnglishHeadersAndRoles(t *testing.T) {
	got := read(t, roster.Options{Complete: true}, fixture(t, "english.csv"))
	want(t, got, `
		table utf-8  complete[teacher parent student]
		student Yasmine Benali born=2014-03-21 login=yasmine.b
		teacher Hélène Roux mail=helene@example.org
		parent Samira Benali mail=samira@example.org
		class 5e B /
		Yasmine Benali: student of 5e B
		Hélène Roux: teacher of 5e B
		export-engl.txt:5:3 unknown_role
		left out:  Neil Armstrong`)
	columns := fmt.Sprint(got.Columns)
	if want := "[{First name first_name} {Last name last_name} {Role role} {Email email} {Date of birth birth_date} " +
		"{Class class} {Username username} {Shoe size }]"; columns != want {
		t.Errorf("the columns are %s, want %s", columns, want)
	}
}

func TestRead_takesColumnsForWhatTheyWereCorrectedTo(t *testing.T) {
	file := upload("liste.csv", []byte("Famille;Petit nom;Classe;Atelier\nBENALI;Yasmine;5e B;Théâtre\n"))
	refused := refused(t, roster.Options{}, file)
	if headers := fmt.Sprint(refused.Data["columns"]); headers != "[Famille Petit nom Classe Atelier]" {
		t.Errorf("the refusal has the columns %s", headers)
	}
	got := read(t, roster.Options{Role: protocol.RoleTeacher, Columns: map[string]string{
		"Famille": roster.ColumnLastName, "petit nom": roster.ColumnFirstName, "Classe": "", "Atelier": roster.ColumnClass,
	}}, file)
	want(t, got, `
		table utf-8  complete[]
		teacher Yasmine Benali
		class Théâtre /
		Yasmine Benali: teacher of Théâtre`)
}

func TestRead_readsAnyTableAsOneWhenTold(t *testing.T) {
	got := read(t, roster.Options{Format: roster.FormatTable}, fixture(t, "onde_pupils.csv"))
	if got.Format != roster.FormatTable || len(got.Columns) == 0 || len(got.Complete) != 0 {
		t.Errorf("read %s with %d columns, complete%v", got.Format, len(got.Columns), got.Complete)
	}
}

func TestRead_spellsNamesAsPeopleAreAddressed(t *testing.T) {
	for name, want := range map[string]string{
		"BENALI": "Benali", "LE GOFF": "Le Goff", "D'ANGELO": "D'Angelo", "D’ANGELO": "D’Angelo", "N'GUYEN": "N'Guyen",
		"JEAN-BAPTISTE": "Jean-Baptiste", "McDonald": "McDonald", "de La Tour": "de La Tour", "lucie": "Lucie",
		"É\u0301LOÏSE": "É\u0301loïse", "E\u0301LOÏSE": "Éloïse", "ياسمين": "ياسمين", "  CŒUR   DE LION ": "Cœur De Lion",
	} {
		got := read(t, roster.Options{}, upload("a.csv", []byte("Nom;Prénom\n"+name+";X\n")))
		if got.People[0].LastName != want {
			t.Errorf("%q is spelt %q, want %q", name, got.People[0].LastName, want)
		}
	}
}

func TestRead_tellsTheEncodingsOfOneByteApart(t *testing.T) {
	for _, c := range []struct{ name, encoding, want string }{
		{"B\xe9n\xe9dicte", "windows-1252", "Bénédicte"},
		{"C\xbdurderoy", "iso-8859-15", "Cœurderoy"},
		{"\xa6imon", "iso-8859-15", "Šimon"},
		{"\xb4elko", "iso-8859-15", "Želko"},
		{"C\x9curderoy", "windows-1252", "Cœurderoy"},
		{"D\x92Angelo", "windows-1252", "D’Angelo"},
		{"D\x92Angelo \xbd", "windows-1252", "D’Angelo ½"},
		{"D\xb4Angelo", "windows-1252", "D´Angelo"},
		{"Béa", "utf-8", "Béa"},
	} {
		got := read(t, roster.Options{}, upload("a.csv", []byte("Nom;Prenom\n"+c.name+";X\n")))
		if got.Encoding != c.encoding || got.People[0].LastName != c.want {
			t.Errorf("%q is %q in %s, want %q in %s", c.name, got.People[0].LastName, got.Encoding, c.want, c.encoding)
		}
	}
}

func TestRead_readsUnicodeTextOfASpreadsheet(t *testing.T) {
	content := []byte{0xff, 0xfe}
	for _, r := range "Nom\tPrénom\r\nBENALI\tZoé\r\n" {
		content = append(content, byte(r), byte(r>>8))
	}
	got := read(t, roster.Options{}, upload("a.txt", content))
	want(t, got, "table utf-16  complete[]\nstudent Zoé Benali")
}

func TestRead_leavesBrokenRowsOutAndReadsTheRest(t *testing.T) {
	var csv strings.Builder
	csv.WriteString("Nom;Prénom;Né(e) le;Classe\n")
	broken := []string{
		"SANS;;01/02/2014;5A", "DATE;Sans;32/01/2014;5A", "TROP;De;01/02/2014;5A;cellules", `"OUVERT;Guillemet;01/02/2014;5A`,
		"SEULE", "PERDU;H\xe9l\xe8ne;01/02/2014;5A", "LONG;" + strings.Repeat("x", 101) + ";01/02/2014;5A",
	}
	var codes []string
	for i := range 700 {
		if i%10 == 5 {
			csv.WriteString(broken[i/10%len(broken)] + "\n")
			continue
		}
		fmt.Fprintf(&csv, "ÉLÈVE;Numéro%d;01/02/2014;5A\n", i)
	}
	got := read(t, roster.Options{}, upload("a.csv", []byte(csv.String())))
	if len(got.People) != 630 || len(got.Problems) != 70 || len(got.LeftOut) != 70 || got.Files[0].Rows != 700 {
		t.Errorf("%d people, %d problems, %d left out of %d rows", len(got.People), len(got.Problems), len(got.LeftOut), got.Files[0].Rows)
	}
	for i, p := range got.Problems[:7] {
		codes = append(codes, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Code))
		if p.File != "a.csv" || p.Line != 10*i+7 || p.Message == "" {
			t.Errorf("problem %d is %+v", i, p)
		}
	}
	want := "7:2 missing_name, 17:3 invalid_date, 27:5 too_many_cells, 37:1 unclosed_quote, 47:2 missing_name, " +
		"57:2 unreadable_text, 67:2 too_long"
	if strings.Join(codes, ", ") != want {
		t.Errorf("problems are\n%s, want\n%s", strings.Join(codes, ", "), want)
	}
}

func TestRead_isNotCompleteWhereSomebodyIsUnknown(t *testing.T) {
	header := "Nom élève;Prénom élève;Niveau;Classe\n"
	if got := read(t, roster.Options{}, upload("a.csv", []byte(header+"BENALI;Zoé;CM1;A\n;Adam;CM1;A\n"))); len(got.Complete) != 0 {
		t.Errorf("complete%v although a row has no name", got.Complete)
	}
}

func TestRead_takesRowsAboutOnePersonTogether(t *testing.T) {
	want(t, read(t, roster.Options{}, upload("a.csv", []byte("INE;Nom;Prénom;Né le;Courriel;Classe\n"+
		"123456789AA;BENALI;Zoé;01/02/2014;;5A\n123456789aa;Benali;ZOÉ;;zoe@example.org;5 LATIN\n"+
		"123456789AA;AUTRE;Nom;;;5B\n;ROUX;Léa;01/02/2014;;5A\n;ROUX;Léa;02/02/2014;;5A\n"))), `
		table utf-8  complete[]
		student Zoé Benali born=2014-02-01 ine=123456789AA mail=zoe@example.org
		student Léa Roux born=2014-02-01
		student Léa Roux born=2014-02-02
		class 5A /
		class 5 LATIN /
		Zoé Benali: student of 5A
		Zoé Benali: student of 5 LATIN
		Léa Roux of 2014-02-01: student of 5A
		Léa Roux of 2014-02-02: student of 5A
		a.csv:4:0 duplicate
		left out: student Nom Autre`)
}
