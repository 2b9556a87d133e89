package roster_test

import (
	"testing"

	"messagerie/hooks/roster"
)

func TestRead_readsStudentsGuardiansAndStaffOfSIECLE(t *testing.T) {
	students, guardians, staff := fixture(t, "siecle_eleves.xml"), fixture(t, "siecle_responsables.xml"), fixture(t, "sts_emp.xml")
	for _, files := range [][]roster.Upload{{students, guardians, staff}, {staff, guardians, students}} {
		want(t, read(t, roster.Options{}, files...), `
		siecle iso-8859-15 2026-2027 complete[teacher parent student]
		student Yasmine Benali born=2014-03-21 ine=120000001AA id=eleve-1001
		student Anne-Sophie Cœurderoy born=2014-05-04 ine=120000002AB id=eleve-1002
		student Léo Martin born=2014-07-06 ine=120000003AC id=eleve-1003 left=2026-10-15
		student Noé Morel born=2008-09-08 id=eleve-1004
		teacher Helene Roux born=1980-01-02 id=individu-epp-31
		teacher Éric Morel id=individu-local-31
		staff Paul Garnier id=individu-epp-32
		staff Inès Blanc id=individu-epp-33
		parent Samira Benali id=personne-2001 mail=samira@example.org
		parent Karim Benali id=personne-2002
		parent Fatima Benali id=personne-2003
		parent Luc Petit id=personne-2004
		class 5B /
		class 5LATIN /
		class TG1 /
		Yasmine Benali: student of 5B
		Yasmine Benali: student of 5LATIN
		Anne-Sophie Cœurderoy: student of 5B
		Noé Morel: student of TG1
		Helene Roux: head_teacher of 5B
		Éric Morel: teacher of 5B
		Éric Morel: teacher of 5LATIN
		Samira Benali > Yasmine Benali legal mother
		Karim Benali > Yasmine Benali legal father
		Fatima Benali > Yasmine Benali contact relative
		Fatima Benali > Anne-Sophie Cœurderoy contact relative
		Luc Petit > Anne-Sophie Cœurderoy legal guardian
		export-siec.txt:10:7 missing_name
		left out: student Personne`)
	}
}

func TestRead_readsSIECLEZipped(t *testing.T) {
	want(t, read(t, roster.Options{}, zipped(t, "siecle_eleves.xml")), `
		siecle iso-8859-15 2026-2027 complete[student]
		student Yasmine Benali born=2014-03-21 ine=120000001AA id=eleve-1001
		student Anne-Sophie Cœurderoy born=2014-05-04 ine=120000002AB id=eleve-1002
		student Léo Martin born=2014-07-06 ine=120000003AC id=eleve-1003 left=2026-10-15
		student Noé Morel born=2008-09-08 id=eleve-1004
		class 5B /
		class 5LATIN /
		class TG1 /
		Yasmine Benali: student of 5B
		Yasmine Benali: student of 5LATIN
		Anne-Sophie Cœurderoy: student of 5B
		Noé Morel: student of TG1
		export.zip/siecle_eleves.xml:10:7 missing_name
		left out: student Personne`)
}

func TestRead_keepsAdultsOfSIECLEWithoutAFileOfStudents(t *testing.T) {
	want(t, read(t, roster.Options{}, fixture(t, "siecle_responsables.xml")), `
		siecle iso-8859-15 2026-2027 complete[parent]
		parent Samira Benali id=personne-2001 mail=samira@example.org partial
		parent Karim Benali id=personne-2002 partial
		parent Fatima Benali id=personne-2003 partial
		parent Luc Petit id=personne-2004 partial
		parent Anne Martin id=personne-2005 partial
		export-siec.txt:0:0 missing_students`)
}
