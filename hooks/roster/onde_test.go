package roster_test

import (
	"testing"

	"messagerie/hooks/roster"
)

func TestRead_tiesTheThreeFilesOfONDETogetherInAnyOrder(t *testing.T) {
	pupils, adults, teachers := fixture(t, "onde_pupils.csv"), fixture(t, "onde_adults.csv"), fixture(t, "onde_teachers.csv")
	adults.Name, teachers.Name = "responsables.csv", "enseignants.csv"
	for _, files := range [][]roster.Upload{{pupils, adults, teachers}, {teachers, adults, pupils}} {
		want(t, read(t, roster.Options{}, files...), `
		onde iso-8859-15  complete[teacher parent student]
		student Yasmine Benali born=2016-03-21 ine=100000001AA
		student Adam Benali born=2019-09-02 ine=100000002AB
		student Anne-Sophie Le Goff born=2015-12-31 ine=100000003AC
		student Chloé Lemoine born=2016-07-04 ine=100000004AD
		student Jean-Baptiste N'Guyen born=2016-08-05
		student Lucas Martin born=2016-02-01 ine=100000006AF
		student Lucas Martin born=2019-12-11 ine=100000007AG
		student Marie Dubois born=2016-02-01 ine=100000008AH
		student Marie Dubois born=2016-03-01 ine=100000009AJ
		student Éloïse Cœurderoy born=2016-12-31
		student Zoé Cœurderoy born=2016-12-31
		parent Samira Benali mail=samira.benali@example.org
		parent Karim Benali
		parent Julie Martin mail=julie.martin@example.org
		parent Claire Dubois partial
		parent Marco D'Angelo mail=marco@example.org
		parent Paul Inconnu partial
		teacher Hélène Roux mail=helene.roux@example.org
		teacher Éric Morel mail=eric.morel@example.org
		class CM1-CM2 A / CM1-CM2
		class CP B / CP
		Yasmine Benali: student of CM1-CM2 A
		Adam Benali: student of CP B
		Anne-Sophie Le Goff: student of CM1-CM2 A
		Chloé Lemoine: student of CM1-CM2 A
		Jean-Baptiste N'Guyen: student of CM1-CM2 A
		Lucas Martin of 2016-02-01: student of CM1-CM2 A
		Lucas Martin of 2019-12-11: student of CP B
		Marie Dubois of 2016-02-01: student of CM1-CM2 A
		Marie Dubois of 2016-03-01: student of CM1-CM2 A
		Éloïse Cœurderoy: student of CP B
		Zoé Cœurderoy: student of CP B
		Hélène Roux: teacher of CM1-CM2 A
		Éric Morel: teacher of CP B
		Samira Benali > Yasmine Benali legal
		Samira Benali > Adam Benali legal
		Karim Benali > Yasmine Benali legal
		Karim Benali > Adam Benali legal
		Karim Benali > Zoé Cœurderoy legal
		Julie Martin > Lucas Martin of 2019-12-11 legal
		Marco D'Angelo > Chloé Lemoine legal
		Hélène Roux > Anne-Sophie Le Goff legal
		export-onde.txt:13:4 invalid_date
		responsables.csv:5:9 invalid_email
		responsables.csv:5:14 ambiguous_student
		responsables.csv:7:14 unknown_student
		left out: student Hugo Petit`)
	}
}

func TestRead_readsTheOlderShapeOfONDE(t *testing.T) {
	want(t, read(t, roster.Options{}, fixture(t, "onde_pupils_old.csv")), `
		onde windows-1252  complete[student]
		student Yasmine Benali born=2016-03-21
		student Inès L’Hermite born=2019-09-02
		class CM1 A / CM1
		class CP B / CP
		Yasmine Benali: student of CM1 A
		Inès L’Hermite: student of CP B`)
}

func TestRead_readsTheShapeOfONDEWithAFooter(t *testing.T) {
	want(t, read(t, roster.Options{}, fixture(t, "onde_pupils_footer.csv")), `
		onde iso-8859-15  complete[student]
		student Yasmine Benali born=2016-03-21
		student Ana Šimic born=2016-09-02
		class CM1 A / CM1
		Yasmine Benali: student of CM1 A
		Ana Šimic: student of CM1 A`)
}

func TestRead_guessesNoChildrenWithoutAFileOfPupils(t *testing.T) {
	want(t, read(t, roster.Options{}, fixture(t, "onde_adults.csv")), `
		onde iso-8859-15  complete[parent]
		parent Samira Benali mail=samira.benali@example.org partial
		parent Karim Benali partial
		parent Julie Martin mail=julie.martin@example.org partial
		parent Claire Dubois partial
		parent Marco D'Angelo mail=marco@example.org partial
		parent Paul Inconnu partial
		parent Hélène Roux mail=helene.roux@example.org partial
		export-onde.txt:5:9 invalid_email
		export-onde.txt:0:0 missing_students`)
}

func TestRead_readsARowOfONDEForEachGuardianOfAPupil(t *testing.T) {
	pupils := upload("a.csv", []byte("Nom élève;Prénom élève;Classe\nBENALI;Yasmine;CM1\nBENALI;Adam;CP\n"))
	adults := upload("b.csv", []byte("Nom de famille élève;Prénom élève;Classe élève;Nom responsable;Prénom responsable;Courriel\n"+
		"BENALI;Yasmine;CM1;HADDAD;Samira;samira@example.org\nBENALI;Adam;CP;HADDAD;Samira;samira@example.org\n"))
	want(t, read(t, roster.Options{}, adults, pupils), `
		onde utf-8  complete[parent student]
		student Yasmine Benali
		student Adam Benali
		parent Samira Haddad mail=samira@example.org
		class CM1 /
		class CP /
		Yasmine Benali: student of CM1
		Adam Benali: student of CP
		Samira Haddad > Yasmine Benali legal
		Samira Haddad > Adam Benali legal`)
}
